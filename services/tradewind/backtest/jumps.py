"""Runs over one symbol that jump from event to event: the rule book runs the instants at which anything can happen.

Between them nothing is at work: what is held is only marked, so that the closes alone say how deep the equity falls.
What happens at an instant is `run_instant`'s to say, as everywhere; only which instants it may be spared is said here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tradewind.backtest.blocks import (
    BARS,
    Integers,
    as_acts,
    as_bars,
    as_book,
    as_events,
    as_instant,
    as_rules,
    grid_words,
    instant_words,
    rules_words,
)
from tradewind.backtest.compiler import CACHED, inner, view
from tradewind.backtest.instants import exit_bounds, lay_acts, lay_bar, lay_head
from tradewind.backtest.market import Market
from tradewind.backtest.simulator import new_books
from tradewind.backtest.summaries import Marks
from tradewind.domain.money import AMOUNT_MAX
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
from tradewind.domain.rules.decisions import decide, orders_nothing
from tradewind.domain.rules.fills import notional_of
from tradewind.domain.rules.instant import mark_closes, open_periods, run_instant
from tradewind.domain.rules.venue import fill_bars

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


_LOOKS: Final = ("present", "high", "low", "close")


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
        acts: what is done at those, the arrays of ACTS, int64[len(others), 1].
        looks: present, high, low and close of the market, int64[T].
        ends: the last one of each session, ascending.
    """

    market: Market
    instants: range
    others: Integers
    acts: list[Integers]
    looks: tuple[Integers, ...]
    ends: Integers

    @classmethod
    def of(cls, market: Market, instants: range) -> "Stretch":
        """Return the stretch of these instants, at least one."""
        history, (start, stop) = market.history, (instants.start, instants.stop)
        sessions = history.session[start:stop]
        ends = np.flatnonzero(np.append(sessions[1:] != sessions[:-1], True)[: len(sessions)]) + start
        acted = history.acted()
        others = acted[np.searchsorted(acted, start) : np.searchsorted(acted, stop)]
        acts = history.acts_at(others)
        looks = tuple(np.ascontiguousarray(getattr(history, name)[:, 0]) for name in _LOOKS)
        return cls(market, range(start, start + len(sessions)), others, acts, looks, ends)

    def run(self, sides: NDArray[Any], signals: Integers, rules: Rules, cash: int) -> Marks:
        """Run the rule book from an account that is all cash; `may_jump` is true of it.

        Args:
            sides: int8 or int64[T, 1] of the market, each 1, -1 or 0.
            signals: the instants whose side is not 0, ascending.
            rules: limits and costs.
            cash: what the account begins with, money units.

        Raises:
            ValueError, ArithmeticError: see `simulate`; no note names the instant.
        """
        if not 0 < cash <= AMOUNT_MAX:
            raise ValueError(f"initial_cash {cash} is not above 0 and at most {AMOUNT_MAX}")
        history, (words, _) = self.market.history, new_books(1, cash)
        bars = [*history.bars[: len(BARS) - 1], sides.astype(np.int8, copy=False)]
        events = np.empty((EVENTS_PER_SYMBOL, EVENT_COLUMNS), np.int64)
        equity = np.empty(len(self.ends), np.int64)
        start, stop = self.instants.start, self.instants.stop
        fills, lowest = _jump(
            rules_words(rules),
            words,
            instant_words(1),
            history.time,
            history.session,
            history.trading_state,
            grid_words(bars),
            self.looks,
            start,
            stop,
            signals[np.searchsorted(signals, start) :],
            self.others,
            grid_words(self.acts),
            self.ends,
            equity,
            events,
        )
        days = history.session[self.ends]
        return Marks(days.tolist(), equity.tolist(), min(lowest - 1, 0.0), fills)


@inner
def _run_one(rules: Rules, book: Book, instant: Any, acts: Any, row: int, rows: Any) -> int:
    """Run an instant whose bar is written, and what a row of acts does at it (-1 for none); return how many fills."""
    count = 0
    if row >= 0:
        lay_acts(instant, 0, row, acts)
        count = run_instant(rules, book, instant, rows, 0)
        lay_acts(instant, 0, -1, acts)
    else:
        # The parts of `run_instant`, but for the venue's where it has nothing to do.
        if book.quantity[0] != 0 or book.order_quantity[0] != 0:
            count = fill_bars(rules, book, instant, rows, 0)
        open_periods(book, instant.time, instant.session)
        mark_closes(rules, book, instant)
        if instant.side[0] != 0:
            count = decide(rules, book, instant, rows, count)
    fills = 0
    for each in range(count):
        fills += rows[each][KIND] == FILLED or rows[each][KIND] == PARTIALLY_FILLED
    return fills


def _run(
    rules_block: Integers,
    book_block: Integers,
    instant_block: Integers,
    time: Integers,
    session: Integers,
    trading_state: Integers,
    bars_block: Integers,
    looks: tuple[Integers, ...],
    start: int,
    stop: int,
    signals: Integers,
    others: Integers,
    acts_block: Integers,
    ends: Integers,
    equity: Integers,
    events: Integers,
) -> tuple[int, float]:
    rules, book, instant = as_rules(rules_block), as_book(book_block), as_instant(instant_block)
    bars, acts, rows, account = as_bars(bars_block), as_acts(acts_block), as_events(events), book.account
    # Views are not counted as references; the caller keeps what they show.
    signals, others, ends, equity = view(signals), view(others), view(ends), view(equity)
    present, high, low, close = view(looks)
    instant.entry[0] = 0
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
        due, held = stop, book.quantity[0]
        coming = signal
        while coming < len(signals) and orders_nothing(rules, held, bars.side[signals[coming]][0]):
            coming += 1
        if coming < len(signals):
            due = min(due, signals[coming])
        if other < len(others):
            due = min(due, others[other])
        touched = False
        if book.order_quantity[0] != 0 or held < 0 or (held > 0 and by_bar):
            due = t
        elif held > 0:
            floor, ceiling = exit_bounds(rules, book, 0)
            mark = book.mark[0]
            # No close since the last instant that was run has been above `top`; `least` is the lowest since the peak.
            top, least = mark, mark
            k = t
            while k < due and not touched:
                until = min(due, ends[ended] + 1)
                while k < until:
                    if present[k] != 0:
                        if low[k] <= floor or high[k] >= ceiling:
                            touched = True
                            break
                        mark = close[k]
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
            while back >= t and present[back] == 0:
                back -= 1
            if back >= t:
                book.mark[0] = close[back]
        if due >= stop:
            break
        lay_head(instant, time[due], session[due], trading_state[due], 1)
        lay_bar(instant, 0, due, bars)
        acted = other < len(others) and others[other] == due
        fills += _run_one(rules, book, instant, acts, other if acted else -1, rows)
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
