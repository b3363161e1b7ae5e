"""Stop loss, trailing stop and take profit inside a bar."""

from tradewind.domain.money import QUANTITY_SCALE, RATE_SCALE
from tradewind.domain.rules.arithmetic import mul_div
from tradewind.domain.rules.book import Rules
from tradewind.domain.rules.codes import STOP_LOSS, TAKE_PROFIT, TRAILING_STOP


def exit_levels(
    rules: Rules, quantity: int, cost: int, stop_price: int, target_price: int, peak: int
) -> tuple[int, int, int]:
    """Return (stop's origin, stop, target) of a long position, price units, 0 for none.

    A bracket's own price stands in place of the strategy's rate, which is of the average price. The trailing stop's
    rate is of the highest price since the position was opened, this bar's not among them; it is the stop where it is
    above the other one. A rate of 0 is off.
    """
    average = mul_div(cost, QUANTITY_SCALE, quantity)
    origin, stop, target = STOP_LOSS, stop_price, target_price
    if stop == 0 and rules.stop_loss > 0:
        stop = average - mul_div(average, rules.stop_loss, RATE_SCALE)
    if target == 0 and rules.take_profit > 0:
        target = average + mul_div(average, rules.take_profit, RATE_SCALE)
    if rules.trailing_stop > 0:
        trail = peak - mul_div(peak, rules.trailing_stop, RATE_SCALE)
        if trail > stop:
            origin, stop = TRAILING_STOP, trail
    return origin, stop, target


def exit_of(origin: int, stop: int, target: int, open_: int, high: int, low: int) -> tuple[int, int]:
    """Return (origin, price) of the exit that this bar triggers for a long position, or (0, 0).

    A gap through a level exits at the open; where one bar touches both levels, the stop comes first. The price is
    the level's or the open's, before slippage. A level of 0 is none; `origin` is the stop's.
    """
    if stop > 0 and open_ <= stop:
        return origin, open_
    if target > 0 and open_ >= target:
        return TAKE_PROFIT, open_
    if stop > 0 and low <= stop:
        return origin, stop
    if target > 0 and high >= target:
        return TAKE_PROFIT, target
    return 0, 0
