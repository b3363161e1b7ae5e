"""One symbol's bars as columns: what whole histories are read into and laid out from, no object for each bar."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import repeat

import numpy as np

from tradewind.domain.bars import Bar, BarError, from_micros, to_micros
from tradewind.domain.money import AMOUNT_MAX, PRICE_SCALE, QUANTITY_SCALE, to_decimal
from tradewind.signals.rule import Floats, Integers
from tradewind.signals.series import EVERY_COLUMN, series_of_columns


@dataclass(frozen=True, eq=False)
class BarColumns:
    """N bars of one symbol, int64[N] each.

    Args:
        time: closes, microseconds since 1970 UTC.
        open, high, low, close: prices, 10^-4.
        volume: 10^-8 units.
    """

    time: Integers
    open: Integers
    high: Integers
    low: Integers
    close: Integers
    volume: Integers

    @classmethod
    def of(cls, bars: "Sequence[Bar] | BarColumns") -> "BarColumns":
        """Return bars as columns, in their order; columns are returned as they are."""
        if isinstance(bars, BarColumns):
            return bars
        rows = [(to_micros(b.close_time), b.open, b.high, b.low, b.close, b.volume) for b in bars]
        return cls(*np.array(rows, np.int64).reshape(-1, 6).T.copy())

    def __len__(self) -> int:
        return len(self.time)

    def rows(self, which: slice) -> "BarColumns":
        """Return some of the bars; nothing is copied."""
        return BarColumns(
            self.time[which],
            self.open[which],
            self.high[which],
            self.low[which],
            self.close[which],
            self.volume[which],
        )

    def series(self, which: Sequence[int] = EVERY_COLUMN) -> Floats:
        """Return what rules see, float64[N, len(which)]: bit by bit those columns of `series_of` the bars."""
        columns = (self.open, self.high, self.low, self.close, self.volume)
        return series_of_columns([columns[each] for each in which], which)

    def close_times(self) -> list[datetime]:
        """Return the closes as instants in UTC."""
        return [from_micros(close) for close in self.time.tolist()]

    def bars(self, symbol: str, interval: str) -> list[Bar]:
        """Return the bars one by one.

        Raises:
            BarError: one can't be true.
        """
        prices = (self.open.tolist(), self.high.tolist(), self.low.tolist(), self.close.tolist(), self.volume.tolist())
        return list(map(Bar, repeat(symbol), repeat(interval), self.close_times(), *prices))


def check_bars(symbol: str, bars: BarColumns) -> None:
    """Hold columns to what holds for a `Bar`, and their times to be ascending.

    Raises:
        BarError: names the first bar that can't be true, or does not come after the one before.
    """
    body_low, body_high = np.minimum(bars.open, bars.close), np.maximum(bars.open, bars.close)
    # Where these four hold, so does every rule of a Bar.
    wrong = (bars.low <= 0) | (bars.high > AMOUNT_MAX) | (bars.low > body_low) | (bars.high < body_high)
    wrong |= bars.volume < 0
    if wrong.any():
        first = int(np.argmax(wrong))
        raise BarError(symbol, from_micros(int(bars.time[first])), _fault(bars, first))
    late = np.flatnonzero(np.diff(bars.time) <= 0)
    if len(late):
        before, after = (from_micros(int(bars.time[late[0] + n])) for n in (0, 1))
        reason = "close_time is given twice" if before == after else f"close_time comes after {before.isoformat()}"
        raise BarError(symbol, after, reason)


def _fault(bars: BarColumns, row: int) -> str:
    prices = {name: to_decimal(int(getattr(bars, name)[row]), PRICE_SCALE) for name in ("open", "high", "low", "close")}
    for name, price in prices.items():
        if price <= 0:
            return f"{name} {price} is not positive"
        if price > to_decimal(AMOUNT_MAX, PRICE_SCALE):
            return f"{name} {price} passes {to_decimal(AMOUNT_MAX, PRICE_SCALE)}"
    if bars.volume[row] < 0:
        return f"volume {to_decimal(int(bars.volume[row]), QUANTITY_SCALE)} is negative"
    given = ", ".join(f"{name} {price}" for name, price in prices.items())
    return f"low <= open, close <= high does not hold: {given}"
