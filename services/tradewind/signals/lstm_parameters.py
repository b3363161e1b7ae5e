"""Parameters of the LSTM signal: what a manifest may say about it, and within which bounds."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Final

import numpy as np

from tradewind.signals.parameters import Parameter, ParameterError, read_parameters
from tradewind.signals.rule import Floats

LSTM: Final = "LSTM"
LSTM_DESCRIPTION: Final = (
    "Buys or sells on the return that a three-layer LSTM network expects; tested on its recorded signals."
)

PARAMETERS: Final = (
    Parameter("lookback", 60, 2, 500, "bars of features that the network sees", whole=True),
    Parameter("horizon", 1, 1, 60, "bars ahead that it predicts", whole=True),
    Parameter("buyThreshold", 0.001, -1, 1, "expected log return from which on it buys"),
    Parameter("sellThreshold", -0.001, -1, 1, "expected log return down from which it sells"),
    Parameter("units", 32, 4, 256, "units of the first layer; the second has a half, the third a quarter", whole=True),
    Parameter("dropout", 0.1, 0, 0.9, "share of each layer's outputs that training leaves out"),
    Parameter("epochs", 12, 1, 1000, "most passes over the training bars", whole=True),
    Parameter("seed", 7, 0, 2**31 - 1, "pins every random number of the training", whole=True),
)


@dataclass(frozen=True, slots=True)
class LstmParameters:
    """The LSTM's parameters, checked. Thresholds are log returns over the horizon."""

    lookback: int
    horizon: int
    buy_threshold: float
    sell_threshold: float
    units: int
    dropout: float
    epochs: int
    seed: int

    def training(self) -> dict[str, int | float]:
        """Return those that shape the trained network: all but the thresholds, which only the policy reads."""
        return {name: value for name, value in asdict(self).items() if not name.endswith("_threshold")}


def lstm_array(parameters: LstmParameters) -> Floats:
    """Return the parameters as numbers, float64[8], in the order of PARAMETERS, as a rule's `read` gives its own."""
    return np.array(list(asdict(parameters).values()), np.float64)


def lstm_of(values: Floats) -> LstmParameters:
    """Return the parameters that `lstm_array` made these numbers of."""
    named = zip(PARAMETERS, LstmParameters.__slots__, values.tolist(), strict=True)
    return LstmParameters(**{name: int(value) if each.whole else value for each, name, value in named})


def read_lstm_parameters(given: Mapping[str, str]) -> LstmParameters:
    """Return the parameters that a manifest gives, defaults for the rest.

    Raises:
        ParameterError: unknown, out of bounds, or sellThreshold not below buyThreshold.
    """
    values = read_parameters(LSTM, PARAMETERS, given)
    buy, sell = values["buyThreshold"], values["sellThreshold"]
    if sell >= buy:
        raise ParameterError(LSTM, "sellThreshold", f"{sell:g} is not below buyThreshold {buy:g}")
    return LstmParameters(
        lookback=int(values["lookback"]),
        horizon=int(values["horizon"]),
        buy_threshold=buy,
        sell_threshold=sell,
        units=int(values["units"]),
        dropout=values["dropout"],
        epochs=int(values["epochs"]),
        seed=int(values["seed"]),
    )
