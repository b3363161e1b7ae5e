"""The yardstick: a loop written by hand for one strategy, frozen here, which knows nothing of the rule book.

SMA crossover by running sums; a fixed notional in whole shares; market orders at the next open, sales first; fee 0.1%,
slippage 1 bp, stop loss 2%, take profit 4%, the stop first; all symbols on one cash account. Every symbol has every
bar, and a price is below 20,000. Money and prices are integers of 10^-4, so its results are the simulator's to the
unit.
"""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

import numpy as np
from numba import njit
from numba.extending import register_jitable
from numpy.typing import NDArray

Integers = NDArray[np.int64]

TIME, SYMBOL, SIDE, SHARES, PRICE, FEE, REALIZED = range(7)
"""The columns of a fill; TIME is the bar's number."""
SESSIONS_A_YEAR: Final = 252


class Result(NamedTuple):
    """What a run came to: fills int64[F, 7], profits of closed trades int64[C], equity and cash int64[T]."""

    fills: Integers
    profits: Integers
    equity: Integers
    cash: Integers


class Summary(NamedTuple):
    """The usual metrics; NaN where undefined."""

    total_return: float
    cagr: float
    sharpe: float
    sortino: float
    max_drawdown: float
    calmar: float
    volatility: float
    exposure: float
    turnover: float
    trades: int
    win_rate: float
    profit_factor: float
    expectancy: float


@register_jitable
def _above(close: Integers, t: int, i: int, fast: int, slow: int) -> bool:
    """Settle a tie of the averages as sums of doubles do, newest close first."""
    total = 0.0
    average = 0.0
    for back in range(slow):
        total += close[t - back, i] / 10_000
        if back == fast - 1:
            average = total / fast
    return average > total / slow


@register_jitable
def _sell(
    fills: Integers, profits: Integers, count: int, closed: int, t: int, i: int, shares: int, price: int, entry: int
) -> int:
    """Record a sale of all that is held; return what it brings in."""
    notional = price * shares
    fee = (notional + 500) // 1000
    fills[count, 0], fills[count, 1], fills[count, 2], fills[count, 3] = t, i, -1, shares
    fills[count, 4], fills[count, 5], fills[count, 6] = price, fee, notional - entry * shares
    profits[closed] = notional - entry * shares - fee - (entry * shares + 500) // 1000
    return notional - fee


