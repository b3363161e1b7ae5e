"""Everything that runs: a PostgreSQL, a broker, and the services of each strategy, under the desk's own supervision."""

import contextlib
import os
import signal
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

import msgspec
from tests.agreement.brokers import Broker
from tests.agreement.trials import Trial

from tradewind.bus.access import KafkaAccess
from tradewind.desk.folder import DataFolder, FolderLock
from tradewind.desk.foundations import Foundations, choose_foundations, kafka_access
from tradewind.desk.launch import MOST_FAILURES, Deployment, Desk
from tradewind.desk.postgres import EmbeddedPostgres
from tradewind.manifest.plan import Plan, Service, plan_strategy
from tradewind.manifest.resources import TradingStrategy
from tradewind.store.database import connect
from tradewind.store.strategies import register_strategy

ROOT: Final = Path(__file__).resolve().parents[2]
SERVICES: Final[tuple[Service, ...]] = ("ingestion", "ml", "trading")
_SESSIONS: Final = 8
"""The most database sessions that one service opens."""
_AHEAD: Final = 384
"""Instants that each replay may be ahead: with many strategies, a turn of each takes a while."""


class NothingRunsError(RuntimeError):
    """No service runs at the moment."""


class Stage:
    """A desk with every trial on it, but with a replay of its own for each. Made by `set_up`."""

    def __init__(self, trials: Sequence[Trial], folder: DataFolder, broker: Broker) -> None:
        self.folder = folder
        self.broker = broker
        self.publishing = threading.Lock()
        """Held by who publishes beside the services, who must know what has arrived, and while the broker is killed."""
        self._trials = {trial.name: trial for trial in trials}
        self._killed: set[int] = set()
        ports = iter(_free_ports(len(SERVICES) * len(trials)))
        deployments = [
            Deployment(trial.strategy, _plan(trial), {service: next(ports) for service in SERVICES}) for trial in trials
        ]
        self._deployments = {deployment.strategy.id.name: deployment for deployment in deployments}
        for deployment in deployments:
            folder.manifest(deployment.plan.strategy_id).write_text(deployment.plan.manifest, encoding="utf-8")
        foundations = Foundations(choose_foundations(folder, None, "embedded").database, broker.foundation)
        self.desk = Desk(deployments, folder, foundations)

    @property
    def database_url(self) -> str:
        """Where the ledgers are.

        Raises:
            NothingRunsError: they are not there yet.
        """
        if self.desk.database_url is None:
            raise NothingRunsError
        return self.desk.database_url

    @property
    def access(self) -> KafkaAccess:
        """How the services that run now reach the broker."""
        if self.broker.foundation.program is None:
            return kafka_access(self.broker.foundation.given)
        for status in self.desk.supervisor.statuses:
            if status.port is not None and status.pid is not None:
                with contextlib.suppress(OSError):
                    said = Path(f"/proc/{status.pid}/environ").read_text().split("\0")
                    return kafka_access(dict(variable.split("=", 1) for variable in said if variable))
        raise NothingRunsError

    def address(self, trial: Trial, service: Service) -> str:
        """Return the URL of one of the trial's services."""
        return f"http://127.0.0.1:{self._deployments[trial.name].ports[service]}"

    def kill(self, trial: Trial, service: Service) -> bool:
        """End a service by SIGKILL; return whether it ran.

        One that was killed and is not back doesn't; one that the desk would soon give up is left alone as well.
        """
        name = self._deployments[trial.name].process(service)
        failures = next((each.failures for each in self.desk.supervisor.statuses if each.name == name), 0)
        return failures < MOST_FAILURES // 2 and self._kill(name)

    def all_run(self) -> bool:
        """Return whether every process runs, those that were killed again."""
        pids = {status.pid for status in self.desk.supervisor.statuses}
        return None not in pids and not pids & self._killed

    def kill_database(self) -> None:
        """End every process of PostgreSQL by SIGKILL, as the end of its machine would."""
        postmaster = int((self.folder.postgres / "postmaster.pid").read_text().split()[0])
        for pid in (postmaster, *_children(postmaster)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def kill_broker(self) -> None:
        """End the broker by SIGKILL; it comes back."""
        assert self.broker.kill is not None
        running = [each.pid for each in self.desk.supervisor.statuses if each.name == "broker" and each.pid]
        with self.publishing:
            self.broker.kill(running[0] if running else 0)

    def restart_as(self, trial: Trial, strategy: TradingStrategy) -> None:
        """Register a changed manifest and start the strategy's processes again with it, as a desk's restart does."""
        plan = plan_strategy(strategy)
        self.folder.manifest(plan.strategy_id).write_text(plan.manifest, encoding="utf-8")
        with connect(self.database_url) as connection:
            register_strategy(connection, strategy, plan)
        for service in SERVICES:
            self._kill(self._deployments[trial.name].process(service))

    def _kill(self, process: str) -> bool:
        for status in self.desk.supervisor.statuses:
            if status.name == process and status.pid is not None and status.pid not in self._killed:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(status.pid, signal.SIGKILL)
                    self._killed.add(status.pid)
                    return True
        return False


@contextmanager
def set_up(trials: Sequence[Trial], folder: DataFolder, broker: Broker) -> Iterator[Stage]:
    """Run everything while the context lasts; nothing of it runs afterwards, and the folder stays."""
    folder.create()
    with FolderLock(folder):
        _make_room(folder, _SESSIONS * len(SERVICES) * len(trials))
        stage = Stage(trials, folder, broker)
        with stage.desk.supervisor:
            yield stage


def _make_room(folder: DataFolder, sessions: int) -> None:
    """Let the database take so many sessions: by default it takes a hundred."""
    with EmbeddedPostgres(folder.postgres, folder.log("postgres-server")) as server, connect(server.url) as connection:
        connection.execute(f"ALTER SYSTEM SET max_connections = {max(100, sessions + 20)}")


def _plan(trial: Trial) -> Plan:
    """Return the strategy's plan without its backtest service, and with the made-up market's ingestion."""
    plan = plan_strategy(trial.strategy)
    settings = {
        "TRADEWIND_MARKET": msgspec.json.encode(trial.market).decode(),
        "TRADEWIND_REPLAY_AHEAD": str(_AHEAD),
        "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH")))),
    }
    services = tuple(
        replace(each, module="tests.agreement.ingestion", settings={**each.settings, **settings})
        if each.service == "ingestion"
        else each
        for each in plan.services
        if each.service in SERVICES
    )
    return replace(plan, services=services)


def _free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [int(probe.getsockname()[1]) for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def _children(parent: int) -> Iterator[int]:
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            # The command, in parentheses, may hold blanks.
            if int(stat.read_text().rpartition(")")[2].split()[1]) == parent:
                yield int(stat.parent.name)
