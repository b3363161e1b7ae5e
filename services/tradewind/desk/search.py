"""What a Backtest asks beyond one run: its sweep or its folds, read and run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tradewind.backtest.folds import make_folds
from tradewind.backtest.trials import Trials, is_trained, make_trials, manifest_of, only_trial
from tradewind.desk.reporter import Reporter
from tradewind.desk.training import check_training, train_for_trials
from tradewind.domain.bars import Bar
from tradewind.ingestion.sources.replay import ReplaySource
from tradewind.manifest.load import load_backtest, require_running
from tradewind.manifest.resources import StrategySpec, TradingStrategy
from tradewind.manifest.trials import Sweep, WalkForward

if TYPE_CHECKING:
    from tradewind.backtest.history import Bars
    from tradewind.backtest.sweep import SweepResult
    from tradewind.backtest.walk_forward import WalkForwardResult
    from tradewind.ingestion.sources.bars_file import BarsFile

TRYING: Final = "trying parameters"
"""What a reporter hears of as trials are done."""
_OBJECTIVE: Final = "Sharpe"
"""What the one trial of a walk-forward without a sweep is said to be picked by."""


@dataclass(frozen=True)
class Search:
    """What a Backtest asks beyond one run."""

    strategy: TradingStrategy
    walk_forward: WalkForward | None
    sweep: Sweep | None
    trials: Trials
    parallelism: int | None

    @property
    def spec(self) -> StrategySpec:
        """What is varied."""
        return self.strategy.spec


@dataclass(frozen=True)
class Found:
    """What came of it; with folds, a sweep is only what they pick from."""

    search: Search | None = None
    walk_forward: "WalkForwardResult | None" = None
    sweep: "SweepResult | None" = None

    def document(self) -> dict[str, Any]:
        """Return what the report's document gets in addition; the manifest is of all that was asked, then."""
        document: dict[str, Any] = {}
        if self.search is not None:
            search = self.search
            document["manifest"] = manifest_of(search.strategy, search.walk_forward, search.sweep, search.parallelism)
        if self.walk_forward is not None:
            document["walk_forward"] = self.walk_forward.document()
        if self.sweep is not None:
            document["sweep"] = self.sweep.document()
        return document


def read_search(manifest: Path, strategy: TradingStrategy, source: "ReplaySource | BarsFile") -> Search | None:
    """Return what the manifest's Backtest asks beyond one run; None where it asks nothing, or there is no Backtest.

    Raises:
        ManifestError: see `load_backtest`; also where it is suspended.
        SweepError: a parameter is unknown or out of bounds, or too many models would have to be trained.
        FoldError: the window has no room for a fold.
    """
    backtest = load_backtest(manifest)
    if backtest is not None:
        require_running(backtest, manifest)
    if backtest is None or (backtest.spec.walk_forward is None and backtest.spec.sweep is None):
        return None
    spec, asked, sweep = strategy.spec, backtest.spec.walk_forward, backtest.spec.sweep
    trials = only_trial(spec) if sweep is None else make_trials(spec, sweep)
    sessions = len(source.traded_sessions())
    if asked is not None:
        make_folds(sessions, asked)
    check_training(spec, asked, trials, sessions)
    return Search(strategy, asked, sweep, trials, backtest.spec.parallelism)


def run_search(search: Search | None, source: "ReplaySource | BarsFile", data_dir: Path, reporter: Reporter) -> Found:
    """Run what was asked, on all cores or as many as the Backtest allows.

    Models that are trained for it are kept in the data directory.

    Raises:
        DeskError: too few bars to train on.
        BarOrderError, HistoryError: the bars can't be simulated.
        FoldError: the strategy's symbols have no room for a fold.
        TrialError: a trial failed.
        EmptyAccountError: a fold left nothing to go on with.
    """
    if search is None:
        return Found()
    # Imported here: they bring numba, which reads where its cache lies only once.
    from tradewind.backtest.market import lay_market
    from tradewind.backtest.sweep import run_sweep
    from tradewind.backtest.walk_forward import run_walk_forward
    from tradewind.backtest.workers import crew_of

    def progress(done: int, total: int) -> None:
        reporter.show(TRYING, done, total)

    spec, crew = search.spec, crew_of(search.parallelism)
    market = lay_market(spec.symbols, source.bars(), spec.feed.replay, source.actions())
    given = None
    if is_trained(spec):
        bars = one_by_one(spec, source.bars())
        given = train_for_trials(search.strategy, search.walk_forward, search.trials, bars, market, data_dir, reporter)
    progress(0, len(search.trials.tried))
    if search.walk_forward is not None:
        objective = _OBJECTIVE if search.sweep is None else search.sweep.objective
        folds = run_walk_forward(spec, market, search.walk_forward, objective, search.trials, progress, crew, given)
        return Found(search, walk_forward=folds)
    assert search.sweep is not None
    return Found(search, sweep=run_sweep(spec, market, search.sweep, search.trials, progress, crew, given))


def one_by_one(spec: StrategySpec, bars: "Mapping[str, Bars]") -> dict[str, Sequence[Bar]]:
    """Return bars as objects, which models that are trained take."""
    from tradewind.signals.columns import BarColumns

    interval = spec.feed.interval
    return {s: rows.bars(s, interval) if isinstance(rows, BarColumns) else rows for s, rows in bars.items()}
