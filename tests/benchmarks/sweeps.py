"""How fast a sweep runs: 1,000 combinations of SMACross over made-up minutes of one symbol, on one core and on two."""

import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import product
from multiprocessing import get_context
from pathlib import Path
from typing import Final
from unittest.mock import patch

from tests.benchmarks.figures import Figure
from tests.benchmarks.simulator import PLAIN, PRICES, make_history, read_status

from tradewind.backtest.market import Market
from tradewind.backtest.sweep import Span, run_trials
from tradewind.backtest.trials import Trial
from tradewind.manifest.load import load_strategy
from tradewind.manifest.resources import StrategySpec
from tradewind.signals.series import series_of_columns
from tradewind.signals.sma_cross import SMA_CROSS

BARS: Final = 100_000
RUNS: Final = 3
MEMORY_MB: Final = 500
TWO: Final = 1.8
"""How many times as fast two threads are to be as one."""
_EXAMPLE: Final = Path(__file__).resolve().parents[2] / "examples" / "sma-cross.yaml"


def measure(_: float) -> Iterator[Figure]:
    """Yield combinations x bars a second on one core and on two, and the most memory that the first took."""
    rates: dict[int, float] = {}
    with tempfile.TemporaryDirectory(prefix="tw-bench-") as cache:
        _in_a_process(2, cache)  # compiles
        taken = {workers: [_in_a_process(workers, cache) for _ in range(RUNS)] for workers in (1, 2)}
    for workers, runs in taken.items():
        seconds = statistics.median(run[0] for run in runs)
        rates[workers] = 1_000 * BARS / seconds
        cores = "one core" if workers == 1 else "two threads"
        processor = statistics.median(run[1] for run in runs)
        yield Figure(
            f"1,000 combinations x {BARS:,} bars of one symbol, {cores} (median of {RUNS})",
            f"{seconds:.2f} s, {rates[workers] / 1e6:.0f} million bar-combinations/s; "
            f"{processor:.2f} s of processor time, {1_000 * BARS / processor / 1e6:.0f} million/s",
        )
        if workers == 1:
            megabytes = max(run[2] for run in runs) / 1e6
            yield Figure("the same, most memory", f"{megabytes:.0f} MB", f"<= {MEMORY_MB} MB", megabytes <= MEMORY_MB)
    faster = rates[2] / rates[1]
    yield Figure("two threads against one", f"{faster:.2f} times", f">= {TWO}", faster >= TWO)


def _in_a_process(workers: int, cache: str) -> tuple[float, float, int]:
    """Return what `_sweep` does in a process of its own, which keeps compiled code in that folder."""
    with patch.dict(os.environ, NUMBA_CACHE_DIR=cache), ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(_sweep, workers).result()


def _sweep(workers: int) -> tuple[float, float, int]:
    """Return (seconds, those of processor time, bytes at the most)."""
    spec = load_strategy(_EXAMPLE).spec
    history = make_history(BARS, 1)
    series = series_of_columns([getattr(history, name)[:, 0] for name in PRICES])
    market = Market(history, series[None], 0)
    trials = [_trial(fast, slow) for fast, slow in product(range(5, 30), range(30, 110, 2))]
    _run(spec, market, trials[:1], 1)  # compiles
    started, processor = time.perf_counter(), time.process_time()
    _run(spec, market, trials, workers)
    taken = time.perf_counter() - started, time.process_time() - processor
    return *taken, read_status("VmHWM")


def _trial(fast: int, slow: int) -> Trial:
    given = {"fast": str(fast), "slow": str(slow)}
    return Trial(given, SMA_CROSS.read(given), PLAIN)


def _run(spec: StrategySpec, market: Market, trials: list[Trial], workers: int) -> None:
    run_trials(spec, market, trials, [Span(range(BARS))], workers=workers)
