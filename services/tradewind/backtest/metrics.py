"""The metrics of the plan, from marked equity and closed trades. What is undefined is None, never 0."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import numpy as np
from numba import njit

from tradewind.backtest.blocks import Integers
from tradewind.backtest.bootstrap import Interval, intervals
from tradewind.backtest.compiler import CACHED
from tradewind.backtest.curve import Curve
from tradewind.backtest.risk import (
    alpha_beta,
    conditional_value_at_risk,
    longest_drawdown,
    tail_ratio,
    value_at_risk,
    volatility,
)
from tradewind.backtest.sharpe import session_sharpe
from tradewind.backtest.trades import ClosedTrade
from tradewind.domain.money import MONEY_SCALE, to_decimal
from tradewind.signals.rule import Floats
from tradewind.store.journal import Snapshot

DAYS_A_YEAR: Final = 365.25
RISK_FREE: Final = 0.0
"""The rate that Sharpe and Sortino measure against, a year."""


@dataclass(frozen=True)
class Metrics:
    """How an account did. Ratios are fractions (0.05 is 5%); money is in the account's currency."""

    initial_equity: Decimal
    final_equity: Decimal
    total_return: float | None
    cagr: float | None
    sharpe: float | None
    sortino: float | None
    risk_free: float
    max_drawdown: float | None
    calmar: float | None
    exposure: float | None
    sessions: int
    closed_trades: int
    wins: int
    losses: int
    breakeven: int
    win_rate: float | None
    profit_factor: float | None
    expectancy: Decimal | None
    average_win: Decimal | None
    average_loss: Decimal | None
    volatility: float | None
    longest_drawdown_days: int | None
    drawdown_open: bool | None
    tail_ratio: float | None
    value_at_risk: float | None
    conditional_value_at_risk: float | None
    alpha: float | None
    beta: float | None
    turnover: float | None
    sharpe_interval: Interval | None
    total_return_interval: Interval | None


def measure(
    initial_equity: int,
    curve: Sequence[Snapshot],
    trades: Sequence[ClosedTrade] | Integers,
    sessions_per_year: int,
    benchmark: Sequence[Snapshot] | None = None,
    traded: float | None = None,
) -> Metrics:
    """Return the metrics of an account.

    Args:
        initial_equity: what it started with, money units.
        curve: the account after each instant, in order.
        trades: its closed trades, or the profits of them, int64[trades], money units.
        sessions_per_year: of the calendar that it traded on.
        benchmark: buy-and-hold over the same instants, for alpha and beta.
        traded: the notional of all its fills, money units, for the turnover.
    """
    points = Curve.of(curve)
    equity = points.equity
    returns = curve_returns(initial_equity, points)
    days = calendar_days(points) if len(points) else 0
    growth = cagr(initial_equity, int(equity[-1]), days) if len(points) else None
    fall = max_drawdown(initial_equity, equity)
    longest = longest_drawdown(initial_equity, points)
    pnls = trades if isinstance(trades, np.ndarray) else np.array([trade.pnl for trade in trades], np.int64)
    wins, losses = pnls[pnls > 0], pnls[pnls < 0]
    market = None if benchmark is None else curve_returns(initial_equity, Curve.of(benchmark))
    alpha, beta = (None, None) if market is None else alpha_beta(returns, market, sessions_per_year)
    sharpe_interval, return_interval = intervals(returns, sessions_per_year)
    return Metrics(
        initial_equity=to_decimal(initial_equity, MONEY_SCALE),
        final_equity=to_decimal(int(equity[-1]) if len(points) else initial_equity, MONEY_SCALE),
        total_return=int(equity[-1]) / initial_equity - 1 if len(points) else None,
        cagr=growth,
        sharpe=sharpe(returns, sessions_per_year),
        sortino=sortino(returns, sessions_per_year),
        risk_free=RISK_FREE,
        max_drawdown=fall,
        calmar=calmar(growth, fall),
        exposure=exposure(points),
        sessions=len(returns),
        closed_trades=len(pnls),
        wins=len(wins),
        losses=len(losses),
        breakeven=len(pnls) - len(wins) - len(losses),
        win_rate=len(wins) / len(pnls) if len(pnls) else None,
        profit_factor=total_of(wins) / -total_of(losses) if len(losses) else None,
        expectancy=mean_money(pnls),
        average_win=mean_money(wins),
        average_loss=mean_money(losses),
        volatility=volatility(returns, sessions_per_year),
        longest_drawdown_days=None if longest is None else longest[0],
        drawdown_open=None if longest is None else longest[1],
        tail_ratio=tail_ratio(returns),
        value_at_risk=value_at_risk(returns),
        conditional_value_at_risk=conditional_value_at_risk(returns),
        alpha=alpha,
        beta=beta,
        turnover=turnover(traded, points, days),
        sharpe_interval=sharpe_interval,
        total_return_interval=return_interval,
    )


