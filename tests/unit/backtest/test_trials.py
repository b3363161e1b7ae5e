"""Trials: which combinations a sweep tries, and what it says of those that it can't."""

from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradewind.backtest.trials import SweepError, make_trials, only_trial, require_recorded, training_of
from tradewind.manifest.load import load_strategy
from tradewind.manifest.resources import StrategySpec
from tradewind.manifest.signal import AnomalyGuard, Signal
from tradewind.manifest.terms import Execution, Sizing
from tradewind.manifest.trials import Sweep
from tradewind.signals.lstm_parameters import lstm_of

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
SPEC = load_strategy(EXAMPLES / "sma-cross.yaml").spec


def sweep(**given: Any) -> Sweep:
    return Sweep.model_validate(given)


def signal(**changes: Any) -> StrategySpec:
    return SPEC.model_copy(update={"signal": SPEC.signal.model_copy(update=changes)})


@settings(deadline=None)
@given(
    fasts=st.lists(st.integers(1, 60), min_size=1, max_size=6, unique=True),
    slows=st.lists(st.integers(2, 60), min_size=1, max_size=6, unique=True),
)
def test_a_grid_tries_all_that_the_rule_allows_in_order(fasts: list[int], slows: list[int]) -> None:
    asked = sweep(parameters={"fast": fasts, "slow": slows})
    allowed = [(fast, slow) for fast, slow in product(fasts, slows) if fast < slow]
    if not allowed:
        with pytest.raises(SweepError, match=r"the rule refuses all of the \d+ combinations; the first: .* not above"):
            make_trials(SPEC, asked)
        return
    trials = make_trials(SPEC, asked)
    assert [(int(t.given["fast"]), int(t.given["slow"])) for t in trials.tried] == allowed
    assert [t.parameters.tolist() for t in trials.tried] == [[fast, slow] for fast, slow in allowed]
    assert trials.skipped == len(fasts) * len(slows) - len(allowed)


@settings(max_examples=25, deadline=None)
@given(count=st.integers(1, 500), seed=st.integers(0, 2**31 - 1))
def test_a_random_search_draws_distinct_combinations_of_the_grid_by_its_seed(count: int, seed: int) -> None:
    parameters = {"fast": {"from": 1, "to": 20, "step": 1}, "slow": {"from": 21, "to": 40, "step": 1}}
    asked = sweep(search="Random", parameters=parameters, trials=count, seed=seed)
    trials = make_trials(SPEC, asked)
    drawn = [(int(t.given["fast"]), int(t.given["slow"])) for t in trials.tried]
    grid = [(int(t.given["fast"]), int(t.given["slow"])) for t in make_trials(SPEC, sweep(parameters=parameters)).tried]
    assert len(drawn) == min(count, 400)
    assert drawn == [each for each in grid if each in set(drawn)]
    assert [t.given for t in make_trials(SPEC, asked).tried] == [t.given for t in trials.tried]


def test_another_seed_draws_others() -> None:
    parameters = {"fast": {"from": 1, "to": 100, "step": 1}, "slow": {"from": 101, "to": 1000, "step": 1}}
    draws = {
        tuple(
            tuple(t.given.values())
            for t in make_trials(SPEC, sweep(search="Random", parameters=parameters, trials=5, seed=s)).tried
        )
        for s in range(10)
    }
    assert len(draws) == 10


def test_a_huge_grid_can_be_drawn_from() -> None:
    limits = ("stopLoss", "takeProfit", "maxPosition", "maxConcentration", "maxDailyLoss")
    span = {"from": "0.05%", "to": "50%", "step": "0.05%"}
    asked = sweep(search="Random", parameters={f"risk.{name}": span for name in limits} | {"fast": [5]}, trials=3)
    assert asked.combinations == 1000**5
    assert len(make_trials(SPEC, asked).tried) == 3


def test_risk_limits_are_varied_and_the_rest_stays() -> None:
    trials = make_trials(SPEC, sweep(parameters={"risk.stopLoss": ["2%", "7.5%"], "risk.ordersPerMinute": [9]}))
    assert [t.rules.stop_loss for t in trials.tried] == [2_000_000, 7_500_000]
    expected = SPEC.rules()._replace(stop_loss=2_000_000, orders_per_minute=9)
    assert trials.tried[0].rules == expected
    assert trials.tried[0].parameters.tolist() == [10, 50]


