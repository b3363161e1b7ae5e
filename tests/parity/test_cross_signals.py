"""Rules across symbols: interpreted against compiled, earlier sides against later bars, each against its terms."""

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.parity.rules import made_bars, parameters_of

from tradewind.backtest.compiler import compile_cross_rule
from tradewind.backtest.rule_signals import cross_sides
from tradewind.signals.catalog import RULES
from tradewind.signals.momentum_rank import MOMENTUM_RANK
from tradewind.signals.pairs_spread import PAIRS_SPREAD
from tradewind.signals.rule import CrossRule, Floats, Integers

ACROSS = [rule for rule in RULES.values() if isinstance(rule, CrossRule)]
each_rule = pytest.mark.parametrize("rule", ACROSS, ids=lambda rule: rule.name)
seeds = st.integers(0, 2**31)


def made_instants(seed: int, count: int, symbols: int) -> tuple[Integers, Floats]:
    """Return present int64[count, symbols] and bars float64[count, symbols, 5], zeros where a bar is missing."""
    bars = np.stack([made_bars(seed + i, count, 3) for i in range(symbols)], axis=1)
    present = (np.random.default_rng(seed).random((count, symbols)) < 0.9).astype(np.int64)
    return present, bars * present[:, :, np.newaxis]


def interpret(rule: CrossRule, parameters: Floats, present: Integers, bars: Floats) -> tuple[list[list[int]], Floats]:
    state = np.zeros(rule.state_size(parameters, present.shape[1]))
    sides = np.zeros(present.shape, np.int64)
    for t in range(len(present)):
        if present[t].any():
            rule.step(state, parameters, present[t], bars[t], sides[t])
    return [[int(side) for side in row] for row in sides], state


@each_rule
@settings(max_examples=100, deadline=None)
@given(data=st.data(), seed=seeds, count=st.integers(1, 120), more=st.integers(0, 3))
def test_step_gives_the_same_bits(rule: CrossRule, data: st.DataObject, seed: int, count: int, more: int) -> None:
    parameters = data.draw(parameters_of(rule))
    least, most = rule.symbols(parameters)
    present, bars = made_instants(seed, count, min(most, least + more))
    sides, state = interpret(rule, parameters, present, bars)
    compiled_state = np.zeros(len(state))
    assert compile_cross_rule(rule)(compiled_state, parameters, present, bars).tolist() == sides
    assert compiled_state.tobytes() == state.tobytes()
    assert not np.any(np.array(sides)[present == 0])


@each_rule
@settings(max_examples=50, deadline=None)
@given(data=st.data(), seed=seeds, cut=st.integers(1, 119))
def test_bars_to_come_change_no_side(rule: CrossRule, data: st.DataObject, seed: int, cut: int) -> None:
    parameters = data.draw(parameters_of(rule))
    symbols = rule.symbols(parameters)[0]
    present, bars = made_instants(seed, 120, symbols)
    other_present, other_bars = made_instants(seed + 99, 120, symbols)
    other_present[:cut], other_bars[:cut] = present[:cut], bars[:cut]
    sides = cross_sides(rule, parameters, present, bars)
    assert sides[:cut].tolist() == cross_sides(rule, parameters, other_present, other_bars)[:cut].tolist()


def closes_as_bars(closes: Sequence[Sequence[float]]) -> tuple[Integers, Floats]:
    """Return instants of which a close of 0 is a missing bar."""
    array = np.array(closes, np.float64)
    return (array > 0).astype(np.int64), np.repeat(array[:, :, np.newaxis], 5, axis=2)


prices = st.one_of(st.integers(1, 6), st.integers(1, 6), st.just(0))


@settings(max_examples=200, deadline=None)
@given(st.data(), st.integers(1, 5), st.integers(1, 3), st.integers(1, 4), st.integers(0, 2))
def test_momentum_ranks_by_growth(data: st.DataObject, lookback: int, hold: int, rebalance: int, more: int) -> None:
    symbols = hold + 1 + more
    row = st.lists(prices, min_size=symbols, max_size=symbols).filter(any)
    closes = data.draw(st.lists(row, max_size=25))
    assume(closes)
    expected: list[list[int]] = []
    chosen: list[int] = []
    for t in range(len(closes)):
        sides = [0] * symbols
        if t >= lookback and (t - lookback) % rebalance == 1:
            for i in chosen:
                sides[i] = 1 if closes[t][i] else 0
        if t >= lookback and (t - lookback) % rebalance == 0:
            growth = {}
            for i in range(symbols):
                own = [now[i] for now in closes[: t + 1] if now[i]]
                if closes[t][i] and len(own) > lookback:
                    growth[i] = own[-1] / own[-1 - lookback]
            ranked = sorted(growth, key=lambda i: (-growth[i], i))
            chosen = ranked[:hold]
            for place, i in enumerate(ranked):
                sides[i] = 1 if place < hold else -1
        expected.append(sides)
    parameters = np.array([lookback, hold, rebalance], np.float64)
    assert interpret(MOMENTUM_RANK, parameters, *closes_as_bars(closes))[0] == expected


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(prices, prices).filter(any), min_size=1, max_size=40),
    st.integers(2, 6),
    st.sampled_from([0.7, 1.1]),
    st.sampled_from([0.0, 0.31]),
    st.sampled_from([1, 2]),
)
def test_pairs_are_entered_far_from_the_mean_and_left_near_it(
    closes: list[tuple[int, int]], lookback: int, entry: float, leave: float, legs: int
) -> None:
    expected, ratios, bought = [], [], 0
    for first, second in closes:
        sides = [0, 0]
        expected.append(sides)
        if not first or not second:
            continue
        ratios.append(first / second)
        window = ratios[-lookback:]
        mean = math.fsum(window) / len(window)
        deviation = math.sqrt(math.fsum((ratio - mean) ** 2 for ratio in window) / len(window))
        if len(window) < lookback or deviation < 1e-12 * ratios[-1]:
            continue
        score = (ratios[-1] - mean) / deviation
        assume(all(abs(abs(score) - bound) > 1e-9 for bound in (entry, leave)))
        turn = 0
        if bought == 0:
            bought = turn = 1 if score <= -entry else -1 if score >= entry else 0
            long = 0 if turn == 1 else 1
        elif score * bought >= -leave:
            long, turn, bought = (0 if bought == 1 else 1), -bought, 0
        if turn:
            for leg in (0, 1):
                if legs == 2 or leg == long:
                    sides[leg] = turn if leg == 0 else -turn
    parameters = np.array([lookback, entry, leave, legs])
    assert interpret(PAIRS_SPREAD, parameters, *closes_as_bars(closes))[0] == expected


@each_rule
def test_every_rule_speaks_on_its_defaults(rule: CrossRule) -> None:
    walk = 100 + np.cumsum(np.random.default_rng(3).normal(0, 1, (800, 2)), axis=0)
    sides, _ = interpret(rule, rule.read({}), *closes_as_bars(walk.tolist()))
    assert {side for row in sides for side in row} == {1, 0, -1}


def test_what_stands_where_there_is_no_bar_does_not_matter() -> None:
    present, bars = made_instants(5, 100, 2)
    assert not present.all()
    strange = np.where(present[:, :, np.newaxis] == 0, np.nan, bars)
    parameters = np.array([3.0, 1.0, 0.2, 2.0])
    sides = cross_sides(PAIRS_SPREAD, parameters, present, bars)
    assert sides.any()
    assert cross_sides(PAIRS_SPREAD, parameters, present, strange).tolist() == sides.tolist()
