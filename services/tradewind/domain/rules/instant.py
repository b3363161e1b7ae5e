"""One instant of the trading contract: opens, exits, marks, decisions. The desk and the simulator both run this."""

from collections.abc import MutableSequence, Sequence

from tradewind.domain.money import RATE_SCALE
from tradewind.domain.rules.arithmetic import bounded, mul_div
from tradewind.domain.rules.book import (
    CASH,
    CODE,
    DECIDED,
    EQUITY,
    FEE,
    FEES,
    INITIAL_CASH,
    KIND,
    LIMIT,
    LOSS_REACHED,
    ORIGIN,
    PRICE,
    QUANTITY,
    REALIZED,
    REALIZED_GROSS,
    RESERVED,
    SESSION,
    SESSION_EQUITY,
    SIDE,
    SYMBOL,
    TIME,
    VALUE,
    Book,
    Instant,
    Rules,
)
from tradewind.domain.rules.checks import check_order
from tradewind.domain.rules.codes import (
    ACCEPTED,
    BUY,
    CANCELED,
    COMMAND,
    DENIED,
    EXPIRED,
    FILLED,
    NO_REASON,
    NOTIONAL_EXCEEDS_FREE_BALANCE,
    SELL,
    SIGNAL,
    SIGNAL_TOO_OLD,
    STOP_LOSS,
)
from tradewind.domain.rules.exits import exit_of
from tradewind.domain.rules.fills import apply_fill, fee_of, notional_of, slipped_price
from tradewind.domain.rules.sizing import fixed_fraction

Row = MutableSequence[int]
Events = Sequence[Row]


def run_instant(rules: Rules, book: Book, instant: Instant, events: Events, count: int) -> int:
    """Run one instant on the books, in place, and write what happened from row `count` on; return the new count.

    Raises:
        ArithmeticError: the equity identity does not hold afterwards.
        OverflowError: an amount or a quantity passes what an account may hold.
    """
    account = book.account
    if instant.session != account[SESSION]:
        account[SESSION] = instant.session
        account[SESSION_EQUITY] = account[EQUITY]
        account[LOSS_REACHED] = 0
    count = fill_opens(rules, book, instant, events, count)
    count = fill_exits(rules, book, instant, events, count)
    mark_closes(rules, book, instant)
    return decide(rules, book, instant, events, count)


def write_event(
    row: Row, time: int, kind: int, symbol: int, origin: int, decided: int, side: int, quantity: int, price: int
) -> None:
    """Write an event row's first columns and clear the rest."""
    row[TIME] = time
    row[KIND] = kind
    row[SYMBOL] = symbol
    row[ORIGIN] = origin
    row[DECIDED] = decided
    row[SIDE] = side
    row[QUANTITY] = quantity
    row[PRICE] = price
    row[FEE] = 0
    row[REALIZED] = 0
    row[CODE] = NO_REASON
    row[VALUE] = 0
    row[LIMIT] = 0


def fill_opens(rules: Rules, book: Book, instant: Instant, events: Events, count: int) -> int:
    """Step 1: fill working orders at their open, sales before purchases, then by symbol."""
    for side in (SELL, BUY):
        for i in range(len(book.quantity)):
            if book.order_quantity[i] == 0 or book.order_side[i] != side:
                continue
            if instant.time - book.order_time[i] > rules.max_signal_age:
                count = end_order(book, instant, i, EXPIRED, SIGNAL_TOO_OLD, 0, events, count)
                row = events[count - 1]
                row[VALUE] = instant.time - book.order_time[i]
                row[LIMIT] = rules.max_signal_age
            elif instant.present[i] != 0:
                count = fill_open(rules, book, instant, i, events, count)
    return count


def fill_open(rules: Rules, book: Book, instant: Instant, i: int, events: Events, count: int) -> int:
    """Fill one working order at the open, or cancel it where the open can't be funded."""
    account = book.account
    side = book.order_side[i]
    quantity = book.order_quantity[i]
    price = slipped_price(side, instant.open[i], rules.slippage)
    if side == BUY:
        notional = notional_of(price, quantity)
        need = notional + fee_of(notional, rules.fee_rate)
        free = account[CASH] - (account[RESERVED] - book.order_reserved[i])
        if need > free:
            count = end_order(book, instant, i, CANCELED, NOTIONAL_EXCEEDS_FREE_BALANCE, price, events, count)
            row = events[count - 1]
            row[VALUE] = need
            row[LIMIT] = free
            return count
    write_event(events[count], instant.time, FILLED, i, book.order_origin[i], book.order_time[i], side, quantity, price)
    release(book, i)
    book_fill(rules, book, i, side, quantity, price, events[count])
    return count + 1


def end_order(
    book: Book, instant: Instant, i: int, kind: int, code: int, price: int, events: Events, count: int
) -> int:
    """Take a working order off the books unfilled."""
    row = events[count]
    write_event(
        row,
        instant.time,
        kind,
        i,
        book.order_origin[i],
        book.order_time[i],
        book.order_side[i],
        book.order_quantity[i],
        price,
    )
    row[CODE] = code
    release(book, i)
    return count + 1


def release(book: Book, i: int) -> None:
    """Empty a symbol's order slot and free its cash; order_time stays for the event's numbers."""
    book.account[RESERVED] -= book.order_reserved[i]
    book.order_reserved[i] = 0
    book.order_quantity[i] = 0


