"""Says before anything starts whether a manifest's signal can work."""

from collections.abc import Mapping, Sequence

from tradewind.signals.catalog import RULES
from tradewind.signals.lstm_parameters import LSTM, read_lstm_parameters
from tradewind.signals.parameters import SignalError
from tradewind.signals.rule import CrossRule


class UnknownModelError(SignalError):
    """A signal model that no one has written."""

    def __init__(self, model: str) -> None:
        known = ", ".join(sorted((LSTM, *RULES)))
        super().__init__(f"spec.signal.model: {model!r} is unknown; known are {known}")
        self.model = model


def check_signal(model: str, parameters: Mapping[str, str], symbols: Sequence[str]) -> None:
    """Check a signal's model name, its parameters, and that it works with these symbols.

    Raises:
        UnknownModelError: neither LSTM nor a rule.
        ParameterError: a parameter that is unknown, out of bounds or at odds with another.
        SymbolCountError: a rule across symbols that needs more or fewer of them.
        PluginError: the model is a plug-in's that can't be used.
    """
    RULES.refuse_clash(model)
    if model == LSTM:
        read_lstm_parameters(parameters)
    elif model in RULES:
        rule = RULES[model]
        read = rule.read(parameters)
        if isinstance(rule, CrossRule):
            rule.require_symbols(read, len(symbols))
    else:
        raise UnknownModelError(model)
