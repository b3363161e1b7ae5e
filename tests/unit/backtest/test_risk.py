"""Metrics against empyrical where definitions coincide, and against numbers worked out by hand."""

from datetime import UTC, datetime, timedelta

import empyrical
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewind.backtest import metrics, risk
from tradewind.backtest.bootstrap import intervals
from tradewind.backtest.curve import Curve
from tradewind.store.journal import Snapshot

START = datetime(2020, 1, 1, 21, tzinfo=UTC)


def curve(*equities: int) -> Curve:
    return Curve.of([Snapshot(START + timedelta(days=i), 0, equity) for i, equity in enumerate(equities)])


@given(st.integers(0, 2**32 - 1), st.integers(10, 300))
def test_what_empyrical_defines_alike_is_equal(seed: int, sessions: int) -> None:
    random = np.random.default_rng(seed)
    market = random.normal(0.0004, 0.01, sessions)
    returns = 0.5 * market + random.normal(0.0002, 0.01, sessions)
    pairs = [
        (metrics.sharpe(returns, 252), empyrical.sharpe_ratio(returns)),
        (metrics.sortino(returns, 252), empyrical.sortino_ratio(returns)),
        (risk.volatility(returns, 252), empyrical.annual_volatility(returns)),
        (risk.value_at_risk(returns), empyrical.value_at_risk(returns)),
        (risk.tail_ratio(returns), empyrical.tail_ratio(returns)),
        (risk.alpha_beta(returns, market, 252)[0], empyrical.alpha(returns, market)),
        (risk.alpha_beta(returns, market, 252)[1], empyrical.beta(returns, market)),
    ]
    for ours, theirs in pairs:
        assert ours == pytest.approx(float(theirs), rel=1e-9, abs=1e-9)


def test_the_tail_by_hand() -> None:
    # The 5% quantile of 21 values is the second least: the two least lose 0.08 and 0.10.
    returns = np.array([-0.10, -0.08, *[0.01] * 19])
    assert risk.value_at_risk(returns) == pytest.approx(-0.08)
    assert risk.conditional_value_at_risk(returns) == pytest.approx(-0.09)


@pytest.mark.parametrize(
    ("equities", "expected"),
    [
        ((100, 110, 120), (0, False)),
        ((90, 95, 100, 110), (2, False)),
        ((110, 90, 110, 100, 105, 107), (3, True)),
        ((110, 90, 95, 110, 100, 105), (3, False)),
        ((90, 80), (1, True)),
    ],
)
def test_the_longest_drawdown(equities: tuple[int, ...], expected: tuple[int, bool]) -> None:
    assert risk.longest_drawdown(100, curve(*equities)) == expected


def test_returns_after_ruin_make_ratios_undefined() -> None:
    result = metrics.measure(100, curve(50, -10, 20, 30), [], 252)
    assert (result.sharpe, result.sortino, result.volatility, result.value_at_risk) == (None, None, None, None)
    assert result.max_drawdown == pytest.approx(-1.1)


def test_turnover_is_of_a_year_and_of_mean_equity() -> None:
    assert metrics.turnover(600, curve(100, 200, 300), 731) == pytest.approx(3 * 365.25 / 731)


def test_an_interval_holds_the_estimate_and_is_the_same_again() -> None:
    returns = np.random.default_rng(1).normal(0.001, 0.01, 500)
    ratio, total = intervals(returns, 252)
    assert (ratio, total) == intervals(returns, 252)
    estimate = metrics.sharpe(returns, 252)
    assert ratio is not None
    assert total is not None
    assert estimate is not None
    assert ratio[0] < estimate < ratio[1]
    assert total[0] < float(np.prod(1 + returns)) - 1 < total[1]
    assert intervals(returns[:29], 252) == (None, None)
