"""Strategies' plans as processes on this machine, as the operator renders them as Kubernetes objects."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Final

from tradewind.bus.errors import BusError
from tradewind.bus.topics import ensure_topics
from tradewind.desk.child import ChildStatus, Program
from tradewind.desk.errors import BrokerUnusableError, DeskError
from tradewind.desk.folder import DataFolder, FolderLock
from tradewind.desk.foundations import DATABASE_URL, KAFKA_SERVERS, Foundations, kafka_access, module
from tradewind.desk.logs import tail
from tradewind.desk.ports import Ports, choose_ports
from tradewind.desk.status import DeskStatus, StrategyStatus, describe_exit, failing, write_status
from tradewind.desk.supervisor import Supervisor
from tradewind.manifest.plan import Plan, Service, plan_strategy
from tradewind.manifest.resources import TradingStrategy
from tradewind.store.database import connect
from tradewind.store.migrate import migrate
from tradewind.store.roles import service_url
from tradewind.store.server import check_server, naming_problems
from tradewind.store.strategies import register_strategy

MOST_FAILURES: Final = 6
"""A process that ended so often in a row keeps failing; with the growing delays that is about half a minute."""


@dataclass(frozen=True)
class Deployment:
    """A strategy as it runs here: its plan, and the ports of its services."""

    strategy: TradingStrategy
    plan: Plan
    ports: Ports

    @property
    def name(self) -> str:
        """The strategy's name, with its namespace in front unless that is the default one."""
        identity = self.strategy.id
        return identity.name if identity.namespace == "default" else f"{identity.namespace}.{identity.name}"

    def process(self, service: Service) -> str:
        """Return the name of a service's process."""
        return f"{self.name}/{service}"


class Desk:
    """A desk that runs."""

    def __init__(self, deployments: Sequence[Deployment], folder: DataFolder, foundations: Foundations) -> None:
        self.deployments = tuple(deployments)
        self.folder = folder
        self.foundations = foundations
        self.database_url: str | None = None
        """Where the ledger is; None until every strategy is registered in it."""
        self._has_topics = False
        self.prepared = False
        """Whether the foundations are there, and the services start."""
        self.started_at = datetime.now(UTC)
        self.supervisor = Supervisor(
            foundations.programs,
            foundations.given,
            [program for deployment in deployments for program in _services(deployment, folder)],
            folder.root,
            folder.log,
            self.prepare,
            self._tell,
        )

    @property
    def ports(self) -> Mapping[str, int]:
        """The port of each service, by the name of its process."""
        return {each.process(service): port for each in self.deployments for service, port in each.ports.items()}

    def check(self) -> None:
        """Say whether the desk can still go on.

        Raises:
            DeskError: the supervision ended, or a process ends again and again.
            StoreError: the database refused a strategy.
        """
        if self.supervisor.failure is not None:
            raise self.supervisor.failure
        broken = failing(self.supervisor.statuses, MOST_FAILURES)
        if broken is not None:
            log = self.folder.log(broken.name)
            raise DeskError(
                f"{broken.name} ended {broken.failures} times soon after its start, last with "
                f"{describe_exit(broken.last_exit)}. The end of {log}:\n{tail(log)}"
            )

    def prepare(self, known: Mapping[str, str]) -> None:
        """Bring the foundations that can be reached by now to what the services expect of them, once each.

        Args:
            known: the environment variables that say how to reach them.

        Raises:
            StoreError: the database can't be used, or refused a strategy.
            BusError: the broker can't be used.
        """
        if not self._has_topics and KAFKA_SERVERS in known:
            if self.foundations.broker.program is None:  # our own brokers make theirs
                ensure_topics(kafka_access(known))
            self._has_topics = True
        if self.database_url is None and DATABASE_URL in known:
            url = known[DATABASE_URL]
            with naming_problems(url):
                migrate(url)
                with connect(url) as connection:
                    for deployment in self.deployments:
                        register_strategy(connection, deployment.strategy, deployment.plan)
            self.database_url = url
        self.prepared = self._has_topics and self.database_url is not None

    def _tell(self, statuses: Sequence[ChildStatus]) -> None:
        status = DeskStatus(
            pid=os.getpid(),
            database=self.foundations.database.description,
            broker=self.foundations.broker.description,
            strategies=tuple(StrategyStatus(each.name, each.plan.strategy_id, each.ports) for each in self.deployments),
            processes=tuple(statuses),
        )
        write_status(self.folder, status)


@contextmanager
def launch(
    strategies: Sequence[TradingStrategy], folder: DataFolder, wanted: Ports, foundations: Foundations
) -> Iterator[Desk]:
    """Run strategies while the context lasts; nothing of them runs afterwards.

    Args:
        strategies: their names differ.
        folder: where everything is kept.
        wanted: the ports that a person wants; the others are chosen.
        foundations: what the services stand on.

    Raises:
        PortTakenError, PortOfSeveralError, DataFolderBusyError, DataFolderUnusableError: nothing was started.
        StoreError, BrokerUnusableError: a foreign database or broker can't be used; nothing was started.
    """
    folder.create()
    with FolderLock(folder), choose_ports(len(strategies), wanted) as ports:
        deployments = [
            Deployment(strategy, plan_strategy(strategy), chosen)
            for strategy, chosen in zip(strategies, ports, strict=True)
        ]
        for deployment in deployments:
            plan = deployment.plan
            folder.manifest(plan.strategy_id).write_text(plan.manifest, encoding="utf-8")
        desk = Desk(deployments, folder, foundations)
        # What is wrong with what somebody else runs is known before anything starts.
        if DATABASE_URL in foundations.given:
            check_server(foundations.given[DATABASE_URL])
        try:
            desk.prepare(foundations.given)
        except BusError as error:
            raise BrokerUnusableError(foundations.broker.description, error) from None
        with desk.supervisor:
            yield desk


def _services(deployment: Deployment, folder: DataFolder) -> Iterator[Program]:
    plan = deployment.plan
    for service in plan.services:
        port = deployment.ports[service.service]
        environment = {
            **service.settings,
            "TRADEWIND_MANIFEST": str(folder.manifest(plan.strategy_id)),
            "TRADEWIND_DATA_DIR": str(folder.root),
            "TRADEWIND_PORT": str(port),
            "TRADEWIND_LOG_FORMAT": "text",
            "TRADEWIND_EXIT_WITH_PARENT": "true",
            "KERAS_HOME": str(folder.keras),
        }
        yield Program(
            deployment.process(service.service),
            module(service.module),
            environment,
            port,
            learns=partial(_as_service, service.service),
        )


def _as_service(service: Service, known: Mapping[str, str]) -> Mapping[str, str]:
    """Return what a service learns of the foundations: in the database it has the rights of its own role only."""
    return {**known, DATABASE_URL: service_url(known[DATABASE_URL], service)}
