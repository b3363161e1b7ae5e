"""Rules: what makes signals of bars alone, stepped live and compiled or vectorised for backtests."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tradewind.signals.parameters import Parameter, ParameterError, SymbolCountError, read_parameters

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Step = Callable[[Floats, Floats, float, float, float, float, float], int]
"""step(state, parameters, open, high, low, close, volume) -> 1 BUY, -1 SELL, 0 HOLD.

It sees one symbol's bars in order, keeps all it remembers in `state` (zeros at first), and stays within what numba
compiles, with + - * / and sqrt only: so the live interpreter and the compiled backtest give the same bits. Arrays of
a step are indexed one element at a time, and what it divides by is not zero.
"""
CrossStep = Callable[[Floats, Floats, Integers, Floats, Integers], int]
"""step(state, parameters, present, bars, sides) -> 0; the same as `Step` for all symbols' bars of one instant.

present int64[S] says which symbols have a bar, at least one has; bars float64[S, 5] holds open, high, low, close,
volume, zeros for a symbol without a bar; sides int64[S] are zeros, and are set to 1 BUY or -1 SELL. Symbols are in
alphabetical order.
"""
Vectorised = Callable[[Floats, Floats], NDArray[np.int8] | Integers]
"""signals(bars, parameters) -> sides: bars float64[T, 5] of one symbol, sides int8 or int64[T]."""


class Batch(NamedTuple):
    """A quicker way to what a step says of a whole history, within what numba compiles.

    Args:
        prepare: prepare(bars) -> what all parameters share, int64[any, any]; bars float64[n, len(columns)], those
            columns of what a step sees.
        signals: signals(parameters, prepared, places, sides) -> how many bars don't hold, or -1 where that can't be
            told to the step's last bit (the step does it then). Their places, ascending, and sides are written to the
            first of int64[n] each.
        columns: which of open, high, low, close, volume it reads, as numbers of `series`.
        look_back: look_back(parameters) -> on how many bars before it a bar's side depends. A history may be taken in
            parts that begin so much earlier.
    """

    prepare: Callable[[Floats], Integers]
    signals: Callable[[Floats, Integers, Integers, Integers], int]
    columns: tuple[int, ...]
    look_back: Callable[[Floats], int]


@dataclass(frozen=True)
class _Rule:
    """What every rule has: `must_ascend` are parameters that must grow in this order."""

    name: str
    description: str
    parameters: tuple[Parameter, ...]
    must_ascend: tuple[str, ...] = field(default=(), kw_only=True)

    def read(self, given: Mapping[str, str]) -> Floats:
        """Return the parameters in the order that they are declared.

        Raises:
            ParameterError: unknown, out of bounds, or in the wrong order.
        """
        values = read_parameters(self.name, self.parameters, given)
        for lower, upper in zip(self.must_ascend, self.must_ascend[1:], strict=False):
            if values[lower] >= values[upper]:
                raise ParameterError(self.name, upper, f"{values[upper]:g} is not above {lower} {values[lower]:g}")
        return np.array([values[parameter.name] for parameter in self.parameters], np.float64)


@dataclass(frozen=True)
class RuleStrategy(_Rule):
    """A rule for each symbol alone: `state_size` says how many floats its state has for these parameters.

    `batch` is a quicker way to the same sides over a whole history, where there is one.
    """

    state_size: Callable[[Floats], int]
    step: Step
    batch: Batch | None = None


@dataclass(frozen=True)
class CrossRule(_Rule):
    """A rule across symbols: `state_size` is of parameters and how many symbols there are.

    `symbols` gives the least and the most symbols that it works with for these parameters.
    """

    state_size: Callable[[Floats, int], int]
    symbols: Callable[[Floats], tuple[int, int]]
    step: CrossStep

    def require_symbols(self, parameters: Floats, count: int) -> None:
        """Check how many symbols there are.

        Raises:
            SymbolCountError: too few or too many.
        """
        least, most = self.symbols(parameters)
        if not least <= count <= most:
            raise SymbolCountError(self.name, count, least, most)


@dataclass(frozen=True)
class VectorisedRule(_Rule):
    """A rule as one function of a symbol's bars, called on the whole history in batch and on the last bars live.

    `look_back` says for these parameters how many bars before a bar its side depends on: live, `signals` is called on
    that many bars and the new one, and the last side counts. A bar with fewer bars before it holds.
    """

    look_back: Callable[[Floats], int]
    signals: Vectorised


Rule = RuleStrategy | CrossRule | VectorisedRule
