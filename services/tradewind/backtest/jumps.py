"""Runs over one symbol that jump from event to event: the rule book runs the instants at which anything can happen.

Between them nothing is at work: what is held is only marked, so that the closes alone say how deep the equity falls.
What happens at an instant is `run_instant`'s to say, as everywhere; only which instants it may be spared is said here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numba import njit

from tradewind.backtest.compiler import CACHED, Grid, Integers, instant_at, view
from tradewind.backtest.market import Market
from tradewind.backtest.simulator import GRID, History, new_books
from tradewind.backtest.summaries import Marks
from tradewind.domain.money import AMOUNT_MAX, INT64_MAX
from tradewind.domain.rules.book import (
    CASH,
    EQUITY,
    EVENT_COLUMNS,
    EVENTS_PER_SYMBOL,
    KIND,
    Book,
    Rules,
)
from tradewind.domain.rules.codes import FILLED, PARTIALLY_FILLED
from tradewind.domain.rules.exits import exit_levels
from tradewind.domain.rules.fills import notional_of
from tradewind.domain.rules.instant import run_instant

HANDLED: Final = frozenset(
    {
        "fraction",
        "max_position",
        "max_concentration",
        "stop_loss",
        "take_profit",
        "max_daily_loss",
        "fee_rate",
        "slippage",
        "lot",
        "max_signal_age",
        "max_order_notional",
        "orders_per_minute",
        "max_participation",
        "slippage_points",
        "fee_per_unit",
        "fee_per_order",
        "min_fee",
        "trailing_stop",
        "cool_down",
        "notional",
        "order_type",
        "time_in_force",
        "limit_offset",
        "stop_offset",
        "tick",
    }
)
"""The fields of Rules that were thought of here; one that is not may act at instants that are jumped over."""
_OTHERS: Final = ("command_side", "cancel", "split_numerator", "dividend")
"""What makes an instant one to run, besides signals."""


def may_jump(rules: Rules, symbols: int) -> bool:
    """Whether a run over so many symbols may jump: over one, by rules that are handled here or left as they are."""
    fields = zip(rules._fields, rules, strict=True)
    return symbols == 1 and all(name in HANDLED or value == rules._field_defaults.get(name) for name, value in fields)


@dataclass(frozen=True, eq=False)
class Stretch:
    """Some instants of a one-symbol market, with what all runs over them share.

    Args:
        market: the bars.
        instants: which of the market's.
        others: those of them with a person's orders or corporate actions, ascending.
        ends: the last one of each session, ascending.
    """

    market: Market
    instants: range
    others: Integers
    ends: Integers

    @classmethod
    def of(cls, market: Market, instants: range) -> "Stretch":
        """Return the stretch of these instants, at least one."""
        history, (start, stop) = market.history, (instants.start, instants.stop)
        sessions = history.session[start:stop]
        ends = np.flatnonzero(np.append(sessions[1:] != sessions[:-1], True)[: len(sessions)]) + start
        busy = np.logical_or.reduce([getattr(history, name)[start:stop].any(axis=1) for name in _OTHERS])
        return cls(market, range(start, start + len(sessions)), np.flatnonzero(busy) + start, ends)

    def run(self, sides: Integers, signals: Integers, rules: Rules, cash: int) -> Marks:
        """Run the rule book from an account that is all cash; `may_jump` is true of it.

        Args:
            sides: int64[T, 1] of the market, each 1, -1 or 0.
            signals: the instants whose side is not 0, ascending.
            rules: limits and costs.
            cash: what the account begins with, money units.

        Raises:
            ValueError, ArithmeticError: see `simulate`; no note names the instant.
        """
        if not 0 < cash <= AMOUNT_MAX:
            raise ValueError(f"initial_cash {cash} is not above 0 and at most {AMOUNT_MAX}")
        history, book = self.market.history, new_books(1, cash)
        grid = tuple(sides if name == "side" else getattr(history, name) for name in GRID)
        equity = np.empty(len(self.ends), np.int64)
        start, stop = self.instants.start, self.instants.stop
        signals = signals[np.searchsorted(signals, start) :]
        fills, lowest = _jump(rules, book, *_clock(history), grid, start, stop, signals, self.others, self.ends, equity)
        days = history.session[self.ends]
        return Marks(days.tolist(), equity.tolist(), min(lowest - 1, 0.0), fills)


def _clock(history: History) -> tuple[Integers, Integers, Integers]:
    return history.time, history.session, history.trading_state


def _run(
    rules: Rules,
    book: Book,
    time: Integers,
    session: Integers,
    trading_state: Integers,
    grid: Grid,
    start: int,
    stop: int,
    signals: Integers,
    others: Integers,
    ends: Integers,
    equity: Integers,
) -> tuple[int, float]:
    grid = view(grid)
    book = view(book)
    present, high, low, close = grid[0], grid[2], grid[3], grid[4]
    account = book.account
    owned: Any = np.empty((EVENTS_PER_SYMBOL, EVENT_COLUMNS), np.int64)
    events = view(owned)
    # A peak that trails and a loss that is watched need every close while anything is held.
    by_bar = rules.trailing_stop > 0 or rules.max_daily_loss > 0
    # The share of the peak that was left at worst, but for the peak of now, whose least equity since is `trough`.
    worst, peak, trough = 1.0, account[CASH], account[CASH]
    signal, other, ended, fills = 0, 0, 0, 0
    t = start
    while t < stop:
        while signal < len(signals) and signals[signal] < t:
            signal += 1
        while other < len(others) and others[other] < t:
            other += 1
        due = stop
        if signal < len(signals):
            due = min(due, signals[signal])
        if other < len(others):
            due = min(due, others[other])
        held = book.quantity[0]
        if book.order_quantity[0] != 0 or held < 0 or (held > 0 and by_bar):
            due = t
        elif held > 0:
            levels = exit_levels(rules, held, book.cost[0], book.stop[0], book.target[0], book.peak[0])
            floor, ceiling = levels[1], levels[2] if levels[2] > 0 else INT64_MAX
            mark = book.mark[0]
            # No close since the last instant that was run has been above `top`; `least` is the lowest since the peak.
            top, least = mark, mark
            k = t
            touched = False
            while k < due and not touched:
                until = min(due, ends[ended] + 1)
                while k < until:
                    if present[k, 0] != 0:
                        if low[k, 0] <= floor or high[k, 0] >= ceiling:
                            touched = True
                            break
                        mark = close[k, 0]
                        if mark > top:
                            top = mark
                            worth = account[CASH] + notional_of(mark, held)
                            if worth > peak:
                                trough = min(trough, account[CASH] + notional_of(least, held))
                                worst = min(worst, trough / peak)
                                peak, trough, least = worth, worth, mark
                        elif mark < least:
                            least = mark
                    k += 1
                if not touched and k > ends[ended]:
                    equity[ended] = account[CASH] + notional_of(mark, held)
                    ended += 1
            trough = min(trough, account[CASH] + notional_of(least, held))
            book.mark[0] = mark
            due = k
        else:
            while ended < len(ends) and ends[ended] < due:
                equity[ended] = account[CASH]
                ended += 1
            back = due - 1
            while back >= t and present[back, 0] == 0:
                back -= 1
            if back >= t:
                book.mark[0] = close[back, 0]
        if due >= stop:
            break
        count = run_instant(rules, book, instant_at(due, time, session, trading_state, grid), events, 0)
        for row in range(count):
            if events[row, KIND] == FILLED or events[row, KIND] == PARTIALLY_FILLED:
                fills += 1
        trough = min(trough, account[EQUITY])
        if account[EQUITY] > peak:
            worst = min(worst, trough / peak)
            peak = trough = account[EQUITY]
        if ends[ended] == due:
            equity[ended] = account[EQUITY]
            ended += 1
        t = due + 1
    return fills, min(worst, trough / peak)


_jump: Callable[..., tuple[int, float]] = njit(cache=CACHED, nogil=True)(_run)
"""Run the instants from start to stop on the books, in place; write the equity at each of `ends`; return how many fills
there were, and the least share of its peak so far, the initial cash included, that any marked equity was."""
