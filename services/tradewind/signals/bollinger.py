"""BollingerReversion: buys when the close falls below its lower Bollinger band, sells when it has come back.

John Bollinger, "Bollinger on Bollinger Bands" (2001).
"""

from math import sqrt

from tradewind.signals.parameters import Parameter
from tradewind.signals.rule import Floats, RuleStrategy

# State: how many closes were seen, where the close lay at the last bar (-1 below, 1 above, 0 between), the last closes.
_SEEN = 0
_WAS = 1
_CLOSES = 2


def _state_size(parameters: Floats) -> int:
    return _CLOSES + int(parameters[0])


def _step(state: Floats, parameters: Floats, open_: float, high: float, low: float, close: float, volume: float) -> int:
    period = int(parameters[0])
    seen = int(state[_SEEN])
    state[_CLOSES + seen % period] = close
    seen += 1
    state[_SEEN] = seen
    if seen < period:
        return 0
    # Distances from the newest close: exactly zero where nothing moved, and no digits lost where prices are high.
    mean = 0.0
    for back in range(period):
        mean += state[_CLOSES + (seen - 1 - back) % period] - close
    mean /= period
    squares = 0.0
    for back in range(period):
        distance = state[_CLOSES + (seen - 1 - back) % period] - close - mean
        squares += distance * distance
    deviation = sqrt(squares / period)
    where = 0.0
    if mean > parameters[1] * deviation:
        where = -1.0
    elif -mean > parameters[2] * deviation:
        where = 1.0
    was = state[_WAS]
    state[_WAS] = where
    if seen == period or where == was:
        return 0
    return -int(where)


BOLLINGER_REVERSION = RuleStrategy(
    name="BollingerReversion",
    description=(
        "Buys when the close falls below the lower Bollinger band, sells when it rises above the upper one, by default "
        "the mean."
    ),
    parameters=(
        Parameter("period", 20, 2, 2000, "closes in mean and deviation", whole=True),
        Parameter("lower", 2, 0.1, 10, "deviations below the mean that the lower band lies"),
        Parameter("upper", 0, 0, 10, "deviations above the mean that the upper band lies"),
    ),
    state_size=_state_size,
    step=_step,
)
