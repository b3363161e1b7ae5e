"""`tradewind demo`: replays real bars through every process, then asks the simulator whether it agrees."""

import time
from bisect import bisect_right
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final, TypeVar

from rich.console import Console

from tradewind.backtest.compile_cache import use_cache
from tradewind.bus.access import EMBEDDED
from tradewind.desk.errors import DeskError
from tradewind.desk.folder import DataFolder
from tradewind.desk.foundations import Foundations
from tradewind.desk.launch import Desk, launch
from tradewind.desk.ports import HOST, Ports
from tradewind.desk.progress import reporting
from tradewind.desk.readiness import ask_ready
from tradewind.desk.reporter import Reporter
from tradewind.desk.strategy import read_strategy
from tradewind.manifest.owners import trading_owner
from tradewind.store.database import DATABASE_AWAY
from tradewind.store.progress import ProgressReader

_Result = TypeVar("_Result")
_TICK: Final = 0.2
_STALL_SECONDS: Final = 120.0
"""Without any news for so long the demo gives up. Training tells its epochs, so it counts as news."""


class DisagreementError(DeskError):
    """Live and simulated are not equal, or there was nothing to compare."""


def run_demo(manifest: Path, folder: DataFolder, ports: Ports, foundations: Foundations) -> None:
    """Run the demo and print the agreement and the summary on standard output.

    Raises:
        DisagreementError: live and simulated differ, or nothing was traded.
        DeskError: trading halted, a process keeps failing, or nothing moves.
        And what `read_strategy` and `launch` raise.
    """
    started = time.monotonic()
    console = Console()
    strategy, source = read_strategy(manifest)
    with launch([strategy], folder, ports, foundations) as desk:
        use_cache(folder.root / "compiled")
        # After use_cache: these import numba, which reads where its cache lies only once.
        from tradewind.desk.results import check_agreement, live_results
        from tradewind.desk.summary import show_results

        with reporting() as reporter:
            url = _wait_for_ledger(desk, reporter)
            _follow_replay(desk, url, source.traded_sessions(), reporter)
            reporter.show("simulating the journal", 0, 0)
            agreement = _once_back(desk, lambda: check_agreement(url, strategy))
        if not agreement.agrees:
            raise DisagreementError(str(agreement))
        if agreement.fills == 0:
            raise DisagreementError(
                f"no order was filled in {agreement.instants} instants: there is nothing to compare"
            )
        console.print(str(agreement), style="bold", highlight=False, markup=False, soft_wrap=True)
        results = _once_back(desk, lambda: live_results(url, strategy))
        reports = f"http://{HOST}:{desk.deployments[0].ports['backtest']}/backtest/portfolio-stats"
        show_results(console, results, f"run `tradewind up -f {manifest}` and open {reports}")
    console.print(
        f"Done in {time.monotonic() - started:.0f} s. {_where(folder, foundations)}, and a second demo there finds "
        "everything decided.",
        highlight=False,
        markup=False,
        soft_wrap=True,
    )


def _where(folder: DataFolder, foundations: Foundations) -> str:
    """Return where the ledger is, as a sentence without its end."""
    database, broker = foundations.database.description, foundations.broker.description
    subject = "The embedded broker kept nothing: the ledger" if broker == EMBEDDED else "The ledger"
    return f"{subject} is in PostgreSQL, {f'below {folder.root}' if database == EMBEDDED else database}"


def _wait_for_ledger(desk: Desk, reporter: Reporter) -> str:
    stalled = Stall(desk)
    starting = f"starting {' and '.join(program.name for program in desk.foundations.programs)}"
    while not desk.prepared:
        desk.check()
        up = [process.name for process in desk.supervisor.statuses if process.state == "running"]
        reporter.show(starting, 0, 0)
        stalled.check(up)
        time.sleep(_TICK)
    assert desk.database_url is not None
    return desk.database_url


def _follow_replay(desk: Desk, url: str, traded: Sequence[datetime], reporter: Reporter) -> None:
    """Wait until every traded session is decided."""
    stalled = Stall(desk)
    deployment = desk.deployments[0]
    strategy_id = deployment.plan.strategy_id
    with ProgressReader(url, trading_owner(strategy_id), strategy_id) as reader:
        decided = 0
        while decided < len(traded):
            desk.check()
            progress = reader.read()
            if progress is not None and progress.halted is not None:
                log = desk.folder.log(deployment.process("trading"))
                raise DeskError(f"trading is HALTED: {progress.halted}; {log} says more")
            if progress is not None and progress.decided is not None:
                decided = bisect_right(traded, progress.decided)
            waits_for = "" if decided else _unready(desk)
            if waits_for:
                reporter.show("preparing the services", 0, 0, waits_for)
            else:
                reporter.show("replaying instants", decided, len(traded))
            stalled.check((decided, waits_for, desk.supervisor.statuses))
            time.sleep(_TICK)


def _once_back(desk: Desk, work: Callable[[], _Result]) -> _Result:
    """Return what work on the database comes to; while it is away, and the desk starts it again, wait for it."""
    stalled = Stall(desk)
    while True:
        try:
            return work()
        except DATABASE_AWAY:
            desk.check()
            stalled.check("the database is away")
            time.sleep(_TICK)


def _unready(desk: Desk) -> str:
    """Return the first service that is not ready, and why; empty when all are."""
    for service, port in desk.deployments[0].ports.items():
        readiness = ask_ready(port)
        if not readiness.ready:
            return f"{service} {readiness.reason}" if " " in readiness.reason else f"{service}: {readiness.reason}"
    return ""


class Stall:
    """Notices that nothing has changed for too long."""

    def __init__(self, desk: Desk, clock: Callable[[], float] = time.monotonic) -> None:
        self._desk = desk
        self._clock = clock
        self._last: object = None
        self._since = clock()

    def check(self, news: object) -> None:
        """Take note of what is known now.

        Raises:
            DeskError: it has been the same for too long.
        """
        if news != self._last:
            self._last, self._since = news, self._clock()
        elif self._clock() - self._since > _STALL_SECONDS:
            state = _unready(self._desk) or "all services say that they are ready"
            logs = self._desk.folder.logs
            raise DeskError(f"nothing has moved for {_STALL_SECONDS:.0f} s ({state}); the logs in {logs} say more")
