"""MACD: buys when the distance of two exponential averages crosses above its own average, sells when it crosses below.

Gerald Appel, "Technical Analysis: Power Tools for Active Investors" (2005).
"""

from tradewind.signals.parameters import Parameter
from tradewind.signals.rule import Floats, RuleStrategy

# State: how many closes were seen; fast, slow and signal averages (sums until they start); whether the line was above.
_SEEN = 0
_AVERAGES = 1
_WAS_ABOVE = 4
_SIZE = 5


def _state_size(parameters: Floats) -> int:
    return _SIZE


def _step(state: Floats, parameters: Floats, open_: float, high: float, low: float, close: float, volume: float) -> int:
    slow = parameters[1]
    signal = parameters[2]
    closes = state[_SEEN] + 1.0
    state[_SEEN] = closes
    line = 0.0
    # The third average is that of the first two's distance, which begins with the slow one.
    for which in range(3):
        length = parameters[which]
        seen = closes
        value = close
        if which == 2:
            if closes < slow:
                return 0
            line = state[_AVERAGES] - state[_AVERAGES + 1]
            seen = closes - slow + 1.0
            value = line
        average = state[_AVERAGES + which]
        if seen > length:
            average += (value - average) * 2.0 / (length + 1.0)
        elif seen == length:
            average = (average + value) / length
        else:
            average += value
        state[_AVERAGES + which] = average
    first = slow + signal - 1.0
    if closes < first:
        return 0
    is_above = 1.0 if line > state[_AVERAGES + 2] else 0.0
    was_above = state[_WAS_ABOVE]
    state[_WAS_ABOVE] = is_above
    if closes == first or is_above == was_above:
        return 0
    return 1 if is_above == 1.0 else -1


MACD = RuleStrategy(
    name="MACD",
    description=(
        "Buys when the MACD line, a fast exponential average less a slow one, crosses above its signal line, sells "
        "when it crosses below."
    ),
    parameters=(
        Parameter("fast", 12, 1, 1000, "length of the fast average, bars", whole=True),
        Parameter("slow", 26, 2, 2000, "length of the slow average, bars", whole=True),
        Parameter("signal", 9, 2, 1000, "length of the signal line, the line's own average, bars", whole=True),
    ),
    state_size=_state_size,
    step=_step,
    must_ascend=("fast", "slow"),
)
