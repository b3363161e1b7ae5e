"""`tradewind up`: strategies run until Ctrl-C."""

import math
import time
from collections.abc import Sequence
from pathlib import Path

import typer

from tradewind.desk.child import ChildStatus
from tradewind.desk.folder import DataFolder
from tradewind.desk.foundations import Foundations
from tradewind.desk.interruption import InterruptedByUserError
from tradewind.desk.launch import MOST_FAILURES, Desk, launch
from tradewind.desk.logs import tail
from tradewind.desk.ports import HOST, Ports
from tradewind.desk.readiness import ask_ready
from tradewind.desk.status import describe_exit
from tradewind.desk.strategy import read_strategies
from tradewind.manifest.resources import TradingStrategy

_TICK = 0.2
_SAID_AFTER = 10.0
"""Seconds that a service gives the same reason for not being ready before it is told."""


def run_up(manifests: Sequence[Path], folder: DataFolder, ports: Ports, foundations: Foundations) -> None:
    """Run the strategies, say what happens on standard error, and return once Ctrl-C has ended everything.

    Raises:
        DeskError, and what `read_strategies` and `launch` raise.
    """
    strategies = read_strategies(manifests)
    try:
        with launch(strategies, folder, ports, foundations) as desk:
            names = ", ".join(deployment.plan.strategy_id for deployment in desk.deployments)
            _say(f"starting {names}; data and logs in {folder.root}")
            if foundations.database.program is None and foundations.broker.program is not None:
                _say("the broker is this desk's own: other desks on this database can take over only all of it at once")
            for strategy in strategies:
                tell_ignored(strategy)
            _follow(desk)
    except InterruptedByUserError:
        _say("everything has ended; the data directory is kept for next time")


def tell_ignored(strategy: TradingStrategy) -> None:
    """Say which fields of a manifest only a cluster makes something of."""
    fields = strategy.cluster_only()
    if fields:
        _say(f"{strategy.metadata.name}: {', '.join(fields)} count in a cluster alone; here they do nothing")


def _follow(desk: Desk) -> None:
    """Report what becomes ready, what waits and what is restarted, until interrupted."""
    waiting = {service: _Waiting(service, port) for service, port in desk.ports.items()}
    starting = {program.name: time.monotonic() for program in desk.foundations.programs}
    restarts: dict[str, int] = {}
    while True:
        if desk.supervisor.failure is not None:
            raise desk.supervisor.failure
        if not desk.prepared:
            desk.check()  # what never came up won't come up by trying on
            _tell_starting(desk, starting)
        for process in desk.supervisor.statuses:
            if process.restarts > restarts.get(process.name, 0):
                restarts[process.name] = process.restarts
                _say(_restarted(process, desk.folder))
        for service, wait in list(waiting.items()) if desk.prepared else ():
            if wait.is_over():
                del waiting[service]
                if not waiting:
                    _say("all services are ready; Ctrl-C ends them")
        time.sleep(_TICK)


def _tell_starting(desk: Desk, since: dict[str, float]) -> None:
    """Say what a foundation that takes long to start logged last: a first start may download."""
    for process in desk.supervisor.statuses:
        if process.state == "starting" and time.monotonic() - since.get(process.name, math.inf) > _SAID_AFTER:
            since[process.name] = time.monotonic()
            _say(f"{process.name} is starting: {tail(desk.folder.log(process.name), 1)}")


class _Waiting:
    """A service that is not ready yet."""

    def __init__(self, service: str, port: int) -> None:
        self._service = service
        self._port = port
        self._reason = ""
        self._since = time.monotonic()
        self._said = ""

    def is_over(self) -> bool:
        """Ask the service; say that it is ready, or why it still is not."""
        readiness = ask_ready(self._port)
        if readiness.ready:
            _say(f"{self._service} is ready: http://{HOST}:{self._port}/docs")
        elif readiness.reason != self._reason:
            self._reason, self._since = readiness.reason, time.monotonic()
        elif self._reason != self._said and time.monotonic() - self._since > _SAID_AFTER:
            self._said = self._reason
            _say(f"{self._service} is not ready: {self._reason}")
        return readiness.ready


def _restarted(process: ChildStatus, folder: DataFolder) -> str:
    keeps_failing = "; it keeps failing, the others go on" if process.failures >= MOST_FAILURES else ""
    return (
        f"{process.name} ended with {describe_exit(process.last_exit)} and was started again "
        f"({process.restarts} times so far); {folder.log(process.name)} says why{keeps_failing}"
    )


def _say(line: str) -> None:
    typer.echo(f"tradewind: {line}", err=True)
