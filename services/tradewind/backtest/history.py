"""Histories: bars and signals from wherever they come, laid out as the simulator's arrays."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import reduce
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradewind.backtest.blocks import Integers
from tradewind.backtest.rule_signals import batch_sides, cross_sides, series_sides
from tradewind.backtest.simulator import GRID, History, absent, is_absent, whole
from tradewind.domain.bars import Bar, CorporateAction, Split, from_micros, session_of, to_micros
from tradewind.domain.orders import Side, TradingState
from tradewind.manifest.feed import Replay
from tradewind.signals.columns import BarColumns
from tradewind.signals.rule import CrossRule, Floats, Rule, RuleStrategy, VectorisedRule
from tradewind.signals.series import COLUMNS
from tradewind.signals.vectorised import failures_of
from tradewind.store.journal import Journal, TakenCommand

Bars = Sequence[Bar] | BarColumns
"""One symbol's bars, ascending: one by one, or as columns, of which no object is made for each bar."""
EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_DAY = 86_400_000_000
_LAID = 8192
"""How many instants of a column are laid out at a time."""


class BarOrderError(ValueError):
    """A symbol's bars that don't ascend, or a signal or command that belongs to no instant."""


def build_history(
    symbols: Sequence[str],
    bars: Mapping[str, Bars],
    sides: Mapping[tuple[str, datetime], Side],
    commands: Sequence[TakenCommand] = (),
    instants: Mapping[datetime, TradingState] = MappingProxyType({}),
    actions: Sequence[CorporateAction] = (),
) -> History:
    """Return the history of these bars, signals and commands; a bar that a symbol lacks is absent, not an error.

    Args:
        symbols: who is traded.
        bars: by symbol, ascending.
        sides: signals by symbol and close; a bar without one holds.
        commands: at most one order and one cancel a symbol and instant.
        instants: instants that count although they may have no bar, with the trading state in force; those of the bars
            always count, and are ACTIVE unless given.
        actions: splits and dividends; one between two instants takes effect at the later.

    Raises:
        BarOrderError: bars that don't ascend, two commands for a symbol at once, or a command of no instant.
        HistoryError: see `History`.
    """
    columns = read_columns(symbols, bars)
    given: dict[str, NDArray[Any]] = {}
    if sides:
        for name, rows in columns.items():
            given[name] = np.array([sides.get((name, close), Side.HOLD) for close in rows.close_times()], np.int64)
    return lay_history(columns, given, commands, instants, actions)


def lay_history(
    columns: Mapping[str, BarColumns],
    sides: Mapping[str, NDArray[Any]],
    commands: Sequence[TakenCommand] = (),
    instants: Mapping[datetime, TradingState] = MappingProxyType({}),
    actions: Sequence[CorporateAction] = (),
) -> History:
    """Return `build_history` of columns that ascend; sides by symbol, int64[its bars], none where they are left out.

    Raises:
        BarOrderError, HistoryError: see `build_history`.
    """
    names = tuple(sorted(columns))
    counted = np.unique(np.array([to_micros(instant) for instant in instants], np.int64))
    time = _instants_of([counted, *(columns[name].time for name in names)])
    shape = (len(time), len(names))
    grid: dict[str, NDArray[Any]] = {field: absent(*shape) for field in GRID}
    grid |= {field: np.zeros(shape, np.int64) for field in ("open", "high", "low", "close", "volume")}
    grid["side"] = np.zeros(shape, np.int8)
    rows_of = {name: _rows_of(time, columns[name]) for name in names}
    gaps = any(not isinstance(rows, slice) for rows in rows_of.values())
    grid["present"] = np.zeros(shape, np.int64) if gaps else whole(*shape)
    for i, name in enumerate(names):
        if gaps:
            grid["present"][rows_of[name], i] = 1
        if name in sides:
            grid["side"][rows_of[name], i] = sides[name]
    for field in ("open", "high", "low", "close", "volume"):
        _lay_column(grid[field], list(rows_of.values()), [getattr(columns[name], field) for name in names])
    column_of = {name: i for i, name in enumerate(names)}
    for command in commands:
        _lay_command(grid, time, column_of, command)
    for action in actions:
        if action.symbol in column_of:
            _lay_action(grid, time, column_of[action.symbol], action)
    states = np.full(len(time), TradingState.ACTIVE, np.int64)
    for instant, state in instants.items():
        states[np.searchsorted(time, to_micros(instant))] = state
    return History(names, time, _sessions(time), states, **grid)


