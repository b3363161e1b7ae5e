"""Runs the real command line as a process, on a data directory and ports of its own."""

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
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.compiled import compiled_rules

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
SERVICES = ("trading", "ml", "ingestion", "backtest")
PATIENCE = 120.0


@dataclass
class CommandLine:
    """The `tradewind` command on one data directory."""

    data_dir: Path
    ports: dict[str, int]
    environment: dict[str, str] = field(default_factory=dict)
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    def start(self, command: str, manifest: Path) -> subprocess.Popen[str]:
        options = [f"--{service}-port={port}" for service, port in self.ports.items()]
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "tradewind.desk",
                command,
                "-f",
                str(manifest),
                f"--data-dir={self.data_dir}",
                *options,
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **self.environment},
            start_new_session=True,
        )
        self.started.append(process)
        return process

    def run(self, command: str, manifest: Path) -> subprocess.CompletedProcess[str]:
        process = self.start(command, manifest)
        stdout, stderr = process.communicate(timeout=PATIENCE)
        return subprocess.CompletedProcess(process.args, process.returncode, stdout, stderr)

    def backtest(self, manifest: Path) -> dict[str, Any]:
        """What `tradewind backtest --json` prints."""
        command = ["backtest", "-f", str(manifest), f"--data-dir={self.data_dir}", "--json"]
        done = subprocess.run(
            [sys.executable, "-m", "tradewind.desk", *command], capture_output=True, text=True, check=True
        )
        printed: dict[str, Any] = json.loads(done.stdout)
        return printed

    def processes(self) -> dict[str, dict[str, Any]]:
        """Each process as the desk last said, by name without its strategy's; empty before it said anything."""
        try:
            said = json.loads((self.data_dir / "run" / "status.json").read_text())
        except FileNotFoundError:
            return {}
        return {process["name"].rpartition("/")[2]: process for process in said["processes"]}

    def pids(self) -> set[int]:
        """Every process that belongs to this data directory: the desk's children and PostgreSQL's own."""
        found = {process["pid"] for process in self.processes().values() if process["pid"]}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if str(self.data_dir) in (folder / "cmdline").read_text() and int(folder.name) != os.getpid():
                    found.add(int(folder.name))
            except OSError:
                continue
        return {pid for pid in found if lives(pid)}

    def kill(self, process: str) -> None:
        os.kill(self.processes()[process]["pid"], signal.SIGKILL)

    def listening(self) -> list[str]:
        """The services whose port answers."""
        found = []
        for service, port in self.ports.items():
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    found.append(service)
        return found

    def wait_until_nothing_runs(self) -> None:
        wait_for(lambda: not self.pids() and not self.listening(), "nothing runs any more")

    def clean_up(self) -> None:
        for process in self.started:
            if process.poll() is None:
                process.kill()
            process.communicate()
        self.wait_until_nothing_runs()
        shutil.rmtree(self.data_dir)


def lives(pid: int) -> bool:
    """Whether a process runs; one that only waits to be reaped does not."""
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


def wait_for(condition: Callable[[], bool], what: str, seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            pytest.fail(f"did not come within {seconds:.0f} s: {what}")
        time.sleep(0.05)


def free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [int(probe.getsockname()[1]) for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def new_command_line() -> CommandLine:
    # Not pytest's own folder: other users can't enter it, and PostgreSQL runs as one where the tests run as root.
    folder = Path(tempfile.mkdtemp(prefix="tradewind-faults-"))
    return CommandLine(folder, dict(zip(SERVICES, free_ports(len(SERVICES)), strict=True)))


@pytest.fixture
def command_line() -> Iterator[CommandLine]:
    """A data directory of the test's own, with the rule book compiled (the shared one begins without)."""
    line = new_command_line()
    shutil.copytree(compiled_rules(), line.data_dir / "compiled")
    yield line
    line.clean_up()


@pytest.fixture(scope="module")
def shared_command_line() -> Iterator[CommandLine]:
    """A data directory that the module's tests share."""
    line = new_command_line()
    yield line
    line.clean_up()


@pytest.fixture(scope="session")
def sma_cross() -> Path:
    """The example that a rule decides."""
    return EXAMPLES / "sma-cross.yaml"


@pytest.fixture
def short_sma_cross(tmp_path: Path) -> Path:
    """The same over two years."""
    document = yaml.safe_load((EXAMPLES / "sma-cross.yaml").read_text())
    document["spec"]["feed"]["replay"] = {"from": "2009-03-02", "tradeFrom": "2011-03-01", "to": "2013-03-01"}
    manifest = tmp_path / "short.yaml"
    manifest.write_text(yaml.safe_dump(document))
    return manifest


@dataclass(frozen=True)
class Agreement:
    """What the demo printed of it."""

    orders: int
    fills: int
    cash: str


AgreementOf = Callable[[str], Agreement]


@pytest.fixture(scope="session")
def agreement_of() -> AgreementOf:
    """Reads the agreement line from what the demo printed."""

    def read(stdout: str) -> Agreement:
        found = re.search(r"^live and simulated agree: (\d+) orders, (\d+) fills, cash (\d+\.\d{4})$", stdout, re.M)
        assert found is not None, stdout
        return Agreement(int(found[1]), int(found[2]), found[3])

    return read
