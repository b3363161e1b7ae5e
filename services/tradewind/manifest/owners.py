"""Names of the writers and readers of a strategy and its feed: consumer groups, watermarks, outbox owners alike."""


def feed_owner(feed_id: str) -> str:
    """Return the name under which ingestion writes for a feed."""
    return f"ingestion.{feed_id}"


def ml_owner(strategy_id: str) -> str:
    """Return the name under which the ml service reads and writes for a strategy."""
    return f"ml-service.{strategy_id}"


def trading_owner(strategy_id: str) -> str:
    """Return the name under which the trading service reads and writes for a strategy."""
    return f"trading-service.{strategy_id}"
