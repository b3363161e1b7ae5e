"""What decides for a strategy."""

from typing import Annotated, Final, Self

from pydantic import Field, model_validator

from tradewind.domain.money import RATE_SCALE, parse_rate
from tradewind.manifest.cel import Rule, held, holds
from tradewind.manifest.values import Limit, Model, Number

MAX_REPLICAS: Final = 16
"""The most signal services of one strategy; all but one stand by."""


class AnomalyGuard(Model):
    """Turns the signal on an anomalous bar into HOLD; contamination is the share of bars expected to be anomalous."""

    model_config = held(
        Rule(
            "!self.contamination.matches('^[0-9.]{1,15}%$') || double(self.contamination.replace('%', '')) <= 50.0",
            "contamination must be at most 50%: lower it",
        )
    )

    contamination: Limit
    """The share of bars expected to be anomalous, at most 50%."""

    @model_validator(mode="after")
    def _at_most_half(self) -> Self:
        if parse_rate(self.contamination) > RATE_SCALE // 2:
            raise ValueError(f"contamination {self.contamination} is above 50%")
        return self


class Signal(Model):
    """What decides: the model LSTM, or a rule strategy by name; parameters are checked against its own bounds."""

    model: Annotated[
        str,
        Field(
            max_length=63,
            pattern=r"^[A-Za-z][A-Za-z0-9]{0,62}$",
            json_schema_extra=holds(
                Rule(
                    "self.matches('^[A-Za-z][A-Za-z0-9]{0,62}$')",
                    "must be a model's name, letters and digits: `tradewind strategies` lists them",
                )
            ),
        ),
    ]
    """LSTM, a rule, or a plug-in's name; `tradewind strategies` lists them."""
    parameters: Annotated[
        dict[
            Annotated[str, Field(pattern=r"^[a-z][A-Za-z0-9]{0,31}$")],
            Number,
        ],
        Field(
            max_length=32,
            default_factory=dict,
            json_schema_extra=holds(
                Rule(
                    "self.all(name, name.matches('^[a-z][A-Za-z0-9]{0,31}$'))",
                    "a parameter's name is a small letter and at most 31 letters and digits: "
                    "`tradewind strategies` lists them",
                )
            ),
        ),
    ]
    """Its parameters by name, checked against the model's own bounds where it runs."""
    anomaly_guard: AnomalyGuard | None = None
    """Holds the signal on bars that an Isolation Forest finds odd."""
    replicas: Annotated[int, Field(ge=1, le=MAX_REPLICAS)] = 1
    """How many signal services run: one gives signals, the others stand by to take over. `kubectl scale` sets it."""
