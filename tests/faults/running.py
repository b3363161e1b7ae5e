"""A demo in mid-replay, as tests see it."""

import re
import subprocess
import threading


class Demo:
    """A demo that runs, and how far its replay has come."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.decided = 0
        self.total = 0
        self.lines: list[str] = []
        self._moved = threading.Condition()
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.lines.append(line)
            found = re.match(r"replaying instants (\d+)/(\d+)", line)
            with self._moved:
                if found:
                    self.decided, self.total = int(found[1]), int(found[2])
                self._moved.notify_all()
        with self._moved:
            self.process.wait()
            self._moved.notify_all()

    def wait_until_decided(self, share: float) -> None:
        """Wait until this share of the instants is decided, the replay still going on."""
        with self._moved:
            came = self._moved.wait_for(
                lambda: self.process.poll() is not None or (self.total and self.decided >= share * self.total), 60
            )
        assert came, self.lines
        assert self.process.poll() is None, self.lines
        assert self.decided < self.total

    def end(self) -> str:
        """Wait for the end; return what was printed."""
        assert self.process.stdout is not None
        printed = self.process.stdout.read()
        self._thread.join(60)
        assert self.process.wait(60) == 0, "".join(self.lines)
        return printed
