"""Histories: bars and signals from wherever they come, laid out as the simulator's arrays."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType

import numpy as np

from tradewind.backtest.compiler import Integers
from tradewind.backtest.rule_signals import cross_sides, symbol_sides
from tradewind.backtest.simulator import GRID, History
from tradewind.domain.bars import Bar, CorporateAction, Split, from_micros, session_of, to_micros
from tradewind.domain.orders import Side, TradingState
from tradewind.manifest.resources import Replay
from tradewind.signals.rule import CrossRule, Floats, Rule
from tradewind.signals.series import COLUMNS, series_of
from tradewind.store.journal import Journal, TakenCommand

EPOCH_ORDINAL = date(1970, 1, 1).toordinal()


class BarOrderError(ValueError):
    """A symbol's bars that don't ascend, or a signal or command that belongs to no instant."""


def build_history(
    symbols: Sequence[str],
    bars: Mapping[str, Sequence[Bar]],
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
    names = tuple(sorted(symbols))
    every = {to_micros(instant) for instant in instants}
    every.update(to_micros(bar.close_time) for name in names for bar in bars.get(name, ()))
    time = np.array(sorted(every), np.int64)
    row_of = {int(instant): t for t, instant in enumerate(time)}
    grid = {field: np.zeros((len(time), len(names)), np.int64) for field in GRID}
    for i, name in enumerate(names):
        _lay_bars(grid, i, row_of, bars.get(name, ()), sides)
    column_of = {name: i for i, name in enumerate(names)}
    for command in commands:
        _lay_command(grid, row_of, column_of, command)
    for action in actions:
        if action.symbol in column_of:
            _lay_action(grid, time, column_of[action.symbol], action)
    states = np.array([instants.get(from_micros(int(t)), TradingState.ACTIVE) for t in time], np.int64)
    return History(names, time, _sessions(time), states, **grid)


def _lay_command(
    grid: Mapping[str, Integers], row_of: Mapping[int, int], column_of: Mapping[str, int], command: TakenCommand
) -> None:
    t, i = row_of.get(to_micros(command.instant)), column_of.get(command.symbol)
    if t is None or i is None:
        raise BarOrderError(f"a command for {command.symbol} is of no instant: {command.instant.isoformat()}")
    if command.side is Side.HOLD:
        grid["cancel"][t, i] = 1
        return
    if grid["command_side"][t, i] != 0:
        raise BarOrderError(f"two commands for {command.symbol} at {command.instant.isoformat()}")
    grid["command_side"][t, i] = command.side
    grid["command_quantity"][t, i] = command.quantity
    grid["command_stop"][t, i] = command.stop
    grid["command_target"][t, i] = command.target


def _lay_action(grid: Mapping[str, Integers], time: Integers, column: int, action: CorporateAction) -> None:
    t = int(np.searchsorted(time, to_micros(action.close_time)))
    if t == len(time):
        return
    if isinstance(action, Split):
        grid["split_numerator"][t, column] = action.numerator
        grid["split_denominator"][t, column] = action.denominator
    else:
        grid["dividend"][t, column] += action.amount


def _lay_bars(
    grid: Mapping[str, Integers],
    column: int,
    row_of: Mapping[int, int],
    bars: Sequence[Bar],
    sides: Mapping[tuple[str, datetime], Side],
) -> None:
    before = -1
    for bar in bars:
        t = row_of[to_micros(bar.close_time)]
        if t <= before:
            raise BarOrderError(f"{bar.symbol}: the bar at {bar.close_time.isoformat()} does not come after its last")
        before = t
        grid["present"][t, column] = 1
        grid["open"][t, column] = bar.open
        grid["high"][t, column] = bar.high
        grid["low"][t, column] = bar.low
        grid["close"][t, column] = bar.close
        grid["volume"][t, column] = bar.volume
        grid["side"][t, column] = sides.get((bar.symbol, bar.close_time), Side.HOLD)


def _sessions(time: Integers) -> Integers:
    return np.array([session_of(int(close)) for close in time], np.int64)


def rule_sides(rule: Rule, parameters: Floats, bars: Mapping[str, Sequence[Bar]]) -> dict[tuple[str, datetime], Side]:
    """Return the rule's side for every bar, by symbol and close; bars by symbol, ascending.

    Raises:
        SymbolCountError: a rule across symbols that needs more or fewer of them.
        RuleFailedError: the rule's code raised or can't be compiled.
    """
    if isinstance(rule, CrossRule):
        return _cross_rule_sides(rule, parameters, bars)
    sides: dict[tuple[str, datetime], Side] = {}
    for symbol, rows in bars.items():
        given = symbol_sides(rule, parameters, series_of(rows)).tolist()
        sides.update({(symbol, bar.close_time): Side(side) for bar, side in zip(rows, given, strict=True)})
    return sides


def _cross_rule_sides(
    rule: CrossRule, parameters: Floats, bars: Mapping[str, Sequence[Bar]]
) -> dict[tuple[str, datetime], Side]:
    names = sorted(bars)
    every = sorted({bar.close_time for rows in bars.values() for bar in rows})
    row_of = {instant: t for t, instant in enumerate(every)}
    present = np.zeros((len(every), len(names)), np.int64)
    series = np.zeros((len(every), len(names), COLUMNS))
    rows = {name: [row_of[bar.close_time] for bar in bars[name]] for name in names}
    for i, name in enumerate(names):
        present[rows[name], i] = 1
        series[rows[name], i] = series_of(bars[name])
    sides = cross_sides(rule, parameters, present, series)
    return {
        (name, bar.close_time): Side(int(sides[t, i]))
        for i, name in enumerate(names)
        for t, bar in zip(rows[name], bars[name], strict=True)
    }


def day_number(day: date) -> int:
    """Return a day as the number that `session_of` gives its session."""
    return day.toordinal() - EPOCH_ORDINAL


def in_window(bars: Sequence[Bar], first: date, last: date) -> list[Bar]:
    """Return the bars of the sessions from `first` to `last`, both included."""
    least, most = day_number(first), day_number(last)
    return [bar for bar in bars if least <= session_of(to_micros(bar.close_time)) <= most]


def rule_history(
    symbols: Sequence[str],
    bars: Mapping[str, Sequence[Bar]],
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
    window = {symbol: in_window(bars.get(symbol, ()), replay.from_, replay.to) for symbol in symbols}
    sides = rule_sides(rule, parameters, window)
    traded = {symbol: in_window(window[symbol], replay.trade_from, replay.to) for symbol in symbols}
    return build_history(symbols, traded, sides, actions=actions)


def journal_history(symbols: Sequence[str], journal: Journal) -> History:
    """Return the history that a live desk decided on.

    Raises:
        BarOrderError, HistoryError: see `build_history`.
    """
    return build_history(symbols, journal.bars, journal.sides, journal.commands, journal.instants, journal.actions)
