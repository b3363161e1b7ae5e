"""What the platform writes into the resources' status; kstatus reads observedGeneration and the conditions."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from tradewind.manifest.values import Model

Count = Annotated[int, Field(ge=0, le=2**31 - 1)]
"""A number of things."""
Generation = Annotated[int, Field(ge=0)]
"""A metadata.generation."""
Amount = Annotated[str, Field(max_length=24, pattern=r"^-?[0-9]+(\.[0-9]{1,4})?$")]
"""An amount of money as text."""
Percentage = Annotated[str, Field(max_length=24, pattern=r"^-?[0-9]+(\.[0-9]{1,6})?%$")]
"""A percentage as text, such as "-12.5%"."""
Ratio = Annotated[str, Field(max_length=24, pattern=r"^-?[0-9]+(\.[0-9]{1,6})?$")]
"""A ratio as text, such as "1.25"."""
Progress = Annotated[str, Field(max_length=24, pattern=r"^[0-9]+/[0-9]+$")]
"""How many of how many, such as "3/12"."""


class Condition(Model):
    """One thing that is so, is not so, or is not known, since when and why."""

    type: Annotated[str, Field(max_length=64, pattern=r"^[A-Z][A-Za-z0-9]*$")]
    """What it is about: Ready, Reconciling, Stalled and the like."""
    status: Literal["True", "False", "Unknown"]
    """Whether it is so."""
    reason: Annotated[str, Field(max_length=64, pattern=r"^[A-Z][A-Za-z0-9]*$")]
    """Why, in one word."""
    message: Annotated[str, Field(max_length=4096)] = ""
    """Why, in a sentence."""
    last_transition_time: datetime
    """When `status` last changed."""
    observed_generation: Generation | None = None
    """The metadata.generation that it is about."""


Conditions = Annotated[
    tuple[Condition, ...],
    Field(
        max_length=16,
        json_schema_extra={"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["type"]},
    ),
]
"""One condition of each type."""


class LastSignal(Model):
    """The newest signal that the desk received."""

    symbol: Annotated[str, Field(max_length=20)]
    """The symbol that it is about."""
    side: Literal["BUY", "SELL", "HOLD"]
    """What it says."""
    time: datetime
    """The close of the bar that it was given on."""


class TradingStrategyStatus(Model):
    """How a desk is; figures are the newest that its services gave, and absent while unknown."""

    observed_generation: Generation | None = None
    """The metadata.generation that this status is about."""
    conditions: Conditions = ()
    """Ready, Reconciling and Stalled, and what else a person should know."""
    phase: Literal["Pending", "Training", "Running", "Degraded", "Suspended", "Stalled", "Deleting"] | None = None
    """All conditions in one word, for a person; programs read the conditions."""
    trading_state: Literal["Active", "Reducing", "Halted"] | None = None
    """The state in force: the strictest of the manifest's, a person's and an automatic halt's."""
    equity: Amount | None = None
    """Cash and positions at their marks, in the account's currency."""
    open_positions: Count | None = None
    """How many symbols are held."""
    last_signal: LastSignal | None = None
    """The newest signal that the desk received."""
    model_version: Annotated[str, Field(max_length=128)] | None = None
    """The version of the model in use."""
    model_state: Annotated[str, Field(max_length=64)] | None = None
    """What the signal service says of its model, such as AVAILABLE."""
    replicas: Count | None = None
    """How many signal services there are."""
    selector: Annotated[str, Field(max_length=1024)] | None = None
    """The label selector of the signal service's pods, as text; what the scale subresource and autoscalers read."""


class BacktestStatus(Model):
    """How far a test is, and what it found; what is undefined is absent."""

    observed_generation: Generation | None = None
    """The metadata.generation that this status is about."""
    conditions: Conditions = ()
    """Ready, Reconciling, Stalled, and Complete or Failed at the end."""
    phase: Literal["Pending", "Running", "Suspended", "Succeeded", "Failed"] | None = None
    """All conditions in one word, for a person; programs read the conditions."""
    start_time: datetime | None = None
    """When its first pod was asked for."""
    completion_time: datetime | None = None
    """When it ended."""
    progress: Progress | None = None
    """Folds or trials that are done, of all of them."""
    total_return: Percentage | None = None
    """The final equity against the initial cash."""
    sharpe: Ratio | None = None
    """The annualised Sharpe ratio."""
    max_drawdown: Percentage | None = None
    """The deepest fall from a peak, marked to market."""
    win_rate: Percentage | None = None
    """Closed trades that won, of all closed trades."""
    trades: Count | None = None
    """Closed trades, each from flat to flat."""
    trials: Count | None = None
    """Combinations of parameters that were tried; absent without a sweep."""
    report_reference: Annotated[str, Field(max_length=253)] | None = None
    """Where the whole report is, for `tradewind report`."""
