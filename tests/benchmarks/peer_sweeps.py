"""A sweep beside other ways to do it: vectorbt's, and the bare loop for each combination; all in one run, in turn.

1,000 combinations of SMACross over made-up minutes of one symbol, with the costs, the stop and the target of
`simulator.COSTS`. The loop's fills and equity have to be ours to the unit; how far vectorbt's differ is said.
"""

import json
import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any, Final

import numpy as np
from tests.benchmarks import bare
from tests.benchmarks.figures import Figure
from tests.benchmarks.peers import PYTHON
from tests.benchmarks.simulator import CASH, COSTS, PRICES, make_history

from tradewind.backtest.market import Market
from tradewind.backtest.simulator import History
from tradewind.backtest.sweep import Span, run_trials
from tradewind.backtest.trials import Trial
from tradewind.domain.money import MONEY_SCALE, PRICE_SCALE
from tradewind.manifest.load import load_strategy
from tradewind.manifest.resources import StrategySpec
from tradewind.signals.series import series_of_columns
from tradewind.signals.sma_cross import SMA_CROSS

BARS: Final = 100_000
PAIRS: Final = tuple(product(range(5, 30), range(30, 110, 2)))
ROUNDS: Final = 5
SLOW_ROUNDS: Final = 2
"""Of an engine whose round takes more than ten seconds."""
SLOW_SECONDS: Final = 10.0
EVERY: Final = 10
"""vectorbt is given every tenth combination, and its time counts ten times: all of them take minutes a round."""
WANTED: Final = 100
WANTED_OF_LOOP: Final = 3
_EXAMPLE: Final = Path(__file__).resolve().parents[2] / "examples" / "sma-cross.yaml"
_DIFFERS: Final = "it looks for exits from the bar after the entry's, a target pays slippage too, Sharpe is of minutes"


@dataclass(frozen=True)
class Sweep:
    """The seconds of all combinations; of each its closed trades or its fills, and its final equity."""

    seconds: float
    counts: np.ndarray[Any, np.dtype[np.int64]]
    equity: np.ndarray[Any, np.dtype[np.float64]]


