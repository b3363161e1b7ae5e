"""How fast the simulator runs: one strategy over made-up minutes of ten symbols on one cash account.

SMA 10/50, a fee of 0.1%, a basis point of slippage, stop loss 2%, take profit 4%, fills at the next open.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final, TypeVar

import numpy as np
from tests.benchmarks.figures import Figure

from tradewind.backtest.curve import Curve
from tradewind.backtest.metrics import measure as measure_account
from tradewind.backtest.rule_signals import grid_sides
from tradewind.backtest.simulator import GRID, History, Simulation, simulate
from tradewind.backtest.trades import PNL, action_rows, fill_rows, round_trips, traded_of
from tradewind.domain.money import MONEY_SCALE, QUANTITY_SCALE
from tradewind.domain.rules.book import Rules
from tradewind.signals.series import series_of_units
from tradewind.signals.sma_cross import SMA_CROSS

SYMBOLS: Final = 10
RUNS: Final = 5
CASH: Final = 10_000_000 * MONEY_SCALE
MINUTE: Final = 60_000_000
PLAIN: Final = Rules(8_000_000, 0, 0, 2_000_000, 4_000_000, 0, 100_000, 10_000, QUANTITY_SCALE, 7 * 86_400_000_000)
EVERY: Final = PLAIN._replace(
    max_position=15_000_000,
    max_concentration=15_000_000,
    max_daily_loss=5_000_000,
    max_order_notional=CASH,
    orders_per_minute=50,
    max_participation=50_000_000,
    min_fee=10_000,
    fee_per_unit=35,
    trailing_stop=3_000_000,
    cool_down=10 * MINUTE,
)
_Made = TypeVar("_Made")


@dataclass(frozen=True)
class Run:
    """One whole run: what it came to, and the seconds of its parts."""

    simulation: Simulation
    signals: float
    simulated: float
    measured: float

    @property
    def seconds(self) -> float:
        """All parts together."""
        return self.signals + self.simulated + self.measured


def make_history(bars: int) -> History:
    """Return so many minutes of random walks, each symbol's own; no signals yet."""
    chance = np.random.default_rng(1)
    shape = (bars, SYMBOLS)
    close = (np.exp(np.cumsum(chance.normal(0, 0.001, shape), axis=0)) * 1_000_000).astype(np.int64) + 1
    before = np.vstack([close[:1], close[:-1]])
    open_ = np.maximum(1, (before * (1 + chance.normal(0, 0.0002, shape))).astype(np.int64))
    wicks = np.abs(chance.normal(0, 0.0005, (2, *shape)))
    high = np.maximum(open_, close) + (wicks[0] * close).astype(np.int64)
    low = np.maximum(1, np.minimum(open_, close) - (wicks[1] * close).astype(np.int64))
    time_ = 14_000 * 86_400_000_000 + MINUTE * np.arange(1, bars + 1, dtype=np.int64)
    grid = {name: np.zeros(shape, np.int64) for name in GRID}
    grid |= {"present": np.ones(shape, np.int64), "open": open_, "high": high, "low": low, "close": close}
    grid["volume"] = np.full(shape, 10**14)
    names = tuple(f"S{number}" for number in range(SYMBOLS))
    return History(names, time_, (time_ - 1) // 86_400_000_000, np.zeros(bars, np.int64), **grid)


def run_once(history: History, rules: Rules) -> Run:
    """Make signals, simulate and measure, each part timed."""
    parameters = SMA_CROSS.read({"fast": "10", "slow": "50"})

    def signals() -> History:
        columns = (history.open, history.high, history.low, history.close, history.volume)
        series = np.ascontiguousarray(series_of_units(np.stack(columns, axis=-1)).swapaxes(0, 1))
        return replace(history, side=grid_sides(SMA_CROSS, parameters, history.present, series))

    def metrics(made: Simulation) -> None:
        fills = fill_rows(made.rows)
        trades = round_trips(fills, action_rows((), made.symbols), SYMBOLS)
        curve = Curve(made.time, made.session, made.equity, made.cash, made.equity != made.cash)
        measure_account(CASH, curve, trades[:, PNL], 252, traded=traded_of(fills))

    signalled, signal_seconds = _timed(signals)
    made, seconds = _timed(lambda: simulate(signalled, rules, CASH))
    _, metric_seconds = _timed(lambda: metrics(made))
    return Run(made, signal_seconds, seconds, metric_seconds)


def _timed(work: Callable[[], _Made]) -> tuple[_Made, float]:
    started = time.perf_counter()
    made = work()
    return made, time.perf_counter() - started


def measure(_: float) -> Iterator[Figure]:
    """Yield the speed of whole runs and of the simulation in them, and how time grows with the bars."""
    seconds = {}
    for bars in (10_000, 100_000, 1_000_000):
        history = make_history(bars)
        run_once(history, PLAIN)
        for name, rules in (("costs and exits", PLAIN), ("every risk rule", EVERY)):
            runs = [run_once(history, rules) for _ in range(RUNS)]
            cells = bars * SYMBOLS
            whole = statistics.median(run.seconds for run in runs)
            alone = statistics.median(run.simulated for run in runs)
            seconds[name, bars] = alone
            fills = len(fill_rows(runs[0].simulation.rows))
            yield Figure(
                f"{bars:,} bars x {SYMBOLS} symbols, {name}, {fills:,} fills (median of {RUNS})",
                f"simulation {cells / alone / 1e6:.1f} million bars/s; with signals and metrics "
                f"{cells / whole / 1e6:.1f} million bars/s, {whole:.2f} s",
            )
    ten_times = seconds["costs and exits", 1_000_000] / seconds["costs and exits", 100_000]
    yield Figure("ten times as many bars take, of the simulation's time", f"{ten_times:.1f} times", "about 10")
