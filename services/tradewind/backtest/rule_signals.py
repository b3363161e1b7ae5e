"""A rule's sides over whole histories, as arrays: compiled steps, or one vectorised call."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import numpy as np

from tradewind.backtest.blocks import BARS, Integers, grid_words
from tradewind.backtest.compiler import Bytes, CompiledBatch, compile_batch, compile_cross_rule, compile_rule
from tradewind.backtest.simulator import History, absent, by_rows, is_whole
from tradewind.backtest.workers import cores
from tradewind.signals.rule import Batch, CrossRule, Floats, Rule, RuleStrategy, VectorisedRule
from tradewind.signals.series import EVERY_COLUMN, series_of_columns
from tradewind.signals.vectorised import failures_of, vectorised_sides

PRICES: Final = BARS[1:6]
_SHARE: Final = 200_000
"""How many bars of all symbols are worth a thread."""
Series = Callable[[Sequence[int]], Floats]
"""series(which) -> float64[T, len(which)]: those of one symbol's columns open, high, low, close, volume."""


def symbol_sides(rule: RuleStrategy | VectorisedRule, parameters: Floats, bars: Floats) -> Integers:
    """Return the sides of one symbol's bars, int64[T]; bars float64[T, 5] as `series_of` gives them.

    Raises:
        RuleFailedError: the rule's code raised or can't be compiled.
    """
    return series_sides(rule, parameters, len(bars), lambda which: bars[:, which])


def series_sides(rule: RuleStrategy | VectorisedRule, parameters: Floats, count: int, series: Series) -> Integers:
    """Return the sides of one symbol's bars, int64[count], reading the columns that the rule looks at.

    Raises:
        RuleFailedError: the rule's code raised or can't be compiled.
    """
    if isinstance(rule, VectorisedRule):
        return vectorised_sides(rule, parameters, series(EVERY_COLUMN))
    sides = np.zeros(count, np.int64)
    with failures_of(rule):
        if rule.batch is not None:
            batch = compile_batch(rule.batch)
            places, said = np.empty((2, count), np.int64)
            shared = batch.prepare(np.ascontiguousarray(series(rule.batch.columns)))
            changes = batch.signals(parameters, shared, places, said)
            if changes >= 0:
                sides[places[:changes]] = said[:changes]
                return sides
        state, present = np.zeros(rule.state_size(parameters)), np.ones(count, np.int64)
        return compile_rule(rule)(state, parameters, present, np.ascontiguousarray(series(EVERY_COLUMN)))


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
        here = present[:, i] != 0
        sides[here, i] = symbol_sides(rule, parameters, series[i] if here.all() else series[i][here])
    return sides


def history_sides(rule: Rule, parameters: Floats, history: History) -> Bytes:
    """Return what any rule says of a history's bars, int8[T, S], HOLD where there is no bar.

    Raises:
        SymbolCountError, RuleFailedError: see `cross_sides` and `symbol_sides`.
    """
    bars = [getattr(history, name) for name in PRICES]
    if isinstance(rule, RuleStrategy) and rule.batch is not None and is_whole(history.present):
        with failures_of(rule):
            sides = batch_sides(rule.batch, parameters, bars)
        if sides is not None:
            return sides
    series = np.stack([series_of_columns([column[:, i] for column in bars]) for i in range(len(history.symbols))])
    return grid_sides(rule, parameters, history.present, series).astype(np.int8)


def batch_sides(batch: Batch, parameters: Floats, prices: Sequence[Integers]) -> Bytes | None:
    """Return what a batch says of bars without gaps, int8[T, S], by as many threads as there are cores.

    None where it can't tell all to the step's last bit.

    Args:
        batch: the rule's.
        parameters: as its `read` gives them.
        prices: open, high, low, close and volume, int64[T, S].
    """
    compiled = compile_batch(batch)
    shape = prices[0].shape
    nothing = np.zeros((1, shape[1]), np.int8)
    bars = [absent(*shape), *map(by_rows, prices), nothing]
    words, look_back = grid_words(bars), batch.look_back(parameters)
    sides = np.zeros(shape, np.int8)
    crew = min(cores(), -(-len(sides) * shape[1] // _SHARE))
    bounds = [len(sides) * place // crew for place in range(crew + 1)]

    def part(place: int) -> bool:
        return compiled.whole(parameters, words, bounds[place], bounds[place + 1], look_back, sides)

    if crew == 1:
        return sides if part(0) else None
    with ThreadPoolExecutor(crew, "signals") as pool:
        return sides if all(pool.map(part, range(crew))) else None


class MarketSides:
    """What a rule says of a market for one set of parameters after the other; what all share is prepared once.

    Args:
        rule: of any kind.
        present: int64[T, S], as in `grid_sides`.
        series: float64[S, T, 5], as there.
    """

    def __init__(self, rule: Rule, present: Integers, series: Floats) -> None:
        self._rule, self._present, self._series = rule, present, series
        self._sides = np.zeros(present.shape, np.int8)
        self._instants = np.zeros(0, np.int64)
        self._batch: CompiledBatch | None = None
        if isinstance(rule, RuleStrategy) and rule.batch is not None and len(series) == 1:
            self._batch = compile_batch(rule.batch)
            self._here = np.flatnonzero(present[:, 0])
            with failures_of(rule):
                self._shared = self._batch.prepare(np.ascontiguousarray(series[0][self._here][:, rule.batch.columns]))
            self._places, self._said = np.empty((2, len(self._here)), np.int64)

    def of(self, parameters: Floats) -> tuple[Bytes, Integers]:
        """Return `grid_sides` as int8, and the instants at which any symbol doesn't hold, until the next call.

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
            self._sides = grid_sides(self._rule, parameters, self._present, self._series).astype(np.int8)
            self._instants = np.flatnonzero(self._sides.any(axis=1))
        return self._sides, self._instants
