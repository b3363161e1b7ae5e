"""SMACross: buys when the fast simple moving average crosses above the slow one, sells when it crosses below."""

import numpy as np

from tradewind.domain.money import PRICE_SCALE
from tradewind.signals.parameters import Parameter
from tradewind.signals.rule import Batch, Floats, Integers, RuleStrategy
from tradewind.signals.series import CLOSE

# State: how many closes were seen, whether the fast average was above at the last bar, then the last `slow` closes.
_SEEN = 0
_WAS_ABOVE = 1
_CLOSES = 2
_MOST = 2**62
_ROUNDING = 2.0**-52
_EIGHT_ABOVE = 0x0101010101010101
_NEITHER = 2


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


def _prepare(closes: Floats) -> Integers:
    """Return the closes' sums so far and the closes as whole units, int64[2, n + 1], where there are such sums.

    Both begin at the second place; at the first of the closes stands the highest. int64[2, 0] where there are none.
    """
    shared = np.zeros((2, len(closes) + 1), np.int64)
    sums, units = shared[0], shared[1]
    for t in range(len(closes)):
        close = closes[t, 0]
        if not 0.0 < close < _MOST / PRICE_SCALE:
            return shared[:, :0].copy()
        whole = round(close * PRICE_SCALE)
        sums[t + 1] = sums[t] + whole
        if whole / PRICE_SCALE != close or sums[t + 1] < 0:
            return shared[:, :0].copy()
        units[t + 1] = whole
        units[0] = max(units[0], whole)
    return shared


def _signals(parameters: Floats, shared: Integers, places: Integers, sides: Integers) -> int:
    """Compare the averages as whole numbers, by sums from the start; where they are all but equal, as the step does.

    Doubles of prices add up to within (slow + 1) roundings of their exact sum (Higham 2002, 4.2), so that averages
    further apart than that compare alike either way.
    """
    fast = int(parameters[0])
    slow = int(parameters[1])
    if shared.shape[1] == 0 or shared[1, 0] >= _MOST // (fast * slow):
        return -1
    sums, units = shared[0], shared[1]
    count = len(sums) - slow
    if count <= 0:
        return 0
    alike = int((fast + slow + 8) * _ROUNDING * (fast * slow * units[0]))
    newest, before_fast = sums[slow:], sums[slow - fast :]
    order = np.empty(-(-count // 8) * 8, np.int8)
    for k in range(count):
        apart = (newest[k] - before_fast[k]) * slow - (newest[k] - sums[k]) * fast
        order[k] = (apart > alike) - (apart < -alike)
    eight = order.view(np.int64)
    said = 0
    was = _NEITHER
    k = -1
    while k + 1 < count:
        k += 1
        # Eight bars at once where nothing changes.
        if k % 8 == 0 and k + 8 <= count and was != _NEITHER and eight[k // 8] == (_EIGHT_ABOVE if was == 1 else -1):
            k += 7
            continue
        now = order[k]
        if now == was:
            continue
        if now == 0:
            total = 0.0
            fast_average = 0.0
            for back in range(slow):
                total += units[slow + k - back] / PRICE_SCALE
                if back == fast - 1:
                    fast_average = total / fast
            now = 1 if fast_average > total / slow else -1
        if was not in (_NEITHER, now):
            places[said] = slow - 1 + k
            sides[said] = now
            said += 1
        was = now
    return said


def _look_back(parameters: Floats) -> int:
    # The bar before it has an average of its own.
    return int(parameters[1])


SMA_CROSS = RuleStrategy(
    name="SMACross",
    description="Buys when the fast average of the closes crosses above the slow one, sells when it crosses below.",
    parameters=(
        Parameter("fast", 10, 1, 1000, "closes in the fast average", whole=True),
        Parameter("slow", 50, 2, 2000, "closes in the slow average", whole=True),
    ),
    state_size=_state_size,
    step=_step,
    batch=Batch(_prepare, _signals, (CLOSE,), _look_back),
    must_ascend=("fast", "slow"),
)
