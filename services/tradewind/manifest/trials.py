"""What a Backtest may ask beyond one run: folds of a walk-forward, and parameters to try out."""

import re
from decimal import Decimal, InvalidOperation
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, Field, ValidationInfo, model_validator

from tradewind.manifest.cel import LIST_TYPE, Rule, held, holds
from tradewind.manifest.values import Model, Number

MAX_VALUES: Final = 1000
"""The most values of one parameter."""
MAX_TRIALS: Final = 100_000
"""The most combinations that one sweep tries."""

NUMBER: Final = "^-?[0-9]{1,9}([.][0-9]{1,6})?%?$"
"""How a value is written: so few digits that a rule can count it in millionths, without rounding."""

Sessions = Annotated[int, Field(ge=0, le=100_000)]
"""A count of sessions: days on which the data has a bar of any symbol."""


class WalkForward(Model):
    """Folds of sessions: parameters are picked on `train` of them, and judged on the `test` sessions that follow.

    A rolling fold trains on just `train` sessions, an anchored one on all since the first, at least `train`. `purge`
    sessions between training and test belong to neither; `embargo` sessions after each test count for no later
    training.
    """

    mode: Literal["Rolling", "Anchored"] = "Rolling"
    """Folds that roll, or Anchored ones that grow."""
    train: Annotated[Sessions, Field(ge=2)]
    """Sessions that parameters are picked on."""
    test: Annotated[Sessions, Field(ge=1)]
    """Sessions after them on which the picked ones are judged."""
    purge: Sessions = 0
    """Sessions between the two that belong to neither."""
    embargo: Sessions = 0
    """Sessions after a test that train no later fold."""


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
    if re.search(NUMBER, text) is None:
        raise ValueError(f"{text!r} is not written plainly, as '12.5' or '12.5%', with at most 9 digits and 6 decimals")
    return text


_WRITTEN: Final = f"(type(x) == int ? x > -1000000000 && x < 1000000000 : x.matches('{NUMBER}'))"
Value = Annotated[
    Number,
    Field(
        json_schema_extra=holds(
            Rule(
                f"[self].all(x, {_WRITTEN})",
                "must be a number or a percentage, with at most 9 digits and 6 decimals: write it as 5, '0.5' or '5%'",
            ),
            number_or_text=True,
        )
    ),
    AfterValidator(_checked),
]
"""A number as text or an integer, or a percentage as text."""


_SPAN: Final = "[self.from, self.to, self.step]"
_WHOLE: Final = f"has(self.from) && has(self.to) && has(self.step) && {_SPAN}.all(x, {_WRITTEN})"
_KINDS: Final = f"{_SPAN}.map(x, type(x) == string && x.endsWith('%'))"
_MILLIONTHS: Final = (
    "type(x) == int ? x * 1000000 : "
    "[double(x.replace('%', '')) * 1000000.0].map(y, int(y < 0.0 ? y - 0.5 : y + 0.5))[0]"
)
_COUNTED: Final = f"[{_SPAN}.map(x, {_MILLIONTHS})]"


class Values(Model):
    """The values of one parameter, in the order they are tried: `values`, or `from` to `to`, both included, by `step`.

    In Python a list will do; in a manifest it is {values: [...]}.
    """

    model_config = held(
        Rule(
            "has(self.values) ? !has(self.from) && !has(self.to) && !has(self.step) : "
            "has(self.from) && has(self.to) && has(self.step)",
            "give either values, or all of from, to and step",
        ),
        Rule(
            f"!({_WHOLE}) || {_KINDS}.all(x, x) || {_KINDS}.all(x, !x)",
            "from, to and step are all percentages or all plain numbers: write '%' after each of them or after none",
        ),
        Rule(
            f"!({_WHOLE}) || {_COUNTED}.all(x, x[0] <= x[1] && x[2] > 0)",
            "a span leads from `from` up to `to` in steps above 0: swap from and to, or give another step",
        ),
        Rule(
            f"!({_WHOLE}) || {_COUNTED}.all(x, x[2] <= 0 || x[1] - x[0] < x[2] * {MAX_VALUES})",
            f"a span has at most {MAX_VALUES} values: give a greater step",
        ),
    )

    values: (
        Annotated[tuple[Value, ...], Field(min_length=1, max_length=MAX_VALUES, json_schema_extra={LIST_TYPE: "set"})]
        | None
    ) = None
    """The values, in the order they are tried."""
    from_: Annotated[Value | None, Field(alias="from")] = None
    """Or the first of a span."""
    to: Value | None = None
    """The last of a span, included."""
    step: Value | None = None
    """The step of a span."""

    @model_validator(mode="before")
    @classmethod
    def _of_list(cls, given: object, info: ValidationInfo) -> object:
        if isinstance(given, dict) and isinstance(given.get("values"), list):
            return {**given, "values": tuple(given["values"])}
        if not isinstance(given, list | tuple):
            return given
        if info.mode == "json":  # a manifest, and no schema of Kubernetes takes one thing or another
            raise ValueError("is a list; write it as {values: [...]}")
        return {"values": given}

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
                raise ValueError("give either values or from, to and step")
            return self.values
        if self.from_ is None or self.to is None or self.step is None:
            raise ValueError("give values, or all of from, to and step")
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


_TRIED: Final = "^((risk|sizing|execution)[.])?[a-z][A-Za-z0-9]{0,31}$"


class Sweep(Model):
    """Parameters to try out: every combination (Grid), or `trials` of them drawn by `seed` (Random).

    A parameter is one of the signal's, or one of the strategy's risk, sizing or execution with `risk.` and the like
    before it.
    """

    model_config = held(
        Rule(
            "(self.search == 'Random') == has(self.trials)",
            "trials is how many a Random search draws: give it there and "
            "leave it out of a Grid, which tries every combination",
        ),
    )

    search: Literal["Grid", "Random"] = "Grid"
    """Grid tries every combination, Random draws `trials` of them."""
    parameters: Annotated[
        dict[Annotated[str, Field(pattern=_TRIED)], Values],
        Field(
            min_length=1,
            max_length=8,
            json_schema_extra=holds(
                Rule(
                    f"self.all(name, name.matches('{_TRIED}'))",
                    "a parameter is named as the signal names it, or as risk.stopLoss, sizing.fraction, "
                    "execution.limitOffset and the like",
                )
            ),
        ),
    ]
    """Values by parameter: values, or from, to and step. One of risk, sizing or execution is named as risk.stopLoss."""
    trials: Annotated[int, Field(ge=1, le=MAX_TRIALS)] | None = None
    """How many a Random search draws."""
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0
    """What a Random search draws by."""
    objective: Literal["Sharpe", "TotalReturn", "Calmar", "Sortino"] = "Sharpe"
    """What is best."""

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
