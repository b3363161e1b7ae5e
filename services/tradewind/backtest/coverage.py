"""What a history has of each symbol: what is missing is said, never filled."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import numpy as np

from tradewind.backtest.simulator import History
from tradewind.domain.bars import from_micros


@dataclass(frozen=True)
class Coverage:
    """A symbol's bars among the instants that are traded.

    Args:
        first, last: its first and last bar; None where it has none.
        bars: how many it has.
        missing: instants between the two at which only others have bars.
        longest_gap: the most of them in a row.
        starts_late, ends_early: whether there are instants before its first bar, and after its last.
    """

    first: datetime | None
    last: datetime | None
    bars: int
    missing: int
    longest_gap: int
    starts_late: bool
    ends_early: bool

    @property
    def complete(self) -> bool:
        """Whether it has a bar at every instant."""
        return not (self.missing or self.starts_late or self.ends_early)

    def document(self) -> dict[str, Any]:
        """Return it as JSON's types."""
        times = {
            name: None if at is None else at.isoformat() for name, at in (("first", self.first), ("last", self.last))
        }
        return {**asdict(self), **times}


def coverage_of(history: History) -> dict[str, Coverage]:
    """Return what there is of each symbol, in the history's order."""
    return {symbol: _coverage(history, i) for i, symbol in enumerate(history.symbols)}


def _coverage(history: History, column: int) -> Coverage:
    here = np.flatnonzero(history.present[:, column])
    if not len(here):
        return Coverage(None, None, 0, 0, 0, True, True)
    first, last = int(here[0]), int(here[-1])
    return Coverage(
        first=from_micros(int(history.time[first])),
        last=from_micros(int(history.time[last])),
        bars=len(here),
        missing=last - first + 1 - len(here),
        longest_gap=int(np.diff(here).max(initial=1)) - 1,
        starts_late=first > 0,
        ends_early=last < len(history.time) - 1,
    )