def _run(
    open_: Integers, high: Integers, low: Integers, close: Integers, fast: int, slow: int, notional: int, cash: int
) -> Any:
    bars, symbols = close.shape
    fast_sum, slow_sum = np.zeros(symbols, np.int64), np.zeros(symbols, np.int64)
    above = np.zeros(symbols, np.bool_)
    order, held_back = np.zeros(symbols, np.int64), np.zeros(symbols, np.int64)
    shares, entry = np.zeros(symbols, np.int64), np.zeros(symbols, np.int64)
    stop, target = np.zeros(symbols, np.int64), np.zeros(symbols, np.int64)
    equity, cash_curve = np.empty(bars, np.int64), np.empty(bars, np.int64)
    fills, profits = np.empty((4096, 7), np.int64), np.empty(4096, np.int64)
    count = closed = orders = reserved = 0
    for t in range(bars):
        if count + 2 * symbols > len(fills):
            more_fills, more_profits = np.empty((2 * len(fills), 7), np.int64), np.empty(2 * len(fills), np.int64)
            more_fills[:count], more_profits[:closed] = fills[:count], profits[:closed]
            fills, profits = more_fills, more_profits
        if orders > 0:
            for i in range(symbols):
                if order[i] < 0:
                    price = open_[t, i] - (open_[t, i] + 5000) // 10_000
                    cash += _sell(fills, profits, count, closed, t, i, shares[i], price, entry[i])
                    count, closed, shares[i], order[i] = count + 1, closed + 1, 0, 0
            for i in range(symbols):
                if order[i] > 0:
                    price = open_[t, i] + (open_[t, i] + 5000) // 10_000
                    worth = price * order[i]
                    fee = (worth + 500) // 1000
                    if worth + fee <= cash - (reserved - held_back[i]):
                        cash -= worth + fee
                        shares[i], entry[i] = order[i], price
                        stop[i], target[i] = price - (price + 25) // 50, price + (2 * price + 25) // 50
                        fills[count, 0], fills[count, 1], fills[count, 2], fills[count, 3] = t, i, 1, order[i]
                        fills[count, 4], fills[count, 5], fills[count, 6] = price, fee, 0
                        count += 1
                    reserved -= held_back[i]
                    order[i] = 0
            orders = 0
        value = 0
        for i in range(symbols):
            if shares[i] > 0:
                price = 0
                if open_[t, i] <= stop[i]:
                    price = open_[t, i] - (open_[t, i] + 5000) // 10_000
                elif open_[t, i] >= target[i]:
                    price = open_[t, i]
                elif low[t, i] <= stop[i]:
                    price = stop[i] - (stop[i] + 5000) // 10_000
                elif high[t, i] >= target[i]:
                    price = target[i]
                if price > 0:
                    cash += _sell(fills, profits, count, closed, t, i, shares[i], price, entry[i])
                    count, closed, shares[i] = count + 1, closed + 1, 0
                else:
                    value += shares[i] * close[t, i]
        equity[t], cash_curve[t] = cash + value, cash
        for i in range(symbols):
            fast_sum[i] += close[t, i] - (close[t - fast, i] if t >= fast else 0)
            slow_sum[i] += close[t, i] - (close[t - slow, i] if t >= slow else 0)
            by_fast, by_slow = fast_sum[i] * slow, slow_sum[i] * fast
            is_above = by_fast > by_slow
            if t >= slow - 1 and by_fast == by_slow:
                is_above = _above(close, t, i, fast, slow)
            if t >= slow and is_above != above[i]:
                if is_above and shares[i] == 0:
                    wanted = notional // close[t, i]
                    worth = wanted * (close[t, i] + (close[t, i] + 5000) // 10_000)
                    need = worth + (worth + 500) // 1000
                    if wanted > 0 and need <= cash - reserved:
                        order[i], held_back[i] = wanted, need
                        reserved, orders = reserved + need, orders + 1
                elif not is_above and shares[i] > 0:
                    order[i], orders = -shares[i], orders + 1
            above[i] = is_above
    return fills[:count], profits[:closed], equity, cash_curve


_compiled: Callable[..., Any] = njit(_run)


def run(
    open_: Integers, high: Integers, low: Integers, close: Integers, fast: int, slow: int, notional: int, cash: int
) -> Result:
    """Run the strategy; prices int64[T, S], 10^-4; notional and cash 10^-4."""
    return Result(*_compiled(open_, high, low, close, fast, slow, notional, cash))


def _falls(equity: Integers, cash: Integers, initial: int) -> tuple[float, int, float]:
    """Return (least equity over its peak less 1, bars with something held, sum of the equity)."""
    peak, worst, held, total = initial, 0.0, 0, 0.0
    for t in range(len(equity)):
        if equity[t] > peak:
            peak = equity[t]
        elif equity[t] < peak:
            worst = min(worst, equity[t] / peak - 1)
        held += equity[t] != cash[t]
        total += equity[t]
    return worst, held, total


_fall: Callable[..., Any] = njit(_falls)


def summarise(result: Result, session: Integers, initial: int) -> Summary:
    """Return the metrics of a run; session int64[T] numbers the days."""
    last = np.append(np.flatnonzero(np.diff(session)), len(session) - 1)
    daily = np.concatenate([[initial], result.equity[last]]).astype(np.float64)
    returns = daily[1:] / daily[:-1] - 1
    days = float(session[-1] - session[0])
    worst, held, total = _fall(result.equity, result.cash, initial)
    year = np.sqrt(SESSIONS_A_YEAR)
    with np.errstate(divide="ignore", invalid="ignore"):
        growth = float(np.power(daily[-1] / initial, np.float64(365.25) / days) - 1)
        deviation = float(returns.std(ddof=1)) if len(returns) > 1 else np.nan
        wins, losses = result.profits[result.profits > 0], result.profits[result.profits < 0]
        traded = float((result.fills[:, SHARES].astype(np.float64) * result.fills[:, PRICE]).sum())
        return Summary(
            total_return=float(daily[-1] / initial - 1),
            cagr=growth,
            sharpe=float(returns.mean() / np.float64(deviation) * year),
            sortino=float(returns.mean() / np.sqrt(np.mean(np.minimum(returns, 0) ** 2)) * year),
            max_drawdown=worst,
            calmar=float(growth / np.float64(-worst)),
            volatility=float(deviation * year),
            exposure=held / len(session),
            turnover=float(np.float64(traded) / (total / len(session)) / (days / 365.25)) if days else np.nan,
            trades=len(result.profits),
            win_rate=len(wins) / max(1, len(result.profits)),
            profit_factor=float(wins.sum() / np.float64(-losses.sum())),
            expectancy=float(result.profits.sum() / max(1, len(result.profits))),
        )
