"""The simulator: runs the compiled rule book over a history. It knows no order and no fill but its own."""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tradewind.backtest.blocks import (
    ACTS,
    BARS,
    Integers,
    as_acts,
    as_bars,
    book_words,
    grid_words,
    instant_words,
    rules_words,
)
from tradewind.backtest.compiler import CACHED
from tradewind.backtest.instants import STARTS, WATCHED, run_instants
from tradewind.domain.bars import from_micros
from tradewind.domain.money import AMOUNT_MAX, QUANTITY_MAX
from tradewind.domain.orders import OrderEvent, OrderNaming, TradingState, to_order_event
from tradewind.domain.rules.book import (
    CASH,
    EVENT_COLUMNS,
    EVENTS_PER_SYMBOL,
    FEES,
    INSTANT_COLUMNS,
    Book,
    Rules,
    new_book,
)
from tradewind.domain.rules.codes import BUY, HOLD, SELL


class HistoryError(ValueError):
    """A history that can't be simulated: names symbol (None where it is about all), time and field."""

    def __init__(self, field: str, reason: str, symbol: str | None = None, time: int | None = None) -> None:
        where = " ".join([symbol or "", f"at {from_micros(time).isoformat()}" if time is not None else ""]).strip()
        super().__init__(f"{where}: {field} {reason}" if where else f"{field} {reason}")
        self.field = field
        self.symbol = symbol
        self.time = time


@dataclass(frozen=True, eq=False)
class History:
    """Everything that decisions are made from, as int64 arrays; T instants, S symbols in ascending order.

    Args:
        symbols: S names.
        time: [T] closes, microseconds since 1970 UTC, ascending.
        session: [T] the sessions' UTC day numbers, never falling.
        trading_state: [T] the stricter of the manifest's and the person's.
        present: [T, S] 1 where the symbol's bar took part; elsewhere its prices and signal mean nothing.
        open, high, low, close: [T, S] prices, 10^-4.
        volume: [T, S] 10^-8 units.
        side: [T, S] the signals: 1 BUY, -1 SELL, 0 HOLD or none; may be int8 too.
        command_side, command_quantity: [T, S] a person's orders, 0 for none; 10^-8 units.
        command_stop, command_target: [T, S] the bracket of a person's order, price units, 0 for none.
        cancel: [T, S] 1 where a person wants the working order canceled.
        split_numerator, split_denominator: [T, S] a split before that open, 0 for none.
        dividend: [T, S] the money for one unit before that open, price units, 0 for none.

    Raises:
        HistoryError: shapes or types don't fit, times or symbols don't ascend, or a present bar can't be true.
    """

    symbols: tuple[str, ...]
    time: Integers
    session: Integers
    trading_state: Integers
    present: Integers
    open: Integers
    high: Integers
    low: Integers
    close: Integers
    volume: Integers
    side: NDArray[Any]
    command_side: Integers
    command_quantity: Integers
    command_stop: Integers
    command_target: Integers
    cancel: Integers
    split_numerator: Integers
    split_denominator: Integers
    dividend: Integers

    def __post_init__(self) -> None:
        shape = (len(self.time), len(self.symbols))
        for name, expected in [("session", shape[:1]), ("trading_state", shape[:1]), *((name, shape) for name in GRID)]:
            array = getattr(self, name)
            if array.shape != expected or not (array.dtype == np.int64 or (name == "side" and array.dtype == np.int8)):
                raise HistoryError(name, f"is {array.dtype}{list(array.shape)}, not int64{list(expected)}")
        if not self.symbols or list(self.symbols) != sorted(set(self.symbols)):
            raise HistoryError("symbols", f"{list(self.symbols)} are not distinct names in ascending order")
        self._check_times()
        if not self._is_plausible():
            self._refuse_cells()
        if not np.isin(self.trading_state, list(TradingState)).all():
            raise HistoryError("trading_state", "is not 0, 1 or 2")

    def with_sides(self, side: NDArray[Any]) -> "History":
        """Return the history with these signals, int8 or int64[T, S]; nothing else of it is looked at again.

        Raises:
            HistoryError: their shape or type doesn't fit, or one is not 1, -1 or 0.
        """
        made = copy(self)
        object.__setattr__(made, "side", side)
        if side.shape != self.present.shape or side.dtype not in (np.int8, np.int64):
            raise HistoryError("side", f"is {side.dtype}{list(side.shape)}, not int64{list(self.present.shape)}")
        if not _are_sides(side):
            made._refuse_cells()
        return made

    def cut(self, instants: range) -> "History":
        """Return some instants of the history, one after the other; nothing is copied nor looked at again."""
        made = copy(self)
        for name in ("time", "session", "trading_state", *GRID):
            object.__setattr__(made, name, getattr(self, name)[instants.start : instants.stop])
        return made

    @property
    def bars(self) -> list[NDArray[Any]]:
        """The arrays of BARS, as `grid_words` takes them."""
        return [*(by_rows(getattr(self, name)) for name in BARS[:-1]), by_rows(self.side.astype(np.int8, copy=False))]

    def acted(self) -> Integers:
        """Return the instants at which a person or a company acts on any symbol, ascending."""
        acts = np.zeros(len(self.time), np.bool_)
        for name in STARTS:
            column = getattr(self, name)
            if not is_absent(column):
                acts |= column.any(axis=1)
        return np.flatnonzero(acts)

    def acts_at(self, instants: Integers) -> list[Integers]:
        """Return the arrays of ACTS at some instants, int64[len(instants), S], as `grid_words` takes them."""
        return [np.ascontiguousarray(getattr(self, name)[instants]) for name in ACTS]

    def _is_plausible(self) -> bool:
        """Return whether every cell can be true."""
        instants, bars = len(self.time), self.bars
        if not _are_sides(self.side) or not _bars_hold(grid_words(bars), instants):
            return False
        acts = [by_rows(getattr(self, name)) for name in ACTS]
        return all(map(is_absent, acts)) or _acts_hold(grid_words(acts), instants)

    def _check_times(self) -> None:
        for name, least in (("time", 1), ("session", 0)):
            steps = np.diff(getattr(self, name))
            if (steps < least).any():
                after = int(np.argmax(steps < least)) + 1
                raise HistoryError(name, "does not come after the one before", time=int(self.time[after]))

    def _refuse_cells(self) -> None:
        """Name the first cell that breaks a rule of `_plausible`."""
        here = self.present == 1
        self._refuse((self.present != 0) & ~here, "present", "is neither 0 nor 1")
        for name in ("open", "high", "low", "close"):
            prices = getattr(self, name)
            self._refuse(here & (prices <= 0), name, "is not positive")
            self._refuse(here & (prices > AMOUNT_MAX), name, f"passes {AMOUNT_MAX}")
        self._refuse(here & (self.volume < 0), "volume", "is negative")
        self._refuse(here & (self.low > np.minimum(self.open, self.close)), "low", "is above open or close")
        self._refuse(here & (self.high < np.maximum(self.open, self.close)), "high", "is below open or close")
        for name in ("side", "command_side"):
            self._refuse(~np.isin(getattr(self, name), (BUY, SELL, HOLD)), name, "is not 1, -1 or 0")
        amounts = self.command_quantity
        wrong = (self.command_side != 0) & ((amounts <= 0) | (amounts > QUANTITY_MAX))
        self._refuse(wrong, "command_quantity", f"is not above 0 and at most {QUANTITY_MAX}")
        for name in ("command_stop", "command_target", "dividend"):
            amounts = getattr(self, name)
            self._refuse((amounts < 0) | (amounts > AMOUNT_MAX), name, f"is not at least 0 and at most {AMOUNT_MAX}")
        ones, others = self.split_numerator, self.split_denominator
        self._refuse((ones < 0) | ((ones > 0) != (others > 0)), "split_numerator", "is no part of a split")

    def _refuse(self, wrong: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], field: str, reason: str) -> None:
        if wrong.any():
            t, i = np.argwhere(wrong)[0]
            value = int(getattr(self, field)[t, i])
            raise HistoryError(field, f"{value} {reason}", self.symbols[i], int(self.time[t]))


