"""Which branches of the trading contract a sequence has been through, so that a test can say that none was left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tradewind.domain.money import QUANTITY_SCALE, RATE_SCALE
from tradewind.domain.orders import OrderStatus, Origin, Reason, Side, TradingState
from tradewind.domain.rules import book as columns
from tradewind.domain.rules import codes
from tradewind.domain.rules.book import Book
from tradewind.domain.rules.volatility import WARM_UP

if TYPE_CHECKING:
    from tests.parity.markets import Moment
    from tests.parity.twin import Order, Twin

EXITS = (codes.STOP_LOSS, codes.TAKE_PROFIT, codes.TRAILING_STOP)
FILLS = (codes.FILLED, codes.PARTIALLY_FILLED)
REASONS = {getattr(codes, r.name): r for r in Reason}
ORIGINS = {getattr(codes, o.name): o for o in Origin}
EVERY = frozenset(
    {f"status {s.value}" for s in OrderStatus} - {f"status {s}" for s in ("SUBMITTED", "REJECTED")}
    | {f"reason {r.value}" for r in Reason}
    | {f"origin {o.value}" for o in Origin}
    | {f"state {s.name}" for s in TradingState}
    | {
        "a cancel after a fill in part",
        "a cancel of a waiting order",
        "a cancel of an order that has ended",
        "a cancel of the rest of an exit",
        "a dividend on what is held",
        "a fill inside a bar at its limit",
        "a fill inside a bar at its stop",
        "a fill of a triggered order",
        "a gap through a stop",
        "a gap through a target",
        "a gap through a trailing stop",
        "a halt for orders of a minute",
        "a halt for the session's loss",
        "a halt is lifted",
        "a loss takes the place of a rate",
        "a person's order waits behind a working one",
        "a person's sale while halted",
        "a purchase sized by volatility, below its cap",
        "a purchase sized by Kelly's share, below its cap",
        "a restart with a volatility",
        "a restart with an open trade that counts",
        "a signal without an edge",
        "a signal without a volatility yet",
        "a split of a last close that is in no position",
        "a trade that a reverse split ends",
        "a replacement of a waiting order",
        "a replacement of a working order",
        "a restart with a bracket held",
        "a restart with a halt",
        "a restart with a part filled order",
        "a restart with a wish to cancel",
        "a restart with a pause after a stop",
        "a restart with a peak",
        "a restart with a triggered order",
        "a restart with an order that waits for its stop",
        "a restart with a working order",
        "a reverse split that leaves nothing",
        "a reversal",
        "a reversal that its open can't fund",
        "a restart with a short",
        "a second purchase of what is held",
        "a short owes its borrow",
        "a split of a short",
        "a split of a bracket",
        "a split of a peak",
        "a split of what is held without a bracket",
        "a split with a working order",
        "a symbol without a bar and an order at work",
        "an exit ends a working order",
        "an exit in the bar of its entry",
        "an exit of a bracket",
        "an exit of what was bought inside the bar",
        "an exit without volume",
        "an expiry after a fill in part",
        "an instant without any bar",
        "an order without volume waits",
        "an order's least fee, over several fills",
        "an order's rest is canceled at its first bar",
        "exits at work while halted",
        "part of an exit",
        "several instants in one transaction",
        "the rest of an exit fills later",
        "two waiting orders of a symbol",
        "working purchases fill while halted",
    }
)
"""What the sequences must have reached. No paper order is SUBMITTED or REJECTED."""


def note_request(reached: Counter[str], order: Order) -> None:
    """Note the wish to end an order."""
    if order.status is OrderStatus.INITIALIZED:
        reached["a cancel of a waiting order"] += 1
    elif order.status not in (OrderStatus.ACCEPTED, OrderStatus.TRIGGERED, OrderStatus.PARTIALLY_FILLED):
        reached["a cancel of an order that has ended"] += 1


def note_replacement(reached: Counter[str], twin: Twin, order: Order) -> None:
    """Note the wish for another order in one's place."""
    if any(other.replaces == order.id for other in twin.orders.values()):
        return
    reached["a replacement of a waiting order"] += order.status is OrderStatus.INITIALIZED
    reached["a replacement of a working order"] += order.id in twin.working.values()


