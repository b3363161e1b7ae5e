"""Settings of the ingestion service."""

from pydantic import Field

from tradewind.runtime.settings import ServiceSettings


class IngestionSettings(ServiceSettings):
    """What every service has, and how far a replay may run ahead."""

    replay_ahead: int = Field(
        default=32, ge=1, le=1000, description="How many instants a replay may be ahead of the slowest reader."
    )
