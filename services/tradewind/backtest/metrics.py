"""The metrics of the plan, from marked equity and closed trades. What is undefined is None, never 0."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from statistics import fmean, stdev
from typing import Final

from tradewind.backtest.trades import ClosedTrade
from tradewind.domain.bars import session_of, to_micros
from tradewind.domain.money import MONEY_SCALE, to_decimal
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


def measure(
    initial_equity: int, curve: Sequence[Snapshot], trades: Sequence[ClosedTrade], sessions_per_year: int
) -> Metrics:
    """Return the metrics of an account.

    Args:
        initial_equity: what it started with, money units.
        curve: the account after each instant, in order.
        trades: its closed trades.
        sessions_per_year: of the calendar that it traded on.
    """
    equity = [point.equity for point in curve]
    returns = session_returns(initial_equity, curve)
    growth = cagr(initial_equity, equity[-1], calendar_days(curve)) if equity else None
    fall = max_drawdown(initial_equity, equity)
    pnls = [trade.pnl for trade in trades]
    wins, losses = [p for p in pnls if p > 0], [p for p in pnls if p < 0]
    return Metrics(
        initial_equity=to_decimal(initial_equity, MONEY_SCALE),
        final_equity=to_decimal(equity[-1] if equity else initial_equity, MONEY_SCALE),
        total_return=equity[-1] / initial_equity - 1 if equity else None,
        cagr=growth,
        sharpe=sharpe(returns, sessions_per_year),
        sortino=sortino(returns, sessions_per_year),
        risk_free=RISK_FREE,
        max_drawdown=fall,
        calmar=calmar(growth, fall),
        exposure=exposure(curve),
        sessions=len(returns),
        closed_trades=len(pnls),
        wins=len(wins),
        losses=len(losses),
        breakeven=len(pnls) - len(wins) - len(losses),
        win_rate=len(wins) / len(pnls) if pnls else None,
        profit_factor=sum(wins) / -sum(losses) if losses else None,
        expectancy=mean_money(pnls),
        average_win=mean_money(wins),
        average_loss=mean_money(losses),
    )


def session_returns(initial_equity: int, curve: Iterable[Snapshot]) -> list[float]:
    """Return each session's return: its last marked equity over the session's before, the first over the start."""
    last = {session_of(to_micros(point.time)): point.equity for point in curve}
    series = [initial_equity, *last.values()]
    return [after / before - 1 for before, after in pairwise(series)]


def calendar_days(curve: Sequence[Snapshot]) -> int:
    """Return the days from the first session to the last."""
    return session_of(to_micros(curve[-1].time)) - session_of(to_micros(curve[0].time))


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


def sharpe(returns: Sequence[float], sessions_per_year: int) -> float | None:
    """Return mean / standard deviation (ddof 1) of the sessions' returns x sqrt(sessions a year), risk-free rate 0.

    Source: W. F. Sharpe, The Sharpe Ratio, Journal of Portfolio Management 21 (1994), ex post. Undefined for fewer
    than two returns and where they don't vary.
    """
    if len(returns) < 2:
        return None
    deviation = stdev(returns)
    return fmean(returns) / deviation * math.sqrt(sessions_per_year) if deviation > 0 else None


def sortino(returns: Sequence[float], sessions_per_year: int) -> float | None:
    """Return mean / downside deviation x sqrt(sessions a year); every session counts, gains as 0, target 0.

    Source: F. A. Sortino and L. N. Price, Performance Measurement in a Downside Risk Framework, Journal of Investing
    3 (1994). Undefined for no returns and where none is negative.
    """
    if not returns:
        return None
    downside = math.sqrt(fmean(min(r, 0.0) ** 2 for r in returns))
    return fmean(returns) / downside * math.sqrt(sessions_per_year) if downside > 0 else None


def max_drawdown(initial_equity: int, equity: Sequence[int]) -> float | None:
    """Return the deepest fall of marked equity below its peak so far, as a share of the peak: 0 or negative.

    Source: M. Magdon-Ismail and A. Atiya, Maximum Drawdown, Risk 17 (2004), taken relative to the peak; the starting
    equity is a peak too. Undefined without any mark.
    """
    if not equity:
        return None
    peak, deepest = initial_equity, 0.0
    for value in equity:
        peak = max(peak, value)
        deepest = min(deepest, value / peak - 1)
    return deepest


def calmar(growth: float | None, fall: float | None) -> float | None:
    """Return CAGR / |max drawdown|.

    Source: T. W. Young, Calmar Ratio: A Smoother Tool, Futures (1991), over the whole period. Undefined where the CAGR
    is or where equity never fell.
    """
    return growth / -fall if growth is not None and fall else None


def exposure(curve: Sequence[Snapshot]) -> float | None:
    """Return the share of instants at whose close something was held: bars in position / bars."""
    if not curve:
        return None
    return sum(point.equity != point.cash for point in curve) / len(curve)


def mean_money(amounts: Sequence[int]) -> Decimal | None:
    """Return the mean of amounts in money units, as money of the same scale; None of none."""
    if not amounts:
        return None
    total, count = sum(amounts), len(amounts)
    mean = (2 * abs(total) + count) // (2 * count)
    return to_decimal(mean if total >= 0 else -mean, MONEY_SCALE)
