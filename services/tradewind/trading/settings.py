"""Settings of the trading service."""

from datetime import timedelta

from pydantic import Field

from tradewind.runtime.settings import ServiceSettings


class TradingSettings(ServiceSettings):
    """What every service has; the limits and costs come from the manifest."""

    keep: timedelta | None = Field(
        default=None,
        description="Partitions of bars and snapshots that ended earlier than this ago are detached, such as P400D; "
        "all are kept when left out.",
    )
