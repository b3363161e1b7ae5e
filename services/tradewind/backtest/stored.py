"""Tests on what the database holds: its bars, and the signals on record."""

from datetime import UTC, datetime, time, timedelta
from typing import Any, Final

from tradewind.backtest.market import lay_market
from tradewind.backtest.report import (
    NoSignalsError,
    Report,
    backtest_recorded,
    backtest_rule,
    compiles_its_signals,
)
from tradewind.backtest.sweep import Progress, no_progress, run_sweep
from tradewind.backtest.tested import Tested
from tradewind.backtest.trials import make_trials, only_trial
from tradewind.backtest.walk_forward import run_walk_forward
from tradewind.backtest.workers import crew_of
from tradewind.domain.bars import CorporateAction
from tradewind.domain.orders import Side
from tradewind.manifest.resources import TradingStrategy
from tradewind.signals.columns import BarColumns
from tradewind.store.database import Connection
from tradewind.store.journal import frozen, read_recorded_sides, read_registered_signal
from tradewind.store.market_data import count_bars, read_bar_columns, read_stored_actions

SOURCES: Final = {"Replay": "REPLAY"}
"""Under which name each feed's bars are stored."""
_OBJECTIVE: Final = "Sharpe"
"""What the one trial of a walk-forward without a sweep is said to be picked by."""


def bars_of(connection: Connection, strategy: TradingStrategy) -> int:
    """Return how many bars of a strategy's symbols are stored for its window."""
    spec = strategy.spec
    return count_bars(connection, SOURCES[spec.feed.source], spec.symbols, spec.feed.interval, *_window(strategy))


def run_stored(connection: Connection, tested: Tested, progress: Progress = no_progress) -> dict[str, Any]:
    """Run a test on what is stored, and return its document, as `tradewind backtest --json` prints it.

    Raises:
        NoBarsError, NoSignalsError: nothing is stored to run it on.
        BarOrderError, HistoryError, ArithmeticError: what is stored can't be simulated.
        SignalError: the strategy's own code failed.
        FoldError, SweepError, TrialError: see `run_walk_forward` and `make_trials`.
    """
    strategy = tested.strategy
    with frozen(connection):
        bars = _stored_bars(connection, strategy)
        actions = read_stored_actions(connection, SOURCES[strategy.spec.feed.source], strategy.spec.symbols)
        sides = None if compiles_its_signals(strategy) else _recorded_sides(connection, strategy)
    report: Report
    if sides is None:
        report = backtest_rule(strategy, bars, actions)
    else:
        report = backtest_recorded(strategy, bars, sides, actions)
    return {**report.document(), **_search(tested, bars, actions, progress)}


def _search(
    tested: Tested, bars: dict[str, BarColumns], actions: list[CorporateAction], progress: Progress
) -> dict[str, Any]:
    spec, sweep, asked = tested.strategy.spec, tested.sweep, tested.walk_forward
    if sweep is None and asked is None:
        return {}
    trials = only_trial(spec) if sweep is None else make_trials(spec, sweep)
    progress(0, len(trials.tried))
    crew = crew_of(tested.parallelism)
    market = lay_market(spec.symbols, bars, spec.feed.replay, actions)
    if asked is not None:
        objective = _OBJECTIVE if sweep is None else sweep.objective
        return {"walk_forward": run_walk_forward(spec, market, asked, objective, trials, progress, crew).document()}
    assert sweep is not None
    return {"sweep": run_sweep(spec, market, sweep, trials, progress, crew).document()}


def _recorded_sides(connection: Connection, strategy: TradingStrategy) -> dict[tuple[str, datetime], Side]:
    """Return the strategy's signals on record; those of another signal under the same name are not its own."""
    strategy_id, signal = str(strategy.id), strategy.spec.signal
    registered = read_registered_signal(connection, strategy_id)
    # How many services give the signals is no part of what they say; a manifest that is registered doesn't tell.
    asked = signal.model_dump(mode="json", by_alias=True, exclude_none=True, exclude={"replicas"})
    if registered is not None and registered != asked:
        raise NoSignalsError(strategy_id, signal.model, "with these parameters")
    return read_recorded_sides(connection, strategy_id, strategy.spec.feed.interval)


def _stored_bars(connection: Connection, strategy: TradingStrategy) -> dict[str, BarColumns]:
    spec = strategy.spec
    source = SOURCES[spec.feed.source]
    window = _window(strategy)
    return {s: read_bar_columns(connection, source, s, spec.feed.interval, *window) for s in spec.symbols}


def _window(strategy: TradingStrategy) -> tuple[datetime, datetime]:
    replay, midnight = strategy.spec.feed.replay, time(tzinfo=UTC)
    # A bar that closes at midnight belongs to the day before.
    through = datetime.combine(replay.to, midnight) + timedelta(days=1)
    return datetime.combine(replay.from_, midnight), through
