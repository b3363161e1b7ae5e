"""Settings of the trading service."""

from tradewind.runtime.settings import ServiceSettings


class TradingSettings(ServiceSettings):
    """What every service has; the limits and costs come from the manifest."""
