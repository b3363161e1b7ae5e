"""The oracle's orders and positions, and how it rounds: the words of docs/backtesting.md."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from tests.parity.terms import Bracket

ZERO = Decimal(0)
LEAST_PRICE = Decimal("0.0001")
MICROSECOND = timedelta(microseconds=1)
EXITS = ("STOP_LOSS", "TAKE_PROFIT", "TRAILING_STOP")
Why = tuple[str | None, Decimal, Decimal]
NOTHING: Why = (None, ZERO, ZERO)
NO_BRACKET = Bracket()


@dataclass
class Order:
    """An order at work: what is left of it, and what a purchase has reserved."""

    symbol: str
    origin: str
    decided: datetime
    side: str
    left: Decimal
    reserved: Decimal = ZERO
    bracket: Bracket = NO_BRACKET
    filled: Decimal = ZERO
    notional: Decimal = ZERO  # of its fills
    limit: Decimal | None = None
    stop: Decimal | None = None  # waited for; None once it was reached
    session: date | None = None  # of the first instant after its decision


@dataclass
class Position:
    """What is held of a symbol, what was paid for it without fees, its last close and its own exits.

    Quantity and cost of a short position are negative.
    """

    quantity: Decimal = ZERO
    cost: Decimal = ZERO
    mark: Decimal | None = None
    bracket: Bracket = NO_BRACKET
    peak: Decimal | None = None  # the best price since it was opened
    stopped: datetime | None = None  # when a stop was last reached

    @property
    def short(self) -> bool:
        """Whether it is short."""
        return self.quantity < 0

    @property
    def margin(self) -> Decimal:
        """What it holds of the cash."""
        return -2 * self.cost if self.short else ZERO

    def opening(self, side: str, quantity: Decimal) -> Decimal:
        """How much of an order opens a position, or adds to one."""
        held = self.quantity if side == "SELL" else -self.quantity  # on the other side
        return quantity - max(ZERO, min(quantity, held))

    def better(self, price: Decimal) -> Decimal:
        """The better of the peak and a price."""
        if self.peak is None:
            return price
        return min(self.peak, price) if self.short else max(self.peak, price)


def money(amount: Decimal) -> Decimal:
    """Round to 4 places, half away from zero."""
    return amount.quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP)


def units(amount: Decimal) -> Decimal:
    """Round to 8 places, half away from zero."""
    return amount.quantize(Decimal("0.00000001"), rounding=ROUND_HALF_UP)


def seconds(age: timedelta) -> Decimal:
    """A duration in seconds, exactly."""
    return Decimal(age // MICROSECOND) / 1_000_000


def session_of(time: datetime) -> date:
    """The day that an instant belongs to: at midnight, the day before."""
    return (time - MICROSECOND).date()


def minute_of(time: datetime) -> datetime:
    """The minute of bar time that an instant is in."""
    return time.replace(second=0, microsecond=0)