class _Ours:
    """The sweep as `tradewind backtest` runs it, in one thread."""

    def __init__(self, history: History) -> None:
        spec = load_strategy(_EXAMPLE).spec
        account = spec.account.model_copy(update={"initial_cash": str(CASH // MONEY_SCALE)})
        self._spec: StrategySpec = spec.model_copy(update={"account": account})
        series = series_of_columns([getattr(history, name)[:, 0] for name in PRICES])
        self._market = Market(history, series[None], 0)
        self._trials = [self._trial(str(fast), str(slow)) for fast, slow in PAIRS]

    def _trial(self, fast: str, slow: str) -> Trial:
        given = {"fast": fast, "slow": slow}
        return Trial(given, SMA_CROSS.read(given), COSTS)

    def run(self, count: int = len(PAIRS)) -> Sweep:
        started = time.perf_counter()
        found = run_trials(self._spec, self._market, self._trials[:count], [Span(range(BARS))], workers=1)
        seconds = time.perf_counter() - started
        fills, returns = zip(*((each[0].fills, each[0].total_return) for each in found), strict=True)
        return Sweep(seconds, np.array(fills), CASH / MONEY_SCALE * (1 + np.array(returns)))


def run_loop(history: History, count: int = len(PAIRS)) -> Sweep:
    """Run the bare loop and its metrics for each combination."""
    open_, high, low, close = (np.ascontiguousarray(getattr(history, name)) for name in PRICES[:4])
    fills, equity = [], []
    started = time.perf_counter()
    for fast, slow in PAIRS[:count]:
        result = bare.run(open_, high, low, close, fast, slow, COSTS.notional, CASH)
        bare.summarise(result, history.session, CASH)
        fills.append(len(result.fills))
        equity.append(result.equity[-1] / MONEY_SCALE)
    return Sweep(time.perf_counter() - started, np.array(fills), np.array(equity))


class _Peer:
    """A running engine: `peer_sweep_engine.py` in its own Python."""

    def __init__(self, engine: str, folder: Path) -> None:
        self._process = subprocess.Popen(
            [PYTHON, "-W", "ignore", Path(__file__).with_name("peer_sweep_engine.py"), engine, folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"TQDM_DISABLE": "1"},
        )
        self._line()

    def _line(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self._process.args!r} ended with {self._process.wait()}")
        return line

    def run(self) -> Sweep:
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        said = json.loads(self._line())
        return Sweep(said["seconds"], np.array(said["trades"]), np.array(said["equity"]))

    def __enter__(self) -> "_Peer":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate(timeout=60)


def measure(_: float) -> Iterator[Figure]:
    """Yield ours beside the bare loop and vectorbt's two engines; of those nothing without `.venv-bench`."""
    history = make_history(BARS, 1)
    ours = _Ours(history)
    ours.run(2)  # compiles
    run_loop(history, 2)
    rounds = [(ours.run(), run_loop(history)) for _ in range(ROUNDS)]
    for mine, loop in rounds:
        if (mine.counts != loop.counts).any() or np.abs(mine.equity - loop.equity).max() > 1 / MONEY_SCALE:
            raise RuntimeError("the sweep and the bare loop differ in fills or final equity")
    seconds, of_loop = (statistics.median(each.seconds for each in sweeps) for sweeps in zip(*rounds, strict=True))
    work = f"{len(PAIRS):,} combinations x {BARS:,} bars of one symbol, one core"
    yield Figure(
        f"{work}: bare loop and its metrics for each combination (median of {ROUNDS})",
        f"{of_loop:.2f} s, {of_loop / seconds:.2f} times ours of {seconds:.3f} s; fills and equity are the same to the "
        "unit in every combination",
        f">= {WANTED_OF_LOOP} times",
        of_loop / seconds >= WANTED_OF_LOOP,
    )
    if not PYTHON.exists():
        yield Figure(f"{work}: vectorbt", "not measured: it is not installed, `make bench-peers` does it")
        return
    with tempfile.TemporaryDirectory(prefix="tw-peers-") as name:
        folder = Path(name)
        for column in PRICES[:4]:
            np.save(folder / f"{column}.npy", getattr(history, column)[:, 0] / PRICE_SCALE)
        np.save(folder / "pairs.npy", np.array(PAIRS[::EVERY], np.int64))
        for engine in ("rust", "numba"):
            yield _beside(work, engine, folder, ours)


def _beside(work: str, engine: str, folder: Path, ours: _Ours) -> Figure:
    """Return one engine's median time beside ours, its rounds and ours in turn; a slow engine's rounds are fewer."""
    times: list[tuple[float, float]] = []
    with _Peer(engine, folder) as peer:
        while len(times) < (SLOW_ROUNDS if times and times[0][0] > EVERY * SLOW_SECONDS else ROUNDS):
            theirs, mine = peer.run(), ours.run()
            times.append((theirs.seconds * EVERY, mine.seconds))
    seconds, own = (statistics.median(each) for each in zip(*times, strict=True))
    own_equity = mine.equity[::EVERY]
    # Beside the cash to begin with, any difference would look small.
    apart = np.abs(theirs.equity - own_equity) / np.abs(own_equity - CASH / MONEY_SCALE)
    trades = f"{theirs.counts.sum():,} closed trades in them, ours {mine.counts[::EVERY].sum() // 2:,}"
    return Figure(
        f"{work}: vectorbt, {engine}: {len(theirs.counts)} of the combinations, 50 at a time, its time x {EVERY} "
        f"(median of {len(times)})",
        f"{seconds:.1f} s, {seconds / own:.0f} times ours of {own:.3f} s; {trades}; what it gains or loses apart by "
        f"{np.median(apart):.3%} in the median combination, {apart.max():.3%} at most: {_DIFFERS}",
        f">= {WANTED} times",
        seconds / own >= WANTED,
    )
