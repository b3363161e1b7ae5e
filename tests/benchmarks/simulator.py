"""How fast the simulator runs: one strategy over made-up minutes of ten symbols on one cash account.

SMA 10/50, a fee of 0.1%, a basis point of slippage, stop loss 2%, take profit 4%, fills at the next open.
"""

import multiprocessing
import re
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

import numpy as np
from tests.benchmarks import bare
from tests.benchmarks.figures import Figure

from tradewind.backtest.baseline import buy_and_hold
from tradewind.backtest.curve import Curve
from tradewind.backtest.metrics import measure as measure_account
from tradewind.backtest.rule_signals import history_sides
from tradewind.backtest.simulator import GRID, History, Simulation, absent, simulate, whole
from tradewind.backtest.trades import PNL, action_rows, fill_rows, round_trips, traded_of
from tradewind.domain.money import MONEY_SCALE, QUANTITY_SCALE
from tradewind.domain.rules.book import Rules
from tradewind.signals.sma_cross import SMA_CROSS

SYMBOLS: Final = 10
PRICES: Final = ("open", "high", "low", "close", "volume")
RUNS: Final = 5
MEMORY: Final = 1.3
"""What a whole run may take, as a multiple of its input, on top of its results."""
CASH: Final = 10_000_000 * MONEY_SCALE
MINUTE: Final = 60_000_000
PLAIN: Final = Rules(8_000_000, 0, 0, 2_000_000, 4_000_000, 0, 100_000, 10_000, QUANTITY_SCALE, 7 * 86_400_000_000)
COSTS: Final = PLAIN._replace(notional=20_000 * MONEY_SCALE)
"""The same with a fixed notional in place of the fraction, which other engines can be given too."""
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


def make_history(bars: int, symbols: int = SYMBOLS, seed: int = 1, move: float = 0.001) -> History:
    """Return so many minutes of random walks, each symbol's own; no signals yet."""
    chance = np.random.default_rng(seed)
    shape = (bars, symbols)
    close = (np.exp(np.cumsum(chance.normal(0, move, shape), axis=0)) * 1_000_000).astype(np.int64) + 1
    before = np.vstack([close[:1], close[:-1]])
    open_ = np.maximum(1, (before * (1 + chance.normal(0, 0.0002, shape))).astype(np.int64))
    wicks = np.abs(chance.normal(0, 0.0005, (2, *shape)))
    high = np.maximum(open_, close) + (wicks[0] * close).astype(np.int64)
    low = np.maximum(1, np.minimum(open_, close) - (wicks[1] * close).astype(np.int64))
    time_ = 14_000 * 86_400_000_000 + MINUTE * np.arange(1, bars + 1, dtype=np.int64)
    grid = {name: absent(*shape) for name in GRID}
    grid |= {"present": whole(*shape), "open": open_, "high": high, "low": low, "close": close}
    grid["volume"] = np.full(shape, 10**14)
    names = tuple(f"S{number}" for number in range(symbols))
    return History(names, time_, (time_ - 1) // 86_400_000_000, np.zeros(bars, np.int64), **grid)


def make_signals(history: History) -> History:
    """Return the history with the signals of SMA 10/50."""
    parameters = SMA_CROSS.read({"fast": "10", "slow": "50"})
    return history.with_sides(history_sides(SMA_CROSS, parameters, history))


def run_once(history: History, rules: Rules) -> Run:
    """Make signals, simulate and measure, each part timed."""

    def metrics(made: Simulation) -> None:
        fills = fill_rows(made.rows)
        trades = round_trips(fills, action_rows((), made.symbols), len(made.symbols))
        curve = Curve(made.time, made.session, made.equity, made.cash, made.equity != made.cash)
        measure_account(CASH, curve, trades[:, PNL], 252, traded=traded_of(fills))

    signalled, signal_seconds = _timed(lambda: make_signals(history))
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
    yield _against_bare()
    ten_times = seconds["costs and exits", 1_000_000] / seconds["costs and exits", 100_000]
    yield Figure("ten times as many bars take, of the simulation's time", f"{ten_times:.1f} times", "about 10")
    yield _growth()
    yield _memory()


def _against_bare() -> Figure:
    """Return how long a whole run takes beside the hand-written loop's, one after the other."""
    history = make_history(1_000_000)

    def by_hand() -> bare.Result:
        made = bare.run(history.open, history.high, history.low, history.close, 10, 50, COSTS.notional, CASH)
        bare.summarise(made, history.session, CASH)
        return made

    ours, theirs = run_once(history, COSTS), by_hand()
    assert np.array_equal(ours.simulation.equity, theirs.equity)
    pairs = [(run_once(history, COSTS).seconds, _timed(by_hand)[1]) for _ in range(RUNS)]
    whole, hand = (statistics.median(each) for each in zip(*pairs, strict=True))
    return Figure(
        f"1,000,000 bars x {SYMBOLS} symbols with signals and metrics, of a fixed notional: against a loop written by "
        "hand, whose equity is equal",
        f"{whole:.2f} s, {hand:.3f} s by hand: {hand / whole:.2f} of its speed",
        "0.8",
    )


def _growth() -> Figure:
    """Return how the processor time of whole runs, buy-and-hold's among them, grows with one symbol's bars."""
    sizes, seconds = [10**4, 10**5, 10**6, 10**7], []
    for bars in sizes:
        history = make_history(bars, 1)
        tried = []
        for _ in range(3):
            started = time.process_time()
            run_once(history, PLAIN)
            buy_and_hold(history, PLAIN, CASH)
            tried.append(time.process_time() - started)
        seconds.append(min(tried))
    slope, start = np.polyfit(sizes, seconds, 1, w=1 / np.array(seconds))
    taken = ", ".join(f"{each:.3f} s" for each in seconds)
    exponent = np.log10(seconds[-1] / seconds[-2])
    return Figure(
        "processor time of whole runs of 10^4, 10^5, 10^6 and 10^7 bars of one symbol",
        f"{taken}; fit {1e3 * start:.1f} ms + {1e9 * slope:.0f} ns a bar; of the last two, bars^{exponent:.2f}",
        "linear",
    )


def _memory() -> Figure:
    """Return what a whole run takes in a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        taken, given, results = pool.apply(peak_memory)
    return Figure(
        f"memory of a whole run of 1,000,000 bars x {SYMBOLS} symbols, above what is imported",
        f"{taken / 1e6:.0f} MB: its input's {given / 1e6:.0f} MB {(taken - results) / given:.2f} times, and "
        f"{results / 1e6:.0f} MB of results",
        f"{MEMORY} times",
    )


def peak_memory() -> tuple[int, int, int]:
    """Return the bytes that a whole run takes at most, those of its input and those of its results."""
    run_once(make_history(1000), PLAIN)
    imported = read_status("VmRSS")
    history = make_history(1_000_000)
    Path("/proc/self/clear_refs").write_text("5")  # forgets the peak so far
    run = run_once(history, PLAIN)
    held = buy_and_hold(history, PLAIN, CASH)
    peak = read_status("VmHWM")
    given = sum(getattr(history, name).nbytes for name in ("time", "session", "trading_state", "present", *PRICES))
    made = run.simulation
    results = [history.side, made.rows, made.equity, made.cash, held.equity, held.cash]
    return peak - imported, given, sum(array.nbytes for array in results)


def read_status(field: str) -> int:
    """Return a field of what the kernel says of this process, bytes; a peak of VmHWM is its own, not its parent's."""
    found = re.search(rf"{field}:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found is not None
    return 1024 * int(found[1])
