"""InternalBarStrength: buys after bars that closed near their lows, sells after bars that closed near their highs."""

import numpy as np
from numpy.typing import NDArray

from tradewind.signals.parameters import Parameter
from tradewind.signals.rule import Floats, VectorisedRule
from tradewind.signals.series import CLOSE, HIGH, LOW


def _look_back(parameters: Floats) -> int:
    return int(parameters[0]) - 1


def _signals(bars: Floats, parameters: Floats) -> NDArray[np.int8]:
    spread = bars[:, HIGH] - bars[:, LOW]
    # Where the close lies between low (0) and high (1); a bar without a range lies in the middle.
    strength = np.divide(bars[:, CLOSE] - bars[:, LOW], spread, out=np.full(len(bars), 0.5), where=spread > 0)
    total = np.zeros(len(bars))
    # Shifted sums, not cumsum: so a side has the same bits whatever comes before its window.
    for back in range(min(int(parameters[0]), len(bars))):
        total[back:] += strength[: len(bars) - back]
    average = total / parameters[0]
    return (average < parameters[1]).astype(np.int8) - (average > parameters[2]).astype(np.int8)


RULE = VectorisedRule(
    name="InternalBarStrength",
    description=("Buys where the close lay low in the range of the last bars on average, sells where it lay high."),
    parameters=(
        Parameter("bars", 3, 1, 500, "bars in the average", whole=True),
        Parameter("weak", 0.25, 0, 1, "average below which it buys"),
        Parameter("strong", 0.75, 0, 1, "average above which it sells"),
    ),
    look_back=_look_back,
    signals=_signals,
    must_ascend=("weak", "strong"),
)
