"""Value types of the manifest: kept as the user wrote them, checked at the door."""

import re
from datetime import timedelta
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel
from pydantic.config import JsonDict

from tradewind.domain.money import MONEY_SCALE, PRICE_SCALE, QUANTITY_SCALE, RATE_SCALE, parse_rate, to_units
from tradewind.manifest.cel import INT_OR_STRING, Rule, holds

_DURATION = re.compile(r"([0-9]{1,6})(s|m|h|d)")
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


_RATE: Final = "^[0-9]{1,3}([.][0-9]{1,6})?%$"
_AMOUNT: Final = "^[0-9]{1,13}([.][0-9]{1,4})?$"
_COUNT: Final = "^[0-9]{1,7}([.][0-9]{1,8})?$"


def _require_plain(text: str, pattern: str) -> None:
    """Refuse what Decimal reads beside plain digits (exponents, spaces, other scripts), as a cluster's rules do."""
    if re.search(pattern, text) is None:
        raise ValueError(f"{text!r} is not written plainly, as {'12.5%' if '%' in pattern else '12.5'!r}")


def _check_limit(text: str) -> str:
    if not 0 < parse_rate(text) <= RATE_SCALE:
        raise ValueError(f"{text!r} is not above 0% and at most 100%")
    _require_plain(text, _RATE)
    return text


def _check_cost(text: str) -> str:
    if not 0 <= parse_rate(text) < RATE_SCALE // 10:
        raise ValueError(f"{text!r} is not at least 0% and below 10%")
    _require_plain(text, _RATE)
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
    _require_plain(text, _AMOUNT)
    return text


def _check_fee(text: str) -> str:
    if not 0 <= to_units(text, MONEY_SCALE) <= MAX_FEE * MONEY_SCALE:
        raise ValueError(f"{text!r} is not at least 0 and at most {MAX_FEE}")
    _require_plain(text, _AMOUNT)
    return text


def _check_quantity(text: str) -> str:
    if not 0 < to_units(text, QUANTITY_SCALE) <= MAX_LOT * QUANTITY_SCALE:
        raise ValueError(f"{text!r} is not above 0 and at most {MAX_LOT}")
    _require_plain(text, _COUNT)
    return text


def _check_price(text: str) -> str:
    if not 0 < to_units(text, PRICE_SCALE) <= MAX_LOT * PRICE_SCALE:
        raise ValueError(f"{text!r} is not above 0 and at most {MAX_LOT}")
    _require_plain(text, _AMOUNT)
    return text


def _rate(bounds: str, message: str) -> JsonDict:
    """Return the rule of a percentage; `bounds` are of `x`, in per cent."""
    return holds(Rule(f"self.matches('{_RATE}') && [double(self.replace('%', ''))].all(x, {bounds})", message))


def _decimal(pattern: str, bounds: str, message: str) -> JsonDict:
    """Return the rule of a decimal number as text or an integer; `bounds` are of `x`."""
    number = f"(type(self) == int || self.matches('{pattern}')) && [double(self)].all(x, {bounds})"
    return holds(Rule(number, message), number_or_text=True)


Limit = Annotated[
    str,
    Field(
        max_length=16,
        json_schema_extra=_rate(
            "x > 0.0 && x <= 100.0",
            "must be above 0% and at most 100%, with at most six decimals: write it as '12.5%'",
        ),
    ),
    AfterValidator(_check_limit),
]
"""A percentage above 0% and at most 100%."""
Cost = Annotated[
    str,
    Field(
        max_length=16,
        json_schema_extra=_rate(
            "x >= 0.0 && x < 10.0", "must be at least 0% and below 10%, with at most six decimals: write it as '0.05%'"
        ),
    ),
    AfterValidator(_check_cost),
]
"""A percentage of at least 0% and below 10%."""
Cash = Annotated[
    str,
    BeforeValidator(text_of_number),
    Field(
        max_length=20,
        json_schema_extra=_decimal(
            _AMOUNT,
            "x > 0.0 && x <= 1000000000000.0",
            "must be above 0 and at most 10^12, with at most four decimals: write it as '2500.50' or 2500",
        ),
    ),
    AfterValidator(_check_cash),
]
"""An amount of money as text or an integer."""
Fee = Annotated[
    str,
    BeforeValidator(text_of_number),
    Field(
        max_length=16,
        json_schema_extra=_decimal(
            _AMOUNT,
            "x >= 0.0 && x <= 10000.0",
            "must be at least 0 and at most 10000, with at most four decimals: write it as '1.25' or 1",
        ),
    ),
    AfterValidator(_check_fee),
]
"""A fee in the account's currency, of at least 0, as text or an integer."""
Quantity = Annotated[
    str,
    BeforeValidator(text_of_number),
    Field(
        max_length=20,
        json_schema_extra=_decimal(
            _COUNT,
            "x > 0.0 && x <= 1000000.0",
            "must be above 0 and at most 1000000, with at most eight decimals: write it as '0.001' or 1",
        ),
    ),
    AfterValidator(_check_quantity),
]
"""A quantity above 0 as text or an integer, such as "0.001"."""
Price = Annotated[
    str,
    BeforeValidator(text_of_number),
    Field(
        max_length=20,
        json_schema_extra=_decimal(
            _AMOUNT,
            "x > 0.0 && x <= 1000000.0",
            "must be above 0 and at most 1000000, with at most four decimals: write it as '0.01' or 1",
        ),
    ),
    AfterValidator(_check_price),
]
"""A price above 0 as text or an integer, such as "0.01"."""
Number = Annotated[str, BeforeValidator(text_of_number), Field(max_length=32, json_schema_extra={INT_OR_STRING: True})]
"""A number as text or an integer, kept as text."""
Duration = Annotated[
    str,
    Field(
        max_length=8,
        json_schema_extra=holds(
            Rule("self.matches('^[0-9]{1,6}[smhd]$')", "must be a duration: write it as '90s', '15m', '4h' or '7d'")
        ),
    ),
    AfterValidator(_check_duration),
]
"""A duration such as "90s", "15m", "4h" or "7d"."""
Symbol = Annotated[
    str,
    Field(
        max_length=20,
        pattern=r"^[A-Z0-9][A-Z0-9./-]{0,19}$",
        json_schema_extra=holds(
            Rule(
                "self.matches('^[A-Z0-9][A-Z0-9./-]{0,19}$')",
                "must be a symbol, 1 to 20 of A-Z, 0-9, '.', '/' and '-': write it as AAPL",
            )
        ),
    ),
]
"""A ticker."""
ObjectName = Annotated[
    str,
    Field(
        max_length=63,
        pattern=r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$",
        json_schema_extra=holds(
            Rule(
                "self.matches('^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$')",
                "must be a name of at most 63 lower-case letters, digits and hyphens: write it as my-strategy",
            )
        ),
    ),
]
"""A Kubernetes name that also fits a DNS label."""
