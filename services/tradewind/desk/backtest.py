"""`tradewind backtest`: a strategy on history, in this process."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from tradewind.backtest.compile_cache import holds_code, use_cache
from tradewind.desk.errors import DeskError
from tradewind.desk.folder import DataFolder
from tradewind.desk.page import require_room, write_page
from tradewind.desk.progress import Reporter, reporting
from tradewind.desk.strategy import read_tested
from tradewind.desk.trials import one_by_one, read_search, run_search
from tradewind.domain.orders import Side
from tradewind.manifest.resources import TradingStrategy

if TYPE_CHECKING:
    from tradewind.backtest.history import Bars
    from tradewind.backtest.report import Report
    from tradewind.ingestion.sources.bars_file import BarsFile
    from tradewind.ingestion.sources.replay import ReplaySource


def run_backtest(
    manifest: Path,
    folder: DataFolder,
    as_json: bool,
    page: Path | None = None,
    bars: Path | None = None,
    time_zone: str | None = None,
) -> None:
    """Simulate the strategy that the manifest asks to test and print what came of it, as a summary or as JSON.

    Models that had to be trained and compiled code are kept in the data directory. `page` is where the report goes as
    one HTML file. `bars` is a file that takes the place of the feed's bars, `time_zone` of its times without an offset.

    Raises:
        PageError: it can't be written there.
        BarsFileError: the file of bars can't be used.
    """
    if page is not None:
        require_room(page)
    strategy, source = read_tested(manifest, bars, time_zone)
    search = read_search(manifest, strategy, source)
    folder.create()
    cache = use_cache(folder.root / "compiled")
    os.environ["KERAS_HOME"] = str(folder.keras)
    with reporting() as reporter, _refusals():
        if not holds_code(cache):
            # After use_cache: it imports numba, which reads where its cache lies only once.
            from tradewind.backtest.warm_up import warm_up

            reporter.show("compiling the rule book, once", 0, 0)
            warm_up(strategy)
        report, verdict = _simulate(strategy, source, folder, reporter)
        found = run_search(search, source, folder.root, reporter)
    if page is not None:
        write_page(page, report, {**found.document(), "verdict": verdict})
    if as_json:
        print(json.dumps({**report.document(), "verdict": verdict, **found.document()}, indent=2, allow_nan=False))
    else:
        # Imported here: plots of text are loaded where one is drawn.
        from tradewind.desk.results import simulated_results
        from tradewind.desk.summary import show_coverage, show_results

        show_results(Console(), simulated_results(report, verdict), f"`tradewind backtest -f {manifest} --json`")
        show_coverage(Console(), report.coverage)
        found.show(Console())
        if page is not None:
            Console().print(f"The report is in {page}", highlight=False, markup=False, soft_wrap=True)


@contextmanager
def _refusals() -> Iterator[None]:
    """Turn what makes a backtest impossible into the desk's error."""
    from tradewind.backtest.history import BarOrderError
    from tradewind.backtest.report import NoBarsError
    from tradewind.backtest.simulator import HistoryError
    from tradewind.backtest.sweep import TrialError
    from tradewind.backtest.walk_forward import EmptyAccountError
    from tradewind.ml.anomaly import TooFewBarsForGuardError
    from tradewind.ml.dataset import TooFewBarsError

    impossible = (
        NoBarsError,
        HistoryError,
        BarOrderError,
        TooFewBarsError,
        TooFewBarsForGuardError,
        TrialError,
        EmptyAccountError,
    )
    try:
        yield
    except impossible as error:
        raise DeskError(f"the backtest can't be run: {error}") from error


def _simulate(
    strategy: TradingStrategy, source: "ReplaySource | BarsFile", folder: DataFolder, reporter: Reporter
) -> "tuple[Report, str | None]":
    """Return the report, and what the model's evaluation says of it (None for a rule)."""
    from tradewind.backtest.report import backtest_recorded, backtest_rule
    from tradewind.signals.catalog import RULES

    reporter.show("reading bars", 0, 0)
    bars: Mapping[str, Bars] = source.bars()
    signal = strategy.spec.signal
    if signal.model in RULES and signal.anomaly_guard is None:
        reporter.show("simulating", 0, 0)
        return backtest_rule(strategy, bars, source.actions()), None

    def on_epoch(epoch: int, epochs: int, loss: float, validation_loss: float) -> None:
        reporter.show("training", epoch, epochs, f"loss {loss:.4f}, validation {validation_loss:.4f}")

    # Imported here: it brings scikit-learn, and TensorFlow where the model is neural.
    from tradewind.ml.batch import give_signals

    objects = one_by_one(strategy.spec, bars)
    reporter.show("training", 0, 0)
    given = give_signals(strategy, objects, folder.root, on_epoch)
    reporter.show("simulating", 0, 0)
    sides: dict[tuple[str, datetime], Side] = {key: opinion.decision.side for key, opinion in given.opinions.items()}
    return backtest_recorded(strategy, bars, sides, source.actions()), given.evaluation
