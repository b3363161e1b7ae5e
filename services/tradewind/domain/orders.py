"""Orders: sides, statuses and the moves between them, and what happens to an order in the rule book's terms."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Final
from uuid import UUID

from tradewind.domain.bars import from_micros
from tradewind.domain.rules import book, codes


class Side(IntEnum):
    """BUY or SELL, and HOLD where a signal wants neither; the values are the rule book's."""

    BUY = codes.BUY
    SELL = codes.SELL
    HOLD = codes.HOLD


class Origin(StrEnum):
    """Where an order comes from."""

    SIGNAL = "SIGNAL"
    COMMAND = "COMMAND"
    STOP_LOSS = "STOP_LOSS"
    TAKE_PROFIT = "TAKE_PROFIT"
    TRAILING_STOP = "TRAILING_STOP"


class OrderStatus(StrEnum):
    """The life of an order. DENIED is our own check, REJECTED is the broker."""

    INITIALIZED = "INITIALIZED"
    DENIED = "DENIED"
    SUBMITTED = "SUBMITTED"
    ACCEPTED = "ACCEPTED"
    REJECTED = "REJECTED"
    TRIGGERED = "TRIGGERED"
    PENDING_UPDATE = "PENDING_UPDATE"
    PENDING_CANCEL = "PENDING_CANCEL"
    PARTIALLY_FILLED = "PARTIALLY_FILLED"
    FILLED = "FILLED"
    CANCELED = "CANCELED"
    EXPIRED = "EXPIRED"


class Reason(StrEnum):
    """Why an order was denied, canceled or expired: the plan's denial codes first."""

    NOTIONAL_EXCEEDS_FREE_BALANCE = "NOTIONAL_EXCEEDS_FREE_BALANCE"
    POSITION_EXCEEDS_MAXIMUM = "POSITION_EXCEEDS_MAXIMUM"
    CONCENTRATION_EXCEEDS_MAXIMUM = "CONCENTRATION_EXCEEDS_MAXIMUM"
    REDUCE_ONLY_WOULD_INCREASE_POSITION = "REDUCE_ONLY_WOULD_INCREASE_POSITION"
    DAILY_LOSS_LIMIT_REACHED = "DAILY_LOSS_LIMIT_REACHED"
    SIGNAL_TOO_OLD = "SIGNAL_TOO_OLD"
    NOTIONAL_EXCEEDS_MAX_PER_ORDER = "NOTIONAL_EXCEEDS_MAX_PER_ORDER"
    RATE_LIMIT_EXCEEDED = "RATE_LIMIT_EXCEEDED"
    TRADING_HALTED = "TRADING_HALTED"
    CANCELED_BY_REQUEST = "CANCELED_BY_REQUEST"
    CORPORATE_ACTION = "CORPORATE_ACTION"
    POSITION_EXITED = "POSITION_EXITED"
    COOLDOWN_ACTIVE = "COOLDOWN_ACTIVE"
    TIME_IN_FORCE = "TIME_IN_FORCE"


class TradingState(IntEnum):
    """What a desk may do, the stricter the greater; the values are the rule book's."""

    ACTIVE = codes.ACTIVE
    REDUCING = codes.REDUCING
    HALTED = codes.HALTED


_S = OrderStatus
_WORKING: Final = frozenset(
    {_S.PARTIALLY_FILLED, _S.FILLED, _S.PENDING_CANCEL, _S.PENDING_UPDATE, _S.CANCELED, _S.EXPIRED}
)
MOVES: Final[dict[OrderStatus, frozenset[OrderStatus]]] = {
    # An order that a person takes back before any instant took it up is CANCELED unseen.
    _S.INITIALIZED: frozenset({_S.DENIED, _S.SUBMITTED, _S.ACCEPTED, _S.CANCELED}),
    _S.SUBMITTED: frozenset({_S.ACCEPTED, _S.REJECTED, _S.PENDING_CANCEL}) | _WORKING,
    _S.ACCEPTED: frozenset({_S.TRIGGERED, _S.REJECTED}) | _WORKING,
    _S.TRIGGERED: frozenset({_S.REJECTED}) | _WORKING,
    _S.PARTIALLY_FILLED: _WORKING,
    _S.PENDING_UPDATE: frozenset({_S.ACCEPTED, _S.REJECTED}) | _WORKING,
    _S.PENDING_CANCEL: frozenset({_S.ACCEPTED}) | _WORKING,
    _S.DENIED: frozenset(),
    _S.REJECTED: frozenset(),
    _S.FILLED: frozenset(),
    _S.CANCELED: frozenset(),
    _S.EXPIRED: frozenset(),
}
"""Which status may follow which; a status with no entry to follow is final."""


class OrderMoveError(ValueError):
    """An order can't move from its status to that one."""

    def __init__(self, client_order_id: UUID, now: OrderStatus, wanted: OrderStatus) -> None:
        super().__init__(f"order {client_order_id} is {now} and cannot become {wanted}")
        self.client_order_id = client_order_id
        self.now = now
        self.wanted = wanted


