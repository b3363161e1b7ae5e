"""The look-ahead check: a side must not change when the bars after it are taken away."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from tradewind.backtest.blocks import Integers
from tradewind.signals.rule import Floats

Signals = Callable[[Floats, Integers], ArrayLike]
"""signals(series, present) -> sides [T, S]: series float64[S, T, 5] as in `market.Market`, present int64[T, S]."""
SCANNED: Final = 20_000
"""The most cuts that are made to find out whether an earlier bar differs than the first one found."""


class UnsteadySignalsError(ValueError):
    """Signals that differ from one run to the next on the same bars, or that have the wrong shape."""


@dataclass(frozen=True)
class Difference:
    """A side that depends on later bars: of which instant and symbol, without and with what came after.

    `cut` is how many instants the history had without; `first` is whether no earlier bar differs when it is the last.
    """

    instant: int
    symbol: int
    without: int
    with_: int
    cut: int
    first: bool


@dataclass(frozen=True)
class Verdict:
    """What the check compared: how many cut histories, how many sides, and the first that differs."""

    cuts: int
    sides: int
    difference: Difference | None


def vectorised(function: Callable[[Floats], ArrayLike]) -> Signals:
    """Return a function of one symbol's bars, float64[T, 5] -> sides [T], as signals of every symbol by itself."""

    def signals(series: Floats, present: Integers) -> Integers:
        sides = np.zeros(present.shape, np.int64)
        for i in range(present.shape[1]):
            here = np.flatnonzero(present[:, i])
            if len(here) > 0:
                sides[here, i] = np.asarray(function(series[i, here]))
        return sides

    return signals


def check_lookahead(signals: Signals, series: Floats, present: Integers, cuts: int, seed: int = 0) -> Verdict:
    """Compare signals of the whole history with those of histories that end earlier.

    Of each cut history every side is compared, its last bar's among them, which is the one that a desk would have
    traded. At most `cuts` are made: all of them where there are so few instants; else half at instants where a signal
    changes (a signal that looks one bar ahead can't know of those), half drawn by the seed, and the latest. Where
    something differs, all cuts before it are made too, so that the first bar is named.

    Args:
        signals: what is checked; it gets copies, cut.
        series: float64[S, T, 5].
        present: int64[T, S].
        cuts: how many cut histories, at least 1.
        seed: draws the cuts.

    Raises:
        ValueError: no cut is asked for.
        UnsteadySignalsError: the same bars gave two answers, or not one side an instant and symbol.
    """
    if cuts < 1:
        raise ValueError(f"cuts {cuts} is not at least 1")
    check = _Check(signals, series, present)
    for cut in _choose(check.whole, present, cuts, seed):
        check.compare(cut)
    scanned = 0
    cut = 1
    # What is found may be earlier still, so the end moves while it is sought.
    while check.found is not None and cut <= check.found.instant + 1 and scanned < SCANNED:
        scanned += check.compare(cut)
        cut += 1
    if check.found is not None and cut <= check.found.instant + 1:
        found = check.found
        check.found = Difference(found.instant, found.symbol, found.without, found.with_, found.cut, first=False)
    return Verdict(len(check.compared), check.sides, check.found)


class _Check:
    """The whole history's signals, and what differs so far."""

    def __init__(self, signals: Signals, series: Floats, present: Integers) -> None:
        self._signals, self._series, self._present = signals, series, present
        self.compared: set[int] = set()
        self.sides = 0
        self.found: Difference | None = None
        self.whole = self._cut(len(present))
        if not np.array_equal(self.whole, self._cut(len(present))):
            raise UnsteadySignalsError("the same bars gave other signals the second time")

    def compare(self, cut: int) -> int:
        """Compare the history of the first `cut` instants; return 0 where that was done already."""
        if cut in self.compared:
            return 0
        self.compared.add(cut)
        sides = self._cut(cut)
        self.sides += int(np.count_nonzero(self._present[:cut]))
        differs = (sides != self.whole[:cut]) & (self._present[:cut] == 1)
        if differs.any():
            t, i = (int(place) for place in np.argwhere(differs)[0])
            if self.found is None or (t, i, cut) < (self.found.instant, self.found.symbol, self.found.cut):
                self.found = Difference(t, i, int(sides[t, i]), int(self.whole[t, i]), cut, first=True)
        return 1

    def _cut(self, cut: int) -> Integers:
        # Copies: of a view, the array that it was cut from could be had.
        sides = np.asarray(self._signals(self._series[:, :cut].copy(), self._present[:cut].copy()))
        if sides.shape != self._present[:cut].shape:
            raise UnsteadySignalsError(f"signals of shape {list(sides.shape)}, not {list(self._present[:cut].shape)}")
        return sides.astype(np.int64)


def _choose(whole: Integers, present: Integers, cuts: int, seed: int) -> list[int]:
    """Return after how many instants to cut, ascending."""
    last = len(whole) - 1
    if last <= cuts:
        return list(range(1, last + 1))
    generator = random.Random(seed)  # noqa: S311 a draw that anyone can repeat
    before = np.vstack([np.zeros_like(whole[:1]), whole[:-1]])
    changes = [int(t) + 1 for t in np.flatnonzero((whole != before).any(axis=1)) if t < last]
    room = (cuts - 1) // 2
    chosen = {last, *(changes if len(changes) <= room else generator.sample(changes, room))}
    while len(chosen) < cuts:
        chosen.add(generator.randint(1, last))
    return sorted(chosen)
