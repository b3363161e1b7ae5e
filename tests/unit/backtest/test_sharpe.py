"""The probabilistic and the deflated Sharpe ratio."""

import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewind.backtest.sharpe import deflated_sharpe, expected_maximum_sharpe, probabilistic_sharpe

RETURNS = st.lists(st.floats(-0.1, 0.1).filter(lambda r: abs(r) > 1e-6), min_size=3, max_size=50, unique=True)


@given(RETURNS)
def test_a_sharpe_is_above_itself_with_even_odds(values: list[float]) -> None:
    returns = np.array(values)
    own = float(returns.mean() / returns.std(ddof=1))
    assert probabilistic_sharpe(returns, own) in (None, pytest.approx(0.5))


def test_of_normal_returns_it_is_the_textbooks() -> None:
    returns = np.random.default_rng(5).normal(0.0005, 0.01, 2000)
    ratio = returns.mean() / returns.std(ddof=1)
    # Skewness 0 and kurtosis 3: the variance of a Sharpe ratio is (1 + SR^2 / 2) / (n - 1) (Lo, 2002).
    expected = NormalDist().cdf(ratio * math.sqrt(1999) / math.sqrt(1 + ratio**2 / 2))
    assert probabilistic_sharpe(returns) == pytest.approx(expected, abs=0.005)


@pytest.mark.parametrize("trials", [10, 100, 1000])
def test_the_expected_maximum_is_that_of_as_many_draws(trials: int) -> None:
    draws = np.random.default_rng(6).normal(0.0, 1.0, (4000, trials))
    sharpes = NormalDist().samples(trials, seed=1)
    spread = float(np.std(sharpes, ddof=1))
    assert expected_maximum_sharpe(sharpes) == pytest.approx(spread * draws.max(axis=1).mean(), rel=0.03)


def test_more_trials_deflate_more() -> None:
    returns = np.random.default_rng(7).normal(0.001, 0.01, 500)
    sharpes = [0.02, -0.03, 0.05, 0.01]
    few, many = deflated_sharpe(returns, sharpes), deflated_sharpe(returns, sharpes * 50)
    plain = probabilistic_sharpe(returns)
    assert few is not None
    assert many is not None
    assert plain is not None
    assert many < few < plain


def test_undefined_is_none() -> None:
    assert probabilistic_sharpe(np.array([0.01])) is None
    assert probabilistic_sharpe(np.array([0.01, 0.01])) is None
    assert expected_maximum_sharpe([0.1]) is None
    assert deflated_sharpe(np.array([0.01, 0.02, -0.01]), []) is None
