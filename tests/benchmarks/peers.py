"""Other engines beside the simulator: the same made-up bars, costs and exits; in each round one after the other.

They run in an environment of their own, `.venv-bench`, which `make bench-peers` makes.
"""

import json
import os
import statistics
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from tests.benchmarks.figures import Figure
from tests.benchmarks.simulator import COSTS, EVERY, PRICES, RUNS, Run, make_history, run_once

from tradewind.backtest.simulator import History
from tradewind.backtest.trades import action_rows, fill_rows, round_trips
from tradewind.domain.money import MONEY_SCALE, PRICE_SCALE

_ROOT: Final = Path(__file__).resolve().parents[2]
PYTHON: Final = _ROOT / ".venv-bench" / "bin" / "python"
BARS: Final = 1_000_000
SLOW_BARS: Final = 10_000
"""What engines that step through Python for each bar are given."""


@dataclass(frozen=True)
class Peer:
    """An engine, how many bars it is given, how many times as fast as it we are to be, and why it differs from us."""

    name: str
    bars: int
    wanted: float
    differs: str


PEERS: Final = (
    Peer("vectorbt, numba", BARS, 15, "looks for exits from the bar after the entry's; a target pays slippage too"),
    Peer("vectorbt, rust", BARS, 15, "looks for exits from the bar after the entry's; a target pays slippage too"),
    Peer("raptorbt", BARS, 5, "runs each symbol alone: cash is not shared; prices are not rounded"),
    Peer("nanoback", BARS, 5, "knows no stop and no target; fills at the next close"),
    Peer("polars-bt", BARS, 5, "knows no stop and no target; trades weights at the close, not shares"),
    Peer(
        "backtesting.py",
        SLOW_BARS,
        1000,
        "knows one symbol: each has a tenth of the cash; exits are of the signal's close",
    ),
)


class _Engine:
    """A running engine: `peer_engine.py` in its own Python."""

    def __init__(self, name: str, folder: Path) -> None:
        script = Path(__file__).with_name("peer_engine.py")
        self._process = subprocess.Popen(
            [PYTHON, "-W", "ignore", script, name, folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"TQDM_DISABLE": "1"},
        )
        self._answer()

    def _answer(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self._process.args!r} ended with {self._process.wait()}")
        return line

    def run(self) -> dict[str, float]:
        """Return one run's seconds, trades and equity."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        answer: dict[str, float] = json.loads(self._answer())
        return answer

    def __enter__(self) -> "_Engine":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate(timeout=60)


def measure(_: float) -> Iterator[Figure]:
    """Yield each engine's speed beside ours, trades and final equity of both; nothing without `.venv-bench`."""
    if not PYTHON.exists():
        yield Figure("other engines", "not measured: they are not installed, `make bench-peers` does it")
        return
    for bars in sorted({peer.bars for peer in PEERS}):
        history = make_history(bars)
        ours = run_once(history, COSTS)
        with tempfile.TemporaryDirectory(prefix="tw-peers-") as folder:
            for name in PRICES[:4]:
                np.save(Path(folder) / f"{name}.npy", getattr(history, name) / PRICE_SCALE)
            for peer in PEERS:
                if peer.bars == bars:
                    yield _beside(peer, history, ours, Path(folder))


def _beside(peer: Peer, history: History, ours: Run, folder: Path) -> Figure:
    """Return one engine's median time beside ours, its runs and ours in turn."""
    with _Engine(peer.name, folder) as engine:
        times, theirs = [], {}
        for _ in range(RUNS if peer.bars == BARS else 1):
            theirs = engine.run()
            times.append((theirs["seconds"], run_once(history, COSTS).seconds, run_once(history, EVERY).seconds))
    seconds, plain, every = (statistics.median(each) for each in zip(*times, strict=True))
    fills = fill_rows(ours.simulation.rows)
    trades = len(round_trips(fills, action_rows((), ours.simulation.symbols), len(ours.simulation.symbols)))
    equity = ours.simulation.equity[-1] / MONEY_SCALE
    differs = f"; it {peer.differs}" if peer.differs else ""
    return Figure(
        f"{peer.name}: {peer.bars:,} bars x {len(history.symbols)} symbols with signals and metrics",
        f"{seconds:.2f} s, {seconds / plain:.1f} times ours of {plain:.3f} s ({seconds / every:.1f} times ours with "
        f"every risk rule); {theirs['trades']:,.0f} trades, equity {theirs['equity']:,.2f}; "
        f"ours {trades:,} and {equity:,.2f}{differs}",
        f">= {peer.wanted:g} times",
        seconds / plain >= peer.wanted,
    )
