"""What a Backtest may ask beyond one run: folds of a walk-forward, and parameters to try out."""

from decimal import Decimal, InvalidOperation
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from tradewind.manifest.values import Model, Number

MAX_VALUES: Final = 1000
"""The most values of one parameter."""
MAX_TRIALS: Final = 100_000
"""The most combinations that one sweep tries."""

Sessions = Annotated[int, Field(ge=0, le=100_000)]
"""A count of sessions: days on which the data has a bar of any symbol."""


class WalkForward(Model):
    """Folds of sessions: parameters are picked on `train` of them, and judged on the `test` sessions that follow.

    A rolling fold trains on just `train` sessions, an anchored one on all since the first, at least `train`. `purge`
    sessions between training and test belong to neither; `embargo` sessions after each test count for no later
    training.
    """

    mode: Literal["Rolling", "Anchored"] = "Rolling"
    train: Annotated[Sessions, Field(ge=2)]
    test: Annotated[Sessions, Field(ge=1)]
    purge: Sessions = 0
    embargo: Sessions = 0


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text.removesuffix("%"))
    except InvalidOperation:
        raise ValueError(f"{text!r} is not a number") from None
    if not number.is_finite() or "_" in text:
        raise ValueError(f"{text!r} is not a number")
    return number


def _checked(text: str) -> str:
    _number(text)
    return text


Value = Annotated[Number, AfterValidator(_checked)]
"""A number as text or an integer, or a percentage as text."""


class Values(Model):
    """The values of one parameter, in the order they are tried: a list, or `from` to `to`, both included, by `step`."""

    values: Annotated[tuple[Value, ...], Field(min_length=1, max_length=MAX_VALUES)] | None = None
    from_: Annotated[Value | None, Field(alias="from")] = None
    to: Value | None = None
    step: Value | None = None

    @model_validator(mode="before")
    @classmethod
    def _of_list(cls, given: object) -> object:
        if isinstance(given, str | int | float):
            raise ValueError("give a list of values, or from, to and step")
        return {"values": given} if isinstance(given, list | tuple) else given

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        chosen = self.chosen()
        numbers = [(_number(text), text.endswith("%")) for text in chosen]
        if len(set(numbers)) != len(numbers):
            raise ValueError("a value is given twice")
        return self

    def chosen(self) -> tuple[str, ...]:
        """Return the values as the manifest would give one of them.

        Raises:
            ValueError: neither a list nor a whole span, or the span is empty, too long or mixes plain numbers with
                percentages.
        """
        span = (self.from_, self.to, self.step)
        if self.values is not None:
            if any(text is not None for text in span):
                raise ValueError("give either a list of values or from, to and step")
            return self.values
        if self.from_ is None or self.to is None or self.step is None:
            raise ValueError("give a list of values, or all of from, to and step")
        return _span(self.from_, self.to, self.step)


def _span(first: str, last: str, step: str) -> tuple[str, ...]:
    percent = {text.endswith("%") for text in (first, last, step)}
    if len(percent) > 1:
        raise ValueError(f"from {first}, to {last}, step {step} are not all percentages")
    low, high, by = _number(first), _number(last), _number(step)
    if by <= 0 or low > high:
        raise ValueError(f"from {first} does not reach to {last} in steps of {step}")
    if (high - low) / by >= MAX_VALUES:
        raise ValueError(f"from {first} to {last} by {step} has more than {MAX_VALUES} values")
    sign = "%" if percent.pop() else ""
    return tuple(f"{low + by * place:f}{sign}" for place in range(int((high - low) / by) + 1))


class Sweep(Model):
    """Parameters to try out: every combination (Grid), or `trials` of them drawn by `seed` (Random).

    A parameter is one of the signal's, or one of the strategy's risk, sizing or execution with `risk.` and the like
    before it.
    """

    search: Literal["Grid", "Random"] = "Grid"
    parameters: Annotated[
        dict[Annotated[str, Field(pattern=r"^((risk|sizing|execution)\.)?[a-z][A-Za-z0-9]{0,31}$")], Values],
        Field(min_length=1, max_length=8),
    ]
    trials: Annotated[int, Field(ge=1, le=MAX_TRIALS)] | None = None
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0
    objective: Literal["Sharpe", "TotalReturn", "Calmar", "Sortino"] = "Sharpe"

    @property
    def combinations(self) -> int:
        """How many combinations there are in all."""
        count = 1
        for values in self.parameters.values():
            count *= len(values.chosen())
        return count

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        if self.search == "Random" and self.trials is None:
            raise ValueError("a Random search needs trials")
        if self.search == "Grid" and self.trials is not None:
            raise ValueError("trials is of a Random search; a Grid tries every combination")
        if self.search == "Grid" and self.combinations > MAX_TRIALS:
            raise ValueError(f"{self.combinations} combinations are more than {MAX_TRIALS}; draw some: search Random")
        return self