class OverfillError(ValueError):
    """A fill passes what is left of its order."""

    def __init__(self, client_order_id: UUID, last_qty: int, leaves_qty: int) -> None:
        super().__init__(f"order {client_order_id}: a fill of {last_qty} passes the {leaves_qty} left")
        self.client_order_id = client_order_id
        self.last_qty = last_qty
        self.leaves_qty = leaves_qty


@dataclass(frozen=True, slots=True)
class Order:
    """One order. Quantities in 10^-8 units."""

    client_order_id: UUID
    symbol: str
    side: Side
    quantity: int
    origin: Origin
    status: OrderStatus = OrderStatus.INITIALIZED
    filled_qty: int = 0

    @property
    def leaves_qty(self) -> int:
        """What is still to be filled."""
        return self.quantity - self.filled_qty

    @property
    def is_closed(self) -> bool:
        """Whether nothing can happen to the order any more."""
        return not MOVES[self.status]

    def to(self, status: OrderStatus) -> "Order":
        """Return the order in another status.

        Raises:
            OrderMoveError: the plan of `MOVES` has no such move.
        """
        if status not in MOVES[self.status]:
            raise OrderMoveError(self.client_order_id, self.status, status)
        return replace(self, status=status)

    def filled(self, last_qty: int) -> "Order":
        """Return the order after a fill.

        Raises:
            OverfillError: the fill passes leaves_qty or is not positive.
            OrderMoveError: the order can't be filled in its status.
        """
        if not 0 < last_qty <= self.leaves_qty:
            raise OverfillError(self.client_order_id, last_qty, self.leaves_qty)
        full = last_qty == self.leaves_qty
        moved = self.to(OrderStatus.FILLED if full else OrderStatus.PARTIALLY_FILLED)
        return replace(moved, filled_qty=self.filled_qty + last_qty)


@dataclass(frozen=True, slots=True)
class OrderEvent:
    """What happened to an order in an instant; numbers in the scales of `domain.money`.

    `quantity` is the fill's for FILLED and PARTIALLY_FILLED, what was left for CANCELED and EXPIRED, else the order's.
    `price` is the fill's, the open's that could not be funded for CANCELED, else the price the decision saw. `fill`
    counts an order's fills from 1. `value` and `limit` are the numbers behind `reason` (money, quantity, a count for
    RATE_LIMIT_EXCEEDED, microseconds for SIGNAL_TOO_OLD and COOLDOWN_ACTIVE). `limit_price` and `trigger_price` are a
    decided order's, 0 for none.
    """

    time: datetime
    kind: OrderStatus
    client_order_id: UUID
    symbol: str
    origin: Origin
    decided: datetime
    side: Side
    quantity: int
    price: int
    fee: int
    realized_pnl_gross: int
    reason: Reason | None
    value: int
    limit: int
    fill: int = 0
    limit_price: int = 0
    trigger_price: int = 0


_KINDS: Final = {
    codes.ACCEPTED: OrderStatus.ACCEPTED,
    codes.DENIED: OrderStatus.DENIED,
    codes.FILLED: OrderStatus.FILLED,
    codes.CANCELED: OrderStatus.CANCELED,
    codes.EXPIRED: OrderStatus.EXPIRED,
    codes.PARTIALLY_FILLED: OrderStatus.PARTIALLY_FILLED,
    codes.TRIGGERED: OrderStatus.TRIGGERED,
}
_ORIGINS: Final = {
    codes.SIGNAL: Origin.SIGNAL,
    codes.COMMAND: Origin.COMMAND,
    codes.STOP_LOSS: Origin.STOP_LOSS,
    codes.TAKE_PROFIT: Origin.TAKE_PROFIT,
    codes.TRAILING_STOP: Origin.TRAILING_STOP,
}
_REASONS: Final = {getattr(codes, reason.name): reason for reason in Reason}

OrderNaming = Callable[[Origin, str, datetime], UUID]
"""Gives the client_order_id of the order of that origin, symbol and deciding instant."""


def to_order_event(row: Sequence[int], symbols: Sequence[str], name_order: OrderNaming) -> OrderEvent:
    """Return an event row of the rule book in the terms that people handle."""
    symbol = symbols[row[book.SYMBOL]]
    origin = _ORIGINS[row[book.ORIGIN]]
    decided = from_micros(row[book.DECIDED])
    return OrderEvent(
        time=from_micros(row[book.TIME]),
        kind=_KINDS[row[book.KIND]],
        client_order_id=name_order(origin, symbol, decided),
        symbol=symbol,
        origin=origin,
        decided=decided,
        side=Side(row[book.SIDE]),
        quantity=row[book.QUANTITY],
        price=row[book.PRICE],
        fee=row[book.FEE],
        realized_pnl_gross=row[book.REALIZED],
        reason=_REASONS.get(row[book.CODE]),
        value=row[book.VALUE],
        limit=row[book.LIMIT],
        fill=row[book.FILL],
        limit_price=row[book.LIMIT_PRICE],
        trigger_price=row[book.TRIGGER_PRICE],
    )