def curve_returns(initial_equity: int, curve: Curve) -> Floats:
    """Return each session's return, float64[sessions].

    Its last equity over that of the session before, less 1; the first session's over the start. NaN where the equity
    before is not positive: the ratios of such returns are undefined.
    """
    if not len(curve):
        return np.zeros(0)
    last = np.append(curve.session[1:] != curve.session[:-1], True)
    series = np.concatenate([[initial_equity], curve.equity[last]]).astype(np.float64)
    before = np.where(series[:-1] > 0, series[:-1], np.nan)
    returns: Floats = series[1:] / before - 1
    return returns


def session_returns(initial_equity: int, curve: Sequence[Snapshot]) -> list[float]:
    """Return `curve_returns` of an account's snapshots as a list."""
    return [float(r) for r in curve_returns(initial_equity, Curve.of(curve))]


def calendar_days(curve: Curve) -> int:
    """Return the days from the first session to the last."""
    return int(curve.session[-1] - curve.session[0])


def turnover(traded: float | None, curve: Curve, days: int) -> float | None:
    """Return the notional traded in a year over the mean equity: traded / mean / (days / 365.25).

    Purchases and sales both count. Undefined for less than a day, and where the mean is not positive.
    """
    if traded is None or days <= 0:
        return None
    mean = float(curve.equity.mean())
    return traded / mean * DAYS_A_YEAR / days if mean > 0 else None


def cagr(start: int, end: int, days: int) -> float | None:
    """Return the compound annual growth rate, (end / start) ** (365.25 / days) - 1.

    Source: CFA Institute, Quantitative Methods, annualised holding period return, in calendar days. Undefined for
    less than a day, and where nothing is left.
    """
    if days <= 0 or end <= 0:
        return None
    try:
        return float((end / start) ** (DAYS_A_YEAR / days)) - 1
    except OverflowError:
        return None


def sharpe(returns: Floats | Sequence[float], sessions_per_year: int) -> float | None:
    """Return mean / standard deviation (ddof 1) of the sessions' returns x sqrt(sessions a year), risk-free rate 0.

    Source: W. F. Sharpe, The Sharpe Ratio, Journal of Portfolio Management 21 (1994), ex post. Undefined for fewer
    than two returns and where they don't vary.
    """
    ratio = session_sharpe(np.asarray(returns, np.float64))
    return None if ratio is None else ratio * math.sqrt(sessions_per_year)


def sortino(returns: Floats | Sequence[float], sessions_per_year: int) -> float | None:
    """Return mean / downside deviation x sqrt(sessions a year); every session counts, gains as 0, target 0.

    Source: F. A. Sortino and L. N. Price, Performance Measurement in a Downside Risk Framework, Journal of Investing
    3 (1994). Undefined for no returns and where none is negative.
    """
    values = np.asarray(returns, np.float64)
    if not len(values) or not np.isfinite(values).all():
        return None
    downside = math.sqrt(float(np.mean(np.minimum(values, 0.0) ** 2)))
    return float(np.mean(values)) / downside * math.sqrt(sessions_per_year) if downside > 0 else None


def max_drawdown(initial_equity: int, equity: Integers | Sequence[int]) -> float | None:
    """Return the deepest fall of marked equity below its peak so far, as a share of the peak: 0 or negative.

    Source: M. Magdon-Ismail and A. Atiya, Maximum Drawdown, Risk 17 (2004), taken relative to the peak; the starting
    equity is a peak too. Undefined without any mark.
    """
    if not len(equity):
        return None
    return min(0.0, least_of_peak(initial_equity, np.ascontiguousarray(equity, np.int64)) - 1)


def _least_of_peak(initial_equity: int, equity: Integers) -> float:
    peak, least = initial_equity, 1.0
    for mark in equity:
        if mark >= peak:
            peak = mark
        else:
            least = min(least, mark / peak)
    return least


least_of_peak: Callable[[int, Integers], float] = njit(cache=CACHED, nogil=True)(_least_of_peak)
"""Return the least share of the highest mark before it, the initial equity included, that any mark is; 1 at most."""


def calmar(growth: float | None, fall: float | None) -> float | None:
    """Return CAGR / |max drawdown|.

    Source: T. W. Young, Calmar Ratio: A Smoother Tool, Futures (1991), over the whole period. Undefined where the CAGR
    is or where equity never fell.
    """
    return growth / -fall if growth is not None and fall else None


def exposure(curve: Curve) -> float | None:
    """Return the share of instants at whose close something was held: bars in position / bars."""
    return float(np.count_nonzero(curve.held)) / len(curve) if len(curve) else None


def mean_money(amounts: Sequence[int] | Integers) -> Decimal | None:
    """Return the mean of amounts in money units, as money of the same scale; None of none."""
    if not len(amounts):
        return None
    total, count = total_of(amounts), len(amounts)
    mean = (2 * abs(total) + count) // (2 * count)
    return to_decimal(mean if total >= 0 else -mean, MONEY_SCALE)


def total_of(amounts: Sequence[int] | Integers) -> int:
    """Return the sum of amounts, exact however large it is."""
    if not isinstance(amounts, np.ndarray):
        return sum(amounts)
    # Upper and lower halves of 32 bits: neither's sum passes 64 bits below 2^31 amounts.
    return (int((amounts >> 32).sum()) << 32) + int((amounts & 0xFFFFFFFF).sum())
