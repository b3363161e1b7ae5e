"""The checks before an order is accepted."""

from tradewind.domain.money import RATE_SCALE
from tradewind.domain.rules.arithmetic import mul_div
from tradewind.domain.rules.codes import (
    CONCENTRATION_EXCEEDS_MAXIMUM,
    DAILY_LOSS_LIMIT_REACHED,
    NO_REASON,
    NOTIONAL_EXCEEDS_FREE_BALANCE,
    POSITION_EXCEEDS_MAXIMUM,
    REDUCE_ONLY_WOULD_INCREASE_POSITION,
    SELL,
)


def check_order(
    side: int,
    quantity: int,
    notional: int,
    need: int,
    position_quantity: int,
    position_cost: int,
    position_value: int,
    equity: int,
    free_cash: int,
    session_loss: int,
    loss_limit: int,
    loss_reached: int,
    max_position: int,
    max_concentration: int,
) -> tuple[int, int, int]:
    """Return (code, value, limit): why the order is denied, or (NO_REASON, 0, 0).

    The account is long-only: a sale is checked against the position alone. A purchase is checked against, in this
    order, the session's loss, the money put into the symbol (cost + notional), the symbol's share of the equity
    (marked value + notional) and the cash not yet reserved (need = notional + slippage + fee). Rates of 0 are off.
    """
    if side == SELL:
        if quantity > position_quantity:
            return REDUCE_ONLY_WOULD_INCREASE_POSITION, quantity, position_quantity
        return NO_REASON, 0, 0
    if loss_reached != 0:
        return DAILY_LOSS_LIMIT_REACHED, session_loss, loss_limit
    if max_position > 0:
        limit = mul_div(equity, max_position, RATE_SCALE)
        if position_cost + notional > limit:
            return POSITION_EXCEEDS_MAXIMUM, position_cost + notional, limit
    if max_concentration > 0:
        limit = mul_div(equity, max_concentration, RATE_SCALE)
        if position_value + notional > limit:
            return CONCENTRATION_EXCEEDS_MAXIMUM, position_value + notional, limit
    if need > free_cash:
        return NOTIONAL_EXCEEDS_FREE_BALANCE, need, free_cash
    return NO_REASON, 0, 0
