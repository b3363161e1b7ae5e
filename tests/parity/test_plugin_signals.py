"""Vectorised rules live and in batch, on the example; and rules of every kind over a market that has holes."""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.parity.rules import made_bars, parameters_of

from tradewind.backtest.history import rule_sides
from tradewind.backtest.rule_signals import grid_sides, symbol_sides
from tradewind.domain.bars import Bar
from tradewind.domain.money import PRICE_SCALE, QUANTITY_SCALE
from tradewind.domain.orders import Side
from tradewind.ml.engine import VectorisedDecider
from tradewind.signals.catalog import BUILT_IN
from tradewind.signals.parameters import Parameter
from tradewind.signals.rule import Floats, Integers, Rule, RuleStrategy, VectorisedRule
from tradewind.signals.series import series_of
from tradewind.signals.vectorised import RuleFailedError

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "plugin-strategy"
FIRST = datetime(2020, 1, 1, 21, tzinfo=UTC)


def example_rule() -> VectorisedRule:
    path, writes = sys.path, sys.dont_write_bytecode
    # What lies in the folder is shipped: nothing compiled goes there.
    sys.path, sys.dont_write_bytecode = [str(EXAMPLE), *path], True
    try:
        from internal_bar_strength import RULE  # type: ignore[import-not-found]
    finally:
        sys.path, sys.dont_write_bytecode = path, writes
    assert isinstance(RULE, VectorisedRule)
    return RULE


RULE = example_rule()


def bars_of(symbol: str, seed: int, count: int) -> list[Bar]:
    rows = (made_bars(seed, count, 4) * PRICE_SCALE).round().astype(np.int64).tolist()
    return [
        Bar(symbol, "1d", FIRST + timedelta(days=day), open_, high, low, close, volume * QUANTITY_SCALE // PRICE_SCALE)
        for day, (open_, high, low, close, volume) in enumerate(rows)
    ]


@settings(max_examples=100, deadline=None)
@given(data=st.data(), seed=st.integers(0, 2**31), count=st.integers(1, 80), past=st.integers(0, 40))
def test_live_and_batch_say_the_same(data: st.DataObject, seed: int, count: int, past: int) -> None:
    parameters = data.draw(parameters_of(RULE))
    bars = {symbol: bars_of(symbol, seed + i, count) for i, symbol in enumerate(("AAA", "BBB"))}
    batch = rule_sides(RULE, parameters, bars)
    decider = VectorisedDecider(RULE, parameters, tuple(bars))
    for day, here in enumerate(zip(*bars.values(), strict=True)):
        instant = {bar.symbol: bar for bar in here}
        if day < past:
            decider.learn(instant)
            continue
        for symbol, decision in decider.decide(instant).items():
            assert decision.side is batch[symbol, instant[symbol].close_time]


def test_it_speaks_on_its_defaults() -> None:
    assert set(symbol_sides(RULE, RULE.read({}), made_bars(3, 300, 5)).tolist()) == {1, 0, -1}


def test_a_vectorised_rule_is_given_its_bars_row_by_row_as_live() -> None:
    seen = []

    def lies(bars: Floats, _: Floats) -> Integers:
        seen.append(bars.flags.c_contiguous)
        return np.zeros(len(bars), np.int64)

    rule = VectorisedRule("Lies", "Looks how its bars lie.", (), look_back=lambda _: 0, signals=lies)
    grid_sides(rule, rule.read({}), np.ones((30, 1), np.int64), made_bars(3, 30, 5)[None])
    rule_sides(rule, rule.read({}), {"AAA": bars_of("AAA", 3, 30)})
    assert seen == [True, True]


def test_a_step_that_raises_or_cannot_be_compiled_is_named() -> None:
    def divide(state, parameters, open_, high, low, close, volume):  # type: ignore[no-untyped-def]
        return int(1.0 / (close - parameters[0]))

    def strange(state, parameters, open_, high, low, close, volume):  # type: ignore[no-untyped-def]
        return {}.unknown(close)  # type: ignore[attr-defined]

    two = (Parameter("two", 2, 0, 9, "two"),)
    for step, reason in ((divide, "failed: ZeroDivisionError: "), (strange, "failed: TypingError: ")):
        rule = RuleStrategy("Odd", "Odd.", two, state_size=lambda _: 0, step=step)
        with pytest.raises(RuleFailedError, match=f"Odd {reason}"):
            symbol_sides(rule, np.array([2.0]), np.full((3, 5), 2.0))


@pytest.mark.parametrize("rule", [*BUILT_IN, RULE], ids=lambda rule: rule.name)
def test_a_grid_with_holes_gives_each_bar_the_side_that_the_list_of_bars_does(rule: Rule) -> None:
    names = ("AAA", "BBB")
    everything = {name: bars_of(name, 5 + i, 400) for i, name in enumerate(names)}
    series = np.stack([series_of(everything[name]) for name in names])
    present = (np.random.default_rng(1).random((400, 2)) < 0.95).astype(np.int64)
    series[present.T == 0] = np.nan
    parameters = rule.read({})
    kept = {
        name: [bar for bar, here in zip(everything[name], present[:, i], strict=True) if here]
        for i, name in enumerate(names)
    }
    sides = grid_sides(rule, parameters, present, series)
    given = {
        (name, everything[name][t].close_time): Side(int(sides[t, i]))
        for i, name in enumerate(names)
        for t in np.flatnonzero(present[:, i])
    }
    assert given == rule_sides(rule, parameters, kept)
    assert sides.any()
    assert not sides[present == 0].any()
