"""Says before anything starts whether a manifest's signal can work."""

from collections.abc import Mapping

from tradewind.signals.catalog import RULES
from tradewind.signals.lstm_parameters import LSTM, read_lstm_parameters


class UnknownModelError(ValueError):
    """A signal model that no one has written."""

    def __init__(self, model: str) -> None:
        known = ", ".join(sorted((LSTM, *RULES)))
        super().__init__(f"spec.signal.model: {model!r} is unknown; known are {known}")
        self.model = model


def check_signal(model: str, parameters: Mapping[str, str]) -> None:
    """Check a signal's model name and parameters.

    Raises:
        UnknownModelError: neither LSTM nor a rule strategy.
        ParameterError: a parameter that is unknown, out of bounds or at odds with another.
    """
    if model == LSTM:
        read_lstm_parameters(parameters)
    elif model in RULES:
        RULES[model].read(parameters)
    else:
        raise UnknownModelError(model)
