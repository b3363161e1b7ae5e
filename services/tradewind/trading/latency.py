"""How long signals take to become orders and fills, measured beside the desk, which waits for none of it."""

import threading
import time
from collections.abc import Sequence
from queue import Empty, Full, Queue
from typing import Final
from uuid import UUID

import structlog

from tradewind.domain.identity import signal_id
from tradewind.domain.orders import OrderEvent, OrderStatus, Origin
from tradewind.store.database import DATABASE_AWAY, Pool
from tradewind.store.received import read_received
from tradewind.trading.decide import Decided
from tradewind.trading.metrics import SIGNAL_TO_FILL, SIGNAL_TO_ORDER

log = structlog.get_logger(__name__)
_PAUSE_SECONDS: Final = 0.25
_MOST_COMMITS: Final = 2000
_ORDERED: Final = frozenset({OrderStatus.ACCEPTED, OrderStatus.DENIED})


class SignalLatency:
    """A worker that looks up when the signals behind orders and fills were journaled, and observes how long it took.

    The times of signals are the database's; those of commits are this process's, moved to the database's clock. What
    comes faster than it can be looked up is passed over.

    Args:
        pool: of connections.
        uid: the strategy's UID, which signal ids are made from.
        interval: of the strategy's bars.
    """

    name = "signal-latency"

    def __init__(self, pool: Pool, uid: UUID, interval: str) -> None:
        self._pool = pool
        self._uid = uid
        self._interval = interval
        self._commits: Queue[tuple[float, Sequence[OrderEvent]]] = Queue(_MOST_COMMITS)

    def note(self, decided: Sequence[Decided]) -> None:
        """Take note of instants whose transaction has just been committed."""
        events = [event for instant in decided for event in instant.events if event.origin is Origin.SIGNAL]
        if events:
            try:
                self._commits.put_nowait((time.time(), events))
            except Full:
                log.debug("latencies are passed over", events=len(events))

    def run(self, stop: threading.Event) -> None:
        """Observe until `stop` is set."""
        while not stop.wait(_PAUSE_SECONDS):
            try:
                self.observe()
            except DATABASE_AWAY as error:
                log.warning("latencies can't be looked up", error=str(error))

    def observe(self) -> None:
        """Observe what was noted.

        Raises:
            psycopg.OperationalError: the database does not answer; what was noted is forgotten.
        """
        commits = self._take()
        if not commits:
            return
        ids = {self._signal(event) for _, events in commits for event in events}
        with self._pool.connection() as connection:
            received = read_received(connection, list(ids))
        for committed, events in commits:
            for event in events:
                since = received.at.get(self._signal(event))
                if since is None:
                    continue
                seconds = max(0.0, committed + received.ahead - since)
                if event.kind in _ORDERED:
                    SIGNAL_TO_ORDER.observe(seconds)
                elif event.fill == 1:
                    SIGNAL_TO_FILL.observe(seconds)

    def _signal(self, event: OrderEvent) -> UUID:
        return signal_id(self._uid, event.symbol, self._interval, event.decided)

    def _take(self) -> list[tuple[float, Sequence[OrderEvent]]]:
        taken = []
        while True:
            try:
                taken.append(self._commits.get_nowait())
            except Empty:
                return taken
