"""Walk-forward: picked on the past, judged afterwards, one account from fold to fold."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.backtest.markets import START, strategy, walk

from tradewind.backtest import walk_forward
from tradewind.backtest.blocks import Integers
from tradewind.backtest.folds import FoldError
from tradewind.backtest.market import Market, Outcome, lay_market, run_trial
from tradewind.backtest.rule_signals import grid_sides
from tradewind.backtest.sharpe import deflated_sharpe, probabilistic_sharpe
from tradewind.backtest.simulator import simulate
from tradewind.backtest.summaries import session_returns, summarise
from tradewind.backtest.trials import make_trials, only_trial
from tradewind.backtest.walk_forward import EmptyAccountError, WalkForwardResult, run_walk_forward
from tradewind.domain.money import MONEY_SCALE, to_units
from tradewind.domain.rules.book import Rules
from tradewind.manifest.resources import StrategySpec
from tradewind.manifest.trials import Sweep, WalkForward
from tradewind.signals.sma_cross import SMA_CROSS

DAYS = 150
SPEC = strategy(DAYS, 20)
SWEEP = Sweep.model_validate({"parameters": {"fast": [2, 4], "slow": [4, 7, 12]}})
ASKED = WalkForward(train=40, test=20, purge=2, embargo=3)


def market(spec: StrategySpec = SPEC, days: int = DAYS, seed: int = 3, missing: float = 0.05) -> Market:
    bars = {symbol: walk(symbol, days, seed, missing) for symbol in spec.symbols}
    return lay_market(spec.symbols, bars, spec.feed.replay)


def run(laid: Market, asked: WalkForward = ASKED, objective: str = "Sharpe") -> WalkForwardResult:
    return run_walk_forward(SPEC, laid, asked, objective, make_trials(SPEC, SWEEP), workers=1)


@settings(max_examples=15, deadline=None)
@given(
    seed=st.integers(0, 1000),
    mode=st.sampled_from(["Rolling", "Anchored"]),
    objective=st.sampled_from(["Sharpe", "TotalReturn", "Calmar", "Sortino"]),
)
def test_each_fold_is_what_it_says(seed: int, mode: str, objective: str) -> None:
    laid = market(seed=seed)
    asked = WalkForward.model_validate({**ASKED.model_dump(), "mode": mode})
    found = run(laid, asked, objective)
    sessions = laid.sessions.tolist()
    cash = SPEC.initial_cash
    pieces = []
    for judged in found.folds:
        train = laid.instants(sessions[judged.fold.train[0]], sessions[judged.fold.train[-1]])
        best, most = None, -np.inf
        for trial in make_trials(SPEC, SWEEP).tried:
            sides = grid_sides(SMA_CROSS, trial.parameters, laid.history.present, laid.series)
            outcome = run_trial(laid, sides, trial.rules, SPEC.initial_cash, train)
            reached = summarise(outcome, SPEC.initial_cash, 252, judged.fold.counted).objective(objective)
            if best is None or (reached is not None and reached > most):
                best, most = trial, -np.inf if reached is None else reached
        assert best is not None
        assert judged.picked.given == best.given
        sides = grid_sides(SMA_CROSS, best.parameters, laid.history.present, laid.series)
        test = laid.instants(sessions[judged.fold.test[0]], sessions[judged.fold.test[-1]])
        outcome = run_trial(laid, sides, best.rules, cash, test)
        pieces.append(outcome.equity)
        cash = int(outcome.equity[-1])
    assert np.array_equal(np.concatenate(pieces), found.stitched.equity)
    assert (np.diff(found.stitched.time) > 0).all()
    assert found.summary.total_return == pytest.approx(
        np.prod([1 + each.out_of_sample.total_return for each in found.folds]) - 1
    )


def test_what_comes_later_changes_nothing_before() -> None:
    """The picks and the equity of a fold are the same where the data end with it."""
    whole = run(market())
    first = whole.folds[0].fold
    days = 20 + first.test.stop
    spec = strategy(days, 20)
    bars = {symbol: walk(symbol, DAYS, 3)[:days] for symbol in spec.symbols}
    full = {symbol: walk(symbol, DAYS, 3) for symbol in spec.symbols}
    cut = run_walk_forward(
        spec, lay_market(spec.symbols, bars, spec.feed.replay), ASKED, "Sharpe", make_trials(spec, SWEEP), workers=1
    )
    long = run(lay_market(SPEC.symbols, full, SPEC.feed.replay))
    assert len(cut.folds) == 1
    assert len(long.folds) > 3
    assert cut.folds[0].picked.given == long.folds[0].picked.given
    assert cut.stitched.equity.tolist() == long.stitched.equity[: len(cut.stitched.equity)].tolist()


def test_the_document_tells_all_of_it() -> None:
    found = run(market())
    document = found.document()
    assert document["mode"] == "rolling"
    # fast 4 is refused with slow 4.
    assert (document["skipped"], document["trials"]) == (1, 5 * len(found.folds))
    returns = np.array(session_returns(found.stitched, SPEC.initial_cash))
    assert len(returns) == sum(len(each.fold.test) for each in found.folds)
    assert document["probabilistic_sharpe"] == probabilistic_sharpe(returns)
    assert document["deflated_sharpe"] == deflated_sharpe(returns, found.trial_sharpes)
    assert document["deflated_sharpe"] < document["probabilistic_sharpe"]
    assert [fold["number"] for fold in document["folds"]] == list(range(1, len(found.folds) + 1))
    first = date.fromisoformat(document["folds"][0]["train"]["from"])
    assert first == START.date() + timedelta(days=20)
    for before, after in pairwise(document["folds"]):
        assert before["train"]["to"] < before["test"]["from"] <= before["test"]["to"] < after["test"]["from"]
    assert len(document["equity"]) == len(found.stitched.equity)
    last = document["equity"][-1]
    assert to_units(last["equity"], MONEY_SCALE) == found.stitched.equity[-1]
    assert last["time"].startswith(document["folds"][-1]["test"]["to"])
    assert set(document["folds"][0]["parameters"]) == {"fast", "slow"}


def test_without_a_sweep_a_test_is_the_strategy_itself() -> None:
    laid = market()
    asked = WalkForward(train=40, test=85)
    found = run_walk_forward(SPEC, laid, asked, "Sharpe", only_trial(SPEC), workers=1)
    assert found.trials == len(found.folds) == 2
    sides = grid_sides(SMA_CROSS, SMA_CROSS.read(SPEC.signal.parameters), laid.history.present, laid.series)
    sessions = laid.sessions.tolist()
    test = laid.instants(sessions[40], sessions[124])
    expected = run_trial(laid, sides, SPEC.rules(), SPEC.initial_cash, test).equity.tolist()
    assert found.stitched.equity[: len(expected)].tolist() == expected
    assert found.document()["folds"][0]["parameters"] == {}


def test_more_than_the_data_is_refused() -> None:
    with pytest.raises(FoldError, match=r"train 100 \+ purge 2 \+ test 29 = 131 sessions, and the data has 130"):
        run(market(missing=0.0), WalkForward(train=100, test=29, purge=2))
    assert run(market(missing=0.0), WalkForward(train=100, test=28, purge=2)).folds


def test_a_fold_that_leaves_nothing_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def ruined(laid: Market, sides: Integers, rules: Rules, cash: int, instants: range) -> Outcome:
        outcome = run_trial(laid, sides, rules, cash, instants)
        return outcome if len(instants) != 20 else replace(outcome, equity=outcome.equity - int(outcome.equity[-1]))

    monkeypatch.setattr(walk_forward, "run_trial", ruined)
    with pytest.raises(EmptyAccountError, match=r"fold 1 ends with an equity of 0\.0000"):
        run(market(missing=0.0))


def test_simulating_slices_is_simulating_their_bars() -> None:
    laid = market()
    sides = grid_sides(SMA_CROSS, SMA_CROSS.read({"fast": "2", "slow": "4"}), laid.history.present, laid.series)
    outcome = run_trial(laid, sides, SPEC.rules(), 5_000_000, range(50, 90))
    bars = {
        symbol: [bar for bar in walk(symbol, DAYS, 3, 0.05) if 50 <= (bar.close_time - START).days < 90]
        for symbol in SPEC.symbols
    }
    cut = lay_market(SPEC.symbols, bars, SPEC.feed.replay)
    expected = run_trial(cut, sides[50:90], SPEC.rules(), 5_000_000, range(0, 40))
    assert outcome.equity.tolist() == expected.equity.tolist()
    assert outcome.fills == expected.fills > 0
    assert simulate(cut.history, SPEC.rules(), 5_000_000).rows.shape[0] == 0
