"""Rule strategies: one step function each, stepped live and compiled for backtests."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradewind.signals.parameters import Parameter, ParameterError, read_parameters

Floats = NDArray[np.float64]
Step = Callable[[Floats, Floats, float, float, float, float, float], int]
"""step(state, parameters, open, high, low, close, volume) -> 1 BUY, -1 SELL, 0 HOLD.

It sees one symbol's bars in order, keeps all it remembers in `state` (zeros at first), and stays within what numba
compiles, with + - * / and sqrt only: so the live interpreter and the compiled backtest give the same bits.
"""


@dataclass(frozen=True)
class RuleStrategy:
    """A rule strategy: `state_size` says how many floats a symbol's state has for these parameters."""

    name: str
    description: str
    parameters: tuple[Parameter, ...]
    state_size: Callable[[Floats], int]
    step: Step
    must_ascend: tuple[str, ...] = ()
    """Parameters that must grow in this order."""

    def read(self, given: Mapping[str, str]) -> Floats:
        """Return the parameters in the order that they are declared.

        Raises:
            ParameterError: unknown, out of bounds, or in the wrong order.
        """
        values = read_parameters(self.name, self.parameters, given)
        for lower, upper in zip(self.must_ascend, self.must_ascend[1:], strict=False):
            if values[lower] >= values[upper]:
                raise ParameterError(self.name, upper, f"{values[upper]:g} is not above {lower} {values[lower]:g}")
        return np.array([values[parameter.name] for parameter in self.parameters])
