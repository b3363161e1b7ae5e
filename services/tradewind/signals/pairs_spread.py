"""PairsSpread: buys the cheap one of two symbols when the ratio of their closes strays far from its mean.

Gatev, Goetzmann and Rouwenhorst, "Pairs Trading: Performance of a Relative-Value Arbitrage Rule", The Review of
Financial Studies 19 (2006).
"""

from math import sqrt

from tradewind.signals.parameters import Parameter
from tradewind.signals.rule import CrossRule, Floats, Integers

# State: how many ratios were seen, which symbol was bought (1 the first, -1 the second, 0 none), the last ratios.
_SEEN = 0
_BOUGHT = 1
_RATIOS = 2

_STILL = 1e-12
"""A deviation of no more than this share of the ratio is rounding, not a spread."""


def _state_size(parameters: Floats, symbols: int) -> int:
    return _RATIOS + int(parameters[0])


def _symbols(parameters: Floats) -> tuple[int, int]:
    return 2, 2


def _step(state: Floats, parameters: Floats, present: Integers, bars: Floats, sides: Integers) -> int:
    if present[0] == 0 or present[1] == 0:
        return 0
    lookback = int(parameters[0])
    ratio = bars[0, 3] / bars[1, 3]
    seen = int(state[_SEEN])
    state[_RATIOS + seen % lookback] = ratio
    seen += 1
    state[_SEEN] = seen
    if seen < lookback:
        return 0
    # Distances from the newest ratio: exactly zero where nothing moved.
    mean = 0.0
    for back in range(lookback):
        mean += state[_RATIOS + (seen - 1 - back) % lookback] - ratio
    mean /= lookback
    squares = 0.0
    for back in range(lookback):
        distance = state[_RATIOS + (seen - 1 - back) % lookback] - ratio - mean
        squares += distance * distance
    deviation = sqrt(squares / lookback)
    if deviation <= _STILL * ratio:
        return 0
    score = -mean / deviation
    bought = state[_BOUGHT]
    first = 0
    if bought == 0.0:
        if score <= -parameters[1]:
            first = 1
        elif score >= parameters[1]:
            first = -1
        state[_BOUGHT] = first
        long_leg = 0 if first == 1 else 1
    else:
        # Seen from the bought symbol: it was cheap, and is so no longer.
        if score * bought < -parameters[2]:
            return 0
        first = -int(bought)
        state[_BOUGHT] = 0.0
        long_leg = 0 if bought == 1.0 else 1
    both = parameters[3] == 2.0
    if both or long_leg == 0:
        sides[0] = first
    if both or long_leg == 1:
        sides[1] = -first
    return 0


PAIRS_SPREAD = CrossRule(
    name="PairsSpread",
    description=(
        "When the ratio of two symbols' closes strays from its mean, buys the cheap one and, with two legs, sells the "
        "dear one; turns both round when the ratio is back."
    ),
    parameters=(
        Parameter("lookback", 60, 2, 2000, "ratios in mean and deviation", whole=True),
        Parameter("entry", 2, 0.1, 10, "deviations from the mean at which a pair is entered"),
        Parameter("exit", 0.5, 0, 10, "deviations from the mean within which it is left"),
        Parameter("legs", 1, 1, 2, "1: only the bought symbol is traded; 2: the other is sold short too", whole=True),
    ),
    state_size=_state_size,
    symbols=_symbols,
    step=_step,
    must_ascend=("exit", "entry"),
)
