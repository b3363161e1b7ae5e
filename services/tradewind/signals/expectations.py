"""What a trained model says of whole histories, as arrays, and the sides that the policy makes of it."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tradewind.signals.policy import Thresholds
from tradewind.signals.rule import Integers

NOTHING: Final = int(np.iinfo(np.int64).min)
"""Stands for the expected return of a bar that nothing is expected of: there are too few bars before it."""

Booleans = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Expectations:
    """What was expected of N bars of a symbol, or of T instants of S symbols.

    Args:
        returns: int64[N] or int64[T, S], expected log returns in 10^-8, NOTHING where there is none.
        strange: bool of the same shape, where the anomaly guard holds the bar for anomalous.
    """

    returns: Integers
    strange: Booleans

    def sides(self, thresholds: Thresholds) -> Integers:
        """Return what `decide_on_prediction` and `guard` make of each: 1 BUY, -1 SELL, 0 HOLD."""
        known = self.returns != NOTHING
        buy, sell = known & (self.returns >= thresholds.buy), known & (self.returns <= thresholds.sell)
        return self.hold(buy.astype(np.int64) - sell.astype(np.int64))

    def hold(self, sides: NDArray[Any]) -> NDArray[Any]:
        """Return the sides, of whatever type, with HOLD where the bar is strange."""
        return np.where(self.strange, np.zeros((), sides.dtype), sides)
