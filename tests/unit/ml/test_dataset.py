from collections.abc import Callable
from datetime import timedelta

import numpy as np
import pytest

from tradewind.domain.bars import Bar, to_micros
from tradewind.ml.dataset import Scaler, TooFewBarsError, samples_of, split
from tradewind.signals.features import LOOK_BACK, features_of
from tradewind.signals.series import series_of

MakeBars = Callable[[str, int, int], list[Bar]]
LOOKBACK, HORIZON = 10, 3


def test_a_sample_is_the_window_and_the_return_that_followed(make_bars: MakeBars) -> None:
    bars = make_bars("A", 80, 1)
    samples = samples_of({"A": bars}, LOOKBACK, HORIZON)
    assert len(samples) == 80 - LOOK_BACK - LOOKBACK + 1 - HORIZON
    last = LOOK_BACK + LOOKBACK - 1 + 7  # the seventh sample's last bar
    assert np.array_equal(samples.windows[7], features_of(series_of(bars[: last + 1]))[-LOOKBACK:])
    assert samples.returns[7] == pytest.approx(np.log(bars[last + HORIZON].close / bars[last].close), abs=1e-12)
    assert samples.at[7] == to_micros(bars[last].close_time)
    assert samples.target[7] == to_micros(bars[last + HORIZON].close_time)
    assert samples.first[7] == to_micros(bars[last - LOOKBACK + 1 - LOOK_BACK].close_time)


def test_windows_never_cross_symbols(make_bars: MakeBars) -> None:
    both = samples_of({"A": make_bars("A", 60, 1), "B": make_bars("B", 70, 2)}, LOOKBACK, HORIZON)
    alone = samples_of({"B": make_bars("B", 70, 2)}, LOOKBACK, HORIZON)
    assert np.array_equal(both.windows[-len(alone) :], alone.windows)


def test_validation_is_last_and_purged_of_everything_that_training_saw(make_bars: MakeBars) -> None:
    bars = {"A": make_bars("A", 600, 1), "B": make_bars("B", 560, 2)}
    training, validation = split(samples_of(bars, LOOKBACK, HORIZON))
    assert training.target.max() < validation.first.min()
    assert validation.target.max() == to_micros(bars["A"][-1].close_time)
    instants = np.unique(validation.at)
    assert len(instants) == pytest.approx(0.2 * (600 - LOOK_BACK - LOOKBACK - HORIZON), abs=2)
    gap = timedelta(microseconds=int(validation.first.min() - training.target.max()))
    assert gap == timedelta(days=1)  # not a bar more than it must be


def test_the_scaler_sees_the_training_part_alone(make_bars: MakeBars) -> None:
    bars = make_bars("A", 500, 1)
    training, validation = split(samples_of({"A": bars}, LOOKBACK, HORIZON))
    before = Scaler.fit(training)
    validation.windows[:] = 1e6
    assert Scaler.fit(training) == before
    scaled = before.scale(training.windows)
    assert scaled.dtype == np.float32
    assert np.abs(scaled.reshape(-1, scaled.shape[-1]).mean(axis=0)).max() < 0.1
    assert before.scale(validation.windows).max() == 5.0


@pytest.mark.parametrize("count", [0, 20, LOOK_BACK + LOOKBACK + HORIZON, 150])
def test_too_few_bars_is_an_error_with_the_numbers(make_bars: MakeBars, count: int) -> None:
    with pytest.raises(TooFewBarsError, match=r"\d+ training and \d+ validation samples"):
        split(samples_of({"A": make_bars("A", count, 1)}, LOOKBACK, HORIZON))
