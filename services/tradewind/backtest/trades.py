"""Closed trades: from flat to flat, net of fees."""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from tradewind.domain.bars import CorporateAction, Split
from tradewind.domain.money import QUANTITY_SCALE
from tradewind.domain.orders import OrderEvent, OrderStatus, Origin
from tradewind.domain.rules.actions import dividend_of, split_quantity
from tradewind.domain.rules.arithmetic import mul_div
from tradewind.store.journal import FillRecord


@dataclass(frozen=True, slots=True)
class ClosedTrade:
    """One round trip of a symbol: from the fill that opened its position to the one that emptied it.

    Args:
        symbol: what was traded.
        entry_time, exit_time: of the first and the last fill's instant.
        quantity: bought in all, 10^-8 units.
        entry_price, exit_price: averages over the purchases and the sales, 10^-4.
        fees: of all its fills, money units.
        pnl: net of the fees, money units.
        exit_reason: where the last fill's order came from.
    """

    symbol: str
    entry_time: datetime
    exit_time: datetime
    quantity: int
    entry_price: int
    exit_price: int
    fees: int
    pnl: int
    exit_reason: Origin


FILLS: Final = frozenset({OrderStatus.FILLED, OrderStatus.PARTIALLY_FILLED})


class _Open:
    def __init__(self, time: datetime) -> None:
        self.time = time
        self.held = self.bought = self.paid = self.got = self.fees = self.gross = 0


def to_fill(event: OrderEvent) -> FillRecord:
    """Return an event of a fill, whole or in part, as a fill."""
    return FillRecord(
        client_order_id=event.client_order_id,
        symbol=event.symbol,
        side=event.side,
        origin=event.origin,
        decided=event.decided,
        time=event.time,
        quantity=event.quantity,
        price=event.price,
        fee=event.fee,
        realized_pnl_gross=event.realized_pnl_gross,
    )


def fills_of(events: Iterable[OrderEvent]) -> list[FillRecord]:
    """Return the fills among events, in order."""
    return [to_fill(event) for event in events if event.kind in FILLS]


def closed_trades(fills: Iterable[FillRecord], actions: Sequence[CorporateAction] = ()) -> list[ClosedTrade]:
    """Return the round trips that a long-only account's fills completed, in the order that they closed.

    A split changes what is held and was bought, a dividend adds to the profit; both in order of time.
    """
    opened: dict[str, _Open] = {}
    closed = []
    waiting = deque(sorted(actions, key=lambda action: action.close_time))
    for fill in fills:
        while waiting and waiting[0].close_time <= fill.time:
            action = waiting.popleft()
            if action.symbol in opened:
                _apply(opened[action.symbol], action)
        trip = opened.setdefault(fill.symbol, _Open(fill.time))
        notional = mul_div(fill.price, fill.quantity, QUANTITY_SCALE)
        trip.held += fill.side * fill.quantity
        trip.fees += fill.fee
        trip.gross += fill.realized_pnl_gross
        if fill.side > 0:
            trip.bought += fill.quantity
            trip.paid += notional
        else:
            trip.got += notional
        if trip.held == 0:
            closed.append(_close(opened.pop(fill.symbol), fill))
    return closed


def _apply(trip: _Open, action: CorporateAction) -> None:
    if isinstance(action, Split):
        trip.held = split_quantity(trip.held, action.numerator, action.denominator)
        trip.bought = split_quantity(trip.bought, action.numerator, action.denominator)
    else:
        trip.gross += dividend_of(trip.held, action.amount)


def _close(trip: _Open, last: FillRecord) -> ClosedTrade:
    return ClosedTrade(
        symbol=last.symbol,
        entry_time=trip.time,
        exit_time=last.time,
        quantity=trip.bought,
        entry_price=mul_div(trip.paid, QUANTITY_SCALE, trip.bought),
        exit_price=mul_div(trip.got, QUANTITY_SCALE, trip.bought),
        fees=trip.fees,
        pnl=trip.gross - trip.fees,
        exit_reason=last.origin,
    )
