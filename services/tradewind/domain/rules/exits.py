"""Stop loss and take profit inside a bar."""

from tradewind.domain.money import QUANTITY_SCALE, RATE_SCALE
from tradewind.domain.rules.arithmetic import mul_div
from tradewind.domain.rules.codes import STOP_LOSS, TAKE_PROFIT


def exit_of(
    quantity: int, cost: int, open_: int, high: int, low: int, stop_loss: int, take_profit: int
) -> tuple[int, int]:
    """Return (origin, price) of the exit that this bar triggers for a long position, or (0, 0).

    A gap through a level exits at the open; where one bar touches both levels, the stop comes first. The price is
    the level's or the open's, before slippage. A rate of 0 switches the exit off.
    """
    average = mul_div(cost, QUANTITY_SCALE, quantity)
    stop = average - mul_div(average, stop_loss, RATE_SCALE) if stop_loss > 0 else 0
    target = average + mul_div(average, take_profit, RATE_SCALE) if take_profit > 0 else 0
    if stop > 0 and open_ <= stop:
        return STOP_LOSS, open_
    if target > 0 and open_ >= target:
        return TAKE_PROFIT, open_
    if stop > 0 and low <= stop:
        return STOP_LOSS, stop
    if target > 0 and high >= target:
        return TAKE_PROFIT, target
    return 0, 0
