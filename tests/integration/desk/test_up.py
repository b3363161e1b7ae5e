"""`tradewind up` as a process: what it says, and how it ends."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

SMA_CROSS = Path(__file__).resolve().parents[3] / "examples" / "sma-cross.yaml"
SERVICES = ("trading", "ml", "ingestion", "backtest")


def wait_for(condition: Callable[[], bool], what: str, seconds: float = 60.0) -> None:
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


class Up:
    """A desk that runs the SMACross example."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        probes = [socket.socket() for _ in SERVICES]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        self.ports = {name: int(probe.getsockname()[1]) for name, probe in zip(SERVICES, probes, strict=True)}
        for probe in probes:
            probe.close()
        options = [f"--{service}-port={port}" for service, port in self.ports.items()]
        self.log = data_dir / "up.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tradewind.desk", "up", "-f", SMA_CROSS, f"--data-dir={data_dir}", *options],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
                start_new_session=True,
            )

    def wait_until_ready(self) -> None:
        wait_for(
            lambda: "all services are ready" in self.log.read_text() or self.process.poll() is not None, "readiness"
        )
        assert self.process.poll() is None, self.log.read_text()

    def status(self) -> dict[str, dict[str, Any]]:
        """What `tradewind status --json` says of each process."""
        command = [sys.executable, "-m", "tradewind.desk", "status", f"--data-dir={self.data_dir}", "--json"]
        said = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
        return {shown["process"]["name"]: shown for shown in said["processes"]}

    def nothing_listens(self) -> bool:
        def closed(port: int) -> bool:
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", port)) != 0

        return all(closed(port) for port in self.ports.values())


@pytest.fixture
def desk() -> Iterator[Up]:
    folder = Path(tempfile.mkdtemp(prefix="tradewind-up-"))
    up = Up(folder)
    yield up
    if up.process.poll() is None:
        up.process.kill()
        up.process.wait()
    wait_for(lambda: not (folder / "postgres" / "postmaster.pid").exists(), "PostgreSQL's end")
    shutil.rmtree(folder)


def test_status_shows_readiness_and_a_restart_and_ctrl_c_ends_everything(desk: Up) -> None:
    desk.wait_until_ready()
    before = desk.status()
    assert set(before) == {"postgres", "broker", *SERVICES}
    assert all(shown["process"]["state"] == "running" for shown in before.values())
    assert all(before[service]["readiness"] == {"ready": True, "reason": "ready"} for service in SERVICES)

    os.kill(before["backtest"]["process"]["pid"], signal.SIGKILL)
    wait_for(lambda: "backtest ended with SIGKILL and was started again" in desk.log.read_text(), "the restart")
    after = desk.status()["backtest"]["process"]
    assert (after["restarts"], after["last_exit"]) == (1, -signal.SIGKILL)
    assert after["port"] == desk.ports["backtest"]

    pids = [shown["process"]["pid"] for shown in desk.status().values()]
    desk.process.send_signal(signal.SIGINT)
    assert desk.process.wait(30) == 0
    assert "everything has ended" in desk.log.read_text()
    assert not any(lives(pid) for pid in pids)
    assert desk.nothing_listens()
    assert (desk.data_dir / "postgres" / "PG_VERSION").exists()


def test_ctrl_c_while_starting_ends_everything(desk: Up) -> None:
    wait_for(lambda: (desk.data_dir / "postgres" / "postmaster.pid").exists(), "PostgreSQL's start")
    desk.process.send_signal(signal.SIGINT)
    assert desk.process.wait(30) == 0
    assert desk.nothing_listens()
    assert not (desk.data_dir / "postgres" / "postmaster.pid").exists()


def test_ctrl_c_twice_ends_at_once_and_leaves_nothing(desk: Up) -> None:
    desk.wait_until_ready()
    pids = [shown["process"]["pid"] for shown in desk.status().values()]
    started = time.monotonic()
    desk.process.send_signal(signal.SIGINT)
    time.sleep(0.1)
    desk.process.send_signal(signal.SIGINT)
    assert desk.process.wait(30) == 0
    assert time.monotonic() - started < 5
    assert not any(lives(pid) for pid in pids)
    assert desk.nothing_listens()
