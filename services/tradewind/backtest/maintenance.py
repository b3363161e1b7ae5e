"""What the backtest service does for its tables, every round of maintenance."""

from datetime import timedelta

from tradewind.store.maintenance import maintain_backtests


def keep_backtests(database_url: str, keep: timedelta) -> dict[str, int]:
    """Delete what has ended longer than `keep` ago, nothing where that is 0; return how many rows, by table.

    Raises:
        MaintenanceFailedError: it can't be done now.
    """
    return {"backtests": maintain_backtests(database_url, keep) if keep else 0}
