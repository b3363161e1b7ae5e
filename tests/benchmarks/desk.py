"""A trading desk to be measured: an embedded PostgreSQL, a broker, and trading services as processes of their own."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from confluent_kafka import Producer
from tests.benchmarks.machine import listener
from tests.benchmarks.market import Sent, write_strategy
from tests.torture.foundations import Broker, some_broker

from tradewind.desk.postgres import EmbeddedPostgres
from tradewind.manifest.owners import trading_owner
from tradewind.manifest.plan import feed_id_of, plan_strategy
from tradewind.manifest.resources import TradingStrategy
from tradewind.store.database import connect
from tradewind.store.migrate import migrate
from tradewind.store.strategies import register_strategy

ROOT: Final = Path(__file__).resolve().parents[2]
PRODUCT: Final = "tradewind.trading"
_BROKER_HEAP: Final = "1g"
"""What Kafka's own scripts give a broker. With the test kit's 256m its collector stops it for 10 to 20 ms every few
seconds, in which four signals come."""


class BenchError(RuntimeError):
    """A benchmark can't go on: something did not happen."""


class Service:
    """A trading service as a process of its own."""

    def __init__(self, module: str, environment: dict[str, str], port: int, log: Path) -> None:
        self.port = port
        self.log = log
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", module],
                stdin=subprocess.PIPE,
                stdout=out,
                stderr=out,
                cwd=ROOT,
                env={**os.environ, **environment, "TRADEWIND_PORT": str(port)},
            )

    def check(self) -> None:
        """Say whether it lives.

        Raises:
            BenchError: it has ended; the end of its log says why.
        """
        if self.process.poll() is not None:
            said = "\n".join(self.log.read_text(errors="replace").splitlines()[-20:])
            raise BenchError(f"the trading service ended with {self.process.returncode}:\n{said}")

    def kill(self) -> None:
        """End it by SIGKILL."""
        self.process.kill()
        self.process.communicate()


@dataclass
class Desk:
    """What a benchmark has in hand: one strategy, registered in a database of its own, and an empty broker."""

    folder: Path
    strategy: TradingStrategy
    database_url: str
    postgres: int
    """The process id of the database server."""
    broker: Broker
    broker_process: int | None
    services: list[Service]

    @property
    def owner(self) -> str:
        """The trading service's name in the database."""
        return trading_owner(str(self.strategy.id))

    def start(self, module: str = PRODUCT) -> Service:
        """Start a trading service."""
        plan = plan_strategy(self.strategy)
        environment = {
            "TRADEWIND_MANIFEST": str(self.folder / "strategy.yaml"),
            "TRADEWIND_STRATEGY_ID": plan.strategy_id,
            "TRADEWIND_FEED_ID": feed_id_of(self.strategy),
            "TRADEWIND_DATABASE_URL": self.database_url,
            **self.broker.environment,
            "TRADEWIND_DATA_DIR": str(self.folder),
            "TRADEWIND_LOG_FORMAT": "text",
            "TRADEWIND_EXIT_WITH_PARENT": "true",
        }
        service = Service(module, environment, _free_port(), self.folder / "trading.log")
        self.services.append(service)
        return service

    def publish(self, messages: Iterable[Sent]) -> None:
        """Publish messages in their order and wait until the broker has them all.

        Raises:
            BenchError: it does not take them.
        """
        producer = self.producer()
        for message in messages:
            while True:
                try:
                    producer.produce(message.topic, key=message.key, value=message.value)
                    break
                except BufferError:
                    producer.poll(0.1)
        if left := producer.flush(120):
            raise BenchError(f"the broker has not taken {left} messages")

    def producer(self) -> Producer:
        """Return a producer that sends at once and in order."""
        return Producer({**self.broker.access.client_config(), "enable.idempotence": True, "linger.ms": 0})


@contextmanager
def desk(symbols: int) -> Iterator[Desk]:
    """Make a desk with a strategy of so many symbols; nothing of it is left afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="tw-bench-"))
    folder.chmod(0o711)  # the database's own user passes through
    try:
        with ExitStack() as stack:
            server = stack.enter_context(EmbeddedPostgres(folder / "postgres", folder / "postgres.log"))
            broker = stack.enter_context(some_broker(False, "--heap", _BROKER_HEAP))
            strategy = write_strategy(folder / "strategy.yaml", symbols)
            migrate(server.url)
            with connect(server.url) as connection:
                register_strategy(connection, strategy, plan_strategy(strategy))
            postmaster = int((folder / "postgres" / "postmaster.pid").read_text().split()[0])
            port = int(broker.access.bootstrap_servers.rpartition(":")[2])
            made = Desk(folder, strategy, server.url, postmaster, broker, listener(port), [])
            try:
                yield made
            finally:
                for service in made.services:
                    service.kill()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def wait_until(met: Callable[[], bool], service: Service, what: str, seconds: float = 60.0) -> None:
    """Look again and again until it holds.

    Raises:
        BenchError: it has not within this time, or the service has ended.
    """
    deadline = time.monotonic() + seconds
    while not met():
        service.check()
        if time.monotonic() > deadline:
            raise BenchError(f"did not come within {seconds:.0f} s: {what}")
        time.sleep(0.02)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
