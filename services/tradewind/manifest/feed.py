"""Where a strategy's bars come from."""

import re
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from tradewind.manifest.cel import Rule, held
from tradewind.manifest.values import Model


def _day(value: object) -> object:
    """Read a day as a cluster does: Python's own reading takes times and counts of seconds too."""
    if not isinstance(value, str):
        return value
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value) is None:
        raise ValueError(f"{value!r} is not a day such as '2006-03-01'")
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise ValueError(f"{value!r} is no day: {error}") from None


Day = Annotated[date, BeforeValidator(_day)]
"""A day such as "2006-03-01"."""


class Replay(Model):
    """Which sessions of the shipped data set are replayed: `from` to `to`, both included, traded since `tradeFrom`."""

    model_config = held(
        Rule(
            "self.from < self.tradeFrom && self.tradeFrom <= self.to",
            "from < tradeFrom <= to must hold: set tradeFrom to a day after from and not after to",
        )
    )

    from_: Annotated[Day, Field(alias="from")]
    """The first session that signals learn from."""
    trade_from: Day
    """The first session that is traded."""
    to: Day
    """The last session, included."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.from_ < self.trade_from <= self.to:
            raise ValueError(f"from < tradeFrom <= to does not hold: {self.from_}, {self.trade_from}, {self.to}")
        return self


class Feed(Model):
    """Where the bars come from."""

    source: Literal["Replay"]
    """Replay: real daily bars that are shipped with Tradewind."""
    interval: Literal["1d"]
    """The length of a bar: 1d."""
    replay: Replay
    """Which sessions are replayed."""
