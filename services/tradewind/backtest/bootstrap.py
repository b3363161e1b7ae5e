"""Confidence intervals by a circular block bootstrap of sessions' returns."""

import math
from typing import Final

import numpy as np

from tradewind.signals.rule import Floats

SEED: Final = 20140917
RESAMPLES: Final = 500
LEAST_SESSIONS: Final = 30
Interval = tuple[float, float]


def block_length(sessions: int) -> int:
    """Return the length of a block: sessions^(1/3), rounded up."""
    return math.ceil(round(math.cbrt(sessions), 9))


def intervals(returns: Floats, sessions_per_year: int) -> tuple[Interval | None, Interval | None]:
    """Return the 95% intervals of the annualised Sharpe ratio and of the total return, from float64[sessions] returns.

    Blocks of `block_length` sessions begin anywhere with equal chance and go on at the start where the end is passed;
    the interval lies between the 2.5% and 97.5% quantiles of 500 resamples with a fixed seed. Source: D. N. Politis and
    J. P. Romano, A Circular Block-Resampling Procedure for Stationary Data, in Exploring the Limits of Bootstrap
    (1992). None for fewer than 30 sessions and for returns that are not finite; the Sharpe ratio's also where a
    resample doesn't vary.
    """
    count = len(returns)
    if count < LEAST_SESSIONS or not np.isfinite(returns).all():
        return None, None
    random, length = np.random.default_rng(SEED), block_length(count)
    sharpes, totals = np.empty(RESAMPLES), np.empty(RESAMPLES)
    for resample in range(RESAMPLES):
        starts = random.integers(0, count, -(-count // length))
        chosen = returns[((starts[:, None] + np.arange(length)) % count).ravel()[:count]]
        deviation = float(np.std(chosen, ddof=1))
        sharpes[resample] = np.mean(chosen) / deviation if deviation > 0 else np.nan
        totals[resample] = np.prod(1 + chosen) - 1
    varies = bool(np.isfinite(sharpes).all())
    return (
        _middle(sharpes * math.sqrt(sessions_per_year)) if varies else None,
        _middle(totals) if np.isfinite(totals).all() else None,
    )


def _middle(values: Floats) -> Interval:
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)
