"""MomentumRank: holds the symbols that rose most over the last bars, and ranks them again from time to time.

Jegadeesh and Titman, "Returns to Buying Winners and Selling Losers", The Journal of Finance 48 (1993).
"""

from typing import Final

from tradewind.signals.parameters import Parameter
from tradewind.signals.rule import CrossRule, Floats, Integers

MOST_SYMBOLS: Final = 1000

# State: how many instants were seen; for each symbol how many closes were seen, its growth at this instant (0 where it
# has none), whether the last ranking chose it, and its last `lookback` + 1 closes.
_INSTANTS = 0
_SYMBOLS = 1
_SEEN = 0
_GROWTH = 1
_CHOSEN = 2
_CLOSES = 3


def _state_size(parameters: Floats, symbols: int) -> int:
    return _SYMBOLS + symbols * (_CLOSES + int(parameters[0]) + 1)


def _symbols(parameters: Floats) -> tuple[int, int]:
    return int(parameters[1]) + 1, MOST_SYMBOLS


def _step(state: Floats, parameters: Floats, present: Integers, bars: Floats, sides: Integers) -> int:
    count = len(present)
    kept = int(parameters[0]) + 1
    size = _CLOSES + kept
    instants = int(state[_INSTANTS]) + 1
    state[_INSTANTS] = instants
    for i in range(count):
        symbol = _SYMBOLS + i * size
        state[symbol + _GROWTH] = 0.0
        if present[i] == 0:
            continue
        seen = int(state[symbol + _SEEN])
        close = bars[i, 3]
        state[symbol + _CLOSES + seen % kept] = close
        seen += 1
        state[symbol + _SEEN] = seen
        if seen >= kept:
            # The oldest close lies where the next one will.
            state[symbol + _GROWTH] = close / state[symbol + _CLOSES + seen % kept]
    if instants < kept:
        return 0
    since = (instants - kept) % int(parameters[2])
    for i in range(count):
        symbol = _SYMBOLS + i * size
        growth = state[symbol + _GROWTH]
        if since == 0:
            better = 0
            for j in range(count):
                other = state[_SYMBOLS + j * size + _GROWTH]
                if other > growth or (other == growth and j < i):
                    better += 1
            chosen = growth > 0.0 and better < parameters[1]
            state[symbol + _CHOSEN] = 1.0 if chosen else 0.0
            if growth > 0.0:
                sides[i] = 1 if chosen else -1
        elif since == 1 and present[i] != 0 and state[symbol + _CHOSEN] == 1.0:
            # What a purchase costs may only now be there, from what the ranking sold.
            sides[i] = 1
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
