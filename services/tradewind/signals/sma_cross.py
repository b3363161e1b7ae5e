"""SMACross: buys when the fast simple moving average crosses above the slow one, sells when it crosses below."""

import numpy as np

from tradewind.domain.money import PRICE_SCALE
from tradewind.signals.parameters import Parameter
from tradewind.signals.rule import Floats, Integers, RuleStrategy

# State: how many closes were seen, whether the fast average was above at the last bar, then the last `slow` closes.
_SEEN = 0
_WAS_ABOVE = 1
_CLOSES = 2
_MOST = 2**62
_ROUNDING = 2.0**-52


def _state_size(parameters: Floats) -> int:
    return _CLOSES + int(parameters[1])


def _step(state: Floats, parameters: Floats, open_: float, high: float, low: float, close: float, volume: float) -> int:
    fast = int(parameters[0])
    slow = int(parameters[1])
    seen = int(state[_SEEN])
    state[_CLOSES + seen % slow] = close
    seen += 1
    state[_SEEN] = seen
    if seen < slow:
        return 0
    # Summed afresh from the newest close back: no drift, and the same bits wherever it starts.
    total = 0.0
    fast_average = 0.0
    for back in range(slow):
        total += state[_CLOSES + (seen - 1 - back) % slow]
        if back == fast - 1:
            fast_average = total / fast
    is_above = 1.0 if fast_average > total / slow else 0.0
    was_above = state[_WAS_ABOVE]
    state[_WAS_ABOVE] = is_above
    if seen == slow or is_above == was_above:
        return 0
    return 1 if is_above == 1.0 else -1


def _batch(parameters: Floats, present: Integers, bars: Floats, sides: Integers) -> int:
    """Compare the averages as whole numbers, by sums from the start; where they are all but equal, as the step does.

    Doubles of prices add up to within (slow + 1) roundings of their exact sum (Higham 2002, 4.2), so that averages
    further apart than that compare alike either way.
    """
    fast = int(parameters[0])
    slow = int(parameters[1])
    closes = np.empty(len(bars))
    sums = np.zeros(len(bars) + 1, np.int64)
    count = 0
    for t in range(len(bars)):
        if present[t] != 0:
            close = bars[t, 3]
            units = round(close * PRICE_SCALE)
            if units / PRICE_SCALE != close or not 0 < units < _MOST // (fast * slow):
                return 0
            closes[count] = close
            sums[count + 1] = sums[count] + units
            count += 1
            if sums[count] < 0:
                return 0
    alike = (fast + slow + 8) * _ROUNDING
    was_above = False
    seen = 0
    for t in range(len(bars)):
        if present[t] == 0:
            continue
        seen += 1
        if seen < slow:
            continue
        by_fast = (sums[seen] - sums[seen - fast]) * slow
        by_slow = (sums[seen] - sums[seen - slow]) * fast
        if abs(by_fast - by_slow) > alike * max(by_fast, by_slow):
            is_above = by_fast > by_slow
        else:
            total = 0.0
            fast_average = 0.0
            for back in range(slow):
                total += closes[seen - 1 - back]
                if back == fast - 1:
                    fast_average = total / fast
            is_above = fast_average > total / slow
        if seen > slow and is_above != was_above:
            sides[t] = 1 if is_above else -1
        was_above = is_above
    return 1


SMA_CROSS = RuleStrategy(
    name="SMACross",
    description="Buys when the fast average of the closes crosses above the slow one, sells when it crosses below.",
    parameters=(
        Parameter("fast", 10, 1, 1000, "closes in the fast average", whole=True),
        Parameter("slow", 50, 2, 2000, "closes in the slow average", whole=True),
    ),
    state_size=_state_size,
    step=_step,
    batch=_batch,
    must_ascend=("fast", "slow"),
)
