"""Probabilistic and deflated Sharpe ratios against the papers' formulas, worked out by hand."""

import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewind.backtest.sharpe import (
    deflated_sharpe,
    expected_maximum_sharpe,
    probabilistic_sharpe,
    session_sharpe,
)

# Mean 0.02; deviations -0.03 0.01 0.02; squares 0.0014, cubes -18e-6, fourth powers 98e-8.
RETURNS = np.array([-0.01, 0.03, 0.04])
RATIO = 0.02 / math.sqrt(0.0007)
SKEWNESS = -6e-6 / (0.0014 / 3) ** 1.5
KURTOSIS = (98e-8 / 3) / (0.0014 / 3) ** 2
SCATTER = math.sqrt(1 - SKEWNESS * RATIO + (KURTOSIS - 1) / 4 * RATIO**2)


def test_the_probabilistic_sharpe_ratio_by_hand() -> None:
    expected = NormalDist().cdf((RATIO - 0.1) * math.sqrt(2) / SCATTER)
    assert probabilistic_sharpe(RETURNS, 0.1) == pytest.approx(expected, abs=1e-12)


def test_the_expected_maximum_by_hand() -> None:
    # The 2014 paper's example: 100 trials, variance 1/2 a year of 250 sessions, gives 0.1132 a session.
    spread = math.sqrt(0.5 / 250) * math.sqrt(99 / 100)
    trials = [spread, -spread] * 50
    assert expected_maximum_sharpe(trials) == pytest.approx(0.1132, abs=5e-5)


def test_the_deflated_ratio_is_the_probabilistic_one_against_the_expected_maximum() -> None:
    trials = [0.1, 0.3, -0.2]
    # Mean 1/15, deviations 1/30 7/30 -8/30, their squares add up to 114/900; over 2.
    normal, gamma = NormalDist(), 0.5772156649015329
    most = math.sqrt(57 / 900) * ((1 - gamma) * normal.inv_cdf(2 / 3) + gamma * normal.inv_cdf(1 - 1 / (3 * math.e)))
    expected = normal.cdf((RATIO - most) * math.sqrt(2) / SCATTER)
    assert deflated_sharpe(RETURNS, trials) == pytest.approx(expected, abs=1e-12)


@given(st.lists(st.floats(-0.5, 0.5), min_size=3, max_size=40), st.floats(-1, 1))
def test_it_is_a_probability_that_falls_as_the_benchmark_rises(values: list[float], benchmark: float) -> None:
    returns = np.array(values)
    probability = probabilistic_sharpe(returns, benchmark)
    if probability is not None:
        assert 0 <= probability <= 1
        higher = probabilistic_sharpe(returns, benchmark + 0.5)
        assert higher is not None
        assert higher <= probability


@pytest.mark.parametrize("values", [[], [0.1], [0.1, 0.1, 0.1], [0.1, float("nan"), 0.2]])
def test_what_is_undefined_is_none(values: list[float]) -> None:
    assert session_sharpe(np.array(values)) is None
    assert probabilistic_sharpe(np.array(values)) is None
    assert deflated_sharpe(np.array(values), [0.1, 0.2]) is None


def test_one_trial_expects_no_maximum() -> None:
    assert expected_maximum_sharpe([0.3]) is None
    assert deflated_sharpe(RETURNS, [0.3]) is None
