"""Turns what a source says into Bars: decimal text into fixed-point integers, a session's date into its close."""

from datetime import UTC, date, datetime

from tradewind.domain.bars import Bar
from tradewind.domain.money import PRICE_SCALE, QUANTITY_SCALE, UnitsError, to_units


class RawBarError(ValueError):
    """A raw bar that can't become a Bar: names symbol, date and field."""

    def __init__(self, symbol: str, day: date, field: str, reason: str) -> None:
        super().__init__(f"{symbol} on {day.isoformat()}: {field}: {reason}")
        self.symbol = symbol
        self.day = day
        self.field = field


def normalise(symbol: str, interval: str, day: date, close_time: datetime, raw: dict[str, str]) -> Bar:
    """Return one bar from decimal text.

    Args:
        symbol: the bar's symbol.
        interval: such as "1d".
        day: the session, for messages.
        close_time: when the session closed.
        raw: open, high, low, close and volume as decimal text.

    Raises:
        RawBarError: a field is missing, not a number, or finer than its scale.
        BarError: the numbers can't be a bar.
    """
    numbers: dict[str, int] = {}
    for field in ("open", "high", "low", "close", "volume"):
        try:
            numbers[field] = to_units(raw[field], QUANTITY_SCALE if field == "volume" else PRICE_SCALE)
        except KeyError:
            raise RawBarError(symbol, day, field, "is missing") from None
        except UnitsError as error:
            raise RawBarError(symbol, day, field, str(error)) from None
    return Bar(symbol=symbol, interval=interval, close_time=close_time.astimezone(UTC), **numbers)
