"""Corporate actions on a position: splits and dividends."""

from tradewind.domain.money import QUANTITY_MAX, QUANTITY_SCALE
from tradewind.domain.rules.arithmetic import bounded, mul_div


def split_quantity(quantity: int, numerator: int, denominator: int) -> int:
    """Return what a split makes of a quantity: numerator units out of denominator.

    Raises:
        OverflowError: the quantity passes QUANTITY_MAX.
    """
    after = mul_div(quantity, numerator, denominator)
    if abs(after) > QUANTITY_MAX:
        raise OverflowError("a quantity passes the greatest that an account may hold")
    return after


def split_price(price: int, numerator: int, denominator: int) -> int:
    """Return what a split makes of a price: at least one unit, and 0 (no price) stays 0."""
    return max(1, mul_div(price, denominator, numerator)) if price > 0 else 0


def dividend_of(quantity: int, dividend: int) -> int:
    """Return what a position earns from a dividend for each unit, money units.

    Raises:
        OverflowError: the amount passes AMOUNT_MAX.
    """
    return bounded(mul_div(dividend, quantity, QUANTITY_SCALE))
