"""vectorbt over many combinations, run by the Python of `.venv-bench`: `peer_sweep_engine.py ENGINE FOLDER`.

FOLDER holds open, high, low and close of one symbol as float64[T], and the pairs of windows as int64[N, 2], in .npy
files. Says `ready` after a first run over a few bars, then runs once for each line of its input and answers with one
line of JSON: seconds, and closed trades and final equity of each combination. Signals and metrics are in the time.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from peer_engine import CASH, FEE, NOTIONAL, SLIPPAGE, STOP, TARGET  # type: ignore[import-not-found]  # beside it

Floats = NDArray[np.float64]
Pairs = NDArray[np.int64]
Outcome = tuple[NDArray[np.int64], Floats]
"""Closed trades and final equity by combination."""
CHUNK = 50
"""Combinations of one `from_signals`: all of them at once would take arrays of 800 MB each."""


def vectorbt(engine: str) -> Callable[[dict[str, Floats], Pairs], Outcome]:
    """Portfolio.from_signals with a column for each combination; each average is made once for all that share it."""
    import pandas as pd
    import vectorbt as vbt
    from vectorbt.portfolio.enums import StopEntryPrice, StopExitPrice

    vbt.settings["engine"] = engine

    def run(prices: dict[str, Floats], pairs: Pairs) -> Outcome:
        index = pd.RangeIndex(len(prices["close"]))
        series = {name: pd.Series(column, index=index) for name, column in prices.items()}
        windows = np.unique(pairs)
        averages = vbt.MA.run(series["close"], windows.tolist()).ma.to_numpy()
        place = {window: i for i, window in enumerate(windows.tolist())}
        size = np.zeros(len(index))
        size[1:] = np.floor(NOTIONAL / prices["close"][:-1])
        trades, equity = [], []
        for start in range(0, len(pairs), CHUNK):
            some = pairs[start : start + CHUNK]
            fast, slow = (averages[:, [place[window] for window in some[:, i].tolist()]] for i in (0, 1))
            above, known = fast > slow, ~np.isnan(slow)
            entries, exits = np.zeros(above.shape, bool), np.zeros(above.shape, bool)
            # A fill is at the open of the bar after the crossing.
            entries[2:] = above[1:-1] & ~above[:-2] & known[:-2]
            exits[2:] = ~above[1:-1] & above[:-2]
            account = vbt.Portfolio.from_signals(
                series["close"],
                pd.DataFrame(entries, index=index),
                pd.DataFrame(exits, index=index),
                size=pd.Series(size, index=index),
                price=series["open"],
                open=series["open"],
                high=series["high"],
                low=series["low"],
                fees=FEE,
                slippage=SLIPPAGE,
                sl_stop=STOP,
                tp_stop=TARGET,
                stop_entry_price=StopEntryPrice.FillPrice,
                stop_exit_price=StopExitPrice.StopMarket,
                init_cash=CASH,
                freq="1min",
            )
            for measured in (
                account.total_return,
                account.annualized_return,
                account.sharpe_ratio,
                account.sortino_ratio,
                account.calmar_ratio,
                account.max_drawdown,
            ):
                measured()
            trades.append(account.trades.closed.count().to_numpy())
            equity.append(account.final_value().to_numpy())
        return np.concatenate(trades), np.concatenate(equity)

    return run


def main(name: str, folder: Path) -> None:
    """Answer runs until the input ends."""
    run = vectorbt(name)
    prices = {each: np.load(folder / f"{each}.npy") for each in ("open", "high", "low", "close")}
    pairs = np.load(folder / "pairs.npy")
    run({each: column[:2000] for each, column in prices.items()}, pairs[: CHUNK + 1])
    print("ready", flush=True)
    for _ in sys.stdin:
        started = time.perf_counter()
        trades, equity = run(prices, pairs)
        answer: dict[str, Any] = {"seconds": time.perf_counter() - started}
        print(json.dumps({**answer, "trades": trades.tolist(), "equity": equity.tolist()}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
