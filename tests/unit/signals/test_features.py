import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradewind.signals.features import FEATURES, LOOK_BACK, features_of
from tradewind.signals.rule import Floats
from tradewind.signals.series import COLUMNS


def walk(bars: int, seed: int) -> Floats:
    """Plausible bars, shape (bars, 5)."""
    random = np.random.default_rng(seed)
    close = 50 * np.exp(np.cumsum(random.normal(0, 0.02, bars)))
    open_ = close * np.exp(random.normal(0, 0.01, bars))
    high = np.maximum(open_, close) * (1 + np.abs(random.normal(0, 0.01, bars)))
    low = np.minimum(open_, close) * (1 - np.abs(random.normal(0, 0.005, bars)))
    return np.stack([open_, high, low, close, random.integers(0, 10**8, bars).astype(float)], axis=1)


@settings(max_examples=50, deadline=None)
@given(st.integers(LOOK_BACK + 1, 150), st.integers(0, 2**32 - 1), st.data())
def test_changing_the_future_changes_no_feature_of_the_past(bars: int, seed: int, data: st.DataObject) -> None:
    series = walk(bars, seed)
    now = data.draw(st.integers(LOOK_BACK, bars - 1))
    changed = series.copy()
    changed[now + 1 :] = walk(bars, seed + 1)[now + 1 :]
    rows = now - LOOK_BACK + 1
    assert np.array_equal(features_of(series)[:rows], features_of(changed)[:rows])
    assert np.array_equal(features_of(series)[:rows], features_of(series[: now + 1]))


@settings(max_examples=50, deadline=None)
@given(st.integers(LOOK_BACK + 1, 150), st.integers(1, 60), st.integers(0, 2**32 - 1))
def test_features_of_a_window_are_those_of_the_whole_series_bit_by_bit(bars: int, lookback: int, seed: int) -> None:
    series = walk(bars, seed)
    lookback = min(lookback, bars - LOOK_BACK)
    window = features_of(series[-(lookback + LOOK_BACK) :])
    assert window.shape == (lookback, len(FEATURES))
    assert np.array_equal(window, features_of(series)[-lookback:])


def test_the_present_bar_moves_its_own_features() -> None:
    series = walk(60, 1)
    for column in range(COLUMNS):
        changed = series.copy()
        changed[-1, column] *= 1.01
        assert not np.array_equal(features_of(series)[-1], features_of(changed)[-1]), column


def test_values_of_a_series_that_can_be_reckoned_by_hand() -> None:
    """Closes double every bar; volumes are equal but for the last."""
    close = 2.0 ** np.arange(LOOK_BACK + 1)
    volume = np.full(len(close), 99.0)
    volume[-1] = 9_999.0
    series = np.stack([close, close * 4, close / 2, close, volume], axis=1)
    row = dict(zip(FEATURES, features_of(series)[0], strict=True))
    log2 = np.log(2)
    assert row["return_1"] == pytest.approx(log2)
    assert row["return_5"] == pytest.approx(5 * log2)
    assert row["return_21"] == pytest.approx(21 * log2)
    assert row["volatility_21"] == pytest.approx(log2)
    assert row["range"] == pytest.approx(3 * log2)
    assert row["gap"] == pytest.approx(log2)
    assert row["close_location"] == pytest.approx((1 - 0.5) / (4 - 0.5) - 0.5)
    assert row["volume_score"] == pytest.approx(np.sqrt(20))  # one outlier among 21 values
    assert row["rsi_14"] == pytest.approx(1)


def test_bars_that_do_not_move_have_finite_features() -> None:
    series = np.tile(np.array([10.0, 10.0, 10.0, 10.0, 0.0]), (LOOK_BACK + 5, 1))
    assert np.array_equal(features_of(series), np.zeros((5, len(FEATURES))))


def test_too_few_bars_have_no_features() -> None:
    assert features_of(walk(LOOK_BACK, 1)).shape == (0, len(FEATURES))
    assert features_of(np.empty((0, COLUMNS))).shape == (0, len(FEATURES))
