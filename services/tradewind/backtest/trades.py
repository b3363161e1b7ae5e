"""Closed trades: from flat to flat, net of fees, long or short."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
from numba import njit

from tradewind.backtest.blocks import Integers
from tradewind.backtest.compiler import CACHED, inner, view
from tradewind.domain.bars import CorporateAction, Split, from_micros, to_micros
from tradewind.domain.money import QUANTITY_SCALE
from tradewind.domain.orders import OrderEvent, OrderStatus, Origin, Side
from tradewind.domain.rules import book, codes
from tradewind.domain.rules.actions import dividend_of, split_quantity
from tradewind.domain.rules.arithmetic import bounded, mul_div
from tradewind.domain.rules.fills import apply_fill
from tradewind.store.journal import FillRecord


@dataclass(frozen=True, slots=True)
class ClosedTrade:
    """One round trip of a symbol: from the fill that opened its position to the one that emptied or flipped it.

    Args:
        symbol: what was traded.
        entry_time, exit_time: of the first and the last fill's instant.
        quantity: bought in all, or sold in all by a short one, 10^-8 units.
        entry_price, exit_price: averages over the fills that opened and those that closed, 10^-4.
        fees: of all its fills, money units.
        pnl: net of the fees, money units.
        exit_reason: where the last fill's order came from.
        side: BUY of a long trade, SELL of a short one.
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
    side: Side = Side.BUY


FILLS: Final = frozenset({OrderStatus.FILLED, OrderStatus.PARTIALLY_FILLED})


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


FILL_ROW: Final = (book.SYMBOL, book.TIME, book.SIDE, book.QUANTITY, book.PRICE, book.FEE, book.REALIZED, book.ORIGIN)
"""The columns of an event row that make a fill, in the order of `round_trips`."""
SYMBOL, ENTRY, EXIT, QUANTITY, ENTRY_PRICE, EXIT_PRICE, FEES, PNL, REASON, SIDE = range(10)
TRADE_COLUMNS: Final = 10
"""The columns of a trade's row."""
_ORIGINS: Final = {getattr(codes, origin.name): origin for origin in Origin}
_CODES: Final = {origin: code for code, origin in _ORIGINS.items()}
# The columns of an open trip.
_TIME, _HELD, _COST, _SIDE, _ENTERED, _PAID, _GOT, _FEES, _GROSS, _REASON = range(10)


@inner
def _add(trip: Integers, side: int, quantity: int, notional: int, fee: int) -> None:
    trip[_FEES] = bounded(trip[_FEES] + fee)
    if side == trip[_SIDE]:
        trip[_ENTERED] += quantity
        trip[_PAID] = bounded(trip[_PAID] + notional)
    else:
        trip[_GOT] = bounded(trip[_GOT] + notional)


@inner
def _close(trip: Integers, symbol: int, time: int, row: Integers) -> None:
    entered = trip[_ENTERED]
    row[SYMBOL], row[ENTRY], row[EXIT], row[QUANTITY] = symbol, trip[_TIME], time, entered
    row[ENTRY_PRICE] = row[EXIT_PRICE] = 0
    if entered > 0:
        row[ENTRY_PRICE] = mul_div(trip[_PAID], QUANTITY_SCALE, entered)
        row[EXIT_PRICE] = mul_div(trip[_GOT], QUANTITY_SCALE, entered)
    row[FEES], row[PNL] = trip[_FEES], trip[_GROSS] - trip[_FEES]
    row[REASON], row[SIDE] = trip[_REASON], trip[_SIDE]
    trip[:] = 0


@inner
def _act(trip: Integers, action: Integers, row: Integers) -> int:
    """Apply a split or dividend to an open trip; return 1 where the split leaves nothing of it."""
    if action[2] > 0:
        trip[_HELD] = split_quantity(trip[_HELD], action[2], action[3])
        trip[_ENTERED] = split_quantity(trip[_ENTERED], action[2], action[3])
        if trip[_HELD] == 0:
            trip[_GROSS] -= trip[_COST]
            _close(trip, action[0], action[1], row)
            return 1
    else:
        trip[_GROSS] += dividend_of(trip[_HELD], action[4])
    return 0


