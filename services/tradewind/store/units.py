"""Between integer units and the NUMERIC columns of the same scales; exact both ways."""

from decimal import Decimal

from tradewind.domain.money import MONEY_SCALE, PRICE_SCALE, QUANTITY_SCALE, RATE_SCALE, to_decimal, to_units


def money(units: int) -> Decimal:
    """Return money units as a decimal amount."""
    return to_decimal(units, MONEY_SCALE)


def price(units: int) -> Decimal:
    """Return price units as a decimal price."""
    return to_decimal(units, PRICE_SCALE)


def quantity(units: int) -> Decimal:
    """Return quantity units as a decimal quantity."""
    return to_decimal(units, QUANTITY_SCALE)


def rate(units: int) -> Decimal:
    """Return rate units as a decimal ratio."""
    return to_decimal(units, RATE_SCALE)


def money_units(amount: Decimal) -> int:
    """Return a decimal amount in money units."""
    return to_units(amount, MONEY_SCALE)


def price_units(amount: Decimal) -> int:
    """Return a decimal price in price units."""
    return to_units(amount, PRICE_SCALE)


def quantity_units(amount: Decimal) -> int:
    """Return a decimal quantity in quantity units."""
    return to_units(amount, QUANTITY_SCALE)


def rate_units(ratio: Decimal) -> int:
    """Return a decimal ratio in rate units."""
    return to_units(ratio, RATE_SCALE)
