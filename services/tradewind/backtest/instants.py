"""Runs the rule book over a whole history: in full where anything may happen, and where nothing can, marks alone.

What happens at an instant is `run_instant`'s to say. Here is said only where nothing does: no order is at work, no
person and no company acts, each signal orders nothing, and no bar reaches the exits of what is held.
"""

from collections.abc import Callable
from typing import Any, Final

from numba import njit

from tradewind.backtest.blocks import Integers, as_acts, as_bars, as_book, as_events, as_instant, as_rules
from tradewind.backtest.compiler import CACHED, inner, view
from tradewind.domain.money import INT64_MAX
from tradewind.domain.rules.book import (
    CASH,
    EQUITY,
    EVENTS_PER_SYMBOL,
    MARGIN,
    SESSION,
    Book,
    Instant,
    Rules,
)
from tradewind.domain.rules.codes import BUY, SELL
from tradewind.domain.rules.decisions import decide, orders_nothing
from tradewind.domain.rules.exits import better_price, exit_levels
from tradewind.domain.rules.fills import notional_of
from tradewind.domain.rules.instant import open_periods, run_instant, take_equity
from tradewind.domain.rules.venue import fill_bars

STARTS: Final = ("command_side", "cancel", "split_numerator", "dividend")
"""The columns of what persons and companies do without which the others of them mean nothing."""
# Of progress: the next instant, how many event rows there are, how many instants of persons and companies have been.
_INSTANT, _COUNT, _OTHER = range(3)
WATCHED: Final = 8
"""How many columns are watched of a symbol."""
# Columns of what is watched of a symbol: floor, ceiling, what of its position they come from; whether it is live, and
# where it isn't, the first instant that its mark has not been taken from.
_FLOOR, _CEILING, _QUANTITY, _COST, _STOP, _TARGET, _LIVE, _NEXT = range(WATCHED)


@inner
def lay_head(instant: Any, time: int, session: int, trading_state: int, count: int) -> None:
    """Write what an instant is, and how many symbols it is about."""
    instant.header[0], instant.header[1], instant.header[2], instant.header[3] = time, session, trading_state, count


@inner
def lay_bar(instant: Any, i: int, t: int, bars: Any) -> None:
    """Write a symbol's bar and signal; bars are a history's."""
    instant.present[i] = bars.present[t][i]
    instant.open[i] = bars.open[t][i]
    instant.high[i] = bars.high[t][i]
    instant.low[i] = bars.low[t][i]
    instant.close[i] = bars.close[t][i]
    instant.volume[i] = bars.volume[t][i]
    instant.side[i] = bars.side[t][i]


@inner
def lay_acts(instant: Any, i: int, row: int, acts: Any) -> None:
    """Write what is done to a symbol; acts are those of a history; a row of -1 clears it."""
    if row < 0:
        instant.command_side[i] = instant.command_quantity[i] = instant.command_stop[i] = instant.command_target[i] = 0
        instant.cancel[i] = instant.split_numerator[i] = instant.split_denominator[i] = instant.dividend[i] = 0
        return
    instant.command_side[i] = acts.command_side[row][i]
    instant.command_quantity[i] = acts.command_quantity[row][i]
    instant.command_stop[i] = acts.command_stop[row][i]
    instant.command_target[i] = acts.command_target[row][i]
    instant.cancel[i] = acts.cancel[row][i]
    instant.split_numerator[i] = acts.split_numerator[row][i]
    instant.split_denominator[i] = acts.split_denominator[row][i]
    instant.dividend[i] = acts.dividend[row][i]


@inner
def exit_bounds(rules: Rules, book: Book, i: int) -> tuple[int, int]:
    """Return (floor, ceiling): a bar that stays between them triggers no exit of what is held."""
    _, stop, target = exit_levels(rules, book.quantity[i], book.cost[i], book.stop[i], book.target[i], book.peak[i])
    if book.quantity[i] > 0:
        return stop, target if target > 0 else INT64_MAX
    return target, stop if stop > 0 else INT64_MAX


