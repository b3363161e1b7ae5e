"""What the rule book reads and writes: the rules of a strategy, its books, and rows of what happened.

The books hold plain sequences of integers: lists on the desk, int64 arrays in the simulator.
"""

from collections.abc import MutableSequence
from typing import Final, NamedTuple


class Rules(NamedTuple):
    """The limits and costs of one strategy: rates in 10^-8 (0 is off), lot in 10^-8 units, age in microseconds."""

    fraction: int
    max_position: int
    max_concentration: int
    stop_loss: int
    take_profit: int
    max_daily_loss: int
    fee_rate: int
    slippage: int
    lot: int
    max_signal_age: int


# Columns of Book.account, money units but for SESSION (a day number) and LOSS_REACHED (0 or 1).
CASH: Final = 0
RESERVED: Final = 1
REALIZED_GROSS: Final = 2
FEES: Final = 3
EQUITY: Final = 4
INITIAL_CASH: Final = 5
SESSION: Final = 6
SESSION_EQUITY: Final = 7
LOSS_REACHED: Final = 8
ACCOUNT_COLUMNS: Final = 9


class Book(NamedTuple):
    """Account, positions and working orders of one strategy; every sequence but `account` has one entry a symbol.

    A symbol has at most one working order: order_quantity 0 means none. order_time is the instant that decided it,
    microseconds since 1970 UTC.
    """

    account: MutableSequence[int]
    quantity: MutableSequence[int]
    cost: MutableSequence[int]
    mark: MutableSequence[int]
    order_side: MutableSequence[int]
    order_quantity: MutableSequence[int]
    order_reserved: MutableSequence[int]
    order_time: MutableSequence[int]
    order_origin: MutableSequence[int]


class Instant(NamedTuple):
    """One instant's input; every sequence has one entry a symbol, symbols in ascending order.

    time is the bars' close in microseconds since 1970 UTC, session its day number. present is 1 where the symbol's
    bar took part. side is the signal's (0 is HOLD or none). command_side is a person's order, 0 for none.
    """

    time: int
    session: int
    present: MutableSequence[int]
    open: MutableSequence[int]
    high: MutableSequence[int]
    low: MutableSequence[int]
    close: MutableSequence[int]
    side: MutableSequence[int]
    command_side: MutableSequence[int]
    command_quantity: MutableSequence[int]


# Columns of an event row. VALUE and LIMIT are the numbers of a denial or a cancellation.
TIME: Final = 0
KIND: Final = 1
SYMBOL: Final = 2
ORIGIN: Final = 3
DECIDED: Final = 4
SIDE: Final = 5
QUANTITY: Final = 6
PRICE: Final = 7
FEE: Final = 8
REALIZED: Final = 9
CODE: Final = 10
VALUE: Final = 11
LIMIT: Final = 12
EVENT_COLUMNS: Final = 13
EVENTS_PER_SYMBOL: Final = 5
"""The most event rows one symbol can make in one instant: a fill or its like, an exit's two, two decisions."""


def new_book(symbols: int, initial_cash: int) -> Book:
    """Return the books of a new account, as lists."""
    account = [0] * ACCOUNT_COLUMNS
    account[CASH] = account[EQUITY] = account[INITIAL_CASH] = account[SESSION_EQUITY] = initial_cash
    account[SESSION] = -1
    return Book(account, *([0] * symbols for _ in range(8)))


def new_events(symbols: int) -> list[list[int]]:
    """Return empty event rows for one instant, as lists."""
    return [[0] * EVENT_COLUMNS for _ in range(EVENTS_PER_SYMBOL * symbols)]
