"""What a fill costs, and what it does to a position."""

from collections.abc import Sequence

from tradewind.domain.money import QUANTITY_MAX, QUANTITY_SCALE, RATE_SCALE
from tradewind.domain.rules.arithmetic import bounded, mul_div
from tradewind.domain.rules.book import CASH, MARGIN, RESERVED, Rules
from tradewind.domain.rules.codes import SELL


def slipped_price(rules: Rules, side: int, price: int) -> int:
    """Return the price made worse for its side by the slippage: a rate of it, and points on top; at least one unit."""
    return max(1, price + side * (mul_div(price, rules.slippage, RATE_SCALE) + rules.slippage_points))


def notional_of(price: int, quantity: int) -> int:
    """Return price x quantity in money units; signed as the quantity is.

    Raises:
        OverflowError: the quantity passes QUANTITY_MAX, or the notional AMOUNT_MAX.
    """
    if abs(quantity) > QUANTITY_MAX:
        raise OverflowError("a quantity passes the greatest that an account may hold")
    return bounded(mul_div(price, quantity, QUANTITY_SCALE))


def fee_due(rules: Rules, quantity: int, notional: int) -> int:
    """Return the fee that an order owes once so much of it is filled, money units; nothing where nothing is.

    Args:
        rules: its rates.
        quantity: filled so far, not negative.
        notional: of all its fills, not negative.

    Raises:
        OverflowError: the fee passes AMOUNT_MAX.
    """
    if quantity == 0:
        return 0
    due = mul_div(notional, rules.fee_rate, RATE_SCALE)
    if rules.fee_per_unit > 0:
        due += bounded(mul_div(rules.fee_per_unit, quantity, QUANTITY_SCALE))
    return bounded(max(due + rules.fee_per_order, rules.min_fee))


def borrow_due(rules: Rules, value: int, days: int) -> int:
    """Return what a short of this marked value (not negative) costs for so many calendar days, money units.

    A year has 365 of them (the convention of lenders of shares is actual/360 or actual/365 by market).
    """
    return bounded(mul_div(value, rules.borrow_rate * days, 365 * RATE_SCALE))


def apply_fill(quantity: int, cost: int, fill_quantity: int, fill_notional: int) -> tuple[int, int, int]:
    """Apply a signed fill to a signed position.

    Args:
        quantity: the position, 10^-8 units, negative when short.
        cost: what the position cost, money units, of the quantity's sign.
        fill_quantity: bought (positive) or sold (negative), not zero.
        fill_notional: of the fill quantity's sign.

    Returns:
        (quantity, cost, realized_pnl_gross). The average price, cost over quantity, is weighted on increases,
        unchanged on reductions and the fill's price after a flip.
    """
    if quantity == 0 or (quantity > 0) == (fill_quantity > 0):
        return quantity + fill_quantity, cost + fill_notional, 0
    closed = min(abs(quantity), abs(fill_quantity))
    closed_cost = mul_div(cost, closed, abs(quantity))
    closed_notional = mul_div(fill_notional, closed, abs(fill_quantity))
    realized = -closed_notional - closed_cost
    if abs(fill_quantity) > abs(quantity):
        return quantity + fill_quantity, fill_notional - closed_notional, realized
    return quantity + fill_quantity, cost - closed_cost, realized


def opening_part(held: int, side: int, quantity: int) -> int:
    """Return how much of an order opens a position or adds to one; the rest closes what is held on the other side."""
    return quantity if side * held >= 0 else max(0, quantity - abs(held))


def funds(side: int, held: int, cost: int, quantity: int, notional: int, fee: int) -> tuple[int, int]:
    """Return (need, released) of an order or fill, money units: what it takes of the free cash, what closing adds.

    What closes needs nothing: a sale brings its notional, and a purchase is paid from what its short holds, which is
    `margin_of` it. What opens needs its notional and the fee of all, on either side.

    Args:
        side: of the order.
        held: the position, 10^-8 units, negative when short.
        cost: of the position, of the same sign.
        quantity: of the order, positive.
        notional: of all of it, not negative.
        fee: that it adds.
    """
    opening = opening_part(held, side, quantity)
    if opening == 0:
        return 0, 0
    closing = quantity - opening
    if closing == 0:
        return notional + fee, 0
    closed = mul_div(notional, closing, quantity)
    return notional - closed + fee, closed if side == SELL else margin_of(held, cost) - closed


def margin_of(held: int, cost: int) -> int:
    """Return what a position holds of the cash, money units: a short one its proceeds and as much again.

    So cash buys it back at up to twice its average price.
    """
    return -2 * cost if held < 0 else 0


def fillable(quantity: int, volume: int, max_participation: int, lot: int) -> int:
    """Return how much of a quantity one bar fills: whole lots within a share of its volume; all where the rate is 0."""
    if max_participation <= 0:
        return quantity
    return min(quantity, mul_div(volume, max_participation, RATE_SCALE) // lot * lot)


def free_cash(account: Sequence[int]) -> int:
    """Return the cash that no order has reserved and no short holds, money units."""
    return account[CASH] - account[RESERVED] - account[MARGIN]


def reserve_left(reserved: int, left: int, quantity: int, free: int) -> int:
    """Return what an order keeps reserved with `left` of its `quantity` unfilled: its share, at most what is free."""
    return max(0, min(mul_div(reserved, left, quantity), free))
