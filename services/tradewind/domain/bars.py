"""Bars: what the market did in one interval, in integers, stamped with the time the interval closed."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tradewind.domain.money import AMOUNT_MAX

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class BarError(ValueError):
    """A bar that can't be true: names symbol, time and field."""

    def __init__(self, symbol: str, close_time: datetime, reason: str) -> None:
        super().__init__(f"{symbol} at {close_time.isoformat()}: {reason}")
        self.symbol = symbol
        self.close_time = close_time


@dataclass(frozen=True, slots=True)
class Bar:
    """One closed bar. Prices in 10^-4, volume in 10^-8 units, close_time aware and in UTC.

    Raises:
        BarError: a price is not positive or passes AMOUNT_MAX, the volume is negative, low <= open, close <= high
            does not hold, or close_time is not in UTC.
    """

    symbol: str
    interval: str
    close_time: datetime
    open: int
    high: int
    low: int
    close: int
    volume: int

    def __post_init__(self) -> None:
        if self.close_time.utcoffset() != timedelta(0):
            raise BarError(self.symbol, self.close_time, "close_time is not in UTC")
        if min(self.open, self.high, self.low, self.close) <= 0:
            raise BarError(self.symbol, self.close_time, "a price is not positive")
        if max(self.open, self.high, self.low, self.close) > AMOUNT_MAX:
            raise BarError(self.symbol, self.close_time, f"a price passes {AMOUNT_MAX}")
        if self.volume < 0:
            raise BarError(self.symbol, self.close_time, f"volume {self.volume} is negative")
        if not self.low <= min(self.open, self.close) <= max(self.open, self.close) <= self.high:
            numbers = f"open {self.open}, high {self.high}, low {self.low}, close {self.close}"
            raise BarError(self.symbol, self.close_time, f"low <= open, close <= high does not hold: {numbers}")


@dataclass(frozen=True, slots=True)
class Split:
    """Before the bar that closes then, `numerator` units are made out of `denominator`."""

    symbol: str
    close_time: datetime
    numerator: int
    denominator: int


@dataclass(frozen=True, slots=True)
class Dividend:
    """Before the bar that closes then, every unit held earns `amount`, price units."""

    symbol: str
    close_time: datetime
    amount: int


CorporateAction = Split | Dividend


def to_micros(instant: datetime) -> int:
    """Return an aware datetime as microseconds since 1970 UTC, exactly."""
    return (instant - EPOCH) // MICROSECOND


def from_micros(micros: int) -> datetime:
    """Return microseconds since 1970 UTC as an aware datetime in UTC."""
    return EPOCH + timedelta(microseconds=micros)


def session_of(close: int) -> int:
    """Return the session (UTC day number) that a bar closing at these microseconds belongs to.

    A bar that closes at midnight belongs to the day before. It holds for exchanges whose sessions don't cross
    midnight UTC (New York's) and for markets that never close.
    """
    return (close - 1) // 86_400_000_000
