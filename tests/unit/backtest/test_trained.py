"""Trials of trained models: each place has its own, thresholds and limits share them, each fold is judged later."""

from datetime import timedelta

import numpy as np
import pytest
from tests.unit.backtest.markets import strategy, walk

from tradewind.backtest.folds import FoldError, make_folds, require_judged
from tradewind.backtest.market import Market, lay_market, run_trial
from tradewind.backtest.summaries import summarise
from tradewind.backtest.sweep import run_sweep
from tradewind.backtest.trained import Trained, TrialSides, expected_on, recorded_on
from tradewind.backtest.trials import Trials, make_trials, training_of
from tradewind.backtest.walk_forward import run_walk_forward
from tradewind.domain.bars import to_micros
from tradewind.domain.orders import Side
from tradewind.manifest.resources import StrategySpec
from tradewind.manifest.signal import AnomalyGuard, Signal
from tradewind.manifest.trials import Sweep, WalkForward
from tradewind.signals.expectations import NOTHING, Expectations

DAYS, WARM_UP = 260, 20
SYMBOLS = ("AAA", "BBB")
BARS = {symbol: walk(symbol, DAYS, 3, missing=0.05) for symbol in SYMBOLS}
RULE_SPEC = strategy(DAYS, WARM_UP)
SPEC = RULE_SPEC.model_copy(update={"signal": Signal(model="LSTM", parameters={"sellThreshold": "-0.1%"})})
SWEEP = Sweep.model_validate(
    {"parameters": {"lookback": [5, 9], "buyThreshold": ["0%", "0.2%"], "risk.stopLoss": ["2%", "8%"]}}
)
ASKED = WalkForward(mode="Rolling", train=100, test=40, purge=1, embargo=3)


def market() -> Market:
    return lay_market(SYMBOLS, BARS, SPEC.feed.replay)


def expectations(laid: Market, trials: Trials, places: int) -> Trained:
    """Made-up expectations, other ones for each place and model."""
    shape = laid.history.present.shape
    kinds = sorted({training_of("LSTM", trial.parameters) for trial in trials.tried})
    made = {}
    for place in range(places):
        for number, kind in enumerate(kinds):
            random = np.random.default_rng(10 * place + number)
            returns = random.integers(-400_000, 400_000, shape)
            returns[:WARM_UP] = NOTHING
            here = laid.history.present != 0
            made[place, kind] = Expectations(np.where(here, returns, NOTHING), random.random(shape) < 0.1)
    return Trained(made)


def test_trials_of_a_sweep_are_runs_of_their_own_sides() -> None:
    laid, trials = market(), make_trials(SPEC, SWEEP)
    given = expectations(laid, trials, 1)
    found = run_sweep(SPEC, laid, SWEEP, trials, workers=2, given=given)
    span = range(laid.first, len(laid.history.time))
    for trial, summary in zip(trials.tried, found.summaries, strict=True):
        expected = given.expectations[0, training_of("LSTM", trial.parameters)]
        buy = 0 if trial.given["buyThreshold"] == "0%" else 200_000
        known = (expected.returns != NOTHING) & ~expected.strange
        sides = (known & (expected.returns >= buy)) * 1 - (known & (expected.returns <= -100_000)) * 1
        outcome = run_trial(laid, sides.astype(np.int64), trial.rules, SPEC.initial_cash, span)
        assert summary == summarise(outcome, SPEC.initial_cash, 252)
    assert len({summary.total_return for summary in found.summaries}) > 4


