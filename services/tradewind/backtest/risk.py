"""Measures of risk from sessions' returns, float64[sessions]. What is undefined is None."""

import math
from typing import Final

import numpy as np

from tradewind.backtest.curve import Curve
from tradewind.signals.rule import Floats

TAIL: Final = 0.05
"""The share of sessions that value at risk and the tail ratio call the tail."""


def defined(returns: Floats, least: int = 1) -> bool:
    """Whether there are so many returns and all are finite."""
    return len(returns) >= least and bool(np.isfinite(returns).all())


def volatility(returns: Floats, sessions_per_year: int) -> float | None:
    """Return the standard deviation (ddof 1) x sqrt(sessions a year). Undefined for fewer than two returns."""
    return float(np.std(returns, ddof=1)) * math.sqrt(sessions_per_year) if defined(returns, 2) else None


def value_at_risk(returns: Floats) -> float | None:
    """Return the 5% quantile of a session's returns, interpolated linearly: a loss is negative.

    Source: P. Jorion, Value at Risk (2006), historical simulation.
    """
    return float(np.percentile(returns, 100 * TAIL)) if defined(returns) else None


def conditional_value_at_risk(returns: Floats) -> float | None:
    """Return the mean of the returns at or below `value_at_risk`.

    Source: R. T. Rockafellar and S. Uryasev, Optimization of Conditional Value-at-Risk, Journal of Risk 2 (2000).
    """
    at_risk = value_at_risk(returns)
    return None if at_risk is None else float(np.mean(returns[returns <= at_risk]))


def tail_ratio(returns: Floats) -> float | None:
    """Return |95% quantile| / |5% quantile| of the returns. Undefined where the latter is 0."""
    if not defined(returns):
        return None
    low, high = np.percentile(returns, [100 * TAIL, 100 * (1 - TAIL)])
    return float(abs(high) / abs(low)) if low != 0 else None


def alpha_beta(returns: Floats, market: Floats, sessions_per_year: int) -> tuple[float | None, float | None]:
    """Return (alpha, beta) to a benchmark's returns of the same sessions.

    beta = covariance / variance of the benchmark; alpha = (1 + mean(returns - beta x benchmark))^(sessions a year) - 1.
    Source: M. C. Jensen, The Performance of Mutual Funds, Journal of Finance 23 (1968), risk-free rate 0. Undefined for
    fewer than two sessions, where the benchmark doesn't vary; alpha also where it passes what a float holds.
    """
    if len(returns) != len(market) or not defined(returns, 2) or not defined(market) or (market == market[0]).all():
        return None, None
    spread = float(np.var(market))
    if spread <= 0:
        return None, None
    beta = float(np.mean((returns - np.mean(returns)) * (market - np.mean(market)))) / spread
    growth = 1 + float(np.mean(returns - beta * market))
    try:
        return (growth**sessions_per_year - 1 if growth > 0 else None), beta
    except OverflowError:
        return None, beta


def longest_drawdown(initial_equity: int, curve: Curve) -> tuple[int, bool] | None:
    """Return (calendar days, whether it is still open) of the longest time below a peak, on every mark.

    From the peak's session, or the first one where the start is the peak, to the session that is back at it, or the
    last. (0, False) where equity never fell; undefined without any mark.
    """
    if not len(curve):
        return None
    peaks = np.maximum(np.maximum.accumulate(curve.equity), initial_equity)
    at_peak = np.flatnonzero(curve.equity == peaks)
    starts = np.concatenate([[0], at_peak])
    ends = np.append(at_peak, len(curve) - 1)
    # Between two peaks that are neighbours nothing fell.
    fell = np.diff(np.concatenate([[-1], at_peak, [len(curve)]])) > 1
    if not fell.any():
        return 0, False
    days = np.where(fell, curve.session[ends] - curve.session[starts], -1)
    longest = int(np.argmax(days))
    return int(days[longest]), longest == len(days) - 1
