"""Sharpe ratios as estimates: how sure one is, and what the best of many trials is worth.

Every Sharpe ratio here is per session, mean / standard deviation (ddof 1), and not annualised. What is undefined is
None.
"""

import math
from collections.abc import Sequence
from statistics import NormalDist, variance
from typing import Final

import numpy as np

from tradewind.signals.rule import Floats

NORMAL: Final = NormalDist()
EULER_MASCHERONI: Final = 0.5772156649015329


def session_sharpe(returns: Floats) -> float | None:
    """Return mean / standard deviation (ddof 1) of float64[sessions] returns, per session.

    Undefined for fewer than two returns, for one that is not finite, and where they don't vary.
    """
    if len(returns) < 2 or not np.isfinite(returns).all() or (returns == returns[0]).all():
        return None
    deviation = float(np.std(returns, ddof=1))
    return float(np.mean(returns)) / deviation if deviation > 0 else None


def probabilistic_sharpe(returns: Floats, benchmark: float = 0.0) -> float | None:
    """Return the probability that the true Sharpe ratio passes a benchmark, from float64[sessions] returns.

    PSR = Phi((SR - SR*) sqrt(n - 1) / sqrt(1 - skewness SR + (kurtosis - 1) / 4 SR^2)), with SR and SR* per session,
    and skewness and kurtosis (3 for a normal distribution) of the moments about the mean. Source: D. H. Bailey and
    M. Lopez de Prado, The Sharpe Ratio Efficient Frontier, Journal of Risk 15 (2012).

    Undefined where the Sharpe ratio is, and where its variance is not positive.
    """
    ratio = session_sharpe(returns)
    if ratio is None:
        return None
    deviations = returns - np.mean(returns)
    # Neither moment has a scale; without this, powers of small returns underflow.
    deviations = deviations / np.abs(deviations).max()
    spread = float(np.mean(deviations**2))
    skewness = float(np.mean(deviations**3)) / spread**1.5
    kurtosis = float(np.mean(deviations**4)) / spread**2
    scatter = 1 - skewness * ratio + (kurtosis - 1) / 4 * ratio**2
    return NORMAL.cdf((ratio - benchmark) * math.sqrt(len(returns) - 1) / math.sqrt(scatter)) if scatter > 0 else None


def expected_maximum_sharpe(trial_sharpes: Sequence[float]) -> float | None:
    """Return the greatest Sharpe ratio to be expected of as many trials without any skill.

    sqrt(V) ((1 - g) Phi^-1(1 - 1/N) + g Phi^-1(1 - 1/(N e))): V the variance (ddof 1) of the N trials' Sharpe ratios
    per session, g the Euler-Mascheroni constant. Source: D. H. Bailey and M. Lopez de Prado, The Deflated Sharpe Ratio,
    Journal of Portfolio Management 40 (2014). Undefined for fewer than two trials.
    """
    trials = len(trial_sharpes)
    if trials < 2 or not all(map(math.isfinite, trial_sharpes)):
        return None
    most = (1 - EULER_MASCHERONI) * NORMAL.inv_cdf(1 - 1 / trials)
    most += EULER_MASCHERONI * NORMAL.inv_cdf(1 - 1 / (trials * math.e))
    return math.sqrt(variance(trial_sharpes)) * most


def deflated_sharpe(returns: Floats, trial_sharpes: Sequence[float]) -> float | None:
    """Return the probability that the chosen trial's true Sharpe ratio passes what chance alone would have found.

    The probabilistic Sharpe ratio of float64[sessions] returns against `expected_maximum_sharpe`, with its source; the
    trials' Sharpe ratios are per session and include the chosen one's. Undefined where either is.
    """
    benchmark = expected_maximum_sharpe(trial_sharpes)
    return None if benchmark is None else probabilistic_sharpe(returns, benchmark)
