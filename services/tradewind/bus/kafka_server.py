"""A real Apache Kafka on this machine: one node, broker and controller in one JVM, on the loopback only."""

import base64
import contextlib
import fcntl
import os
import random
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final
from uuid import uuid4

from tradewind.bus.access import KafkaAccess
from tradewind.bus.errors import BusError
from tradewind.bus.inquiry import Inquiry

_HOST: Final = "127.0.0.1"
_PORTS: Final = range(20_000, 32_000)
"""Below what systems hand to outgoing connections, so that none is taken between looking and binding."""
_DATA: Final = "data"
_SETTINGS: Final = "server.properties"
_LOG_SETTINGS: Final = "log4j2.xml"
_START_SECONDS: Final = 90.0
_STOP_SECONDS: Final = 8.0
"""The desk kills what has not ended 10 s after it was asked to."""
_LEFT_OVER_SECONDS: Final = 20.0
_JVM: Final = ("-Xms64m", "-Xmx256m", "-XX:+UseSerialGC", "-Djava.awt.headless=true")
_SHORT_LIVED: Final = "-XX:TieredStopAtLevel=1"
_PROPERTIES: Final = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@{host}:{controller}
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://{host}:{port},CONTROLLER://{host}:{controller}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs={data}
auto.create.topics.enable=false
default.replication.factor=1
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
num.network.threads=2
num.io.threads=4
log.cleaner.dedupe.buffer.size=4194304
"""
_LOGGING: Final = """\
<Configuration status="WARN">
  <Appenders>
    <RollingFile name="file" fileName="kafka.log" filePattern="kafka.log.%i">
      <PatternLayout pattern="%d{ISO8601} %p %m (%c{1})%n"/>
      <Policies><SizeBasedTriggeringPolicy size="10 MB"/></Policies>
      <DefaultRolloverStrategy max="1"/>
    </RollingFile>
  </Appenders>
  <Loggers><Root level="INFO"><AppenderRef ref="file"/></Root></Loggers>
</Configuration>
"""


class KafkaServerError(RuntimeError):
    """Kafka can't be set up, or does not start or stop."""

    def __init__(self, what: str, log: Path, output: str = "") -> None:
        lines = output.strip().splitlines() or log.read_text(errors="replace").splitlines() if log.is_file() else []
        super().__init__(f"embedded Kafka: {what} ({log} says more):\n" + "\n".join(lines[-5:]))
        self.log = log


