"""A market laid out once for many trials: the same bars, other signals and rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tradewind.backtest.blocks import Integers
from tradewind.backtest.history import Bars, day_number, in_window, lay_history, read_columns
from tradewind.backtest.simulator import GRID, History, absent, simulate
from tradewind.domain.bars import CorporateAction
from tradewind.domain.rules.book import KIND, Rules
from tradewind.domain.rules.codes import FILLED, PARTIALLY_FILLED
from tradewind.manifest.feed import Replay
from tradewind.signals.rule import Floats
from tradewind.signals.series import COLUMNS, series_of_columns

_PRICES: Final = ("open", "high", "low", "close", "volume")


@dataclass(frozen=True, eq=False)
class Market:
    """The bars of a backtest as arrays. T instants since the warm-up's first, S symbols.

    Args:
        history: everything that the simulator needs, without signals.
        series: float64[S, T, 5] what rules see: open, high, low, close, volume; where no bar is, it means nothing.
        first: the instant that is traded first; those before only warm up.
    """

    history: History
    series: Floats
    first: int

    @property
    def sessions(self) -> Integers:
        """The sessions that are traded: day numbers, ascending."""
        return np.unique(self.history.session[self.first :])

    def instants(self, first_day: int, last_day: int) -> range:
        """Return the traded instants of the sessions from one day number to another, both included."""
        session = self.history.session
        start = max(int(np.searchsorted(session, first_day)), self.first)
        return range(start, int(np.searchsorted(session, last_day, side="right")))


def lay_market(
    symbols: Sequence[str],
    bars: Mapping[str, Bars],
    replay: Replay,
    actions: Sequence[CorporateAction] = (),
) -> Market:
    """Return the market of a window: warmed up since `from`, traded since `tradeFrom`.

    Raises:
        BarOrderError, HistoryError: see `build_history`.
    """
    columns = read_columns(symbols, bars)
    window = {symbol: in_window(rows, replay.from_, replay.to) for symbol, rows in columns.items()}
    history = lay_history(window, {}, actions=actions)
    series = np.empty((len(history.symbols), len(history.time), COLUMNS))
    for i in range(len(series)):
        series[i] = series_of_columns([getattr(history, name)[:, i] for name in _PRICES])
    return Market(history, series, _first_of(history, replay.trade_from))


def _first_of(history: History, day: date) -> int:
    return int(np.searchsorted(history.session, day_number(day)))


@dataclass(frozen=True, eq=False)
class Outcome:
    """What one run came to: close, day number and marked equity of each instant, int64[T]; and its fills' count."""

    time: Integers
    session: Integers
    equity: Integers
    fills: int


def run_trial(market: Market, sides: NDArray[Any], rules: Rules, cash: int, instants: range) -> Outcome:
    """Simulate some instants of a market from an account that is all cash.

    Args:
        market: the bars.
        sides: int8 or int64[T, S] signals of every instant of the market.
        rules: limits and costs.
        cash: what the account begins with, money units.
        instants: which of the market's instants.

    Raises:
        ValueError, ArithmeticError: see `simulate`.
    """
    simulation = simulate(window_of(market.history, instants, sides), rules, cash)
    kinds = simulation.rows[:, KIND]
    fills = int(np.count_nonzero((kinds == FILLED) | (kinds == PARTIALLY_FILLED)))
    return Outcome(simulation.time, simulation.session, simulation.equity, fills)


def window_of(history: History, instants: range, sides: NDArray[Any]) -> History:
    """Return some instants of a history, with these signals for the whole of it."""
    return history.cut(instants).with_sides(sides[instants.start : instants.stop])


def save_market(market: Market, folder: Path) -> None:
    """Write a market's arrays to a folder; those that are all zero are left out."""
    for name in _arrays(market.history):
        array = getattr(market.history, name)
        if array.any():
            np.save(folder / f"{name}.npy", array)
    np.save(folder / "series.npy", market.series)


def open_market(folder: Path, symbols: tuple[str, ...], first: int) -> Market:
    """Return a market that `save_market` wrote; processes that open it share the memory."""
    series = _mapped(folder / "series.npy")
    instants = series.shape[1]
    arrays = {}
    for field in fields(History):
        if field.name == "symbols":
            continue
        path = folder / f"{field.name}.npy"
        if path.exists():
            arrays[field.name] = _mapped(path)
        elif field.name in GRID:
            arrays[field.name] = absent(instants, len(symbols))
        else:
            arrays[field.name] = np.zeros(instants, np.int64)
    return Market(History(symbols, **arrays), series, first)


def _mapped(path: Path) -> Any:
    # Copy-on-write, of which nothing is written: to numba a read-only array is another type, compiled anew.
    return np.asarray(np.load(path, mmap_mode="c"))


def _arrays(history: History) -> list[str]:
    return [field.name for field in fields(history) if isinstance(getattr(history, field.name), np.ndarray)]