def note_restart(reached: Counter[str], twin: Twin) -> None:
    """Note what a new desk has to restore."""
    reached["a restart with a working order"] += bool(twin.working)
    reached["a restart with a part filled order"] += any(twin.orders[n].filled for n in twin.working.values())
    reached["a restart with a bracket held"] += any(twin.book.stop) or any(twin.book.target)
    reached["a restart with a volatility"] += any(twin.book.variance)
    reached["a restart with an open trade that counts"] += any(twin.book.earned)
    reached["a restart with a peak"] += any(twin.book.peak)
    reached["a restart with a short"] += min(twin.book.quantity) < 0
    works = [twin.orders[name] for name in twin.working.values()]
    reached["a restart with a triggered order"] += any(order.status is OrderStatus.TRIGGERED for order in works)
    waits = [order for order in works if order.trigger_price and order.triggered is None]
    reached["a restart with an order that waits for its stop"] += bool(waits)
    reached["a restart with a pause after a stop"] += twin.rules.cool_down > 0 and any(twin.book.stopped_at)
    reached["a restart with a halt"] += twin.book.account[columns.AUTOMATIC_HALT] != 0
    reached["a restart with a wish to cancel"] += any(c.kind == "CANCEL" and c.outcome is None for c in twin.commands)


def note_statuses(reached: Counter[str], twin: Twin) -> None:
    """Note the statuses that orders have between two instants."""
    for status in {order.status for order in twin.orders.values()}:
        reached[f"status {status.value}"] += 1


def note_instant(
    reached: Counter[str], twin: Twin, before: Book, moment: Moment, rows: Sequence[Sequence[int]]
) -> None:
    """Note what an instant brought; the twin's books are after it, its orders still before it."""
    _note_halts(reached, before, twin.book)
    _note_sizing(reached, twin, before, moment, rows)
    for i, symbol in enumerate(twin.symbols):
        _note_actions(reached, before, twin.book, i, moment, symbol)
        works = before.order_quantity[i] != 0
        if symbol in moment.orders and works and twin.book.order_time[i] == before.order_time[i]:
            reached["a person's order waits behind a working one"] += twin.book.order_quantity[i] != 0
        if works and symbol not in moment.bars:
            reached["a symbol without a bar and an order at work"] += 1
        elif works and moment.bars[symbol][4] == 0 and twin.book.order_time[i] == before.order_time[i]:
            reached["an order without volume waits"] += twin.book.order_quantity[i] == before.order_quantity[i]
    new_session = before.account[columns.SESSION] != twin.book.account[columns.SESSION]
    reached["a short owes its borrow"] += new_session and twin.rules.borrow_rate > 0 and min(before.quantity) < 0
    reached["an instant without any bar"] += not moment.bars
    reached["instants"] += 1
    reached[f"state {moment.state.name}"] += 1
    for n, row in enumerate(rows):
        _note_event(reached, twin, before, moment, row, rows[:n])
    waiting = [c.order.symbol for c in twin.commands if c.kind == "ORDER" and c.outcome is None]
    reached["two waiting orders of a symbol"] += len(waiting) != len(set(waiting))


def _note_halts(reached: Counter[str], before: Book, after: Book) -> None:
    was, now = before.account[columns.AUTOMATIC_HALT], after.account[columns.AUTOMATIC_HALT]
    if before.account[columns.SESSION] != after.account[columns.SESSION]:
        reached["a halt is lifted"] += was != 0
        was = 0
    if was != now:
        reached["a halt for orders of a minute"] += now == codes.RATE_LIMIT_EXCEEDED
        reached["a halt for the session's loss"] += now == codes.DAILY_LOSS_LIMIT_REACHED
        reached["a loss takes the place of a rate"] += was == codes.RATE_LIMIT_EXCEEDED


def _note_sizing(
    reached: Counter[str], twin: Twin, before: Book, moment: Moment, rows: Sequence[Sequence[int]]
) -> None:
    rules, book = twin.rules, twin.book
    for i, symbol in enumerate(twin.symbols):
        signal = moment.sides.get(symbol) is Side.BUY and not book.quantity[i] and not before.order_quantity[i]
        if rules.target_volatility:
            reached["a signal without a volatility yet"] += signal and book.returns[i] < WARM_UP
            traded = symbol in twin.traded
            reached["a split of a last close that is in no position"] += symbol in moment.splits and not traded
        if rules.kelly:
            trades = before.account[columns.WINS] + before.account[columns.LOSSES]
            edge = before.account[columns.GAINED] > before.account[columns.LOST]
            reached["a signal without an edge"] += signal and trades >= rules.kelly_trades and not edge
            ended = symbol in moment.splits and before.quantity[i] and not book.quantity[i] and not rows
            reached["a trade that a reverse split ends"] += bool(ended)
    for row in rows:
        if (row[columns.KIND], row[columns.ORIGIN], row[columns.SIDE]) == (codes.ACCEPTED, codes.SIGNAL, Side.BUY):
            most = book.account[columns.EQUITY] * rules.fraction // RATE_SCALE
            below = row[columns.QUANTITY] * row[columns.PRICE] // QUANTITY_SCALE < most * 9 // 10
            reached["a purchase sized by volatility, below its cap"] += below and rules.target_volatility > 0
            reached["a purchase sized by Kelly's share, below its cap"] += below and rules.kelly > 0