def absent(instants: int, symbols: int) -> Integers:
    """Return a column of zeros, int64[T, S], that takes the memory of one row; it can't be written."""
    return np.broadcast_to(np.zeros((1, symbols), np.int64), (instants, symbols))


def is_absent(column: Integers) -> bool:
    """Return whether a column is one row of zeros for all instants."""
    return column.strides[0] == 0 and not column[:1].any()


def whole(instants: int, symbols: int) -> Integers:
    """Return the column `present` where every symbol has every bar; it takes the memory of one row, as `absent`."""
    return np.broadcast_to(np.ones((1, symbols), np.int64), (instants, symbols))


def is_whole(present: Integers) -> bool:
    """Return whether every symbol has every bar."""
    return bool((present[:1] if present.strides[0] == 0 else present).all())


def _are_sides(side: NDArray[Any]) -> bool:
    return not side.size or bool(side.min() >= SELL and side.max() <= BUY)


def _plausible_bars(words: Integers, instants: int) -> bool:
    bars = as_bars(words)
    for t in range(instants):
        present, open_, high, low, close = bars.present[t], bars.open[t], bars.high[t], bars.low[t], bars.close[t]
        for i in range(bars.symbols):
            if present[i] != 0 and not (
                present[i] == 1
                and 0 < low[i] <= min(open_[i], close[i])
                and max(open_[i], close[i]) <= high[i] <= AMOUNT_MAX
                and bars.volume[t][i] >= 0
            ):
                return False
    return True


