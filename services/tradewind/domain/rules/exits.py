"""Stop loss, trailing stop and take profit inside a bar, of long and of short positions."""

from tradewind.domain.money import QUANTITY_SCALE, RATE_SCALE
from tradewind.domain.rules.arithmetic import mul_div
from tradewind.domain.rules.book import Rules
from tradewind.domain.rules.codes import BUY, SELL, STOP_LOSS, TAKE_PROFIT, TRAILING_STOP


def exit_levels(
    rules: Rules, quantity: int, cost: int, stop_price: int, target_price: int, peak: int
) -> tuple[int, int, int]:
    """Return (stop's origin, stop, target) of a position, price units, 0 for none.

    A bracket's own price stands in place of the strategy's rate, which is of the average price. The trailing stop's
    rate is of the best price since the position was opened, this bar's not among them; it is the stop where it is
    nearer than the other one. A rate of 0 is off, and so is a target that no price can reach.
    """
    side = BUY if quantity > 0 else SELL
    average = mul_div(abs(cost), QUANTITY_SCALE, abs(quantity))
    origin, stop, target = STOP_LOSS, stop_price, target_price
    if stop == 0 and rules.stop_loss > 0:
        stop = average - side * mul_div(average, rules.stop_loss, RATE_SCALE)
    if target == 0 and rules.take_profit > 0:
        target = max(0, average + side * mul_div(average, rules.take_profit, RATE_SCALE))
    if rules.trailing_stop > 0:
        trail = peak - side * mul_div(peak, rules.trailing_stop, RATE_SCALE)
        if stop == 0 or side * trail > side * stop:
            origin, stop = TRAILING_STOP, trail
    return origin, stop, target


def exit_of(side: int, origin: int, stop: int, target: int, open_: int, high: int, low: int) -> tuple[int, int]:
    """Return (origin, price) of the exit that this bar triggers for a position, or (0, 0).

    A gap through a level exits at the open; where one bar touches both levels, the stop comes first. The price is
    the level's or the open's, before slippage. A level of 0 is none; `origin` is the stop's, `side` BUY of a long
    position and SELL of a short one.
    """
    worst, best = (low, high) if side == BUY else (high, low)
    if stop > 0 and side * open_ <= side * stop:
        return origin, open_
    if target > 0 and side * open_ >= side * target:
        return TAKE_PROFIT, open_
    if stop > 0 and side * worst <= side * stop:
        return origin, stop
    if target > 0 and side * best >= side * target:
        return TAKE_PROFIT, target
    return 0, 0


def better_price(side: int, peak: int, price: int) -> int:
    """Return the better of two prices for a position of this side; a peak of 0 is none yet."""
    return max(peak, price) if side == BUY or peak == 0 else min(peak, price)
