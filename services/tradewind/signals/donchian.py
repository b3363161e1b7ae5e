"""DonchianBreakout: buys when the close breaks out above the highest high before it, sells below the lowest low.

Richard Donchian's weekly rule, as in Curtis Faith, "Way of the Turtle" (2007).
"""

from tradewind.signals.parameters import Parameter
from tradewind.signals.rule import Floats, RuleStrategy

# State: how many bars were seen, the last `entry` highs, the last `exit` lows.
_SEEN = 0
_HIGHS = 1


def _state_size(parameters: Floats) -> int:
    return _HIGHS + int(parameters[0]) + int(parameters[1])


def _step(state: Floats, parameters: Floats, open_: float, high: float, low: float, close: float, volume: float) -> int:
    entry = int(parameters[0])
    exit_ = int(parameters[1])
    lows = _HIGHS + entry
    seen = int(state[_SEEN])
    side = 0
    if seen >= entry:
        highest = state[_HIGHS]
        for i in range(1, entry):
            if state[_HIGHS + i] > highest:
                highest = state[_HIGHS + i]
        if close > highest:
            side = 1
    if seen >= exit_ and side == 0:
        lowest = state[lows]
        for i in range(1, exit_):
            if state[lows + i] < lowest:
                lowest = state[lows + i]
        if close < lowest:
            side = -1
    state[_HIGHS + seen % entry] = high
    state[lows + seen % exit_] = low
    state[_SEEN] = seen + 1
    return side


DONCHIAN_BREAKOUT = RuleStrategy(
    name="DonchianBreakout",
    description=(
        "Buys when the close is above the highest high of the bars before it, sells when it is below their lowest low."
    ),
    parameters=(
        Parameter("entry", 20, 1, 2000, "bars before this one whose highest high is broken to buy", whole=True),
        Parameter("exit", 10, 1, 2000, "bars before this one whose lowest low is broken to sell", whole=True),
    ),
    state_size=_state_size,
    step=_step,
)
