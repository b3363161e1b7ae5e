"""RSI: buys when the relative strength index leaves the oversold zone, sells when it leaves the overbought one.

J. Welles Wilder Jr., "New Concepts in Technical Trading Systems" (1978).
"""

from tradewind.signals.parameters import Parameter
from tradewind.signals.rule import Floats, RuleStrategy

# State: how many closes were seen, the last one, average gain and loss (sums until they start), the last index.
_SEEN = 0
_CLOSE = 1
_GAIN = 2
_LOSS = 3
_INDEX = 4
_SIZE = 5


def _state_size(parameters: Floats) -> int:
    return _SIZE


def _step(state: Floats, parameters: Floats, open_: float, high: float, low: float, close: float, volume: float) -> int:
    period = parameters[0]
    changes = state[_SEEN]
    change = close - state[_CLOSE]
    state[_SEEN] = changes + 1.0
    state[_CLOSE] = close
    if changes == 0.0:
        return 0
    gain = change if change > 0.0 else 0.0
    loss = -change if change < 0.0 else 0.0
    if changes > period:
        state[_GAIN] = (state[_GAIN] * (period - 1.0) + gain) / period
        state[_LOSS] = (state[_LOSS] * (period - 1.0) + loss) / period
    else:
        state[_GAIN] += gain
        state[_LOSS] += loss
        if changes < period:
            return 0
        state[_GAIN] /= period
        state[_LOSS] /= period
    moved = state[_GAIN] + state[_LOSS]
    index = 100.0 * state[_GAIN] / moved if moved > 0.0 else 50.0
    before = state[_INDEX]
    state[_INDEX] = index
    if changes == period:
        return 0
    if before < parameters[1] <= index:
        return 1
    if before > parameters[2] >= index:
        return -1
    return 0


RSI = RuleStrategy(
    name="RSI",
    description=(
        "Buys when Wilder's relative strength index rises out of the oversold zone, sells when it falls out of the "
        "overbought one."
    ),
    parameters=(
        Parameter("period", 14, 2, 1000, "bars that gains and losses are smoothed over", whole=True),
        Parameter("oversold", 30, 1, 99, "index below which a symbol is oversold"),
        Parameter("overbought", 70, 1, 99, "index above which a symbol is overbought"),
    ),
    state_size=_state_size,
    step=_step,
    must_ascend=("oversold", "overbought"),
)