def _note_actions(reached: Counter[str], before: Book, after: Book, i: int, moment: Moment, symbol: str) -> None:
    if before.quantity[i] and symbol in moment.dividends:
        reached["a dividend on what is held"] += 1
    if symbol not in moment.splits:
        return
    reached["a split with a working order"] += before.order_quantity[i] != 0
    if before.quantity[i]:
        reached["a split of a peak"] += before.peak[i] != 0
        reached["a split of a short"] += before.quantity[i] < 0
        bracket = before.stop[i] or before.target[i]
        reached["a split of a bracket" if bracket else "a split of what is held without a bracket"] += 1
        numerator, denominator = moment.splits[symbol]
        reached["a reverse split that leaves nothing"] += 2 * before.quantity[i] * numerator < denominator


def _note_event(
    reached: Counter[str],
    twin: Twin,
    before: Book,
    moment: Moment,
    row: Sequence[int],
    earlier: Sequence[Sequence[int]],
) -> None:
    i, kind, origin, code = row[columns.SYMBOL], row[columns.KIND], row[columns.ORIGIN], row[columns.CODE]
    symbol = twin.symbols[i]
    reached[f"origin {ORIGINS[origin].value}"] += 1
    if code:
        reached[f"reason {REASONS[code].value}"] += 1
    own = [other for other in earlier if other[columns.SYMBOL] == i]
    filled_before = before.order_fills[i] > 0 and row[columns.DECIDED] == before.order_time[i]
    if kind == codes.CANCELED and code == codes.CANCELED_BY_REQUEST:
        reached["a cancel after a fill in part"] += filled_before
        reached["a cancel of the rest of an exit"] += origin in EXITS
    if kind == codes.EXPIRED:
        reached["an expiry after a fill in part"] += filled_before
    if code == codes.TIME_IN_FORCE:
        partly = any(other[columns.KIND] == codes.PARTIALLY_FILLED for other in own)
        reached["an order's rest is canceled at its first bar"] += kind == codes.CANCELED and partly
    if code == codes.NOTIONAL_EXCEEDS_FREE_BALANCE and kind == codes.CANCELED:
        partly = any(other[columns.KIND] == codes.PARTIALLY_FILLED for other in own)
        reached["a reversal that its open can't fund"] += partly
    if kind in FILLS and before.quantity[i] * twin.book.quantity[i] < 0:
        reached["a reversal"] += 1
    if kind in FILLS and origin == codes.SIGNAL:
        limit, opened = before.order_limit[i], moment.bars[symbol][0]
        triggered = any(other[columns.KIND] == codes.TRIGGERED for other in own)
        reached["a fill inside a bar at its limit"] += row[columns.PRICE] == limit != opened
        reached["a fill inside a bar at its stop"] += triggered and own[-1][columns.PRICE] != opened
        reached["a fill of a triggered order"] += twin.rules.stop_offset > 0 and not triggered
    if code == codes.POSITION_EXITED:
        reached["an exit ends a working order"] += 1
    if kind == codes.FILLED and origin in EXITS and filled_before:
        reached["the rest of an exit fills later"] += 1
    if kind == codes.PARTIALLY_FILLED and origin in EXITS:
        reached["part of an exit"] += 1
    if kind in FILLS and twin.rules.min_fee > 0:
        reached["an order's least fee, over several fills"] += filled_before and row[columns.FEE] == 0
    halted = moment.state is TradingState.HALTED
    if kind in FILLS and row[columns.SIDE] == Side.BUY:
        reached["working purchases fill while halted"] += halted
        reached["a second purchase of what is held"] += before.quantity[i] > 0
    if kind == codes.ACCEPTED and origin == codes.COMMAND and row[columns.SIDE] == Side.SELL:
        reached["a person's sale while halted"] += halted
    if kind == codes.ACCEPTED and origin in EXITS:
        reached["exits at work while halted"] += halted
        reached["an exit without volume"] += moment.bars[symbol][4] == 0 and twin.rules.max_participation > 0
        reached["an exit in the bar of its entry"] += any(
            other[columns.KIND] in FILLS and other[columns.SIDE] == Side.BUY for other in own
        )
        entered = own[-1:] and own[-1][columns.KIND] in FILLS and own[-1][columns.SIDE] == Side.BUY
        inside = entered and own[-1][columns.PRICE] == before.order_limit[i] != moment.bars[symbol][0]
        reached["an exit of what was bought inside the bar"] += bool(inside)
        reached["an exit of a bracket"] += row[columns.PRICE] in (before.stop[i], before.target[i])
        gap = row[columns.PRICE] == moment.bars[symbol][0]
        reached["a gap through a stop"] += gap and origin == codes.STOP_LOSS
        reached["a gap through a target"] += gap and origin == codes.TAKE_PROFIT
        reached["a gap through a trailing stop"] += gap and origin == codes.TRAILING_STOP
