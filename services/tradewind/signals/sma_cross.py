"""SMACross: buys when the fast simple moving average crosses above the slow one, sells when it crosses below."""

from tradewind.signals.parameters import Parameter
from tradewind.signals.rule import Floats, RuleStrategy

# State: how many closes were seen, whether the fast average was above at the last bar, then the last `slow` closes.
_SEEN = 0
_WAS_ABOVE = 1
_CLOSES = 2


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


SMA_CROSS = RuleStrategy(
    name="SMACross",
    description="Buys when the fast average of the closes crosses above the slow one, sells when it crosses below.",
    parameters=(
        Parameter("fast", 10, 1, 1000, "closes in the fast average", whole=True),
        Parameter("slow", 50, 2, 2000, "closes in the slow average", whole=True),
    ),
    state_size=_state_size,
    step=_step,
    must_ascend=("fast", "slow"),
)
