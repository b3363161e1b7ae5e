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
from tradewind.domain.rules.codes import ACCEPTED, BUY, COMMAND, DENIED, NO_REASON, RATE_LIMIT_EXCEEDED, SELL, SIGNAL
from tradewind.domain.rules.fills import fee_due, notional_of, slipped_price
from tradewind.domain.rules.prices import order_prices
from tradewind.domain.rules.sizing import opening_quantity
from tradewind.domain.rules.working import Events, put_to_work, write_event


def decide(rules: Rules, book: Book, instant: Instant, events: Events, count: int) -> int:
    """Step 5: turn commands and signals into orders, by symbol; a person's order comes before the signal's.

    A symbol with a working order gets no second one: its signal is passed over, a command waits for the next instant.
    """
    for i in range(len(book.quantity)):
        if instant.present[i] == 0:
            continue
        if instant.command_side[i] != 0 and book.order_quantity[i] == 0:
            side, quantity = instant.command_side[i], instant.command_quantity[i]
            count = submit(rules, book, instant, i, COMMAND, side, quantity, instant.close[i], 0, 0, events, count)
        if instant.side[i] != 0 and book.order_quantity[i] == 0:
            price, limit, trigger = order_prices(rules, instant.side[i], instant.close[i])
            quantity = signal_quantity(rules, book, instant, i, price)
            if quantity > 0:
                side = instant.side[i]
                count = submit(rules, book, instant, i, SIGNAL, side, quantity, price, limit, trigger, events, count)
    return count


def signal_quantity(rules: Rules, book: Book, instant: Instant, i: int, price: int) -> int:
    """Return what a signal orders at this price: a BUY opens a position where none is, a SELL closes what there is."""
    held = book.quantity[i]
    if instant.side[i] == SELL:
        return held
    if held != 0:
        return 0
    return opening_quantity(rules, book, i, price)


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
    """Check an order at the price that it is to fill at, before slippage, and put it to work, or deny it."""
    account = book.account
    notional = notional_of(price, quantity)
    slipped = notional if limit_price != 0 else notional_of(slipped_price(rules, side, price), quantity)
    need = slipped + fee_due(rules, quantity, slipped)
    code, value, limit = check_order(
        rules,
        account,
        instant.trading_state,
        origin,
        side,
        quantity,
        notional,
        need,
        book.quantity[i],
        book.cost[i],
        notional_of(book.mark[i], book.quantity[i]),
        instant.time - book.stopped_at[i] if book.stopped_at[i] > 0 else rules.cool_down,
    )
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
        put_to_work(book, instant, i, origin, side, quantity, need if side == BUY else 0)
        book.order_limit[i] = limit_price
        book.order_trigger[i] = trigger_price
        if origin == COMMAND:
            book.order_stop[i] = instant.command_stop[i]
            book.order_target[i] = instant.command_target[i]
    return count + 1
