"""Working orders: a symbol has one slot for them, and what happens to an order is a row of events."""

from collections.abc import MutableSequence, Sequence

from tradewind.domain.rules.book import (
    CODE,
    DECIDED,
    FEE,
    FILL,
    KIND,
    LIMIT,
    LIMIT_PRICE,
    ORIGIN,
    PRICE,
    QUANTITY,
    REALIZED,
    RESERVED,
    SIDE,
    SYMBOL,
    TIME,
    TRIGGER_PRICE,
    VALUE,
    Book,
    Instant,
)
from tradewind.domain.rules.codes import NO_REASON

Row = MutableSequence[int]
Events = Sequence[Row]


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
    row[FILL] = 0
    row[LIMIT_PRICE] = 0
    row[TRIGGER_PRICE] = 0


def put_to_work(book: Book, instant: Instant, i: int, origin: int, side: int, quantity: int, reserved: int) -> None:
    """Fill a symbol's order slot; prices of its own and a bracket are the caller's to set."""
    book.order_side[i] = side
    book.order_quantity[i] = quantity
    book.order_reserved[i] = reserved
    book.order_time[i] = instant.time
    book.order_origin[i] = origin
    book.order_fills[i] = 0
    book.order_filled[i] = 0
    book.order_notional[i] = 0
    book.order_limit[i] = 0
    book.order_trigger[i] = 0
    book.order_session[i] = -1
    book.order_stop[i] = 0
    book.order_target[i] = 0
    book.account[RESERVED] += reserved


def end_order(
    book: Book, instant: Instant, i: int, kind: int, code: int, price: int, events: Events, count: int
) -> int:
    """Take what is left of a working order off the books."""
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
