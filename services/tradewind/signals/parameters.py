"""Parameters of signals: named, bounded, read from the manifest's text."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


class SignalError(ValueError):
    """A manifest's signal that can't work."""


class ParameterError(SignalError):
    """A parameter of a signal that is unknown, not a number or out of bounds."""

    def __init__(self, model: str, name: str, reason: str) -> None:
        super().__init__(f"spec.signal.parameters.{name}: {reason} (model {model})")
        self.model = model
        self.name = name


class SymbolCountError(SignalError):
    """More or fewer symbols than a rule across symbols works with."""

    def __init__(self, model: str, count: int, least: int, most: int) -> None:
        needed = f"exactly {least}" if least == most else f"at least {least}" if count < least else f"at most {most}"
        super().__init__(f"spec.symbols: {model} needs {needed} with these parameters, {count} given")
        self.model = model
        self.count = count
        self.least = least
        self.most = most


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: its default, the least and the greatest value it may have; percentages are read as fractions."""

    name: str
    default: float
    minimum: float
    maximum: float
    description: str
    whole: bool = False


def read_parameters(model: str, parameters: Sequence[Parameter], given: Mapping[str, str]) -> dict[str, float]:
    """Return every parameter's value, defaults for those not given.

    Raises:
        ParameterError: an unknown name, not a number (or "1.5%"), not whole where it must be, or out of bounds.
    """
    known = {parameter.name for parameter in parameters}
    for name in given:
        if name not in known:
            raise ParameterError(model, name, f"is unknown; known are {', '.join(sorted(known))}")
    return {p.name: _read(model, p, given[p.name]) if p.name in given else p.default for p in parameters}


def _read(model: str, parameter: Parameter, text: str) -> float:
    percent = text.endswith("%")
    try:
        value = float(text.removesuffix("%"))
    except ValueError:
        raise ParameterError(model, parameter.name, f"{text!r} is not a number") from None
    value = value / 100 if percent else value
    if not math.isfinite(value) or not parameter.minimum <= value <= parameter.maximum:
        bounds = f"{parameter.minimum:g} and {parameter.maximum:g}"
        raise ParameterError(model, parameter.name, f"{text!r} is not between {bounds}")
    if parameter.whole and value != int(value):
        raise ParameterError(model, parameter.name, f"{text!r} is not a whole number")
    return value
