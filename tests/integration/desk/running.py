"""`tradewind up` as a process, as tests see it."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.compiled import compiled_rules

SMA_CROSS = Path(__file__).resolve().parents[3] / "examples" / "sma-cross.yaml"
SERVICES = ("trading", "ml", "ingestion", "backtest")


def wait_for(condition: Callable[[], bool], what: str, seconds: float = 90.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"did not come: {what}"
        time.sleep(0.05)


def lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Up:
    """A desk on a data directory of its own. Use it as a context: nothing of it runs afterwards."""

    def __init__(
        self, manifests: Sequence[Path] = (SMA_CROSS,), *options: str, environment: Mapping[str, str] | None = None
    ) -> None:
        # Not pytest's own folder: other users can't enter it, and PostgreSQL runs as one where the tests run as root.
        self.data_dir = Path(tempfile.mkdtemp(prefix="tradewind-up-"))
        shutil.copytree(compiled_rules(), self.data_dir / "compiled")
        self.log = self.data_dir / "up.log"
        files = [word for manifest in manifests for word in ("-f", str(manifest))]
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tradewind.desk", "up", *files, f"--data-dir={self.data_dir}", *options],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
                env={**os.environ, **(environment or {})},
                start_new_session=True,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        pids = [process["pid"] for process in self._last_said() if process["pid"]]
        wait_for(lambda: not any(lives(pid) for pid in pids), "the end of every process")
        wait_for(lambda: not (self.data_dir / "postgres" / "postmaster.pid").exists(), "PostgreSQL's end")
        shutil.rmtree(self.data_dir)

    def said(self) -> str:
        """What it has said on standard error so far."""
        return self.log.read_text()

    def wait_until_said(self, text: str) -> None:
        wait_for(lambda: re.search(text, self.said()) is not None or self.process.poll() is not None, text)
        assert re.search(text, self.said()) is not None, self.said()

    def wait_until_ready(self) -> None:
        self.wait_until_said("all services are ready")

    def status(self, *options: str) -> str:
        """What `tradewind status` prints."""
        command = [sys.executable, "-m", "tradewind.desk", "status", f"--data-dir={self.data_dir}", *options]
        return subprocess.run(command, capture_output=True, check=True, text=True).stdout

    def overview(self) -> dict[str, Any]:
        """What `tradewind status --json` says."""
        said: dict[str, Any] = json.loads(self.status("--json"))
        return said

    def processes(self) -> dict[str, dict[str, Any]]:
        """What `tradewind status --json` says of each process."""
        return {shown["process"]["name"]: shown for shown in self.overview()["processes"]}

    def kill(self, process: str) -> None:
        os.kill(self.processes()[process]["process"]["pid"], signal.SIGKILL)

    def _last_said(self) -> list[dict[str, Any]]:
        try:
            processes: list[dict[str, Any]] = json.loads((self.data_dir / "run" / "status.json").read_text())[
                "processes"
            ]
        except FileNotFoundError:
            return []
        return processes
