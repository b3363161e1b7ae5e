"""Sweeps: each trial is what a backtest of it would be, whoever runs it; and what happens when one can't be run."""

import multiprocessing
import os
import signal
import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.backtest.markets import strategy, walk

from tradewind.backtest import sweep
from tradewind.backtest.history import rule_history
from tradewind.backtest.market import Market, lay_market, open_market, run_trial, save_market
from tradewind.backtest.metrics import measure, session_returns
from tradewind.backtest.rule_signals import grid_sides
from tradewind.backtest.simulator import GRID, is_absent, simulate
from tradewind.backtest.summaries import summarise
from tradewind.backtest.sweep import Span, TrialError, best_of, run_sweep, run_trials
from tradewind.backtest.trials import make_trials
from tradewind.backtest.workers import Job, WorkError, cores, crew_of, spread
from tradewind.domain.bars import from_micros
from tradewind.manifest.resources import StrategySpec
from tradewind.manifest.trials import Sweep
from tradewind.signals.rule import RuleStrategy
from tradewind.signals.sma_cross import SMA_CROSS
from tradewind.store.journal import Snapshot

DAYS = 120
SPEC = strategy(DAYS, 30)
SWEEP = Sweep.model_validate({"parameters": {"fast": [2, 3, 8], "slow": [5, 8, 13], "risk.stopLoss": ["2%", "9%"]}})


def market(spec: StrategySpec = SPEC, days: int = DAYS, seed: int = 1, missing: float = 0.1) -> Market:
    bars = {symbol: walk(symbol, days, seed, missing) for symbol in spec.symbols}
    return lay_market(spec.symbols, bars, spec.feed.replay)


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    fast=st.integers(1, 6),
    more=st.integers(1, 6),
    missing=st.sampled_from([0.0, 0.3]),
    warm_up=st.integers(1, 40),
)
def test_a_trial_is_the_backtest_of_its_parameters(
    seed: int, fast: int, more: int, missing: float, warm_up: int
) -> None:
    spec = strategy(60, warm_up)
    bars = {symbol: walk(symbol, 60, seed, missing) for symbol in spec.symbols}
    laid = lay_market(spec.symbols, bars, spec.feed.replay)
    parameters = SMA_CROSS.read({"fast": str(fast), "slow": str(fast + more)})
    history = rule_history(spec.symbols, bars, SMA_CROSS, parameters, spec.feed.replay)
    expected = simulate(history, spec.rules(), spec.initial_cash)
    sides = grid_sides(SMA_CROSS, parameters, laid.history.present, laid.series)
    traded = range(laid.first, len(laid.history.time))
    outcome = run_trial(laid, sides, spec.rules(), spec.initial_cash, traded)
    assert outcome.time.tolist() == expected.time.tolist()
    assert outcome.session.tolist() == expected.session.tolist()
    assert outcome.equity.tolist() == expected.equity.tolist()
    curve = [
        Snapshot(from_micros(t), c, e)
        for t, c, e in zip(expected.time.tolist(), expected.cash.tolist(), expected.equity.tolist(), strict=True)
    ]
    metrics = measure(spec.initial_cash, curve, [], 252)
    summary = summarise(outcome, spec.initial_cash, 252)
    for name in ("total_return", "cagr", "sharpe", "sortino", "max_drawdown", "calmar"):
        assert getattr(summary, name) == getattr(metrics, name), name


def test_sessions_that_do_not_count_are_left_out() -> None:
    laid = market()
    sides = grid_sides(SMA_CROSS, SMA_CROSS.read({"fast": "2", "slow": "5"}), laid.history.present, laid.series)
    outcome = run_trial(laid, sides, SPEC.rules(), SPEC.initial_cash, range(30, 90))
    counted = np.ones(len(np.unique(outcome.session)), np.bool_)
    whole = summarise(outcome, SPEC.initial_cash, 252)
    assert summarise(outcome, SPEC.initial_cash, 252, counted) == whole
    counted[20:30] = False
    part = summarise(outcome, SPEC.initial_cash, 252, counted)
    curve = [
        Snapshot(from_micros(t), e, e) for t, e in zip(outcome.time.tolist(), outcome.equity.tolist(), strict=True)
    ]
    returns = np.array(session_returns(SPEC.initial_cash, curve))
    assert part.total_return == pytest.approx(np.prod(1 + returns[counted]) - 1, abs=1e-8)
    left = returns[counted]
    assert part.sharpe == pytest.approx(left.mean() / left.std(ddof=1) * np.sqrt(252))
    assert part != whole