@inner
def _catch_up(book: Book, watched: Integers, t: int, bars: Any) -> None:
    """Mark what is not held at its last close before t."""
    for i in range(len(watched)):
        if watched[i, _LIVE] == 0:
            for back in range(t - 1, watched[i, _NEXT] - 1, -1):
                if bars.present[back][i] != 0:
                    book.mark[i] = bars.close[back][i]
                    break


@inner
def _gather_venue(book: Book, instant: Any, t: int, bars: Any, live: Integers, watched: Integers) -> int:
    """List the symbols with an order at work or an exit in reach, and write their bars; return how many they are.

    live[0] is how many symbols are live, and behind it they stand in ascending order.
    """
    count = 0
    present, low, high = bars.present[t], bars.low[t], bars.high[t]
    for j in range(1, live[0] + 1):
        i = live[j]
        if book.order_quantity[i] != 0 or (
            present[i] != 0 and (low[i] <= watched[i, _FLOOR] or high[i] >= watched[i, _CEILING])
        ):
            lay_bar(instant, i, t, bars)
            instant.entry[count] = i
            count += 1
    return count


@inner
def _gather_signals(rules: Rules, book: Book, instant: Any, t: int, bars: Any) -> int:
    """List the symbols whose signals may order anything, mark them and write their bars; return how many they are."""
    count = 0
    sides, present = bars.side[t], bars.present[t]
    for i in range(bars.symbols):
        side = sides[i]
        if side != 0 and present[i] != 0 and not orders_nothing(rules, book.quantity[i], side):
            book.mark[i] = bars.close[t][i]
            lay_bar(instant, i, t, bars)
            instant.entry[count] = i
            count += 1
    return count


@inner
def _gather_all(instant: Any, t: int, bars: Any, acts: Any, row: int) -> int:
    """List all symbols and write their bars and what is done to them, by the row of acts; return how many they are."""
    for i in range(bars.symbols):
        lay_bar(instant, i, t, bars)
        lay_acts(instant, i, row, acts)
        instant.entry[i] = i
    return int(bars.symbols)


@inner
def _mark(rules: Rules, book: Book, t: int, bars: Any, live: Integers, watched: Integers) -> None:
    """Mark what is live at the close; then the bars' best prices may be new peaks, and the equity is taken."""
    value = cost = 0
    present, close = bars.present[t], bars.close[t]
    for j in range(1, live[0] + 1):
        i = live[j]
        held = book.quantity[i]
        if present[i] != 0:
            book.mark[i] = close[i]
            if rules.trailing_stop > 0 and held != 0:
                side = BUY if held > 0 else SELL
                peak = better_price(side, book.peak[i], bars.high[t][i] if side == BUY else bars.low[t][i])
                if peak != book.peak[i]:
                    book.peak[i] = peak
                    watched[i, _FLOOR], watched[i, _CEILING] = exit_bounds(rules, book, i)
        if held != 0:
            value += notional_of(book.mark[i], held)
            cost += book.cost[i]
    take_equity(rules, book, value, cost)


@inner
def _place(live: Integers, i: int) -> None:
    """Take a symbol into the ascending list of those that are live."""
    place = live[0] + 1
    while place > 1 and live[place - 1] > i:
        live[place] = live[place - 1]
        place -= 1
    live[place] = i
    live[0] += 1


@inner
def _displace(live: Integers, i: int) -> None:
    """Take a symbol off the list of those that are live."""
    place = 1
    while live[place] != i:
        place += 1
    while place < live[0]:
        live[place] = live[place + 1]
        place += 1
    live[0] -= 1


@inner
def _watch(rules: Rules, book: Book, instant: Instant, live: Integers, watched: Integers, anew: bool, due: int) -> None:
    """Note which of an instant's symbols are held or have an order at work, and the bounds of what is held.

    The marks of those that are live no more are right up to instant `due`, without it.
    """
    for i in instant.symbols:
        held, cost, stop, target = book.quantity[i], book.cost[i], book.stop[i], book.target[i]
        if held == 0 and book.order_quantity[i] == 0:
            if watched[i, _LIVE] != 0:
                _displace(live, i)
                watched[i, _LIVE], watched[i, _NEXT] = 0, due
            continue
        if watched[i, _LIVE] == 0:
            _place(live, i)
            watched[i, _LIVE] = 1
        same = held == watched[i, _QUANTITY] and cost == watched[i, _COST]
        if held == 0:
            watched[i, _FLOOR], watched[i, _CEILING], watched[i, _QUANTITY] = -1, INT64_MAX, 0
        elif anew or not (same and stop == watched[i, _STOP] and target == watched[i, _TARGET]):
            watched[i, _FLOOR], watched[i, _CEILING] = exit_bounds(rules, book, i)
            watched[i, _QUANTITY], watched[i, _COST] = held, cost
            watched[i, _STOP], watched[i, _TARGET] = stop, target


