"""The simulator: runs the compiled rule book over a history. It knows no order and no fill but its own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np
from numba import njit

from tradewind.backtest.compiler import CACHED, Grid, Integers, run_instants
from tradewind.domain.bars import from_micros
from tradewind.domain.money import AMOUNT_MAX, QUANTITY_MAX
from tradewind.domain.orders import OrderEvent, OrderNaming, TradingState, to_order_event
from tradewind.domain.rules.book import CASH, EVENT_COLUMNS, FEES, Book, Instant, Rules, new_book
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
        side: [T, S] the signals: 1 BUY, -1 SELL, 0 HOLD or none.
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
    side: Integers
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
            if array.dtype != np.int64 or array.shape != expected:
                raise HistoryError(name, f"is {array.dtype}{list(array.shape)}, not int64{list(expected)}")
        if not self.symbols or list(self.symbols) != sorted(set(self.symbols)):
            raise HistoryError("symbols", f"{list(self.symbols)} are not distinct names in ascending order")
        self._check_times()
        if not _plausible(self.grid):
            self._refuse_cells()
        if not np.isin(self.trading_state, list(TradingState)).all():
            raise HistoryError("trading_state", "is not 0, 1 or 2")

    @property
    def grid(self) -> tuple[Integers, ...]:
        """The [T, S] arrays in the order of the rule book's Instant, laid out row by row for the compiled loop."""
        return tuple(np.ascontiguousarray(getattr(self, name)) for name in GRID)

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


def _plausible_cells(grid: Grid) -> bool:
    present, open_, high, low, close, volume, side, command_side, command_quantity = grid[:9]
    command_stop, command_target, _, numerator, denominator, dividend = grid[9:]
    for t in range(present.shape[0]):
        for i in range(present.shape[1]):
            if present[t, i] != 0 and not (
                present[t, i] == 1
                and 0 < low[t, i] <= min(open_[t, i], close[t, i])
                and max(open_[t, i], close[t, i]) <= high[t, i] <= AMOUNT_MAX
                and volume[t, i] >= 0
            ):
                return False
            if not (SELL <= side[t, i] <= BUY and SELL <= command_side[t, i] <= BUY):
                return False
            if command_side[t, i] != HOLD and not 0 < command_quantity[t, i] <= QUANTITY_MAX:
                return False
            if not (0 <= command_stop[t, i] <= AMOUNT_MAX and 0 <= command_target[t, i] <= AMOUNT_MAX):
                return False
            if numerator[t, i] < 0 or (numerator[t, i] > 0) != (denominator[t, i] > 0):
                return False
            if not 0 <= dividend[t, i] <= AMOUNT_MAX:
                return False
    return True


_plausible: Callable[[Grid], bool] = njit(cache=CACHED, nogil=True)(_plausible_cells)
"""Whether every cell can be true, in one pass."""

GRID = Instant._fields[3:]
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
    instants = len(history.time)
    book = new_books(len(history.symbols), initial_cash)
    equity, cash, progress = np.zeros(instants, np.int64), np.zeros(instants, np.int64), np.zeros(1, np.int64)
    time, session, state = (np.ascontiguousarray(a) for a in (history.time, history.session, history.trading_state))
    # Room for a row of every eighth bar: what is not written takes no memory, and numpy's own is of large pages.
    events = np.empty((max(64, instants * len(history.symbols) // 8), EVENT_COLUMNS), np.int64)
    try:
        rows = run_instants(rules, book, time, session, state, history.grid, equity, cash, progress, events)
    except ArithmeticError as error:
        _name_instant(error, int(time[progress[0]]))
    return Simulation(history.symbols, time, session, initial_cash, rows, equity, cash, book)


def new_books(symbols: int, initial_cash: int) -> Book:
    """Return the books of a new account, as int64 arrays."""
    columns: list[Any] = [np.array(column, np.int64) for column in new_book(symbols, initial_cash)]
    return Book(*columns)


def _name_instant(error: ArithmeticError, time: int) -> NoReturn:
    error.add_note(f"at the instant {from_micros(time).isoformat()}")
    raise error
