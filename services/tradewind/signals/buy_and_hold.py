"""BuyAndHold: says BUY at every bar; the desk buys where nothing is held."""

from tradewind.signals.rule import Floats, RuleStrategy


def _state_size(parameters: Floats) -> int:
    return 0


def _step(state: Floats, parameters: Floats, open_: float, high: float, low: float, close: float, volume: float) -> int:
    return 1


BUY_AND_HOLD = RuleStrategy(
    name="BuyAndHold",
    description="Buys every symbol at the first chance, and again whenever an exit has sold it; never sells.",
    parameters=(),
    state_size=_state_size,
    step=_step,
)
