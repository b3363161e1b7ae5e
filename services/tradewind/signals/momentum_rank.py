"""MomentumRank: holds the symbols that rose most over the last bars, and ranks them again from time to time.

Jegadeesh and Titman, "Returns to Buying Winners and Selling Losers", The Journal of Finance 48 (1993).
"""

from typing import Final

from tradewind.signals.parameters import Parameter
from tradewind.signals.rule import CrossRule, Floats, Integers

MOST_SYMBOLS: Final = 1000

# State: how many instants were seen; for each symbol how many closes were seen, its growth at this ranking (0 where it
# is not ranked), and its last `lookback` + 1 closes.
_INSTANTS = 0
_SYMBOLS = 1


def _state_size(parameters: Floats, symbols: int) -> int:
    return _SYMBOLS + symbols * (3 + int(parameters[0]))


def _symbols(parameters: Floats) -> tuple[int, int]:
    return int(parameters[1]) + 1, MOST_SYMBOLS


def _step(state: Floats, parameters: Floats, present: Integers, bars: Floats, sides: Integers) -> int:
    count = len(present)
    kept = int(parameters[0]) + 1
    hold = int(parameters[1])
    instants = int(state[_INSTANTS]) + 1
    state[_INSTANTS] = instants
    for i in range(count):
        symbol = _SYMBOLS + i * (kept + 2)
        state[symbol + 1] = 0.0
        if present[i] == 0:
            continue
        seen = int(state[symbol])
        close = bars[i, 3]
        state[symbol + 2 + seen % kept] = close
        seen += 1
        state[symbol] = seen
        if seen >= kept:
            # The oldest close lies where the next one will.
            state[symbol + 1] = close / state[symbol + 2 + seen % kept]
    if instants < kept or (instants - kept) % int(parameters[2]) != 0:
        return 0
    for i in range(count):
        growth = state[_SYMBOLS + i * (kept + 2) + 1]
        if growth == 0.0:
            continue
        better = 0
        for j in range(count):
            other = state[_SYMBOLS + j * (kept + 2) + 1]
            if other > growth or (other == growth and j < i):
                better += 1
        sides[i] = 1 if better < hold else -1
    return 0


MOMENTUM_RANK = CrossRule(
    name="MomentumRank",
    description=(
        "Every so many bars buys the symbols whose closes grew most over the look-back, and sells all the others."
    ),
    parameters=(
        Parameter("lookback", 126, 1, 2000, "bars over which growth is measured", whole=True),
        Parameter("hold", 1, 1, MOST_SYMBOLS - 1, "symbols to hold; fewer than there are", whole=True),
        Parameter("rebalance", 21, 1, 2000, "bars from one ranking to the next", whole=True),
    ),
    state_size=_state_size,
    symbols=_symbols,
    step=_step,
)
