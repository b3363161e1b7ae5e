"""Value types of the manifest: kept as the user wrote them, checked at the door."""

import re
from datetime import timedelta
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

from tradewind.domain.money import MONEY_SCALE, PRICE_SCALE, QUANTITY_SCALE, RATE_SCALE, parse_rate, to_units

_DURATION = re.compile(r"(\d{1,6})(s|m|h|d)")
_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


class Model(BaseModel):
    """Base of all resource models: camelCase, closed, immutable."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True, use_attribute_docstrings=True
    )


def parse_duration(text: str) -> timedelta:
    """Read a duration such as "90s", "15m", "4h" or "7d".

    Raises:
        ValueError: it is not one.
    """
    match = _DURATION.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a duration such as '90s', '15m', '4h' or '7d'")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def _check_duration(text: str) -> str:
    parse_duration(text)
    return text


def _check_limit(text: str) -> str:
    if not 0 < parse_rate(text) <= RATE_SCALE:
        raise ValueError(f"{text!r} is not above 0% and at most 100%")
    return text


def _check_cost(text: str) -> str:
    if not 0 <= parse_rate(text) < RATE_SCALE // 10:
        raise ValueError(f"{text!r} is not at least 0% and below 10%")
    return text


def text_of_number(value: object) -> object:
    """Return an integer as text, anything else as it is."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


MAX_CASH: Final = 10**12
"""The most an account may start with, in its currency: leaves room below 64 bits for what it earns."""
MAX_FEE: Final = 10_000
"""The most that one order, or one unit, may cost beside the rate."""
MAX_LOT: Final = 1_000_000
"""The greatest lot, and the greatest tick in the account's currency."""


def _check_cash(text: str) -> str:
    if not 0 < to_units(text, MONEY_SCALE) <= MAX_CASH * MONEY_SCALE:
        raise ValueError(f"{text!r} is not above 0 and at most {MAX_CASH}")
    return text


def _check_fee(text: str) -> str:
    if not 0 <= to_units(text, MONEY_SCALE) <= MAX_FEE * MONEY_SCALE:
        raise ValueError(f"{text!r} is not at least 0 and at most {MAX_FEE}")
    return text


def _check_quantity(text: str) -> str:
    if not 0 < to_units(text, QUANTITY_SCALE) <= MAX_LOT * QUANTITY_SCALE:
        raise ValueError(f"{text!r} is not above 0 and at most {MAX_LOT}")
    return text


def _check_price(text: str) -> str:
    if not 0 < to_units(text, PRICE_SCALE) <= MAX_LOT * PRICE_SCALE:
        raise ValueError(f"{text!r} is not above 0 and at most {MAX_LOT}")
    return text


Limit = Annotated[str, Field(max_length=16), AfterValidator(_check_limit)]
"""A percentage above 0% and at most 100%."""
Cost = Annotated[str, Field(max_length=16), AfterValidator(_check_cost)]
"""A percentage of at least 0% and below 10%."""
Cash = Annotated[str, BeforeValidator(text_of_number), Field(max_length=20), AfterValidator(_check_cash)]
"""An amount of money as text or an integer."""
Fee = Annotated[str, BeforeValidator(text_of_number), Field(max_length=16), AfterValidator(_check_fee)]
"""A fee in the account's currency, of at least 0, as text or an integer."""
Quantity = Annotated[str, BeforeValidator(text_of_number), Field(max_length=20), AfterValidator(_check_quantity)]
"""A quantity above 0 as text or an integer, such as "0.001"."""
Price = Annotated[str, BeforeValidator(text_of_number), Field(max_length=20), AfterValidator(_check_price)]
"""A price above 0 as text or an integer, such as "0.01"."""
Number = Annotated[str, BeforeValidator(text_of_number), Field(max_length=32)]
"""A number as text or an integer, kept as text."""
Duration = Annotated[str, Field(max_length=8), AfterValidator(_check_duration)]
"""A duration such as "90s", "15m", "4h" or "7d"."""
Symbol = Annotated[str, Field(pattern=r"^[A-Z0-9][A-Z0-9./-]{0,19}$")]
"""A ticker."""
ObjectName = Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")]
"""A Kubernetes name that also fits a DNS label."""
