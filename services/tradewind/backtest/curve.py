"""The account over time, as columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
from numpy.typing import NDArray

from tradewind.backtest.blocks import Integers
from tradewind.domain.bars import from_micros, session_of, to_micros
from tradewind.store.journal import Snapshot


@dataclass(frozen=True, eq=False)
class Curve(Sequence[Snapshot]):
    """The account after each of T instants; a Snapshot is made only where one is looked at.

    Args:
        time: [T] microseconds since 1970 UTC.
        session: [T] day numbers.
        equity, cash: [T] money units.
        held: [T] whether anything was held at the close.
    """

    time: Integers
    session: Integers
    equity: Integers
    cash: Integers
    held: NDArray[np.bool_]

    @classmethod
    def of(cls, snapshots: Sequence[Snapshot]) -> "Curve":
        """Return snapshots as columns; something is held where equity is not all cash.

        Longs and shorts whose marks cancel to the unit pass for nothing held: a snapshot knows no positions.
        """
        if isinstance(snapshots, Curve):
            return snapshots
        time = np.array([to_micros(point.time) for point in snapshots], np.int64)
        equity = np.array([point.equity for point in snapshots], np.int64)
        cash = np.array([point.cash for point in snapshots], np.int64)
        session: Integers = session_of(time)  # type: ignore[arg-type, assignment]  # the same arithmetic, on all at once
        return cls(time, session, equity, cash, equity != cash)

    def __len__(self) -> int:
        return len(self.time)

    @overload
    def __getitem__(self, index: int) -> Snapshot: ...

    @overload
    def __getitem__(self, index: slice) -> "Curve": ...

    def __getitem__(self, index: int | slice) -> "Snapshot | Curve":
        if isinstance(index, slice):
            return Curve(self.time[index], self.session[index], self.equity[index], self.cash[index], self.held[index])
        return Snapshot(from_micros(int(self.time[index])), int(self.cash[index]), int(self.equity[index]))
