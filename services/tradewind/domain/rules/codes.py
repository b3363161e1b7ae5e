"""Small integers that stand for the terms of the plan inside the rule book."""

from typing import Final

BUY: Final = 1
SELL: Final = -1
HOLD: Final = 0

# Where an order comes from.
SIGNAL: Final = 1
COMMAND: Final = 2
STOP_LOSS: Final = 3
TAKE_PROFIT: Final = 4
TRAILING_STOP: Final = 5

# What happened to an order (column KIND of an event row).
ACCEPTED: Final = 1
DENIED: Final = 2
FILLED: Final = 3
CANCELED: Final = 4
EXPIRED: Final = 5
PARTIALLY_FILLED: Final = 6
TRIGGERED: Final = 7

# What a signal orders.
MARKET: Final = 0
LIMIT_ORDER: Final = 1
STOP_ORDER: Final = 2
STOP_LIMIT: Final = 3

# For how long: until it is canceled, for the first session that it meets, at the first bar alone.
GTC: Final = 0
DAY: Final = 1
IOC: Final = 2

# The trading state, the stricter the greater.
ACTIVE: Final = 0
REDUCING: Final = 1
HALTED: Final = 2

# Why it was denied, canceled or expired.
NO_REASON: Final = 0
NOTIONAL_EXCEEDS_FREE_BALANCE: Final = 1
POSITION_EXCEEDS_MAXIMUM: Final = 2
CONCENTRATION_EXCEEDS_MAXIMUM: Final = 3
REDUCE_ONLY_WOULD_INCREASE_POSITION: Final = 4
DAILY_LOSS_LIMIT_REACHED: Final = 5
SIGNAL_TOO_OLD: Final = 6
NOTIONAL_EXCEEDS_MAX_PER_ORDER: Final = 7
RATE_LIMIT_EXCEEDED: Final = 8
TRADING_HALTED: Final = 9
CANCELED_BY_REQUEST: Final = 10
CORPORATE_ACTION: Final = 11
POSITION_EXITED: Final = 12
COOLDOWN_ACTIVE: Final = 13
TIME_IN_FORCE: Final = 14


def is_exit(origin: int) -> bool:
    """Return whether an order of this origin protects a position: a stop loss, a take profit or a trailing stop."""
    return origin >= STOP_LOSS
