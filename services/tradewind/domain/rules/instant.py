"""One instant of the trading contract. The desk and the simulator both run this."""

from tradewind.domain.rules.arithmetic import bounded
from tradewind.domain.rules.book import (
    AUTOMATIC_HALT,
    CASH,
    EQUITY,
    FEES,
    INITIAL_CASH,
    MINUTE,
    ORDERS_IN_MINUTE,
    REALIZED_GROSS,
    SESSION,
    SESSION_EQUITY,
    Book,
    Instant,
    Rules,
)
from tradewind.domain.rules.checks import loss_limit, session_loss
from tradewind.domain.rules.codes import DAILY_LOSS_LIMIT_REACHED, NO_REASON
from tradewind.domain.rules.decisions import decide
from tradewind.domain.rules.fills import notional_of
from tradewind.domain.rules.venue import run_venue
from tradewind.domain.rules.volatility import note_return
from tradewind.domain.rules.working import Events

_MINUTE = 60_000_000


def run_instant(rules: Rules, book: Book, instant: Instant, events: Events, count: int) -> int:
    """Run one instant on the books, in place, and write what happened from row `count` on; return the new count.

    Raises:
        ArithmeticError: the equity identity does not hold afterwards.
        OverflowError: an amount or a quantity passes what an account may hold.
    """
    count = run_venue(rules, book, instant, events, count)
    return close_instant(rules, book, instant, events, count)


def close_instant(rules: Rules, book: Book, instant: Instant, events: Events, count: int) -> int:
    """Run what follows the venue's part: periods, marks and decisions; all that a desk on a real broker has of them.

    Raises:
        ArithmeticError, OverflowError: as `run_instant`.
    """
    open_periods(book, instant.time, instant.session)
    mark_closes(rules, book, instant)
    return decide(rules, book, instant, events, count)


def open_periods(book: Book, time: int, session: int) -> None:
    """Begin a new session and a new minute where the time is another's."""
    account = book.account
    if session != account[SESSION]:
        account[SESSION] = session
        account[SESSION_EQUITY] = account[EQUITY]
        account[AUTOMATIC_HALT] = NO_REASON
    minute = time // _MINUTE
    if minute != account[MINUTE]:
        account[MINUTE] = minute
        account[ORDERS_IN_MINUTE] = 0


def mark_closes(rules: Rules, book: Book, instant: Instant) -> None:
    """Step 4: mark positions at the close, take in its return where that counts, and take the equity of it."""
    value = 0
    cost = 0
    for i in instant.symbols:
        if instant.present[i] != 0:
            if rules.target_volatility > 0:
                note_return(book, i, instant.close[i])
            book.mark[i] = instant.close[i]
        if book.quantity[i] != 0:
            value += notional_of(book.mark[i], book.quantity[i])
            cost += book.cost[i]
    take_equity(rules, book, value, cost)


def take_equity(rules: Rules, book: Book, value: int, cost: int) -> None:
    """Set the equity by what all positions are worth and cost, assert its identity, and halt where it lost too much."""
    account = book.account
    equity = account[CASH] + bounded(value)
    if equity != account[INITIAL_CASH] + account[REALIZED_GROSS] + (value - bounded(cost)) - account[FEES]:
        raise ArithmeticError("the equity identity does not hold")
    account[EQUITY] = equity
    if rules.max_daily_loss > 0 and session_loss(account) >= loss_limit(rules, account):
        account[AUTOMATIC_HALT] = DAILY_LOSS_LIMIT_REACHED
