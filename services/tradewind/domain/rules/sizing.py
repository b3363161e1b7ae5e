"""How much to buy."""

from tradewind.domain.money import QUANTITY_SCALE, RATE_SCALE
from tradewind.domain.rules.arithmetic import mul_div


def fixed_fraction(equity: int, price: int, fraction: int, lot: int) -> int:
    """Return the whole lots that a fraction of the equity buys at the price; 0 where it buys none.

    Args:
        equity: what the account is worth, money units.
        price: of one unit, price units.
        fraction: of the equity to spend, rate units.
        lot: the least quantity and its step, quantity units.
    """
    budget = mul_div(equity, fraction, RATE_SCALE)
    if budget <= 0:
        return 0
    return mul_div(budget, QUANTITY_SCALE, price) // lot * lot
