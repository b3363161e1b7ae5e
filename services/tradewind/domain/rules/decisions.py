"""Step 5: commands and signals become orders."""

from tradewind.domain.rules.book import (
    AUTOMATIC_HALT,
    CODE,
    LIMIT,
    LIMIT_PRICE,
    ORDERS_IN_MINUTE,
    TRIGGER_PRICE,
    VALUE,
    Book,
    Instant,
    Rules,
)
from tradewind.domain.rules.checks import check_order
from tradewind.domain.rules.codes import (
    ACCEPTED,
    COMMAND,
    DENIED,
    NO_REASON,
    RATE_LIMIT_EXCEEDED,
    SELL,
    SIGNAL,
    TRADING_HALTED,
)
from tradewind.domain.rules.fills import fee_due, free_cash, funds, notional_of, opening_part, slipped_price
from tradewind.domain.rules.prices import order_prices
from tradewind.domain.rules.sizing import opening_quantity
from tradewind.domain.rules.working import Events, put_to_work, write_event


def decide(rules: Rules, book: Book, instant: Instant, events: Events, count: int) -> int:
    """Step 5: turn commands and signals into orders, by symbol; a person's order comes before the signal's.

    A symbol with a working order gets no second one: its signal is passed over, a command waits for the next instant.
    """
    for i in instant.symbols:
        if instant.present[i] == 0:
            continue
        if instant.command_side[i] != 0 and book.order_quantity[i] == 0:
            side, quantity = instant.command_side[i], instant.command_quantity[i]
            count = submit(rules, book, instant, i, COMMAND, side, quantity, instant.close[i], 0, 0, events, count)
        if instant.side[i] != 0 and book.order_quantity[i] == 0:
            price, limit, trigger = order_prices(rules, instant.side[i], instant.close[i])
            side = instant.side[i]
            quantity = signal_quantity(rules, book, i, side, price)
            if quantity > 0:
                count = submit(rules, book, instant, i, SIGNAL, side, quantity, price, limit, trigger, events, count)
    return count


def signal_quantity(rules: Rules, book: Book, i: int, side: int, price: int) -> int:
    """Return what a signal orders at this price: it closes what is on the other side, and opens where nothing is."""
    held = book.quantity[i]
    if orders_nothing(rules, held, side):
        return 0
    if (held != 0 and rules.reverse == 0) or (side == SELL and rules.allow_short == 0):
        return abs(held)
    return abs(held) + opening_quantity(rules, book, i, price)


def orders_nothing(rules: Rules, held: int, side: int) -> bool:
    """Return whether a signal of this side orders nothing, whatever the price: its side is held, or nothing to sell."""
    return side * held > 0 or (held == 0 and side == SELL and rules.allow_short == 0)


def submit(
    rules: Rules,
    book: Book,
    instant: Instant,
    i: int,
    origin: int,
    side: int,
    quantity: int,
    price: int,
    limit_price: int,
    trigger_price: int,
    events: Events,
    count: int,
) -> int:
    """Check an order at the price that it is to fill at, before slippage, and put it to work, or deny it.

    Where a signal may not open its side of the market, its order closes the other one all the same.
    """
    account = book.account
    code, value, limit, reserved = check(rules, book, instant, i, origin, side, quantity, price, limit_price != 0)
    closing = quantity - opening_part(book.quantity[i], side, quantity)
    if code != NO_REASON and origin == SIGNAL and 0 < closing < quantity:
        quantity = closing
        if code != TRADING_HALTED:
            code, value, limit, reserved = NO_REASON, 0, 0, 0
    row = events[count]
    kind = ACCEPTED if code == NO_REASON else DENIED
    write_event(row, instant.time, kind, i, origin, instant.time, side, quantity, price)
    row[CODE] = code
    row[VALUE] = value
    row[LIMIT] = limit
    row[LIMIT_PRICE] = limit_price
    row[TRIGGER_PRICE] = trigger_price
    if code == RATE_LIMIT_EXCEEDED:
        account[AUTOMATIC_HALT] = RATE_LIMIT_EXCEEDED
    if code == NO_REASON:
        account[ORDERS_IN_MINUTE] += 1
        put_to_work(book, instant, i, origin, side, quantity, reserved)
        book.order_limit[i] = limit_price
        book.order_trigger[i] = trigger_price
        if origin == COMMAND:
            book.order_stop[i] = instant.command_stop[i]
            book.order_target[i] = instant.command_target[i]
    return count + 1


def check(
    rules: Rules,
    book: Book,
    instant: Instant,
    i: int,
    origin: int,
    side: int,
    quantity: int,
    price: int,
    limited: bool,
) -> tuple[int, int, int, int]:
    """Return (code, value, limit, reserved): see `check_order`; and the free cash that the order takes until it fills.

    `limited` says that it fills at this price or a better one, so that nothing slips.
    """
    held, cost = book.quantity[i], book.cost[i]
    opening = opening_part(held, side, quantity)
    slipped = notional_of(price if limited else slipped_price(rules, side, price), quantity)
    need, released = funds(side, held, cost, quantity, slipped, fee_due(rules, quantity, slipped))
    adds = side * held > 0
    code, value, limit = check_order(
        rules,
        book.account,
        instant.trading_state,
        origin,
        side,
        quantity,
        opening,
        notional_of(price, opening),
        need,
        free_cash(book.account) + released,
        abs(cost) if adds else 0,
        abs(notional_of(book.mark[i], held)) if adds else 0,
        instant.time - book.stopped_at[i] if book.stopped_at[i] > 0 else rules.cool_down,
    )
    return code, value, limit, max(0, need - released)
