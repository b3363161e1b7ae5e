from collections.abc import Callable
from dataclasses import replace

import pytest

from tradewind.domain.bars import Bar
from tradewind.ml.anomaly import AnomalyDetector, TooFewBarsForGuardError, fit_detector
from tradewind.signals.features import features_of
from tradewind.signals.policy import Anomaly
from tradewind.signals.series import series_of

MakeBars = Callable[[str, int, int], list[Bar]]
ONE_PERCENT = 1_000_000


def judge_last(detector: AnomalyDetector, bars: list[Bar]) -> Anomaly:
    return detector.judge(features_of(series_of(bars))[-1:])[0]


def test_a_planted_crash_is_found_and_its_features_named(make_bars: MakeBars) -> None:
    bars = make_bars("A", 400, 1)
    detector = fit_detector({"A": bars[:300]}, bars[299].close_time, ONE_PERCENT)
    quiet = [judge_last(detector, bars[: i + 1]).anomalous for i in range(300, 399)]
    assert sum(quiet) <= 8
    last = bars[-1]
    low = bars[-2].close // 2
    crash = replace(last, open=low + 10_000, low=low, close=low, high=low + 20_000, volume=last.volume * 20)
    found = judge_last(detector, [*bars[:-1], crash])
    assert found.anomalous
    assert found.score > found.threshold
    assert {"return_1", "gap"} <= found.features.keys()
    assert found.features["return_1"] < -10 * 10**8  # more than ten robust deviations down


def test_bars_after_the_cut_do_not_change_the_guard(make_bars: MakeBars) -> None:
    bars = make_bars("A", 300, 1)
    cut = bars[199].close_time
    changed = bars[:200] + [replace(bar, volume=7) for bar in bars[200:]]
    one, other = (fit_detector({"A": rows}, cut, ONE_PERCENT) for rows in (bars, changed))
    assert one.model_version == other.model_version
    assert judge_last(one, bars) == judge_last(other, bars)
    assert fit_detector({"A": bars}, bars[200].close_time, ONE_PERCENT).model_version != one.model_version


def test_one_bar_and_many_are_judged_alike(make_bars: MakeBars) -> None:
    bars = make_bars("A", 200, 1)
    features = features_of(series_of(bars))
    detector = fit_detector({"A": bars}, bars[-1].close_time, ONE_PERCENT)
    together = detector.judge(features)
    assert together[:20] == [detector.judge(features[i : i + 1])[0] for i in range(20)]
    assert sum(anomaly.anomalous for anomaly in together) == pytest.approx(0.01 * len(features), abs=1)


def test_too_few_bars_are_refused_with_their_number(make_bars: MakeBars) -> None:
    bars = make_bars("A", 60, 1)
    with pytest.raises(TooFewBarsForGuardError, match="39 bars with features before the cut"):
        fit_detector({"A": bars}, bars[-1].close_time, ONE_PERCENT)