def read_columns(symbols: Sequence[str], bars: Mapping[str, Bars]) -> dict[str, BarColumns]:
    """Return each symbol's bars as columns; none where it has none.

    Raises:
        BarOrderError: they don't ascend.
    """
    columns = {name: BarColumns.of(bars.get(name, ())) for name in symbols}
    for name, rows in columns.items():
        late = np.flatnonzero(np.diff(rows.time) <= 0)
        if len(late):
            close = from_micros(int(rows.time[late[0] + 1]))
            raise BarOrderError(f"{name}: the bar at {close.isoformat()} does not come after its last")
    return columns


def _instants_of(times: Sequence[Integers]) -> Integers:
    def joined(one: Integers, other: Integers) -> Integers:
        return one if np.array_equal(one, other) else np.union1d(one, other)

    return reduce(joined, (time for time in times if len(time)), np.zeros(0, np.int64)).copy()


def _rows_of(time: Integers, bars: BarColumns) -> slice | Integers:
    return slice(None) if len(bars) == len(time) else np.searchsorted(time, bars.time)


def _lay_column(laid: Integers, rows: Sequence[slice | Integers], columns: Sequence[Integers]) -> None:
    """Write each symbol's column into its place, some instants at a time, which the processor's cache holds."""
    for i, (where, column) in enumerate(zip(rows, columns, strict=True)):
        if not isinstance(where, slice):
            laid[where, i] = column
    for start in range(0, len(laid), _LAID):
        for i, (where, column) in enumerate(zip(rows, columns, strict=True)):
            if isinstance(where, slice):
                laid[start : start + _LAID, i] = column[start : start + _LAID]


def _written(grid: dict[str, NDArray[Any]], field: str) -> NDArray[Any]:
    """Return a column of the grid to write to."""
    if is_absent(grid[field]) and not grid[field].flags.writeable:
        grid[field] = np.zeros(grid[field].shape, np.int64)
    return grid[field]


def _lay_command(
    grid: dict[str, NDArray[Any]], time: Integers, column_of: Mapping[str, int], command: TakenCommand
) -> None:
    micros, i = to_micros(command.instant), column_of.get(command.symbol)
    t = int(np.searchsorted(time, micros))
    if t == len(time) or time[t] != micros or i is None:
        raise BarOrderError(f"a command for {command.symbol} is of no instant: {command.instant.isoformat()}")
    if command.side is Side.HOLD:
        _written(grid, "cancel")[t, i] = 1
        return
    if grid["command_side"][t, i] != 0:
        raise BarOrderError(f"two commands for {command.symbol} at {command.instant.isoformat()}")
    _written(grid, "command_side")[t, i] = command.side
    _written(grid, "command_quantity")[t, i] = command.quantity
    _written(grid, "command_stop")[t, i] = command.stop
    _written(grid, "command_target")[t, i] = command.target


def _lay_action(grid: dict[str, NDArray[Any]], time: Integers, column: int, action: CorporateAction) -> None:
    t = int(np.searchsorted(time, to_micros(action.close_time)))
    if t == len(time):
        return
    if isinstance(action, Split):
        _written(grid, "split_numerator")[t, column] = action.numerator
        _written(grid, "split_denominator")[t, column] = action.denominator
    else:
        _written(grid, "dividend")[t, column] += action.amount


def _sessions(time: Integers) -> Integers:
    sessions: Integers = session_of(time)  # type: ignore[arg-type, assignment]  # the same arithmetic, on all at once
    return sessions