class KafkaServer:
    """A broker on a folder, which it keeps for the next time.

    Args:
        folder: for its data, its settings and its log; made when missing.
        java: the program that runs it.
        jars: its class path.
    """

    def __init__(self, folder: Path, java: Path, jars: Sequence[Path]) -> None:
        self.folder = folder.absolute()
        self.log = self.folder / "kafka.log"
        self._java = java
        self._jars = jars
        self._keeper_lock = -1
        self._jvm_lock = -1
        self._process: subprocess.Popen[bytes] | None = None
        self.access = KafkaAccess("")
        """How to reach it, once it has started."""

    @property
    def running(self) -> bool:
        """Whether the JVM lives."""
        return self._process is not None and self._process.poll() is None

    def start(self, given_up: Callable[[], bool]) -> None:
        """Start it and wait until it answers; return early where `given_up` says so.

        Raises:
            KafkaServerError: it does not start.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        self._take_over()
        port, controller = _free_ports(2)
        self.access = KafkaAccess(f"{_HOST}:{port}")
        if not (self.folder / _DATA).is_dir():
            self._format(port, controller)
        self._write_settings(port, controller, _DATA)
        with (self.folder / "kafka.out").open("wb") as out:
            self._process = subprocess.Popen(
                self._command("kafka.Kafka", _SETTINGS),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                cwd=self.folder,
                env=_environment(),
                pass_fds=(self._jvm_lock,),
            )
        os.pwrite(self._jvm_lock, f"{self._process.pid}\n".encode(), 0)
        self._wait_until_it_answers(given_up)

    def stop(self) -> None:
        """End it cleanly; at worst cut it short, which loses nothing."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            if self._process is None or not self.running:
                break
            self._process.send_signal(number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_STOP_SECONDS)
        for lock in (self._jvm_lock, self._keeper_lock):
            if lock >= 0:
                os.close(lock)
        self._jvm_lock = self._keeper_lock = -1

    def _take_over(self) -> None:
        """Own the folder. The JVM inherits a lock of its own, by which one that was left behind is found and ended."""
        self._keeper_lock = _open(self.folder / "keeper.lock")
        if not _locks(self._keeper_lock, _LEFT_OVER_SECONDS):
            raise KafkaServerError("another one runs on this folder", self.log)
        self._jvm_lock = _open(self.folder / "jvm.lock")
        if not _locks(self._jvm_lock, 0.0):
            with contextlib.suppress(OSError, ValueError, IndexError):
                os.kill(int(os.pread(self._jvm_lock, 32, 0).split()[0]), signal.SIGTERM)
            if not _locks(self._jvm_lock, _LEFT_OVER_SECONDS):
                raise KafkaServerError("one left over on this folder does not end", self.log)
        os.ftruncate(self._jvm_lock, 0)

    def _format(self, port: int, controller: int) -> None:
        """Make the data folder beside its place and move it there whole: a killed start leaves no half of one."""
        fresh = self.folder / f"{_DATA}.new"
        shutil.rmtree(fresh, ignore_errors=True)
        self._write_settings(port, controller, fresh.name)
        cluster = base64.urlsafe_b64encode(uuid4().bytes).decode().rstrip("=").replace("-", "A")
        done = subprocess.run(
            self._command(_SHORT_LIVED, "kafka.tools.StorageTool", "format", "-t", cluster, "-c", _SETTINGS),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            cwd=self.folder,
            env=_environment(),
            check=False,
        )
        if done.returncode != 0:
            raise KafkaServerError("its data folder could not be made", self.log, done.stdout + done.stderr)
        fresh.rename(self.folder / _DATA)

    def _write_settings(self, port: int, controller: int, data: str) -> None:
        text = _PROPERTIES.format(host=_HOST, port=port, controller=controller, data=data)
        (self.folder / _SETTINGS).write_text(text)
        (self.folder / _LOG_SETTINGS).write_text(_LOGGING)

    def _command(self, *arguments: str) -> Sequence[str]:
        # Paths are relative to the folder, where it runs: Java's properties know no other characters than Latin ones.
        path = os.pathsep.join(str(jar) for jar in self._jars)
        return [str(self._java), *_JVM, f"-Dlog4j2.configurationFile={_LOG_SETTINGS}", "-cp", path, *arguments]

    def _listens(self) -> bool:
        host, port = self.access.bootstrap_servers.split(":")
        with socket.socket() as probe:
            return probe.connect_ex((host, int(port))) == 0

    def _wait_until_it_answers(self, given_up: Callable[[], bool]) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while not given_up():
            if self._listens():
                with contextlib.suppress(BusError):
                    Inquiry(self.access).metadata(1.0)
                    return
            time.sleep(0.05)
            if not self.running:
                raise KafkaServerError("it ended while starting", self.log, (self.folder / "kafka.out").read_text())
            if time.monotonic() > deadline:
                raise KafkaServerError(f"it does not answer after {_START_SECONDS:.0f} s", self.log)


def _open(lock: Path) -> int:
    return os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)


def _locks(lock: int, seconds: float) -> bool:
    """Lock a file, waiting at most these seconds for whoever holds it."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                return False
            time.sleep(0.1)
        else:
            return True


def _free_ports(count: int) -> Sequence[int]:
    held: list[socket.socket] = []
    while len(held) < count:
        probe = socket.socket()
        try:
            probe.bind((_HOST, random.choice(_PORTS)))  # noqa: S311  # no secret
        except OSError:
            probe.close()
        else:
            held.append(probe)
    ports = [probe.getsockname()[1] for probe in held]
    for probe in held:
        probe.close()
    return ports


def _environment() -> dict[str, str]:
    """Return this process's environment without what would change the JVM."""
    changing = ("CLASSPATH", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS")
    return {name: value for name, value in os.environ.items() if name not in changing}