def test_folds_are_judged_by_their_own_models_and_compared_where_those_learned_nothing() -> None:
    laid, trials = market(), make_trials(SPEC, SWEEP)
    folds = make_folds(len(laid.sessions), ASKED)
    given = expectations(laid, trials, len(folds))
    found = run_walk_forward(SPEC, laid, ASKED, "Sharpe", trials, workers=2, given=given)
    sessions = laid.sessions.tolist()
    cash = SPEC.initial_cash
    for place, (fold, judged) in enumerate(zip(folds, found.folds, strict=True)):
        last = range(fold.train.stop - 20, fold.train.stop)
        assert judged.picked_on == last
        ends = [laid.instants(sessions[places[0]], sessions[places[-1]]) for places in (last, fold.test)]
        sides = TrialSides("LSTM", laid, given)
        in_sample = [
            summarise(
                run_trial(laid, sides.of(trial, place).sides, trial.rules, SPEC.initial_cash, ends[0]),
                SPEC.initial_cash,
                252,
                fold.counted[-20:],
            )
            for trial in trials.tried
        ]
        best = max(range(len(in_sample)), key=lambda n: in_sample[n].objective("Sharpe") or -9e9)
        assert judged.picked is trials.tried[best]
        assert judged.in_sample == in_sample[best]
        outcome = run_trial(laid, sides.of(judged.picked, place).sides, judged.picked.rules, cash, ends[1])
        assert judged.out_of_sample == summarise(outcome, cash, 252)
        cash = int(outcome.equity[-1])
    assert {"from", "to", "sessions"} == set(found.document()["folds"][0]["picked_on"])


def test_signals_on_record_serve_every_trial_and_are_laid_by_their_close() -> None:
    laid = market()
    spec: StrategySpec = SPEC
    closes = [bar.close_time for bar in BARS["AAA"]]
    sides = {("AAA", closes[30]): Side.BUY, ("AAA", closes[60]): Side.SELL}
    sides |= {("AAA", closes[40] + timedelta(hours=1)): Side.BUY, ("ZZZ", closes[31]): Side.BUY}
    given = recorded_on(laid, sides)
    at = [int(np.searchsorted(laid.history.time, to_micros(closes[n]))) for n in (30, 60)]
    assert np.argwhere(given.sides).tolist() == [[at[0], 0], [at[1], 0]]
    assert given.sides[at, 0].tolist() == [1, -1]
    sweep = Sweep.model_validate({"parameters": {"risk.stopLoss": ["0.5%", "50%"]}})
    found = run_sweep(spec, laid, sweep, make_trials(spec, sweep), workers=1, given=given)
    assert [summary.fills > 0 for summary in found.summaries] == [True, True]
    assert found.summaries[0] != found.summaries[1]


def test_a_guard_holds_a_rule_s_sides_back() -> None:
    laid = market()
    spec = RULE_SPEC.model_copy(
        update={"signal": RULE_SPEC.signal.model_copy(update={"anomaly_guard": AnomalyGuard(contamination="1%")})}
    )
    sweep = Sweep.model_validate({"parameters": {"fast": [2, 3]}})
    trials = make_trials(spec, sweep)
    own = TrialSides("SMACross", laid, None).of(trials.tried[0], 0).sides.copy()
    strange = np.zeros(own.shape, np.bool_)
    strange[np.flatnonzero(own.any(axis=1))[0]] = True
    trained = Trained({(0, b""): Expectations(np.full(own.shape, NOTHING, np.int64), strange)})
    held = TrialSides("SMACross", laid, trained).of(trials.tried[0], 0)
    assert (held.sides != own).any(axis=1).sum() == 1
    assert not held.sides[strange].any()
    assert held.instants.tolist() == np.flatnonzero(held.sides.any(axis=1)).tolist()


def test_expectations_are_laid_by_their_close_and_others_left_out() -> None:
    laid = market()
    time = laid.history.time
    closes = np.array([time[3], time[3] + 1, time[7], time[-1] + 5])
    some = Expectations(np.array([1, 2, 3, 4]), np.array([False, True, True, True]))
    none = np.zeros(0, np.int64)
    found = expected_on(laid, {"AAA": (closes, some), "BBB": (none, Expectations(none, none.astype(bool)))})
    assert np.argwhere(found.returns != NOTHING).tolist() == [[3, 0], [7, 0]]
    assert np.argwhere(found.strange).tolist() == [[7, 0]]


def test_a_fold_that_leaves_nothing_to_compare_models_on_is_refused() -> None:
    require_judged(make_folds(240, ASKED))
    with pytest.raises(FoldError, match="fold 1 has fewer than two sessions that count"):
        require_judged(make_folds(240, ASKED.model_copy(update={"train": 2})))
    with pytest.raises(FoldError, match="fold 3 has fewer than two"):
        require_judged(make_folds(240, WalkForward(mode="Anchored", train=12, test=3, purge=0, embargo=3)))
