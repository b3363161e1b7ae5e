"""The prices of a signal's order: its limit, and the stop that it waits for."""

from tradewind.domain.money import RATE_SCALE
from tradewind.domain.rules.arithmetic import mul_div
from tradewind.domain.rules.book import Rules
from tradewind.domain.rules.codes import BUY, LIMIT_ORDER, MARKET, STOP_LIMIT


def order_prices(rules: Rules, side: int, close: int) -> tuple[int, int, int]:
    """Return (price, limit, trigger) of what a signal of this side orders at a close, price units, 0 for none.

    `price` is what the order is sized and checked by: the limit, else the trigger, else the close.
    """
    if rules.order_type == MARKET or side == 0:
        return close, 0, 0
    if rules.order_type == LIMIT_ORDER:
        limit = beyond(close, -side, rules.limit_offset, rules.tick)
        return limit, limit, 0
    trigger = beyond(close, side, rules.stop_offset, rules.tick)
    if rules.order_type == STOP_LIMIT:
        limit = beyond(trigger, side, rules.limit_offset, rules.tick)
        return limit, limit, trigger
    return trigger, 0, trigger


def beyond(price: int, direction: int, offset: int, tick: int) -> int:
    """Return a price moved up (1) or down (-1) by a rate and on to the next tick, at least one tick."""
    moved = price + direction * mul_div(price, offset, RATE_SCALE)
    if direction == BUY:
        return -(-moved // tick) * tick
    return max(tick, moved // tick * tick)
