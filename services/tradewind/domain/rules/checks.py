"""The checks before an order is accepted."""

from collections.abc import Sequence

from tradewind.domain.money import RATE_SCALE
from tradewind.domain.rules.arithmetic import mul_div
from tradewind.domain.rules.book import (
    AUTOMATIC_HALT,
    EQUITY,
    ORDERS_IN_MINUTE,
    SESSION_EQUITY,
    Rules,
)
from tradewind.domain.rules.codes import (
    COMMAND,
    CONCENTRATION_EXCEEDS_MAXIMUM,
    COOLDOWN_ACTIVE,
    DAILY_LOSS_LIMIT_REACHED,
    HALTED,
    NO_REASON,
    NOTIONAL_EXCEEDS_FREE_BALANCE,
    NOTIONAL_EXCEEDS_MAX_PER_ORDER,
    POSITION_EXCEEDS_MAXIMUM,
    RATE_LIMIT_EXCEEDED,
    REDUCE_ONLY_WOULD_INCREASE_POSITION,
    REDUCING,
    SELL,
    TRADING_HALTED,
)


def check_order(
    rules: Rules,
    account: Sequence[int],
    trading_state: int,
    origin: int,
    side: int,
    quantity: int,
    opening: int,
    notional: int,
    need: int,
    free: int,
    position_cost: int,
    position_value: int,
    since_stop: int,
) -> tuple[int, int, int]:
    """Return (code, value, limit): why the order is denied, or (NO_REASON, 0, 0).

    What only closes is let through, but that where trading is HALTED only a person may close. What opens is checked
    against, in this order, the trading state, the automatic halt, the orders of this minute, the time since the
    symbol's last stop, its own notional, the money put into the symbol (cost + notional), the symbol's share of the
    equity (marked value + notional) and the free cash (need = notional + slippage + fee). A limit of 0 is off.

    Args:
        rules: the strategy's.
        account: its account, as it is.
        trading_state: the stricter of the manifest's and the person's.
        origin: of the order.
        side: of the order.
        quantity: of the order.
        opening: how much of it opens a position or adds to one.
        notional: of that part.
        need: see `funds`.
        free: free cash, and what closing adds to it.
        position_cost: of what the opening part adds to, not negative.
        position_value: of the same.
        since_stop: how long ago the symbol was stopped out, microseconds.
    """
    if trading_state == HALTED and origin != COMMAND:
        return TRADING_HALTED, 0, 0
    if opening == 0:
        return NO_REASON, 0, 0
    if side == SELL and rules.allow_short == 0:
        return REDUCE_ONLY_WOULD_INCREASE_POSITION, quantity, quantity - opening
    if trading_state == HALTED:
        return TRADING_HALTED, 0, 0
    if trading_state == REDUCING:
        return REDUCE_ONLY_WOULD_INCREASE_POSITION, quantity, quantity - opening
    if account[AUTOMATIC_HALT] == DAILY_LOSS_LIMIT_REACHED:
        return DAILY_LOSS_LIMIT_REACHED, session_loss(account), loss_limit(rules, account)
    if rate_exceeded(rules, account):
        return RATE_LIMIT_EXCEEDED, account[ORDERS_IN_MINUTE] + 1, rules.orders_per_minute
    if since_stop < rules.cool_down:
        return COOLDOWN_ACTIVE, since_stop, rules.cool_down
    if rules.max_order_notional > 0 and notional > rules.max_order_notional:
        return NOTIONAL_EXCEEDS_MAX_PER_ORDER, notional, rules.max_order_notional
    if rules.max_position > 0:
        limit = mul_div(account[EQUITY], rules.max_position, RATE_SCALE)
        if position_cost + notional > limit:
            return POSITION_EXCEEDS_MAXIMUM, position_cost + notional, limit
    if rules.max_concentration > 0:
        limit = mul_div(account[EQUITY], rules.max_concentration, RATE_SCALE)
        if position_value + notional > limit:
            return CONCENTRATION_EXCEEDS_MAXIMUM, position_value + notional, limit
    if need > free:
        return NOTIONAL_EXCEEDS_FREE_BALANCE, need, free
    return NO_REASON, 0, 0


def rate_exceeded(rules: Rules, account: Sequence[int]) -> bool:
    """Return whether one more purchase passes the orders of a minute, or one has done so in this session."""
    if account[AUTOMATIC_HALT] == RATE_LIMIT_EXCEEDED:
        return True
    return 0 < rules.orders_per_minute <= account[ORDERS_IN_MINUTE]


def session_loss(account: Sequence[int]) -> int:
    """Return how much equity this session has lost so far, money units; negative for a gain."""
    return account[SESSION_EQUITY] - account[EQUITY]


def loss_limit(rules: Rules, account: Sequence[int]) -> int:
    """Return the loss that stops purchases for the rest of the session, money units."""
    return mul_div(account[SESSION_EQUITY], rules.max_daily_loss, RATE_SCALE)
