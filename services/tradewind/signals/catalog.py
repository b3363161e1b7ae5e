"""Every rule by the name that a manifest gives it."""

from collections.abc import Mapping
from typing import Final

from tradewind.signals.bollinger import BOLLINGER_REVERSION
from tradewind.signals.buy_and_hold import BUY_AND_HOLD
from tradewind.signals.donchian import DONCHIAN_BREAKOUT
from tradewind.signals.ema_cross import EMA_CROSS
from tradewind.signals.macd import MACD
from tradewind.signals.rsi import RSI
from tradewind.signals.rule import RuleStrategy
from tradewind.signals.sma_cross import SMA_CROSS

RULES: Final[Mapping[str, RuleStrategy]] = {
    rule.name: rule
    for rule in (
        SMA_CROSS,
        EMA_CROSS,
        RSI,
        MACD,
        BOLLINGER_REVERSION,
        DONCHIAN_BREAKOUT,
        BUY_AND_HOLD,
    )
}
