"""Stop loss and take profit inside a bar."""

from tradewind.domain.money import QUANTITY_SCALE, RATE_SCALE
from tradewind.domain.rules.arithmetic import mul_div
from tradewind.domain.rules.codes import STOP_LOSS, TAKE_PROFIT


def exit_levels(
    quantity: int, cost: int, stop_price: int, target_price: int, stop_loss: int, take_profit: int
) -> tuple[int, int]:
    """Return (stop, target) of a long position, price units, 0 for none.

    A bracket's own price stands in place of the strategy's rate, which is of the average price. A rate of 0 is off.
    """
    average = mul_div(cost, QUANTITY_SCALE, quantity)
    stop, target = stop_price, target_price
    if stop == 0 and stop_loss > 0:
        stop = average - mul_div(average, stop_loss, RATE_SCALE)
    if target == 0 and take_profit > 0:
        target = average + mul_div(average, take_profit, RATE_SCALE)
    return stop, target


def exit_of(stop: int, target: int, open_: int, high: int, low: int) -> tuple[int, int]:
    """Return (origin, price) of the exit that this bar triggers for a long position, or (0, 0).

    A gap through a level exits at the open; where one bar touches both levels, the stop comes first. The price is
    the level's or the open's, before slippage. A level of 0 is none.
    """
    if stop > 0 and open_ <= stop:
        return STOP_LOSS, open_
    if target > 0 and open_ >= target:
        return TAKE_PROFIT, open_
    if stop > 0 and low <= stop:
        return STOP_LOSS, stop
    if target > 0 and high >= target:
        return TAKE_PROFIT, target
    return 0, 0