def _plausible_acts(words: Integers, instants: int) -> bool:
    acts = as_acts(words)
    for t in range(instants):
        for i in range(acts.symbols):
            side, quantity = acts.command_side[t][i], acts.command_quantity[t][i]
            if not SELL <= side <= BUY or (side != HOLD and not 0 < quantity <= QUANTITY_MAX):
                return False
            if not (0 <= acts.command_stop[t][i] <= AMOUNT_MAX and 0 <= acts.command_target[t][i] <= AMOUNT_MAX):
                return False
            numerator, denominator = acts.split_numerator[t][i], acts.split_denominator[t][i]
            if numerator < 0 or (numerator > 0) != (denominator > 0):
                return False
            if not 0 <= acts.dividend[t][i] <= AMOUNT_MAX:
                return False
    return True


_bars_hold: Callable[[Integers, int], bool] = njit(cache=CACHED, nogil=True)(_plausible_bars)
_acts_hold: Callable[[Integers, int], bool] = njit(cache=CACHED, nogil=True)(_plausible_acts)

GRID = INSTANT_COLUMNS
"""History's [T, S] arrays, in the order of the rule book's Instant."""


@dataclass(frozen=True, eq=False)
class Simulation:
    """What the rule book made of a history. Money in 10^-4, quantities in 10^-8.

    Args:
        symbols: S names.
        time: [T] closes, microseconds since 1970 UTC.
        session: [T] day numbers.
        initial_cash: what the account started with.
        rows: [events, EVENT_COLUMNS] what happened, in order; columns as in `domain.rules.book`.
        equity, cash: [T] after each instant.
        book: the books at the end.
    """

    symbols: tuple[str, ...]
    time: Integers
    session: Integers
    initial_cash: int
    rows: Integers
    equity: Integers
    cash: Integers
    book: Book

    @property
    def final_cash(self) -> int:
        """Cash at the end."""
        return int(self.book.account[CASH])

    @property
    def fees(self) -> int:
        """All fees, borrow included."""
        return int(self.book.account[FEES])

    @property
    def positions(self) -> dict[str, int]:
        """What is held at the end, quantities by symbol."""
        return {s: int(q) for s, q in zip(self.symbols, self.book.quantity, strict=True) if q}

    def events(self, name_order: OrderNaming) -> list[OrderEvent]:
        """Return the event rows in the terms that people handle."""
        return [to_order_event(row, self.symbols, name_order) for row in self.rows.tolist()]


def simulate(history: History, rules: Rules, initial_cash: int) -> Simulation:
    """Run the rule book over a history, from a new account.

    Raises:
        ValueError: the initial cash is not positive or passes AMOUNT_MAX.
        ArithmeticError: an amount passes what the rule book can hold (OverflowError), or the equity identity fails;
            a note names the instant.
    """
    if not 0 < initial_cash <= AMOUNT_MAX:
        raise ValueError(f"initial_cash {initial_cash} is not above 0 and at most {AMOUNT_MAX}")
    instants, symbols = history.present.shape
    words, book = new_books(symbols, initial_cash)
    live, watched = np.zeros(symbols + 1, np.int64), np.zeros((symbols, WATCHED), np.int64)
    clock = [np.ascontiguousarray(each) for each in (history.time, history.session, history.trading_state)]
    bars = history.bars
    if rules.max_participation == 0:
        bars[BARS.index("volume")] = absent(instants, symbols)  # which nothing looks at
    others = history.acted()
    acts = history.acts_at(others)
    state = rules_words(rules), words, instant_words(symbols), live, watched
    given = *state, *clock, grid_words(bars), others, grid_words(acts)
    equity, cash, progress = np.zeros(instants, np.int64), np.zeros(instants, np.int64), np.zeros(3, np.int64)
    # Room for a row of every eighth bar: what is not written takes no memory, and numpy's own is of large pages.
    events = np.empty((max(64, instants * symbols // 8), EVENT_COLUMNS), np.int64)
    try:
        while progress[0] < instants:
            if len(events) - progress[1] < EVENTS_PER_SYMBOL * symbols:
                more = np.empty((2 * len(events) + EVENTS_PER_SYMBOL * symbols, EVENT_COLUMNS), np.int64)
                more[: progress[1]] = events[: progress[1]]
                events = more
            run_instants(*given, equity, cash, progress, events)
    except ArithmeticError as error:
        _name_instant(error, int(history.time[progress[0]]))
    rows = events[: progress[1]]
    return Simulation(history.symbols, clock[0], clock[1], initial_cash, rows, equity, cash, book)


def by_rows(column: NDArray[Any]) -> NDArray[Any]:
    """Return a column whose rows are contiguous; one row for all instants stays one."""
    return column if column.strides[1] == column.itemsize else np.ascontiguousarray(column)


def new_books(symbols: int, initial_cash: int) -> tuple[Integers, Book]:
    """Return the books of a new account: their words for compiled code, and int64 arrays that are views of them."""
    words, book = book_words(symbols)
    for column, start in zip(book, new_book(symbols, initial_cash), strict=True):
        column[:] = start
    return words, book


def _name_instant(error: ArithmeticError, time: int) -> NoReturn:
    error.add_note(f"at the instant {from_micros(time).isoformat()}")
    raise error
