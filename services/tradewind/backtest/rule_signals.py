"""A rule's sides over whole histories, as arrays: compiled steps, or one vectorised call."""

import numpy as np

from tradewind.backtest.compiler import Integers, compile_batch, compile_cross_rule, compile_rule
from tradewind.signals.rule import CrossRule, Floats, Rule, RuleStrategy, VectorisedRule
from tradewind.signals.vectorised import failures_of, vectorised_sides


def symbol_sides(rule: RuleStrategy | VectorisedRule, parameters: Floats, bars: Floats) -> Integers:
    """Return the sides of one symbol's bars, int64[T]; bars float64[T, 5] as `series_of` gives them.

    Raises:
        RuleFailedError: the rule's code raised or can't be compiled.
    """
    if isinstance(rule, VectorisedRule):
        return vectorised_sides(rule, parameters, bars)
    return _sides(rule, parameters, np.ones(len(bars), np.int64), bars)


def cross_sides(rule: CrossRule, parameters: Floats, present: Integers, bars: Floats) -> Integers:
    """Return the sides of all symbols' bars, int64[T, S], HOLD where there is no bar.

    Args:
        rule: whose sides.
        parameters: as its `read` gives them.
        present: int64[T, S], which bars there are; symbols in alphabetical order.
        bars: float64[T, S, 5]; what stands where there is no bar does not matter.

    Raises:
        SymbolCountError: the rule needs more or fewer symbols.
        RuleFailedError: the rule's code raised or can't be compiled.
    """
    symbols = present.shape[1]
    rule.require_symbols(parameters, symbols)
    seen = np.where(present[:, :, np.newaxis] != 0, bars, 0.0)
    with failures_of(rule):
        state = np.zeros(rule.state_size(parameters, symbols))
        sides = compile_cross_rule(rule)(state, parameters, np.ascontiguousarray(present), seen)
    return np.where(present != 0, sides, 0)


def grid_sides(rule: Rule, parameters: Floats, present: Integers, series: Floats) -> Integers:
    """Return what any rule says of a market's bars, int64[T, S], HOLD where there is no bar.

    Args:
        rule: of any kind.
        parameters: as its `read` gives them.
        present: int64[T, S], which bars there are; symbols in alphabetical order.
        series: float64[S, T, 5]; what stands where there is no bar does not matter.

    Raises:
        SymbolCountError, RuleFailedError: see `cross_sides` and `symbol_sides`.
    """
    if isinstance(rule, CrossRule):
        return cross_sides(rule, parameters, present, series.swapaxes(0, 1))
    sides = np.zeros(present.shape, np.int64)
    for i in range(present.shape[1]):
        if isinstance(rule, VectorisedRule):
            here = present[:, i] != 0
            sides[here, i] = symbol_sides(rule, parameters, series[i][here])
            continue
        sides[:, i] = _sides(rule, parameters, np.ascontiguousarray(present[:, i]), series[i])
    return sides


def _sides(rule: RuleStrategy, parameters: Floats, present: Integers, bars: Floats) -> Integers:
    """Return what a rule's batch says of one symbol's bars, else what its step does."""
    bars = np.ascontiguousarray(bars)
    with failures_of(rule):
        sides = np.zeros(len(bars), np.int64)
        if rule.batch is not None and compile_batch(rule.batch)(parameters, present, bars, sides):
            return sides
        return compile_rule(rule)(np.zeros(rule.state_size(parameters)), parameters, present, bars)
