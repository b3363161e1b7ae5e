import math

import pytest

from tradewind.domain.orders import Side
from tradewind.signals.policy import (
    Anomaly,
    Decision,
    Thresholds,
    decide_on_prediction,
    decide_on_step,
    guard,
    ratio_units,
)

THRESHOLDS = Thresholds(buy=100_000, sell=-200_000)  # 0.10%, -0.20%
STRANGE = Anomaly(70_000_000, 60_000_000, {"gap": 812_000_000, "range": -300_000_000})
NORMAL = Anomaly(60_000_000, 60_000_000, {"gap": 10})


@pytest.mark.parametrize(
    ("expected", "side"),
    [
        (0.0010, Side.BUY),
        (0.000999995, Side.BUY),  # rounds to the threshold: the integer decides
        (0.00099999, Side.HOLD),
        (0.0, Side.HOLD),
        (-0.00199999, Side.HOLD),
        (-0.0020, Side.SELL),
        (-0.5, Side.SELL),
    ],
)
def test_thresholds_decide_and_belong_to_the_sides(expected: float, side: Side) -> None:
    decision = decide_on_prediction(expected, 0.51, THRESHOLDS)
    assert decision.side is side
    assert decision.expected_return == ratio_units(expected)
    assert decision.confidence == 51_000_000


def test_the_reason_carries_the_numbers() -> None:
    decision = decide_on_prediction(0.0123, 0.6, THRESHOLDS)
    assert decision.reason == "expected return +1.230% is at least buyThreshold +0.100%"


@pytest.mark.parametrize(("step", "side"), [(1, Side.BUY), (-1, Side.SELL), (0, Side.HOLD)])
def test_a_rules_step_is_its_side_without_a_prediction(step: int, side: Side) -> None:
    decision = decide_on_step("SMACross", step)
    assert (decision.side, decision.expected_return, decision.confidence) == (side, None, None)


def test_an_anomalous_bar_holds_and_says_why() -> None:
    buy = Decision(Side.BUY, "because", 5, 6)
    held = guard(buy, STRANGE)
    assert (held.side, held.expected_return, held.confidence) == (Side.HOLD, 5, 6)
    assert held.reason == ("anomalous bar (score 0.7000 above 0.6000; gap +8.1, range -3.0), instead of BUY")


@pytest.mark.parametrize("anomaly", [None, NORMAL])
def test_a_bar_that_is_not_anomalous_keeps_its_decision(anomaly: Anomaly | None) -> None:
    decision = Decision(Side.SELL, "because")
    assert guard(decision, anomaly) is decision


@pytest.mark.parametrize(
    ("value", "units"),
    [(2**-9, 195_313), (-(2**-9), -195_313), (0.49e-8, 0), (1.0, 100_000_000), (-0.123456789, -12_345_679)],
)
def test_ratios_round_half_away_from_zero(value: float, units: int) -> None:
    assert ratio_units(value) == units


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_prediction_that_is_no_number_is_an_error(value: float) -> None:
    with pytest.raises(ValueError, match="not a finite ratio"):
        decide_on_prediction(value, 0.5, THRESHOLDS)
