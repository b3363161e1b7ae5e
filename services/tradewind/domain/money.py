"""Fixed-point units: the scales of money, prices, quantities and rates, and the way in and out of them."""

from decimal import Context, Decimal, Inexact, InvalidOperation
from typing import Final

_EXACT: Final = Context(prec=60, traps=[Inexact, InvalidOperation])
"""Decimal arithmetic that raises where it would have to round."""

MONEY_SCALE: Final = 10_000
"""Money is counted in 10^-4 of the account's currency."""
PRICE_SCALE: Final = 10_000
"""Prices are counted in 10^-4 of the currency, per unit of the instrument."""
QUANTITY_SCALE: Final = 100_000_000
"""Quantities are counted in 10^-8 of a unit (share, coin)."""
RATE_SCALE: Final = 100_000_000
"""Rates (fees, slippage, limits, returns) are counted in 10^-8; 1% is 1_000_000."""
INT64_MAX: Final = 2**63 - 1
AMOUNT_MAX: Final = 2**56
"""The greatest price, notional and account balance: sums over 100 symbols stay within 64 bits, compiled too."""
QUANTITY_MAX: Final = 2**61
"""The greatest quantity of an order or a position."""


class UnitsError(ValueError):
    """A value that the fixed-point units can't hold exactly."""

    def __init__(self, value: object, scale: int, reason: str) -> None:
        super().__init__(f"{value!r} {reason} (the scale is 1/{scale})")
        self.value = value
        self.scale = scale


def to_units(value: str | int | Decimal, scale: int) -> int:
    """Convert a decimal number exactly into integer units of 1/scale.

    Raises:
        UnitsError: not a finite number, finer than the scale, or beyond 64 bits. Floats are refused by type.
    """
    if isinstance(value, float | bool):
        raise UnitsError(value, scale, "is a binary float or a truth value; write it as text or as an integer")
    try:
        if isinstance(value, str) and "_" in value:
            raise InvalidOperation  # Python's own notation, not a user's
        scaled = _EXACT.multiply(Decimal(value), Decimal(scale))
    except InvalidOperation:
        raise UnitsError(value, scale, "is not a number") from None
    except Inexact:
        raise UnitsError(value, scale, "is finer than the scale") from None
    if not scaled.is_finite():
        raise UnitsError(value, scale, "is not a finite number")
    if scaled != scaled.to_integral_value():
        raise UnitsError(value, scale, "is finer than the scale")
    if abs(scaled) > INT64_MAX:
        raise UnitsError(value, scale, "does not fit 64 bits")
    return int(scaled)


def to_decimal(units: int, scale: int) -> Decimal:
    """Convert integer units of 1/scale (a power of ten) into an exact Decimal."""
    return Decimal(units).scaleb(1 - len(str(scale)))


class RateError(ValueError):
    """A text that is not a percentage."""

    def __init__(self, text: str) -> None:
        super().__init__(f"{text!r} is not a percentage of at most six decimals, such as '0.05%'")
        self.text = text


def parse_rate(text: str) -> int:
    """Read a percentage such as "0.05%" into rate units.

    Raises:
        RateError: no percent sign, not a number, or finer than 10^-8.
    """
    if not text.endswith("%"):
        raise RateError(text)
    try:
        return to_units(Decimal(text[:-1].strip()).scaleb(-2, _EXACT), RATE_SCALE)
    except (InvalidOperation, Inexact, UnitsError):
        raise RateError(text) from None
