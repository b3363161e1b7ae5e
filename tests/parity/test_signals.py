"""A rule's step interpreted, as the ml service does, against compiled over all bars: the same sides, the same bits."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradewind.backtest.compiler import compile_rule
from tradewind.signals.catalog import RULES
from tradewind.signals.rule import Floats, RuleStrategy
from tradewind.signals.sma_cross import SMA_CROSS


def interpret(rule: RuleStrategy, parameters: Floats, bars: Floats) -> tuple[list[int], Floats]:
    state = np.zeros(rule.state_size(parameters))
    return [rule.step(state, parameters, *(float(x) for x in row)) for row in bars.tolist()], state


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 12), st.integers(1, 30), st.floats(1e-3, 1e6))
def test_step_gives_the_same_bits(seed: int, fast: int, more: int, scale: float) -> None:
    parameters = np.array([fast, fast + more], np.float64)
    # Few distinct closes, so that averages often tie.
    closes = np.random.default_rng(seed).integers(1, 6, 120) * scale / 7
    bars = np.column_stack([closes, closes, closes, closes, np.ones(120)])
    sides, state = interpret(SMA_CROSS, parameters, bars)
    compiled_state = np.zeros(len(state))
    compiled = compile_rule(SMA_CROSS)(compiled_state, parameters, np.ones(120, np.int64), bars)
    assert compiled.tolist() == sides
    assert compiled_state.tobytes() == state.tobytes()


@pytest.mark.parametrize("name", sorted(RULES))
def test_every_rule_compiles_and_agrees_on_its_defaults(name: str) -> None:
    rule = RULES[name]
    parameters = rule.read({})
    closes = 100 + np.cumsum(np.random.default_rng(3).normal(0, 1, 800))
    bars = np.column_stack([closes, closes + 1, closes - 1, closes, np.full(800, 1000.0)])
    sides, state = interpret(rule, parameters, bars)
    compiled_state = np.zeros(len(state))
    assert compile_rule(rule)(compiled_state, parameters, np.ones(800, np.int64), bars).tolist() == sides
    assert compiled_state.tobytes() == state.tobytes()
    assert {1, -1} <= set(sides)


def test_an_absent_bar_is_not_stepped() -> None:
    parameters = np.array([2.0, 3.0])
    closes = np.array([3.0, 2.0, 1.0, 99.0, 5.0, 6.0])
    bars = np.column_stack([closes] * 5)
    present = np.array([1, 1, 1, 0, 1, 1], np.int64)
    state = np.zeros(SMA_CROSS.state_size(parameters))
    compiled = compile_rule(SMA_CROSS)(state, parameters, present, bars)
    sides, _ = interpret(SMA_CROSS, parameters, bars[present == 1])
    assert compiled[present == 1].tolist() == sides
    assert compiled[3] == 0
