"""What a Backtest asks beyond one run: its sweep or its folds, read and run."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tradewind.backtest.folds import make_folds
from tradewind.backtest.trials import Trials, make_trials, only_trial
from tradewind.ingestion.sources.replay import ReplaySource
from tradewind.manifest.load import load_backtest, require_running
from tradewind.manifest.resources import StrategySpec, TradingStrategy
from tradewind.manifest.trials import Sweep, WalkForward

if TYPE_CHECKING:
    from tradewind.backtest.sweep import SweepResult
    from tradewind.backtest.walk_forward import WalkForwardResult
    from tradewind.ingestion.sources.bars_file import BarsFile

_OBJECTIVE: Final = "Sharpe"
"""What the one trial of a walk-forward without a sweep is said to be picked by."""


@dataclass(frozen=True)
class Search:
    """What a Backtest asks beyond one run."""

    spec: StrategySpec
    walk_forward: WalkForward | None
    sweep: Sweep | None
    trials: Trials
    parallelism: int | None


@dataclass(frozen=True)
class Found:
    """What came of it; with folds, a sweep is only what they pick from."""

    walk_forward: "WalkForwardResult | None" = None
    sweep: "SweepResult | None" = None

    def document(self) -> dict[str, Any]:
        """Return what the report's document gets in addition."""
        document = {}
        if self.walk_forward is not None:
            document["walk_forward"] = self.walk_forward.document()
        if self.sweep is not None:
            document["sweep"] = self.sweep.document()
        return document


def read_search(manifest: Path, strategy: TradingStrategy, source: "ReplaySource | BarsFile") -> Search | None:
    """Return what the manifest's Backtest asks beyond one run; None where it asks nothing, or there is no Backtest.

    Raises:
        ManifestError: see `load_backtest`; also where it is suspended.
        SweepError: a parameter is unknown, out of bounds, or not a rule's.
        FoldError: the window has no room for a fold.
    """
    backtest = load_backtest(manifest)
    if backtest is not None:
        require_running(backtest, manifest)
    if backtest is None or (backtest.spec.walk_forward is None and backtest.spec.sweep is None):
        return None
    spec, asked, sweep = strategy.spec, backtest.spec.walk_forward, backtest.spec.sweep
    trials = only_trial(spec) if sweep is None else make_trials(spec, sweep)
    if asked is not None:
        make_folds(len(source.traded_sessions()), asked)
    return Search(spec, asked, sweep, trials, backtest.spec.parallelism)


def run_search(search: Search | None, source: "ReplaySource | BarsFile", progress: Callable[[int, int], None]) -> Found:
    """Run what was asked, on all cores or as many as the Backtest allows; progress(done, total) hears of each trial.

    Raises:
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

    spec, crew = search.spec, crew_of(search.parallelism)
    market = lay_market(spec.symbols, source.bars(), spec.feed.replay, source.actions())
    progress(0, len(search.trials.tried))
    if search.walk_forward is not None:
        objective = _OBJECTIVE if search.sweep is None else search.sweep.objective
        folds = run_walk_forward(spec, market, search.walk_forward, objective, search.trials, progress, crew)
        return Found(walk_forward=folds)
    assert search.sweep is not None
    return Found(sweep=run_sweep(spec, market, search.sweep, search.trials, progress, crew))
