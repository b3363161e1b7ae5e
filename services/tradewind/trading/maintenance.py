"""What the desk that leads does for its database, every round of maintenance."""

from datetime import timedelta

import structlog

from tradewind.store.maintenance import maintain

log = structlog.get_logger(__name__)


def keep_ledger(database_url: str, strategy_id: str, feed_id: str, keep: timedelta | None = None) -> dict[str, int]:
    """Do one round as `maintain` does, tell of partitions, and return how many rows were deleted, by table.

    Raises:
        MaintenanceFailedError: it can't be done now.
    """
    done = maintain(database_url, strategy_id, feed_id, keep)
    for change in done.partitions:
        log.info("partition", name=change.partition, action=change.action, moved=change.moved)
    return {"outbox": done.outbox_rows, "idempotency_keys": done.idempotency_keys}
