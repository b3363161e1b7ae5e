"""Arrays of what is expected become the sides that the policy gives one by one."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tradewind.domain.money import RATE_SCALE
from tradewind.domain.orders import Side
from tradewind.signals.expectations import NOTHING, Expectations
from tradewind.signals.policy import Anomaly, Thresholds, decide_on_prediction, guard, wait_for_history

UNITS = st.integers(-500, 500)


@given(
    bars=st.lists(st.tuples(st.one_of(st.none(), UNITS), st.booleans()), min_size=1, max_size=30),
    thresholds=st.tuples(UNITS, UNITS).filter(lambda pair: pair[1] < pair[0]),
)
def test_sides_are_those_of_the_policy(bars: list[tuple[int | None, bool]], thresholds: tuple[int, int]) -> None:
    asked = Thresholds(*thresholds)
    returns = np.array([NOTHING if each is None else each for each, _ in bars], np.int64)
    sides = Expectations(returns, np.array([strange for _, strange in bars])).sides(asked)
    for side, (expected, strange) in zip(sides.tolist(), bars, strict=True):
        decision = (
            wait_for_history(1, 2) if expected is None else decide_on_prediction(expected / RATE_SCALE, 0.5, asked)
        )
        assert Side(side) is guard(decision, Anomaly(int(strange), 0, {})).side
