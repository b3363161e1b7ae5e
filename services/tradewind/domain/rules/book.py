"""What the rule book reads and writes: the rules of a strategy, its books, and rows of what happened.

The books hold plain sequences of integers: lists on the desk, int64 arrays in the simulator.
"""

from collections.abc import MutableSequence, Sequence
from typing import Final, NamedTuple


class Rules(NamedTuple):
    """The limits and costs of one strategy.

    Rates in 10^-8, max_order_notional in money units, orders_per_minute a count (0 switches each off), lot in 10^-8
    units, max_signal_age and cool_down in microseconds. max_participation is the share of a bar's volume that one order
    may fill. slippage_points, price units, come on top of the slippage rate. fee_per_unit (price units), fee_per_order
    and min_fee (money units) are an order's, however many fills it takes. notional, money units, is what a purchase is
    worth in place of the fraction of the equity, where it is not 0. target_volatility is a bar's, and kelly the part of
    Kelly's share that counts from kelly_trades closed trades on; with one of them, the fraction is the most that a
    purchase may be worth. order_type and time_in_force are codes of what a
    signal orders; limit_offset and stop_offset, rates, say how far off the close, and tick, price units, the step of
    those prices. allow_short is 1 where a sale may open a position, reverse where a signal turns one round at once;
    borrow_rate is what a short costs in a year.
    """

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
    max_order_notional: int = 0
    orders_per_minute: int = 0
    max_participation: int = 0
    slippage_points: int = 0
    fee_per_unit: int = 0
    fee_per_order: int = 0
    min_fee: int = 0
    trailing_stop: int = 0
    cool_down: int = 0
    notional: int = 0
    order_type: int = 0
    time_in_force: int = 0
    limit_offset: int = 0
    stop_offset: int = 0
    tick: int = 1
    allow_short: int = 0
    borrow_rate: int = 0
    reverse: int = 0
    target_volatility: int = 0
    kelly: int = 0
    kelly_trades: int = 0


# Columns of Book.account, money units but for SESSION (a day number), AUTOMATIC_HALT (a reason's code, 0 for none),
# MINUTE (minutes of bar time since 1970), ORDERS_IN_MINUTE, and WINS and LOSSES, which count closed trades. MARGIN is
# what shorts hold of the cash. WINS and LOSSES, and GAINED and LOST, what those trades earned and cost in all, are kept
# where Kelly's criterion needs them.
CASH: Final = 0
RESERVED: Final = 1
REALIZED_GROSS: Final = 2
FEES: Final = 3
EQUITY: Final = 4
INITIAL_CASH: Final = 5
SESSION: Final = 6
SESSION_EQUITY: Final = 7
AUTOMATIC_HALT: Final = 8
MINUTE: Final = 9
ORDERS_IN_MINUTE: Final = 10
MARGIN: Final = 11
WINS: Final = 12
LOSSES: Final = 13
GAINED: Final = 14
LOST: Final = 15
ACCOUNT_COLUMNS: Final = 16


