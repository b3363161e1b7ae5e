"""Confidence intervals by a circular block bootstrap of sessions' returns."""

import math
from typing import Final

import numpy as np

from tradewind.signals.rule import Floats

SEED: Final = 20140917
RESAMPLES: Final = 500
LEAST_SESSIONS: Final = 30
_AT_ONCE: Final = 50_000
"""Returns that are resampled at a time."""
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
    starts = random.integers(0, count, (RESAMPLES, -(-count // length)))
    sharpes, totals = np.empty(RESAMPLES), np.empty(RESAMPLES)
    # Some at a time: all of them would be 500 times as large as what is given.
    some = max(1, _AT_ONCE // count)
    for first in range(0, RESAMPLES, some):
        part = slice(first, first + some)
        blocks = (starts[part, :, None] + np.arange(length)) % count
        chosen = returns[blocks.reshape(len(blocks), -1)[:, :count]]
        deviations = np.std(chosen, axis=1, ddof=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            sharpes[part] = np.where(deviations > 0, np.mean(chosen, axis=1) / deviations, np.nan)
        totals[part] = np.prod(1 + chosen, axis=1) - 1
    varies = bool(np.isfinite(sharpes).all())
    return (
        _middle(sharpes * math.sqrt(sessions_per_year)) if varies else None,
        _middle(totals) if np.isfinite(totals).all() else None,
    )


def _middle(values: Floats) -> Interval:
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)