def test_sizing_and_execution_are_varied_too() -> None:
    limits = SPEC.model_copy(update={"execution": Execution(order_type="Limit", limit_offset="1%")})
    asked = sweep(parameters={"execution.limitOffset": ["0.5%", "2%"], "sizing.fraction": ["10%"]})
    trials = make_trials(limits, asked)
    assert [t.rules.limit_offset for t in trials.tried] == [500_000, 2_000_000]
    assert trials.tried[0].rules == limits.rules()._replace(limit_offset=500_000, fraction=10_000_000)
    betting = SPEC.model_copy(update={"sizing": Sizing(kelly="10%")})
    sized = make_trials(betting, sweep(parameters={"sizing.kelly": ["25%", "50%"], "sizing.kellyTrades": [30]}))
    assert [(t.rules.kelly, t.rules.kelly_trades) for t in sized.tried] == [(25_000_000, 30), (50_000_000, 30)]


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"execution.limitOffset": ["1%"]}, r"parameters\.execution\.limitOffset: .*Market has no limitOffset"),
        ({"speed": [1]}, r"spec\.sweep\.parameters\.speed: is unknown; known are fast, slow"),
        ({"stopLoss": ["5%"]}, r"parameters\.stopLoss: is unknown; .*; as a limit it is risk\.stopLoss"),
        ({"fast": [5, 0]}, r"spec\.sweep\.parameters\.fast: '0' is not between 1 and 1000"),
        ({"fast": ["5.5"]}, r"spec\.sweep\.parameters\.fast: '5\.5' is not a whole number"),
        ({"fast": [60, 70], "slow": [50]}, r"spec\.sweep\.parameters: the rule refuses all of the 2 combinations"),
        ({"risk.stopLoss": ["5"]}, r"spec\.sweep\.parameters\.risk\.stopLoss: .*not a percentage"),
        ({"risk.stopLoss": ["0%"]}, r"spec\.sweep\.parameters\.risk\.stopLoss: .*above 0%"),
        ({"risk.luck": ["5%"]}, r"spec\.sweep\.parameters\.risk\.luck: Extra inputs are not permitted"),
    ],
)
def test_what_can_not_be_tried_is_named(parameters: dict[str, Any], said: str) -> None:
    with pytest.raises(SweepError, match=said):
        make_trials(SPEC, sweep(parameters=parameters))


LSTM_SPEC = SPEC.model_copy(update={"signal": Signal(model="LSTM", parameters={"epochs": "3"})})


def test_a_model_that_is_trained_is_swept_by_its_parameters_and_by_limits() -> None:
    parameters = {"lookback": [5, 10], "buyThreshold": ["0.1%", "0.2%"], "risk.stopLoss": ["3%", "5%"]}
    trials = make_trials(LSTM_SPEC, sweep(parameters=parameters))
    assert len(trials.tried) == 8
    read = [lstm_of(trial.parameters) for trial in trials.tried]
    assert [(each.lookback, each.buy_threshold) for each in read[::2]] == [
        (5, 0.001),
        (5, 0.002),
        (10, 0.001),
        (10, 0.002),
    ]
    assert {each.epochs for each in read} == {3}
    # Thresholds and limits share a model.
    assert [training_of("LSTM", trial.parameters) for trial in trials.tried] == [
        training_of("LSTM", trials.tried[place].parameters) for place in (0, 0, 0, 0, 4, 4, 4, 4)
    ]
    assert training_of("LSTM", trials.tried[0].parameters) != training_of("LSTM", trials.tried[4].parameters)


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"speed": [1]}, r"spec\.sweep\.parameters\.speed: is unknown; known are buyThreshold, dropout"),
        ({"lookback": [1]}, r"spec\.sweep\.parameters\.lookback: '1' is not between 2 and 500"),
        ({"buyThreshold": ["-1%"]}, r"refuses all of the 1 combinations; the first: .*is not below buyThreshold"),
    ],
)
def test_what_a_model_can_not_be_is_named(parameters: dict[str, Any], said: str) -> None:
    with pytest.raises(SweepError, match=said):
        make_trials(LSTM_SPEC, sweep(parameters=parameters))


def test_where_nothing_is_trained_only_limits_are_swept() -> None:
    with pytest.raises(SweepError, match=r"parameters\.lookback: LSTM would have to be trained.*nor has TensorFlow"):
        require_recorded(LSTM_SPEC, sweep(parameters={"risk.stopLoss": ["3%"], "lookback": [5]}))
    require_recorded(LSTM_SPEC, sweep(parameters={"risk.stopLoss": ["3%"]}))
    require_recorded(LSTM_SPEC, None)
    require_recorded(SPEC, sweep(parameters={"fast": [5]}))
    guarded = signal(anomaly_guard=AnomalyGuard(contamination="1%"))
    with pytest.raises(SweepError, match=r"parameters\.fast: SMACross would have to be trained"):
        require_recorded(guarded, sweep(parameters={"fast": [5]}))


def test_without_a_sweep_the_strategy_is_the_one_trial() -> None:
    trials = only_trial(SPEC)
    assert [dict(t.given) for t in trials.tried] == [{}]
    assert trials.tried[0].rules == SPEC.rules()
    assert trials.skipped == 0
