"""`tradewind up`: a strategy runs until Ctrl-C."""

import time
from pathlib import Path

import typer

from tradewind.desk.child import ChildStatus
from tradewind.desk.folder import DataFolder
from tradewind.desk.interruption import InterruptedByUserError
from tradewind.desk.launch import Desk, Ports, launch
from tradewind.desk.ports import HOST
from tradewind.desk.readiness import ask_ready
from tradewind.desk.status import describe_exit
from tradewind.desk.strategy import read_strategy

_TICK = 0.2


def run_up(manifest: Path, folder: DataFolder, ports: Ports) -> None:
    """Run the strategy, say what happens on standard error, and return once Ctrl-C has ended everything.

    Raises:
        DeskError, and what `read_strategy` and `launch` raise.
    """
    strategy, _ = read_strategy(manifest)
    try:
        with launch(strategy, folder, ports) as desk:
            _say(f"starting {desk.plan.strategy_id}; data and logs in {folder.root}")
            _follow(desk)
    except InterruptedByUserError:
        _say("everything has ended; the data directory is kept for next time")


def _follow(desk: Desk) -> None:
    """Report what becomes ready and what is restarted, until interrupted."""
    waiting = dict(desk.ports)
    restarts: dict[str, int] = {}
    while True:
        if desk.supervisor.failure is not None:
            raise desk.supervisor.failure
        if desk.database_url is None:
            desk.check()  # what never came up won't come up by trying on
        for process in desk.supervisor.statuses:
            if process.restarts > restarts.get(process.name, 0):
                restarts[process.name] = process.restarts
                _say(_restarted(process, desk.folder))
        for service, port in list(waiting.items()) if desk.database_url else ():
            if ask_ready(port).ready:
                del waiting[service]
                _say(f"{service} is ready: http://{HOST}:{port}/docs")
                if not waiting:
                    _say("all services are ready; Ctrl-C ends them")
        time.sleep(_TICK)


def _restarted(process: ChildStatus, folder: DataFolder) -> str:
    return (
        f"{process.name} ended with {describe_exit(process.last_exit)} and was started again "
        f"({process.restarts} times so far); {folder.log(process.name)} says why"
    )


def _say(line: str) -> None:
    typer.echo(f"tradewind: {line}", err=True)