def rule_sides(rule: Rule, parameters: Floats, bars: Mapping[str, Bars]) -> dict[tuple[str, datetime], Side]:
    """Return the rule's side for every bar, by symbol and close; bars by symbol, ascending.

    Raises:
        SymbolCountError: a rule across symbols that needs more or fewer of them.
        RuleFailedError: the rule's code raised or can't be compiled.
    """
    columns = {symbol: BarColumns.of(rows) for symbol, rows in bars.items()}
    sides = column_sides(rule, parameters, columns)
    return {
        (symbol, close): Side(side)
        for symbol, rows in columns.items()
        for close, side in zip(rows.close_times(), sides[symbol].tolist(), strict=True)
    }


def column_sides(rule: Rule, parameters: Floats, bars: Mapping[str, BarColumns]) -> dict[str, NDArray[Any]]:
    """Return the rule's sides by symbol, int8 or int64[its bars].

    Raises:
        SymbolCountError, RuleFailedError: see `rule_sides`.
    """
    if not isinstance(rule, CrossRule):
        return {symbol: _symbol_sides(rule, parameters, rows) for symbol, rows in bars.items()}
    names = sorted(bars)
    time = _instants_of([bars[name].time for name in names])
    present = np.zeros((len(time), len(names)), np.int64)
    series = np.zeros((len(time), len(names), COLUMNS))
    for i, name in enumerate(names):
        rows = _rows_of(time, bars[name])
        present[rows, i] = 1
        series[rows, i] = bars[name].series()
    sides = cross_sides(rule, parameters, present, series)
    return {name: sides[_rows_of(time, bars[name]), i] for i, name in enumerate(names)}


def _symbol_sides(rule: RuleStrategy | VectorisedRule, parameters: Floats, rows: BarColumns) -> NDArray[Any]:
    if isinstance(rule, RuleStrategy) and rule.batch is not None:
        prices = [column.reshape(-1, 1) for column in (rows.open, rows.high, rows.low, rows.close, rows.volume)]
        with failures_of(rule):
            sides = batch_sides(rule.batch, parameters, prices)
        if sides is not None:
            return sides[:, 0]
    return series_sides(rule, parameters, len(rows), rows.series)


def day_number(day: date) -> int:
    """Return a day as the number that `session_of` gives its session."""
    return day.toordinal() - EPOCH_ORDINAL


def in_window(bars: Bars, first: date, last: date) -> BarColumns:
    """Return the bars, ascending, of the sessions from `first` to `last`, both included."""
    columns = BarColumns.of(bars)
    # A bar that closes at midnight belongs to the day before.
    bounds = np.array([day_number(first), day_number(last) + 1], np.int64) * _DAY
    start, stop = np.searchsorted(columns.time, bounds, side="right").tolist()
    return columns.rows(slice(start, stop))


def rule_history(
    symbols: Sequence[str],
    bars: Mapping[str, Bars],
    rule: Rule,
    parameters: Floats,
    replay: Replay,
    actions: Sequence[CorporateAction] = (),
) -> History:
    """Return the history that a rule trades: warmed up since `from`, decided since `tradeFrom`.

    Raises:
        BarOrderError, HistoryError: see `build_history`.
        SymbolCountError, RuleFailedError: see `rule_sides`.
    """
    columns = read_columns(symbols, bars)
    window = {symbol: in_window(rows, replay.from_, replay.to) for symbol, rows in columns.items()}
    sides = column_sides(rule, parameters, window)
    traded = {symbol: in_window(rows, replay.trade_from, replay.to) for symbol, rows in window.items()}
    # Both end with the window, so the sides of what is traded are the last of them.
    last = {symbol: given[len(given) - len(traded[symbol]) :] for symbol, given in sides.items()}
    return lay_history(traded, last, actions=actions)


def journal_history(symbols: Sequence[str], journal: Journal) -> History:
    """Return the history that a live desk decided on.

    Raises:
        BarOrderError, HistoryError: see `build_history`.
    """
    return build_history(symbols, journal.bars, journal.sides, journal.commands, journal.instants, journal.actions)