@pytest.fixture(params=["threads", "processes"])
def by(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Trials are run as those of a compiled rule or of a vectorised one are."""
    if request.param == "processes":
        monkeypatch.setattr(sweep, "VectorisedRule", RuleStrategy)


@pytest.mark.usefixtures("by")
def test_results_do_not_depend_on_how_many_run_them() -> None:
    laid, trials = market(), make_trials(SPEC, SWEEP)
    heard: list[tuple[int, int]] = []
    alone = run_sweep(SPEC, laid, SWEEP, trials, workers=1)
    spread_out = run_sweep(SPEC, laid, SWEEP, trials, lambda done, total: heard.append((done, total)), workers=2)
    assert alone.document() == spread_out.document()
    assert heard == [(n, len(trials.tried)) for n in range(1, len(trials.tried) + 1)]
    assert len({summary.total_return for summary in alone.summaries}) > 5


def test_a_sweep_names_its_best_and_counts_what_the_rule_refuses() -> None:
    found = run_sweep(SPEC, market(), SWEEP, make_trials(SPEC, SWEEP), workers=1)
    document = found.document()
    # fast 8 is refused with slow 5 and 8, for either stop.
    assert (document["combinations"], document["skipped"], len(document["trials"])) == (18, 4, 14)
    sharpes = [trial["metrics"]["sharpe"] for trial in document["trials"]]
    assert document["best"]["objective"] == max(sharpes) == document["trials"][sharpes.index(max(sharpes))]["objective"]
    assert document["parameters"] == {"fast": ["2", "3", "8"], "slow": ["5", "8", "13"], "risk.stopLoss": ["2%", "9%"]}


@given(st.lists(st.one_of(st.none(), st.integers(-3, 3).map(float)), min_size=1))
def test_the_best_is_the_first_of_the_greatest(objectives: list[float | None]) -> None:
    best = best_of(objectives)
    known = [each for each in objectives if each is not None]
    assert objectives[best] == (max(known) if known else None)
    assert objectives.index(objectives[best]) == best


def test_a_market_is_read_as_it_was_written(tmp_path: Path) -> None:
    laid = market()
    save_market(laid, tmp_path)
    assert not (tmp_path / "dividend.npy").exists()
    again = open_market(tmp_path, laid.history.symbols, laid.first)
    assert np.array_equal(again.series, laid.series)
    for ours, theirs in ((getattr(each.history, name) for each in (laid, again)) for name in GRID):
        assert np.array_equal(ours, theirs)
        assert type(theirs) is np.ndarray
        assert theirs.flags.writeable or is_absent(theirs)


@pytest.mark.usefixtures("by")
@pytest.mark.parametrize("workers", [1, 2])
def test_a_trial_that_fails_is_named_with_its_combination(workers: int) -> None:
    trials = list(make_trials(SPEC, SWEEP).tried)
    # A parameter that no manifest lets through: a state of negative size.
    trials[3] = replace(trials[3], parameters=np.array([2.0, -9.0]))
    laid = market()
    with pytest.raises(
        TrialError, match=r"(?s)the trial of fast 2, slow 8, risk.stopLoss 9% failed: .*negative"
    ) as caught:
        run_trials(SPEC, laid, trials, [Span(range(30, DAYS))], workers=workers)
    assert caught.value.given == {"fast": "2", "slow": "8", "risk.stopLoss": "9%"}


def _open_nothing() -> str:
    return "opened"


def _double_or_die(opened: str, item: int) -> int:
    assert opened == "opened"
    if item < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return 2 * item


def _sleep(opened: str, item: float) -> int:
    time.sleep(item)
    return os.getpid()


def test_a_worker_that_dies_is_reported_with_what_it_was_at() -> None:
    job: Job[int, int] = Job(_open_nothing, _double_or_die)
    assert dict(spread(job, [1, 2, 3], 2)) == {0: 2, 1: 4, 2: 6}
    with pytest.raises(WorkError, match="its process ended with status -9") as caught:
        dict(spread(job, [1, 2, -1, 4], 2))
    assert caught.value.place == 2


def test_who_stops_listening_ends_the_workers() -> None:
    job: Job[float, int] = Job(_open_nothing, _sleep)
    results = spread(job, [0.0, 60.0, 60.0], 2)
    _, worker = next(results)
    started = time.monotonic()
    results.close()
    assert time.monotonic() - started < 10
    with pytest.raises(ProcessLookupError):
        os.kill(worker, 0)


@pytest.mark.usefixtures("by")
def test_ctrl_c_ends_a_sweep_and_its_workers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    laid, trials = market(), make_trials(SPEC, SWEEP)

    def interrupt(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_sweep(SPEC, laid, SWEEP, trials, interrupt, workers=2)
    assert list(tmp_path.iterdir()) == []
    assert multiprocessing.active_children() == []
    assert not [each for each in threading.enumerate() if each.name.startswith("sweep")]


def test_a_bound_on_workers_is_never_more_than_the_cores() -> None:
    assert (crew_of(None), crew_of(1), crew_of(10_000)) == (None, 1, cores())
