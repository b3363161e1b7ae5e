"""One other engine, run by the Python of `.venv-bench`: `peer_engine.py ENGINE FOLDER`.

FOLDER holds open, high, low and close as float64[T, S] in .npy files. Says `ready` after a first run, then runs once
for each line of its input and answers with one line of JSON: seconds, trades (closed ones) and final equity. Signals
and metrics are made in the time too, by the engine's own tools where it has them.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Prices = dict[str, Floats]
Outcome = tuple[int, float]
"""Closed trades and final equity."""

FAST, SLOW = 10, 50
NOTIONAL, CASH = 20_000.0, 10_000_000.0
FEE, SLIPPAGE, STOP, TARGET = 0.001, 0.0001, 0.02, 0.04
MINUTE = 60_000_000_000


def _averages(close: Floats) -> tuple[Floats, Floats]:
    """Return the fast and the slow average by running sums, float64[T, S], where an engine brings none."""
    made = []
    for length in (FAST, SLOW):
        average = np.full(close.shape, np.nan)
        sums = np.vstack([np.zeros((1, close.shape[1])), np.cumsum(close, axis=0)])
        average[length - 1 :] = (sums[length:] - sums[:-length]) / length
        made.append(average)
    return made[0], made[1]


def _crossings(fast: Floats, slow: Floats) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return where the fast average crosses above the slow one and where below, bool[T, S]."""
    above, known = fast > slow, ~np.isnan(slow)
    up, down = np.zeros(fast.shape, bool), np.zeros(fast.shape, bool)
    up[1:] = above[1:] & ~above[:-1] & known[:-1]
    down[1:] = ~above[1:] & above[:-1]
    return up, down


def vectorbt(engine: str) -> Callable[[Prices], Outcome]:
    """Portfolio.from_signals with stops, one group that shares its cash."""
    import pandas as pd
    import vectorbt as vbt
    from vectorbt.portfolio.enums import StopEntryPrice, StopExitPrice

    vbt.settings["engine"] = engine

    def run(prices: Prices) -> Outcome:
        index = pd.RangeIndex(len(prices["close"]))
        frames = {name: pd.DataFrame(prices[name], index=index) for name in prices}
        close = frames["close"]
        fast, slow = vbt.MA.run(close, FAST), vbt.MA.run(close, SLOW)
        up = fast.ma_crossed_above(slow).to_numpy()
        down = fast.ma_crossed_below(slow).to_numpy()
        entries, exits, size = np.zeros_like(up), np.zeros_like(down), np.zeros(close.shape)
        entries[1:], exits[1:] = up[:-1], down[:-1]
        size[1:] = np.floor(NOTIONAL / prices["close"][:-1])
        account = vbt.Portfolio.from_signals(
            close,
            pd.DataFrame(entries, index=index),
            pd.DataFrame(exits, index=index),
            size=size,
            price=frames["open"],
            open=frames["open"],
            high=frames["high"],
            low=frames["low"],
            fees=FEE,
            slippage=SLIPPAGE,
            sl_stop=STOP,
            tp_stop=TARGET,
            stop_entry_price=StopEntryPrice.FillPrice,
            stop_exit_price=StopExitPrice.StopMarket,
            init_cash=CASH,
            cash_sharing=True,
            group_by=True,
            call_seq="auto",
            freq="1min",
        )
        trades = account.trades.closed
        equity = float(account.final_value())
        for measured in (
            account.total_return,
            account.annualized_return,
            account.sharpe_ratio,
            account.sortino_ratio,
            account.calmar_ratio,
            account.max_drawdown,
            account.annualized_volatility,
            trades.win_rate,
            trades.profit_factor,
            trades.expectancy,
        ):
            measured()
        return int(trades.count()), equity

    return run


def raptorbt() -> Callable[[Prices], Outcome]:
    """run_single_backtest of each symbol: run_portfolio_backtest shares the cash, but leaves every second entry out."""
    import raptorbt as engine

    def run(prices: Prices) -> Outcome:
        trades, gained = 0, 0.0
        for i in range(prices["close"].shape[1]):
            config = engine.BacktestConfig(
                initial_capital=CASH,
                fees=FEE,
                slippage=SLIPPAGE,
                fill_timing="next_bar_open",
                periods_per_year=362_880.0,
            )
            config.set_fixed_stop(STOP)
            config.set_fixed_target(TARGET)
            columns = [np.ascontiguousarray(prices[name][:, i]) for name in ("open", "high", "low", "close")]
            fast, slow = engine.sma(columns[3], FAST), engine.sma(columns[3], SLOW)
            up, down = (each[:, 0] for each in _crossings(fast[:, np.newaxis], slow[:, np.newaxis]))
            stamps, volume = MINUTE * np.arange(1, len(fast) + 1), np.full(len(fast), 1e6)
            shares = engine.InstrumentConfig(lot_size=1.0, alloted_capital=NOTIONAL)
            metrics = engine.run_single_backtest(
                stamps, *columns, volume, up, down, 1, 1.0, f"S{i}", config, instrument_config=shares
            ).metrics
            trades += int(metrics.total_closed_trades)
            gained += CASH * metrics.total_return_pct / 100
        return trades, CASH + gained

    return run


