"""The maintenance worker: the desk that leads keeps its database in shape, at its start and every hour."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Final

import structlog
from prometheus_client import Counter, Gauge

from tradewind.store.maintenance import Maintained, MaintenanceFailedError, maintain

log = structlog.get_logger(__name__)
ROUNDS: Final = Counter("tradewind_maintenance_rounds_total", "Rounds of database maintenance", ["outcome"])
PRUNED: Final = Counter("tradewind_maintenance_pruned_total", "Rows that maintenance deleted", ["table"])
LAST_ROUND: Final = Gauge("tradewind_maintenance_last_success_timestamp_seconds", "When maintenance last succeeded")
_EVERY_SECONDS: Final = 3600.0
_AGAIN_SECONDS: Final = 60.0
"""Between a round that failed and the next."""
_LOOK_SECONDS: Final = 1.0


class Maintenance:
    """A worker. A round that fails is tried again and ends nothing: the desk trades on meanwhile.

    Args:
        database_url: where the ledger is.
        strategy_id: whose outboxes are pruned.
        feed_id: its feed.
        leads: whether this process is the strategy's writer; nothing is done while it is not.
        keep: partitions of bars and snapshots that ended earlier than this ago are detached; None keeps all.
    """

    name = "maintenance"

    def __init__(
        self,
        database_url: str,
        strategy_id: str,
        feed_id: str,
        leads: Callable[[], bool],
        keep: timedelta | None = None,
    ) -> None:
        self._database_url = database_url
        self._strategy_id = strategy_id
        self._feed_id = feed_id
        self._leads = leads
        self._keep = keep

    def run(self, stop: threading.Event) -> None:
        """Keep the database in shape until `stop` is set."""
        pause = 0.0
        while not stop.wait(pause):
            pause = self._round() if self._leads() else _LOOK_SECONDS

    def _round(self) -> float:
        """Do one round; return the seconds until the next."""
        try:
            done = maintain(self._database_url, self._strategy_id, self._feed_id, self._keep)
        except MaintenanceFailedError as error:
            ROUNDS.labels("failed").inc()
            log.warning("the database could not be maintained; trying again", seconds=_AGAIN_SECONDS, error=str(error))
            return _AGAIN_SECONDS
        _count(done)
        return _EVERY_SECONDS


def _count(done: Maintained) -> None:
    ROUNDS.labels("done").inc()
    LAST_ROUND.set_to_current_time()
    PRUNED.labels("outbox").inc(done.outbox_rows)
    PRUNED.labels("idempotency_keys").inc(done.idempotency_keys)
    for change in done.partitions:
        log.info("partition", name=change.partition, action=change.action, moved=change.moved)
    if done.outbox_rows or done.idempotency_keys:
        log.info("pruned", outbox_rows=done.outbox_rows, idempotency_keys=done.idempotency_keys)