def _run_instants(
    rules_words: Integers,
    book_words: Integers,
    instant_words: Integers,
    live: Integers,
    watched: Integers,
    time: Integers,
    session: Integers,
    trading_state: Integers,
    bars_words: Integers,
    others: Integers,
    acts_words: Integers,
    equity: Integers,
    cash: Integers,
    progress: Integers,
    events: Integers,
) -> None:
    rules, book, instant = as_rules(rules_words), as_book(book_words), as_instant(instant_words)
    bars, acts = as_bars(bars_words), as_acts(acts_words)
    # Views are not counted as references; the caller keeps what they show.
    live, watched, others, progress = view(live), view(watched), view(others), view(progress)
    time, session, trading_state = view(time), view(session), view(trading_state)
    equity, cash = view(equity), view(cash)
    rows, account, symbols = as_events(events), book.account, bars.symbols
    last = len(events) - EVENTS_PER_SYMBOL * symbols
    # A variance takes in each close. Levels that trail, and splits, move without a fill.
    every, trails = rules.target_volatility > 0, rules.trailing_stop > 0
    count, other = progress[_COUNT], progress[_OTHER]
    for t in range(progress[_INSTANT], len(time)):
        progress[_INSTANT], progress[_COUNT], progress[_OTHER] = t, count, other
        if count > last:
            return
        acted = other < len(others) and others[other] == t
        if acted or every or (account[MARGIN] != 0 and session[t] != account[SESSION]):
            _catch_up(book, watched, t, bars)
            about = _gather_all(instant, t, bars, acts, other if acted else -1)
            lay_head(instant, time[t], session[t], trading_state[t], about)
            count = run_instant(rules, book, instant, rows, count)
            watched[:, _NEXT] = t + 1
            _watch(rules, book, instant, live, watched, True, t + 1)
            if acted:
                other += 1
                for i in range(symbols):
                    lay_acts(instant, i, -1, acts)
        else:
            about = _gather_venue(book, instant, t, bars, live, watched)
            if about > 0:
                lay_head(instant, time[t], session[t], trading_state[t], about)
                count = fill_bars(rules, book, instant, rows, count)
                _watch(rules, book, instant, live, watched, trails, t)
            open_periods(book, time[t], session[t])
            _mark(rules, book, t, bars, live, watched)
            about = _gather_signals(rules, book, instant, t, bars)
            if about > 0:
                lay_head(instant, time[t], session[t], trading_state[t], about)
                count = decide(rules, book, instant, rows, count)
                _watch(rules, book, instant, live, watched, trails, t + 1)
        equity[t] = account[EQUITY]
        cash[t] = account[CASH]
    progress[_INSTANT], progress[_COUNT], progress[_OTHER] = len(time), count, other
    _catch_up(book, watched, len(time), bars)


run_instants: Callable[..., None] = njit(cache=CACHED, nogil=True)(_run_instants)
"""Run the instants of a history on the books, in place, as far as there is room for what happens.

run_instants(rules, book, instant, live, watched, time, session, trading_state, bars, others, acts, equity, cash,
progress, events): rules, book, instant, bars and acts are the words of `blocks`; live int64[S + 1] and watched
int64[S, WATCHED] are zeros at first; time, session, trading_state: int64[T]; others: the instants at which persons or
companies act, ascending, and acts what they do at those alone, row by row; equity and cash int64[T] are written;
progress int64[3] holds the next instant, how many event rows there are and how many of `others` have been; the rows are
written to events, int64[any, EVENT_COLUMNS]. It returns when all instants have been, or when another one's rows might
not fit: to go on, call it again with the same arguments and more room. Where it raises, progress[0] is the instant at
work. Raises what `run_instant` raises.
"""
