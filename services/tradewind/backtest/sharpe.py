"""How much a Sharpe ratio is to be believed: its probability, and what many trials give by chance.

Sharpe ratios here are of one session's returns, not annualised.
"""

import math
from collections.abc import Sequence
from statistics import NormalDist
from typing import Final

import numpy as np

from tradewind.signals.rule import Floats

EULER_MASCHERONI: Final = 0.5772156649015329
_NORMAL: Final = NormalDist()


def probabilistic_sharpe(returns: Floats, benchmark: float = 0.0) -> float | None:
    """Return the probability that the true Sharpe ratio is above a benchmark, given skewed and fat-tailed returns.

    PSR = N((SR - benchmark) sqrt(n - 1) / sqrt(1 - skewness SR + (kurtosis - 1) / 4 SR^2)), SR with ddof 1, skewness
    and kurtosis (3 for a normal) with ddof 0. Source: D. H. Bailey and M. Lopez de Prado, The Sharpe Ratio Efficient
    Frontier, Journal of Risk 15 (2012). Undefined for fewer than two returns, where they don't vary, and where the root
    is of a number that is not positive.
    """
    count = len(returns)
    deviation = float(np.std(returns, ddof=1)) if count > 1 else 0.0
    if deviation == 0.0:
        return None
    ratio = float(np.mean(returns)) / deviation
    scores = (returns - np.mean(returns)) / np.std(returns)
    skewness, kurtosis = float(np.mean(scores**3)), float(np.mean(scores**4))
    spread = 1.0 - skewness * ratio + (kurtosis - 1.0) / 4.0 * ratio * ratio
    if spread <= 0.0:
        return None
    return _NORMAL.cdf((ratio - benchmark) * math.sqrt(count - 1) / math.sqrt(spread))


def expected_maximum_sharpe(trial_sharpes: Sequence[float]) -> float | None:
    """Return the greatest Sharpe ratio to expect of so many independent trials without any skill.

    sqrt(variance of the trials, ddof 1) ((1 - g) N^-1(1 - 1/n) + g N^-1(1 - 1/(n e))), g the Euler-Mascheroni constant.
    Source: D. H. Bailey and M. Lopez de Prado, The Deflated Sharpe Ratio, Journal of Portfolio Management 40 (2014).
    Undefined for fewer than two trials.
    """
    count = len(trial_sharpes)
    if count < 2:
        return None
    first, second = (_NORMAL.inv_cdf(1.0 - 1.0 / n) for n in (count, count * math.e))
    deviation = float(np.std(np.array(trial_sharpes), ddof=1))
    return deviation * ((1.0 - EULER_MASCHERONI) * first + EULER_MASCHERONI * second)


def deflated_sharpe(returns: Floats, trial_sharpes: Sequence[float]) -> float | None:
    """Return the probability that the true Sharpe ratio is above what so many trials give by chance.

    Source: as `expected_maximum_sharpe`, which is the benchmark. Undefined where that or the probabilistic Sharpe is.
    """
    benchmark = expected_maximum_sharpe(trial_sharpes)
    return None if benchmark is None else probabilistic_sharpe(returns, benchmark)
