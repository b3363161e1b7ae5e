"""The maintenance worker: a process keeps what it owns in the database in shape, at its start and every hour."""

import threading
from collections.abc import Callable, Mapping
from typing import Final

import structlog
from prometheus_client import Counter, Gauge

from tradewind.store.maintenance import MaintenanceFailedError

log = structlog.get_logger(__name__)
ROUNDS: Final = Counter("tradewind_maintenance_rounds_total", "Rounds of database maintenance", ["outcome"])
PRUNED: Final = Counter("tradewind_maintenance_pruned_total", "Rows that maintenance deleted", ["table"])
LAST_ROUND: Final = Gauge("tradewind_maintenance_last_success_timestamp_seconds", "When maintenance last succeeded")
_EVERY_SECONDS: Final = 3600.0
_AGAIN_SECONDS: Final = 60.0
"""Between a round that failed and the next."""
_LOOK_SECONDS: Final = 1.0

Round = Callable[[], Mapping[str, int]]
"""round() -> how many rows it deleted, by table; MaintenanceFailedError where it can't be done now."""


def _always() -> bool:
    return True


class Maintenance:
    """A worker. A round that fails is tried again and ends nothing: the service works on meanwhile.

    Args:
        work: does one round.
        leads: whether it is this process's turn; nothing is done while it is not.
    """

    name = "maintenance"

    def __init__(self, work: Round, leads: Callable[[], bool] = _always) -> None:
        self._work = work
        self._leads = leads

    def run(self, stop: threading.Event) -> None:
        """Keep the database in shape until `stop` is set."""
        pause = 0.0
        while not stop.wait(pause):
            pause = self._round() if self._leads() else _LOOK_SECONDS

    def _round(self) -> float:
        """Do one round; return the seconds until the next."""
        try:
            deleted = self._work()
        except MaintenanceFailedError as error:
            ROUNDS.labels("failed").inc()
            log.warning("the database could not be maintained; trying again", seconds=_AGAIN_SECONDS, error=str(error))
            return _AGAIN_SECONDS
        ROUNDS.labels("done").inc()
        LAST_ROUND.set_to_current_time()
        for table, rows in deleted.items():
            PRUNED.labels(table).inc(rows)
        if any(deleted.values()):
            log.info("pruned", **deleted)
        return _EVERY_SECONDS
