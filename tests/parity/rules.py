"""What properties of every rule are tried on: parameters within their bounds, bars that tie, gap and stand still."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from tradewind.domain.money import PRICE_SCALE
from tradewind.signals.parameters import Parameter
from tradewind.signals.rule import Floats, Rule, RuleStrategy

_LONGEST = 12
"""Windows stay short, so that few bars make a rule speak."""


@st.composite
def parameters_of(draw: DrawFn, rule: Rule) -> Floats:
    """Parameters that `rule.read` would take."""
    values = {p.name: draw(_value(p)) for p in rule.parameters}
    for lower, upper in zip(rule.must_ascend, rule.must_ascend[1:], strict=False):
        if values[lower] >= values[upper]:
            values[upper] = values[lower] + 1
    read = rule.read({name: repr(value) for name, value in values.items()})
    assert read.tolist() == list(values.values())
    return read


def _value(parameter: Parameter) -> SearchStrategy[float]:
    if parameter.whole:
        most = min(int(parameter.maximum), int(parameter.minimum) + _LONGEST)
        return st.integers(int(parameter.minimum), most).map(float)
    # The upper bound itself would leave no room for what must lie above it.
    return st.floats(parameter.minimum, min(parameter.maximum, parameter.minimum + 60) - 1)


def made_bars(seed: int, count: int, levels: int) -> Floats:
    """Return bars, float64[count, 5], of a walk over few price levels, so that averages and extremes often tie."""
    random = np.random.default_rng(seed)
    tick = int(random.integers(1, 10**6))
    moves = random.integers(-1, 2, count) * random.integers(0, levels + 1, count)
    closes = (levels * 3 + np.abs(np.cumsum(moves))) * tick
    opens = np.maximum(closes + random.integers(-levels, levels + 1, count) * tick, tick)
    highs = np.maximum(opens, closes) + random.integers(0, 2, count) * tick
    lows = np.maximum(np.minimum(opens, closes) - random.integers(0, 2, count) * tick, 1)
    prices = np.stack([opens, highs, lows, closes], axis=1) / float(PRICE_SCALE)
    return np.column_stack([prices, random.integers(0, 1000, count).astype(np.float64)])


def interpret(rule: RuleStrategy, parameters: Floats, bars: Floats) -> tuple[list[int], Floats]:
    """Return the sides and the last state of a rule that is stepped bar by bar."""
    state = np.zeros(rule.state_size(parameters))
    return [rule.step(state, parameters, *(float(x) for x in row)) for row in bars.tolist()], state