class Book(NamedTuple):
    """Account, positions and working orders of one strategy; every sequence but `account` has one entry a symbol.

    A symbol has at most one working order: order_quantity, what is left to fill, is 0 where there is none. order_time
    is the instant that decided it, microseconds since 1970 UTC; order_fills counts its fills, order_filled and
    order_notional add up their quantity and notional. order_limit is its limit price, order_trigger the stop price that
    it waits for, 0 for none or once reached; order_session the first session that it met, -1 before. stop and target
    are the prices of a bracket's exits, 0 for none: the order's own take effect with its first fill. peak is the best
    price since a position was opened, kept where there is a trailing stop: the highest of a long one, the lowest of a
    short one; stopped_at the instant of the last stop, 0 for none. quantity and cost of a short position are negative.
    earned is what the open trade has earned so far, net of fees, money units, kept as WINS are; variance that of the
    closes' returns, 10^-16, and returns how many it is made of, at most 20: kept where there is a volatility to aim at.
    """

    account: MutableSequence[int]
    quantity: MutableSequence[int]
    cost: MutableSequence[int]
    mark: MutableSequence[int]
    stop: MutableSequence[int]
    target: MutableSequence[int]
    peak: MutableSequence[int]
    stopped_at: MutableSequence[int]
    earned: MutableSequence[int]
    variance: MutableSequence[int]
    returns: MutableSequence[int]
    order_side: MutableSequence[int]
    order_quantity: MutableSequence[int]
    order_reserved: MutableSequence[int]
    order_time: MutableSequence[int]
    order_origin: MutableSequence[int]
    order_fills: MutableSequence[int]
    order_filled: MutableSequence[int]
    order_notional: MutableSequence[int]
    order_limit: MutableSequence[int]
    order_trigger: MutableSequence[int]
    order_session: MutableSequence[int]
    order_stop: MutableSequence[int]
    order_target: MutableSequence[int]


class Instant(NamedTuple):
    """One instant's input; every sequence has one entry a symbol, symbols in ascending order.

    time is the bars' close in microseconds since 1970 UTC, session its day number, trading_state the stricter of the
    manifest's and the person's. symbols are those to look at, ascending: all of them, or at least those that are held,
    have a working order, or have anything but a bar; the mark of one that is left out stays behind. present is 1 where
    the symbol's bar took part; volume is in 10^-8 units. side is the signal's (0 is HOLD or none). command_side is a
    person's order, 0 for none, command_stop and command_target its bracket; cancel is 1 where a person wants the
    working order canceled. A split makes split_numerator units out of split_denominator (0 for no split); dividend is
    the money for one unit, price units.
    """

    time: int
    session: int
    trading_state: int
    symbols: Sequence[int]
    present: MutableSequence[int]
    open: MutableSequence[int]
    high: MutableSequence[int]
    low: MutableSequence[int]
    close: MutableSequence[int]
    volume: MutableSequence[int]
    side: MutableSequence[int]
    command_side: MutableSequence[int]
    command_quantity: MutableSequence[int]
    command_stop: MutableSequence[int]
    command_target: MutableSequence[int]
    cancel: MutableSequence[int]
    split_numerator: MutableSequence[int]
    split_denominator: MutableSequence[int]
    dividend: MutableSequence[int]


INSTANT_COLUMNS: Final = Instant._fields[4:]
"""Its sequences with one entry a symbol."""


# Columns of an event row. VALUE and LIMIT are the numbers of a denial or a cancellation; FILL counts an order's fills;
# LIMIT_PRICE and TRIGGER_PRICE are a decision's, 0 for none.
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
FILL: Final = 13
LIMIT_PRICE: Final = 14
TRIGGER_PRICE: Final = 15
EVENT_COLUMNS: Final = 16
EVENTS_PER_SYMBOL: Final = 8
"""The most event rows one symbol can make in one instant: a trigger, a fill and the end of its rest, an exit's three,
two decisions."""


def new_book(symbols: int, initial_cash: int) -> Book:
    """Return the books of a new account, as lists."""
    account = [0] * ACCOUNT_COLUMNS
    account[CASH] = account[EQUITY] = account[INITIAL_CASH] = account[SESSION_EQUITY] = initial_cash
    account[SESSION] = -1
    return Book(account, *([0] * symbols for _ in range(len(Book._fields) - 1)))


def new_events(symbols: int) -> list[list[int]]:
    """Return empty event rows for one instant, as lists."""
    return [[0] * EVENT_COLUMNS for _ in range(EVENTS_PER_SYMBOL * symbols)]


def new_instant(time: int, session: int, symbols: int, trading_state: int = 0) -> Instant:
    """Return an instant at which nothing has arrived, as lists."""
    columns = ([0] * symbols for _ in INSTANT_COLUMNS)
    return Instant(time, session, trading_state, range(symbols), *columns)