def nanoback() -> Callable[[Prices], Outcome]:
    """run_backtest_matrix by target positions: it has no stops, so a position ends with its signal."""
    import nanoback as engine

    def run(prices: Prices) -> Outcome:
        close = prices["close"]
        up, down = _crossings(*_averages(close))
        targets = np.zeros(close.shape, np.int64)
        shares = np.floor(NOTIONAL / close).astype(np.int64)
        for i in range(close.shape[1]):
            changes = np.flatnonzero(up[:, i] | down[:, i])
            wanted = np.where(up[changes, i], shares[changes, i], 0)
            targets[:, i] = np.repeat(
                np.concatenate([[0], wanted]), np.diff(np.concatenate([[0], changes, [len(close)]]))
            )
        config = engine.BacktestConfig()
        config.starting_cash, config.commission_bps, config.slippage_bps = CASH, FEE * 10_000, SLIPPAGE * 10_000
        config.max_position, config.latency_steps, config.max_participation_rate = 10_000, 1, 1.0
        config.volume_share_impact = 0.0
        made = engine.run_backtest_matrix(
            timestamps=MINUTE * np.arange(1, len(close) + 1),
            close=close,
            high=prices["high"],
            low=prices["low"],
            target_positions=targets,
            config=config,
        )
        made.summary()
        return len(made.fills) // 2, float(made.equity_curve[-1])

    return run


def polars_bt() -> Callable[[Prices], Outcome]:
    """`tempo` by weights: it has neither stops nor whole shares, and fills at the close that its returns end at."""
    import polars as pl
    from polars_bt import tempo

    def run(prices: Prices) -> Outcome:
        close = prices["close"]
        count, symbols = close.shape
        up, down = _crossings(*_averages(close))
        held = np.zeros(close.shape, bool)
        for i in range(symbols):
            changes = np.flatnonzero(up[:, i] | down[:, i])
            held[:, i] = np.repeat(
                np.concatenate([[False], up[changes, i]]), np.diff(np.concatenate([[0], changes, [count]]))
            )
        returns = np.zeros(close.shape)
        returns[1:] = close[1:] / close[:-1] - 1
        stamps = np.repeat(60_000_000 * np.arange(1, count + 1), symbols)
        table = pl.DataFrame(
            {
                "datetime": pl.Series(stamps).cast(pl.Datetime("us")),
                "asset": pl.Series([f"S{i}" for i in range(symbols)] * count),
                "weight": (held * (NOTIONAL / CASH)).ravel(),
                "period_ret": returns.ravel(),
                "buyable": np.ones(count * symbols, bool),
                "sellable": np.ones(count * symbols, bool),
                "is_rebalance": np.repeat(np.any(held != np.vstack([held[:1], held[:-1]]), axis=1), symbols),
            }
        )
        made = table.select(
            tempo(
                "datetime",
                "asset",
                "weight",
                "period_ret",
                "buyable",
                "sellable",
                "is_rebalance",
                t1=False,
                st_fee=FEE,
                lg_fee=FEE,
            ).alias("at")
        ).unnest("at")
        nav = made["nav"].to_numpy()
        daily = nav[::1440]
        returns = daily[1:] / daily[:-1] - 1
        returns.std(), (nav / np.maximum.accumulate(nav)).min()
        return int((held[:-1] & ~held[1:]).sum()), CASH * float(nav[-1])

    return run


def backtesting() -> Callable[[Prices], Outcome]:
    """backtesting.py knows one symbol: a run for each, one after the other, each with its part of the cash."""
    import pandas as pd
    from backtesting import Backtest, Strategy

    class Cross(Strategy):  # type: ignore[misc]
        def init(self) -> None:
            fast, slow = _averages(self.data.Close[:, np.newaxis])
            up, down = _crossings(fast, slow)
            self.up, self.down = self.I(lambda: up[:, 0], plot=False), self.I(lambda: down[:, 0], plot=False)

        def next(self) -> None:
            if self.down[-1]:
                self.position.close()
            elif self.up[-1] and not self.position:
                close = self.data.Close[-1]
                self.buy(size=int(NOTIONAL // close), sl=close * (1 - STOP), tp=close * (1 + TARGET))

    def run(prices: Prices) -> Outcome:
        trades, equity = 0, 0.0
        count = prices["close"].shape[1]
        for i in range(count):
            table = pd.DataFrame(
                {name.capitalize(): prices[name][:, i] for name in ("open", "high", "low", "close")},
                index=pd.date_range("2020-01-01", periods=len(prices["close"]), freq="min"),
            )
            made = Backtest(table, Cross, cash=CASH / count, commission=FEE, spread=SLIPPAGE).run()
            trades, equity = trades + int(made["# Trades"]), equity + float(made["Equity Final [$]"])
        return trades, equity

    return run


ENGINES: dict[str, Callable[[], Callable[[Prices], Outcome]]] = {
    "vectorbt, numba": lambda: vectorbt("numba"),
    "vectorbt, rust": lambda: vectorbt("rust"),
    "raptorbt": raptorbt,
    "nanoback": nanoback,
    "polars-bt": polars_bt,
    "backtesting.py": backtesting,
}


def main(name: str, folder: Path) -> None:
    """Answer runs until the input ends."""
    run = ENGINES[name]()
    prices = {each: np.load(folder / f"{each}.npy") for each in ("open", "high", "low", "close")}
    run({name: column[:2000] for name, column in prices.items()})
    run(prices)
    print("ready", flush=True)
    for _ in sys.stdin:
        started = time.perf_counter()
        trades, equity = run(prices)
        answer: dict[str, Any] = {"seconds": time.perf_counter() - started, "trades": trades, "equity": equity}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
