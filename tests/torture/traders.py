"""The traders of a torture: one leads, one waits; whoever ends is replaced."""

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
_COUNT: Final = 3


class TortureError(RuntimeError):
    """The torture can't go on: something did not happen in time."""


class Trader:
    """One trading process."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self.epoch: int | None = None
        """The epoch in which it leads; None while it waits."""
        self.waits = threading.Event()
        with log.open("ab") as err:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.torture.trader"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=err,
                text=True,
                cwd=ROOT,
                env={**os.environ, **environment},
            )
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def lives(self) -> bool:
        return self.process.poll() is None

    @property
    def is_stopped(self) -> bool:
        """Whether SIGSTOP holds it."""
        try:
            return Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"
        except OSError:
            return False

    def arm(self, point: str, how: str, count: int) -> None:
        """Let it die or freeze at a point, the count-th time that it comes there."""
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(f"{point} {how} {count}\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # it has just ended by itself, which whoever waits for its end sees

    def send(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def wait(self, seconds: float) -> int:
        """Wait until it has ended; return its exit status, negative for a signal.

        Raises:
            TortureError: it has not in this time.
        """
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise TortureError(f"trader {self.pid} has not ended after {seconds:.0f} s") from None

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            said = json.loads(line)
            self.epoch = said.get("leads", self.epoch)
            if "waits" in said:
                self.waits.set()


class Traders:
    """One trader that leads and two that wait, kept alive by `tend`: one of them is ready while the other starts."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self._environment = environment
        self._log = log
        self.all: list[Trader] = []
        self.ended: list[int] = []
        """Exit statuses of those that were replaced."""

    def tend(self) -> None:
        """Replace whoever has ended; one that SIGSTOP holds counts as living."""
        for trader in self.all:
            if not trader.lives:
                self.ended.append(trader.process.returncode)
                trader.end()
        self.all = [trader for trader in self.all if trader.lives]
        while len(self.all) < _COUNT:
            self.all.append(Trader(self._environment, self._log))

    @property
    def leader(self) -> Trader | None:
        """Who leads, as far as it has said so."""
        leading = [t for t in self.all if t.epoch is not None and t.lives and not t.is_stopped]
        return max(leading, key=lambda t: t.epoch or 0, default=None)

    def end(self) -> None:
        for trader in self.all:
            trader.end()
