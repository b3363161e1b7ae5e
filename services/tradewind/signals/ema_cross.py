"""EMACross: buys when the fast exponential moving average crosses above the slow one, sells when it crosses below.

S. W. Roberts, "Control Chart Tests Based on Geometric Moving Averages", Technometrics 1 (1959).
"""

from tradewind.signals.parameters import Parameter
from tradewind.signals.rule import Floats, RuleStrategy

# State: how many closes were seen, both averages (sums until they start), whether the fast one was above at the last
# bar.
_SEEN = 0
_FAST = 1
_SLOW = 2
_WAS_ABOVE = 3
_SIZE = 4


def _state_size(parameters: Floats) -> int:
    return _SIZE


def _step(state: Floats, parameters: Floats, open_: float, high: float, low: float, close: float, volume: float) -> int:
    seen = state[_SEEN] + 1.0
    state[_SEEN] = seen
    for which in range(2):
        length = parameters[which]
        average = state[_FAST + which]
        if seen > length:
            average += (close - average) * 2.0 / (length + 1.0)
        elif seen == length:
            average = (average + close) / length
        else:
            average += close
        state[_FAST + which] = average
    if seen < parameters[1]:
        return 0
    is_above = 1.0 if state[_FAST] > state[_SLOW] else 0.0
    was_above = state[_WAS_ABOVE]
    state[_WAS_ABOVE] = is_above
    if seen == parameters[1] or is_above == was_above:
        return 0
    return 1 if is_above == 1.0 else -1


EMA_CROSS = RuleStrategy(
    name="EMACross",
    description=(
        "Buys when the fast exponential average of the closes crosses above the slow one, sells when it crosses below."
    ),
    parameters=(
        Parameter("fast", 12, 1, 1000, "length of the fast average, bars", whole=True),
        Parameter("slow", 26, 2, 2000, "length of the slow average, bars", whole=True),
    ),
    state_size=_state_size,
    step=_step,
    must_ascend=("fast", "slow"),
)
