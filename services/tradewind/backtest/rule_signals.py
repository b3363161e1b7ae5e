"""A rule's sides over whole histories, as arrays: compiled steps, or one vectorised call."""

import numpy as np

from tradewind.backtest.compiler import Integers, compile_batch, compile_cross_rule, compile_rule
from tradewind.signals.rule import Batch, CrossRule, Floats, Rule, RuleStrategy, VectorisedRule
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
        if rule.batch is not None:
            batch, here = compile_batch(rule.batch), np.flatnonzero(present)
            seen = bars if len(here) == len(bars) else bars[here]
            places, said = np.empty((2, len(here)), np.int64)
            count = batch.signals(parameters, batch.prepare(seen), places, said)
            if count >= 0:
                sides = np.zeros(len(bars), np.int64)
                sides[here[places[:count]]] = said[:count]
                return sides
        return compile_rule(rule)(np.zeros(rule.state_size(parameters)), parameters, present, bars)


class MarketSides:
    """What a rule says of a market for one set of parameters after the other; what all share is prepared once.

    Args:
        rule: of any kind.
        present: int64[T, S], as in `grid_sides`.
        series: float64[S, T, 5], as there.
    """

    def __init__(self, rule: Rule, present: Integers, series: Floats) -> None:
        self._rule, self._present, self._series = rule, present, series
        self._sides = np.zeros(present.shape, np.int64)
        self._instants = np.zeros(0, np.int64)
        self._batch: Batch | None = None
        if isinstance(rule, RuleStrategy) and rule.batch is not None and len(series) == 1:
            self._batch = compile_batch(rule.batch)
            self._here = np.flatnonzero(present[:, 0])
            with failures_of(rule):
                self._shared = self._batch.prepare(np.ascontiguousarray(series[0][self._here]))
            self._places, self._said = np.empty((2, len(self._here)), np.int64)

    def of(self, parameters: Floats) -> tuple[Integers, Integers]:
        """Return `grid_sides`, and the instants at which any symbol does not hold, int64[n]; until the next call.

        Raises:
            SymbolCountError, RuleFailedError: see `grid_sides`.
        """
        count = -1
        if self._batch is not None:
            with failures_of(self._rule):
                count = self._batch.signals(parameters, self._shared, self._places, self._said)
        if count >= 0:
            self._sides[self._instants] = 0
            self._instants = self._here[self._places[:count]]
            self._sides[self._instants, 0] = self._said[:count]
        else:
            self._sides = grid_sides(self._rule, parameters, self._present, self._series)
            self._instants = np.flatnonzero(self._sides.any(axis=1))
        return self._sides, self._instants