def _round_trips(fills: Integers, actions: Integers, symbols: int) -> Integers:
    owned = np.zeros((symbols, 10), np.int64)
    # A fill closes at most one trip, and so does a split.
    made = np.empty((len(fills) + len(actions), TRADE_COLUMNS), np.int64)
    trips, rows, fills, actions = view(owned), view(made), view(fills), view(actions)
    count = acted = 0
    for f in range(len(fills)):
        symbol, time, side, quantity, price, fee, realized, origin = fills[f]
        while acted < len(actions) and actions[acted, 1] <= time:
            if trips[actions[acted, 0], _HELD] != 0:
                count += _act(trips[actions[acted, 0]], actions[acted], rows[count])
            acted += 1
        trip = trips[symbol]
        notional = mul_div(price, quantity, QUANTITY_SCALE)
        held = trip[_HELD]
        if held == 0:
            trip[_TIME], trip[_SIDE] = time, side
        trip[_HELD], trip[_COST], _ = apply_fill(held, trip[_COST], side * quantity, side * notional)
        trip[_GROSS] += realized
        trip[_REASON] = origin
        if held * side < 0 and quantity > abs(held):
            closed = abs(held)
            closed_fee, closed_notional = mul_div(fee, closed, quantity), mul_div(notional, closed, quantity)
            left, cost = trip[_HELD], trip[_COST]
            _add(trip, side, closed, closed_notional, closed_fee)
            _close(trip, symbol, time, rows[count])
            count += 1
            trip[_TIME], trip[_SIDE], trip[_HELD], trip[_COST], trip[_REASON] = time, side, left, cost, origin
            _add(trip, side, quantity - closed, notional - closed_notional, fee - closed_fee)
            continue
        _add(trip, side, quantity, notional, fee)
        if trip[_HELD] == 0:
            _close(trip, symbol, time, rows[count])
            count += 1
    owned[:] = 0  # keeps it until here
    closed_rows: Integers = made[:count].copy()
    return closed_rows


round_trips: Callable[[Integers, Integers, int], Integers] = njit(cache=CACHED)(_round_trips)
"""Return the trades that fills completed, int64[trades, TRADE_COLUMNS], in the order that they closed.

round_trips(fills, actions, symbols): fills int64[F, len(FILL_ROW)] in order; actions int64[A, 5] (symbol, time,
numerator, denominator, dividend) in order of time. A fill that flips a position closes one trade and opens the next;
its fee and notional are split by quantity. A position that a split rounds to nothing is a trade closed at that time,
its exit reason the last fill's. Raises OverflowError where a trade's sums pass AMOUNT_MAX.
"""


def _fill_rows(rows: Integers, fills: Integers) -> int:
    rows, fills = view(rows), view(fills)
    count = 0
    for r in range(len(rows)):
        kind = rows[r, book.KIND]
        if kind == codes.FILLED or kind == codes.PARTIALLY_FILLED:
            for column, source in enumerate(FILL_ROW):
                fills[count, column] = rows[r, source]
            count += 1
    return count


_filled: Callable[[Integers, Integers], int] = njit(cache=CACHED, nogil=True)(_fill_rows)


def fill_rows(rows: Integers) -> Integers:
    """Return the fills among event rows, as `round_trips` takes them."""
    # What is not written takes no memory.
    fills = np.empty((len(rows), len(FILL_ROW)), np.int64)
    return fills[: _filled(np.ascontiguousarray(rows), fills)]


def traded_of(fills: Integers) -> float:
    """Return the notional of all fills, bought and sold, money units; a float, as only ratios are made of it."""
    return float((fills[:, 3].astype(np.float64) * fills[:, 4]).sum()) / QUANTITY_SCALE


def action_rows(actions: Sequence[CorporateAction], symbols: Sequence[str]) -> Integers:
    """Return splits and dividends of the symbols as `round_trips` takes them; at one time, the split comes first."""
    number = {symbol: i for i, symbol in enumerate(symbols)}
    ordered = sorted(actions, key=lambda action: (action.close_time, not isinstance(action, Split)))
    rows = [
        (number[a.symbol], to_micros(a.close_time), a.numerator, a.denominator, 0)
        if isinstance(a, Split)
        else (number[a.symbol], to_micros(a.close_time), 0, 0, a.amount)
        for a in ordered
        if a.symbol in number
    ]
    return np.array(rows, np.int64).reshape(-1, 5)


def to_trades(rows: Integers, symbols: Sequence[str]) -> list[ClosedTrade]:
    """Return rows of `round_trips` in the terms that people handle."""
    return [
        ClosedTrade(
            symbol=symbols[row[SYMBOL]],
            entry_time=from_micros(row[ENTRY]),
            exit_time=from_micros(row[EXIT]),
            quantity=row[QUANTITY],
            entry_price=row[ENTRY_PRICE],
            exit_price=row[EXIT_PRICE],
            fees=row[FEES],
            pnl=row[PNL],
            exit_reason=_ORIGINS[row[REASON]],
            side=Side(row[SIDE]),
        )
        for row in rows.tolist()
    ]


def closed_trades(fills: Iterable[FillRecord], actions: Sequence[CorporateAction] = ()) -> list[ClosedTrade]:
    """Return the round trips that an account's fills completed, in the order that they closed.

    A split changes what is held and was bought, a dividend adds to the profit; both in order of time.
    """
    given = list(fills)
    symbols = sorted({fill.symbol for fill in given})
    number = {symbol: i for i, symbol in enumerate(symbols)}
    rows = [
        (
            number[fill.symbol],
            to_micros(fill.time),
            int(fill.side),
            fill.quantity,
            fill.price,
            fill.fee,
            fill.realized_pnl_gross,
            _CODES[fill.origin],
        )
        for fill in given
    ]
    filled = np.array(rows, np.int64).reshape(-1, len(FILL_ROW))
    return to_trades(round_trips(filled, action_rows(actions, symbols), len(symbols)), symbols)
