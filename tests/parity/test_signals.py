"""A rule's step interpreted, as the ml service does, against compiled over all bars: the same sides, the same bits."""

from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.parity.rules import interpret, made_bars, parameters_of

from tradewind.backtest import rule_signals
from tradewind.backtest.compiler import compile_batch, compile_rule
from tradewind.backtest.rule_signals import MarketSides, batch_sides, grid_sides
from tradewind.signals.catalog import RULES
from tradewind.signals.rule import Floats, RuleStrategy
from tradewind.signals.series import SCALES
from tradewind.signals.sma_cross import SMA_CROSS

ALONE = [rule for rule in RULES.values() if isinstance(rule, RuleStrategy)]
each_rule = pytest.mark.parametrize("rule", ALONE, ids=lambda rule: rule.name)


def compiled(rule: RuleStrategy, parameters: Floats, bars: Floats) -> tuple[list[int], Floats]:
    state = np.zeros(rule.state_size(parameters))
    return compile_rule(rule)(state, parameters, np.ones(len(bars), np.int64), bars).tolist(), state


@each_rule
@settings(max_examples=100, deadline=None)
@given(data=st.data(), seed=st.integers(0, 2**32 - 1), count=st.integers(1, 150), levels=st.integers(1, 9))
def test_step_gives_the_same_bits(rule: RuleStrategy, data: st.DataObject, seed: int, count: int, levels: int) -> None:
    parameters = data.draw(parameters_of(rule))
    bars = made_bars(seed, count, levels)
    sides, state = interpret(rule, parameters, bars)
    batch, compiled_state = compiled(rule, parameters, bars)
    assert batch == sides
    assert compiled_state.tobytes() == state.tobytes()
    assert set(sides) <= {1, 0, -1}


@pytest.mark.parametrize("rule", [rule for rule in ALONE if rule.batch is not None], ids=lambda rule: rule.name)
@settings(max_examples=500, deadline=None)
@given(
    data=st.data(),
    seed=st.integers(0, 2**32 - 1),
    count=st.integers(1, 300),
    levels=st.sampled_from([1, 2, 9, 10**6]),
    whole=st.sampled_from([True, True, True, False]),
)
def test_a_batch_says_what_the_step_says(
    rule: RuleStrategy, data: st.DataObject, seed: int, count: int, levels: int, whole: bool
) -> None:
    parameters, chance = data.draw(parameters_of(rule)), np.random.default_rng(seed)
    bars = made_bars(seed, count, levels)
    if not whole:
        bars *= 1 + chance.random() / 7  # no price is a whole number of our units
    present = (chance.random(count) < data.draw(st.sampled_from([1.0, 0.8]))).astype(np.int64)
    sides = np.zeros(count, np.int64)
    here = present != 0
    sides[here] = interpret(rule, parameters, bars[here])[0]
    assert grid_sides(rule, parameters, present[:, None], bars[None])[:, 0].tolist() == sides.tolist()
    said, instants = MarketSides(rule, present[:, None], bars[None]).of(parameters)
    assert said[:, 0].tolist() == sides.tolist()
    assert instants.tolist() == np.flatnonzero(sides).tolist()
    assert rule.batch is not None
    batch = compile_batch(rule.batch)
    places, written = np.empty((2, count), np.int64)
    told = batch.signals(parameters, batch.prepare(bars[here][:, rule.batch.columns]), places, written)
    if told >= 0:
        assert np.flatnonzero(here)[places[:told]].tolist() == instants.tolist()
    else:
        assert not whole or levels == 10**6


@pytest.mark.parametrize("rule", [rule for rule in ALONE if rule.batch is not None], ids=lambda rule: rule.name)
@settings(max_examples=20, deadline=None)
@given(data=st.data(), seed=st.integers(0, 2**32 - 1), levels=st.sampled_from([2, 9, 1000]))
def test_a_batch_of_a_long_history_says_what_the_step_says(
    rule: RuleStrategy, data: st.DataObject, seed: int, levels: int
) -> None:
    parameters = data.draw(parameters_of(rule))
    count, symbols = data.draw(st.sampled_from([4097, 9001])), 2
    bars = np.stack([made_bars(seed + i, count, levels) for i in range(symbols)], axis=1)
    prices = [np.rint(bars[:, :, column] * SCALES[column]).astype(np.int64) for column in range(5)]
    assert rule.batch is not None
    with patch.object(rule_signals, "_SHARE", data.draw(st.sampled_from([1000, 10**9]))):
        said = batch_sides(rule.batch, parameters, prices)
    for i in range(symbols):
        sides, _ = compiled(rule, parameters, np.ascontiguousarray(bars[:, i]))
        assert said is not None
        assert said[:, i].tolist() == sides


def test_sides_of_one_set_of_parameters_leave_nothing_to_the_next() -> None:
    bars, present = made_bars(7, 400, 9), np.ones((400, 1), np.int64)
    market = MarketSides(SMA_CROSS, present, bars[None])
    for parameters in ([2.0, 5.0], [3.0, 40.0], [1000.0, 2000.0], [2.0, 5.0]):
        expected = grid_sides(SMA_CROSS, np.array(parameters), present, bars[None])
        assert np.array_equal(market.of(np.array(parameters))[0], expected)


@each_rule
@settings(max_examples=50, deadline=None)
@given(data=st.data(), seed=st.integers(0, 2**31), cut=st.integers(1, 149))
def test_bars_to_come_change_no_side(rule: RuleStrategy, data: st.DataObject, seed: int, cut: int) -> None:
    parameters = data.draw(parameters_of(rule))
    bars = made_bars(seed, 150, 4)
    changed = np.concatenate([bars[:cut], made_bars(seed + 1, 150 - cut, 7)])
    assert compiled(rule, parameters, bars)[0][:cut] == compiled(rule, parameters, changed)[0][:cut]


@each_rule
def test_every_rule_speaks_on_its_defaults(rule: RuleStrategy) -> None:
    parameters = rule.read({})
    closes = 100 + np.cumsum(np.random.default_rng(3).normal(0, 1, 800))
    bars = np.column_stack([closes, closes + 0.1, closes - 0.1, closes, np.full(800, 1000.0)])
    sides, state = interpret(rule, parameters, bars)
    batch, compiled_state = compiled(rule, parameters, bars)
    assert batch == sides
    assert compiled_state.tobytes() == state.tobytes()
    assert set(sides) == ({1} if rule.name == "BuyAndHold" else {1, 0, -1})


@each_rule
def test_a_market_that_stands_still_gives_no_signal(rule: RuleStrategy) -> None:
    bars = np.full((300, 5), 0.1)
    sides, _ = interpret(rule, rule.read({}), bars)
    assert set(sides) == ({1} if rule.name == "BuyAndHold" else {0})


def test_an_absent_bar_is_not_stepped() -> None:
    parameters = np.array([2.0, 3.0])
    closes = np.array([3.0, 2.0, 1.0, 99.0, 5.0, 6.0])
    bars = np.column_stack([closes] * 5)
    present = np.array([1, 1, 1, 0, 1, 1], np.int64)
    state = np.zeros(SMA_CROSS.state_size(parameters))
    batch = compile_rule(SMA_CROSS)(state, parameters, present, bars)
    sides, _ = interpret(SMA_CROSS, parameters, bars[present == 1])
    assert batch[present == 1].tolist() == sides
    assert batch[3] == 0