def book_fill(rules: Rules, book: Book, i: int, side: int, quantity: int, price: int, row: Row) -> None:
    """Book a fill on account and position, and complete its event row."""
    account = book.account
    notional = side * notional_of(price, quantity)
    fee = fee_of(notional, rules.fee_rate)
    new_quantity, new_cost, realized = apply_fill(book.quantity[i], book.cost[i], side * quantity, notional)
    book.quantity[i] = new_quantity
    book.cost[i] = new_cost
    account[CASH] = bounded(account[CASH] - notional - fee)
    account[FEES] = bounded(account[FEES] + fee)
    account[REALIZED_GROSS] = bounded(account[REALIZED_GROSS] + realized)
    row[FEE] = fee
    row[REALIZED] = realized


def fill_exits(rules: Rules, book: Book, instant: Instant, events: Events, count: int) -> int:
    """Step 2: stop losses and take profits inside the bar, the entry bar included."""
    for i in range(len(book.quantity)):
        quantity = book.quantity[i]
        if quantity <= 0 or instant.present[i] == 0:
            continue
        origin, level = exit_of(
            quantity,
            book.cost[i],
            instant.open[i],
            instant.high[i],
            instant.low[i],
            rules.stop_loss,
            rules.take_profit,
        )
        if origin == 0:
            continue
        # A stop becomes a market order and slips; a target is a limit order and does not.
        price = slipped_price(SELL, level, rules.slippage) if origin == STOP_LOSS else level
        write_event(events[count], instant.time, ACCEPTED, i, origin, instant.time, SELL, quantity, level)
        write_event(events[count + 1], instant.time, FILLED, i, origin, instant.time, SELL, quantity, price)
        book_fill(rules, book, i, SELL, quantity, price, events[count + 1])
        count += 2
    return count


def mark_closes(rules: Rules, book: Book, instant: Instant) -> None:
    """Step 3: mark positions at the close, and assert the equity identity."""
    account = book.account
    value = 0
    cost = 0
    for i in range(len(book.quantity)):
        if instant.present[i] != 0:
            book.mark[i] = instant.close[i]
        value += notional_of(book.mark[i], book.quantity[i])
        cost += book.cost[i]
    equity = account[CASH] + bounded(value)
    if equity != account[INITIAL_CASH] + account[REALIZED_GROSS] + (value - bounded(cost)) - account[FEES]:
        raise ArithmeticError("the equity identity does not hold")
    account[EQUITY] = equity
    if session_loss(book) >= loss_limit(rules, book) and rules.max_daily_loss > 0:
        account[LOSS_REACHED] = 1


def session_loss(book: Book) -> int:
    """Return how much equity this session has lost so far, money units; negative for a gain."""
    return book.account[SESSION_EQUITY] - book.account[EQUITY]


def loss_limit(rules: Rules, book: Book) -> int:
    """Return the loss that stops purchases for the rest of the session, money units."""
    return mul_div(book.account[SESSION_EQUITY], rules.max_daily_loss, RATE_SCALE)


def decide(rules: Rules, book: Book, instant: Instant, events: Events, count: int) -> int:
    """Step 4: turn commands and signals into orders, by symbol; a person's order comes before the signal's.

    A symbol with a working order gets no second one: its signal is passed over, a command waits for the next instant.
    """
    for i in range(len(book.quantity)):
        if instant.present[i] == 0:
            continue
        if instant.command_side[i] != 0 and book.order_quantity[i] == 0:
            side, quantity = instant.command_side[i], instant.command_quantity[i]
            count = submit(rules, book, instant, i, COMMAND, side, quantity, events, count)
        if instant.side[i] != 0 and book.order_quantity[i] == 0:
            quantity = signal_quantity(rules, book, instant, i)
            if quantity > 0:
                count = submit(rules, book, instant, i, SIGNAL, instant.side[i], quantity, events, count)
    return count


def signal_quantity(rules: Rules, book: Book, instant: Instant, i: int) -> int:
    """Return what a signal orders: a BUY opens a position where there is none, a SELL closes what there is."""
    held = book.quantity[i]
    if instant.side[i] == SELL:
        return held
    if held != 0:
        return 0
    return fixed_fraction(book.account[EQUITY], instant.close[i], rules.fraction, rules.lot)


def submit(
    rules: Rules,
    book: Book,
    instant: Instant,
    i: int,
    origin: int,
    side: int,
    quantity: int,
    events: Events,
    count: int,
) -> int:
    """Check an order and put it to work, or deny it."""
    account = book.account
    price = instant.close[i]
    notional = notional_of(price, quantity)
    slipped = notional_of(slipped_price(side, price, rules.slippage), quantity)
    need = slipped + fee_of(slipped, rules.fee_rate)
    code, value, limit = check_order(
        side,
        quantity,
        notional,
        need,
        book.quantity[i],
        book.cost[i],
        notional_of(book.mark[i], book.quantity[i]),
        account[EQUITY],
        account[CASH] - account[RESERVED],
        session_loss(book),
        loss_limit(rules, book),
        account[LOSS_REACHED],
        rules.max_position,
        rules.max_concentration,
    )
    row = events[count]
    kind = ACCEPTED if code == NO_REASON else DENIED
    write_event(row, instant.time, kind, i, origin, instant.time, side, quantity, price)
    row[CODE] = code
    row[VALUE] = value
    row[LIMIT] = limit
    if code == NO_REASON:
        book.order_side[i] = side
        book.order_quantity[i] = quantity
        book.order_reserved[i] = need if side == BUY else 0
        book.order_time[i] = instant.time
        book.order_origin[i] = origin
        account[RESERVED] += book.order_reserved[i]
    return count + 1
