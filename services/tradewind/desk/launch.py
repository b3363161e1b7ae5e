"""A strategy's plan as processes on this machine, as the operator renders it as Kubernetes objects."""

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Final

from tradewind.desk.child import ChildStatus, Program
from tradewind.desk.folder import DataFolder, FolderLock
from tradewind.desk.ports import check_ports
from tradewind.desk.status import DeskStatus, describe_exit, failing, write_status
from tradewind.desk.supervisor import Supervisor
from tradewind.manifest.plan import Plan, Service, plan_strategy
from tradewind.manifest.resources import TradingStrategy
from tradewind.store.database import connect
from tradewind.store.migrate import migrate
from tradewind.store.strategies import register_strategy

Ports = Mapping[Service, int]
DATABASE_URL: Final = "TRADEWIND_DATABASE_URL"
KAFKA: Final = {
    "bootstrap_servers": "TRADEWIND_KAFKA_BOOTSTRAP_SERVERS",
    "generation": "TRADEWIND_KAFKA_GENERATION",
}
_MOST_FAILURES: Final = 6
"""With the growing delays that is about half a minute of trying."""


class DeskError(RuntimeError):
    """The desk can't go on. Its text says why, and which log says more."""


class Desk:
    """A desk that runs."""

    def __init__(self, strategy: TradingStrategy, plan: Plan, folder: DataFolder, ports: Ports) -> None:
        self.strategy = strategy
        self.plan = plan
        self.folder = folder
        self.ports = ports
        self.database_url: str | None = None
        """Where the ledger is; None until the strategy is registered in it."""
        self.started_at = datetime.now(UTC)
        self.supervisor = Supervisor(
            [*_foundations(folder)],
            [*_services(plan, folder, ports)],
            folder.root,
            folder.log,
            self._prepare,
            self._tell,
        )

    def check(self) -> None:
        """Say whether the desk can still go on.

        Raises:
            DeskError: the supervision ended, or a process ends again and again.
            StoreError: the database refused the strategy.
        """
        if self.supervisor.failure is not None:
            raise self.supervisor.failure
        broken = failing(self.supervisor.statuses, _MOST_FAILURES)
        if broken is not None:
            raise DeskError(
                f"{broken.name} ended {broken.failures} times soon after its start, last with "
                f"{describe_exit(broken.last_exit)}. The end of {self.folder.log(broken.name)}:\n"
                + log_tail(self.folder, broken.name)
            )

    def _prepare(self, announced: Mapping[str, str]) -> None:
        url = announced[DATABASE_URL]
        migrate(url)
        with connect(url) as connection:
            register_strategy(connection, self.strategy, self.plan)
        self.database_url = url

    def _tell(self, statuses: Sequence[ChildStatus]) -> None:
        write_status(self.folder, DeskStatus(os.getpid(), self.plan.strategy_id, tuple(statuses)))


@contextmanager
def launch(strategy: TradingStrategy, folder: DataFolder, ports: Ports) -> Iterator[Desk]:
    """Run a strategy while the context lasts; nothing of it runs afterwards.

    Raises:
        PortTakenError, DataFolderBusyError, DataFolderUnusableError: nothing was started.
    """
    folder.create()
    with FolderLock(folder):
        check_ports(ports)
        plan = plan_strategy(strategy)
        folder.manifest(plan.strategy_id).write_text(plan.manifest, encoding="utf-8")
        desk = Desk(strategy, plan, folder, ports)
        with desk.supervisor:
            yield desk


def log_tail(folder: DataFolder, process: str, lines: int = 8) -> str:
    """Return the last lines that a process logged."""
    try:
        text = folder.log(process).read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return "(nothing was logged)"
    return "\n".join(text.splitlines()[-lines:])


def _module(name: str, *arguments: str) -> tuple[str, ...]:
    # -P keeps the working directory off the module path: a user's numpy.py must not be ours.
    return (sys.executable, "-P", "-m", name, *arguments)


def _foundations(folder: DataFolder) -> tuple[Program, ...]:
    postgres = _module("tradewind.desk.postgres", str(folder.postgres), str(folder.log("postgres-server")))
    return (
        Program("postgres", postgres, announces={"database_url": DATABASE_URL}),
        Program("broker", _module("tradewind.bus.embedded"), announces=KAFKA),
    )


def _services(plan: Plan, folder: DataFolder, ports: Ports) -> Iterator[Program]:
    for service in plan.services:
        port = ports[service.service]
        environment = {
            **service.settings,
            "TRADEWIND_MANIFEST": str(folder.manifest(plan.strategy_id)),
            "TRADEWIND_DATA_DIR": str(folder.root),
            "TRADEWIND_PORT": str(port),
            "TRADEWIND_LOG_FORMAT": "text",
            "TRADEWIND_EXIT_WITH_PARENT": "true",
            "KERAS_HOME": str(folder.keras),
        }
        yield Program(service.service, _module(service.module), environment, port)
