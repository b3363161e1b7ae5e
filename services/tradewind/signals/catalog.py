"""Every rule strategy by the name that a manifest gives it."""

from collections.abc import Mapping
from typing import Final

from tradewind.signals.rule import RuleStrategy
from tradewind.signals.sma_cross import SMA_CROSS

RULES: Final[Mapping[str, RuleStrategy]] = {rule.name: rule for rule in (SMA_CROSS,)}
