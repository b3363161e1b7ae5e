"""How much to buy."""

from tradewind.domain.money import QUANTITY_SCALE, RATE_SCALE
from tradewind.domain.rules.arithmetic import mul_div


def fixed_fraction(equity: int, price: int, fraction: int, lot: int) -> int:
    """Return the whole lots that a fraction of the equity (rate units) buys at the price; 0 where it buys none."""
    return fixed_notional(mul_div(equity, fraction, RATE_SCALE), price, lot)


def fixed_notional(budget: int, price: int, lot: int) -> int:
    """Return the whole lots that a budget buys at the price; 0 where it buys none.

    Args:
        budget: what to spend, money units.
        price: of one unit, price units.
        lot: the least quantity and its step, quantity units.
    """
    if budget <= 0:
        return 0
    return mul_div(budget, QUANTITY_SCALE, price) // lot * lot
