"""Publishes what the outbox holds, in order, after the transactions that wanted it."""

import threading
import time
from collections.abc import Sequence
from datetime import datetime

import structlog
from prometheus_client import Counter, Gauge

from tradewind.bus.errors import BusError
from tradewind.bus.producer import Outgoing, Producer
from tradewind.runtime.resilience import Breaker, BreakerOpenError
from tradewind.store.database import Connection, connect
from tradewind.store.outbox import mark_published, meet_broker, publish_lightly, read_waiting

log = structlog.get_logger(__name__)
PUBLISHED = Counter("tradewind_outbox_published_total", "Outbox rows published", ["topic"])
TOO_LARGE = Counter("tradewind_outbox_too_large_total", "Outbox rows that the broker refused for their size", ["topic"])
OUTBOX_AGE = Gauge("tradewind_outbox_age_seconds", "How long the oldest unpublished message has waited", ["owner"])
_BATCH = 500
_IDLE_SECONDS = 0.5
_PAUSE_SECONDS = 0.025
_RETRY_SECONDS = 1.0


class Relay:
    """A worker that publishes one owner's outbox rows.

    A row is published at least once: a crash between the broker's answer and the commit publishes it again, and the
    readers' inboxes make that harmless. While the broker is away the rows wait, and `problem` says why.

    Args:
        database_url: where the outbox is.
        owner: whose rows.
        producer: publishes them.
        readers: watermark owners of those who read them; what they still need goes out again to a broker that has
            forgotten it.
        topics: those that the readers read: one that was deleted and made again has forgotten too.
        pause: seconds after what was just published: what comes close behind it goes together.
    """

    name = "relay"

    def __init__(
        self,
        database_url: str,
        owner: str,
        producer: Producer,
        readers: Sequence[str],
        topics: Sequence[str] = (),
        pause: float = _PAUSE_SECONDS,
    ) -> None:
        self._database_url = database_url
        self._owner = owner
        self._producer = producer
        self._readers = readers
        self._topics = topics
        self._pause = pause
        self._wanted = threading.Event()
        self._problem: str | None = "the relay has not started"
        self._breaker = Breaker("kafka", BusError)
        self._oldest: datetime | None = None
        OUTBOX_AGE.labels(owner).set_function(self._age)

    def problem(self) -> str | None:
        """Return why nothing can be published, None while it can."""
        return self._problem

    def wake(self) -> None:
        """Say that a transaction has just put rows in the outbox."""
        self._wanted.set()

    def run(self, stop: threading.Event) -> None:
        """Publish until `stop` is set."""
        with connect(self._database_url) as connection:
            publish_lightly(connection)
            self._note_oldest(connection)
            while not stop.is_set():
                try:
                    self._meet(connection)
                    self._publish(connection, stop)
                except (BusError, BreakerOpenError) as error:
                    if not stop.is_set():
                        log.warning("nothing can be published; trying again", error=str(error))
                    self._problem = str(error)
                    self._note_oldest(connection)
                    stop.wait(error.seconds if isinstance(error, BreakerOpenError) else _RETRY_SECONDS)

    def _meet(self, connection: Connection) -> None:
        with self._breaker.guarding():
            identity = self._producer.identity(self._topics)
        again = meet_broker(connection, self._owner, identity, self._readers)
        self._problem = None
        log.info("publishing", broker=identity, again=again)

    def _publish(self, connection: Connection, stop: threading.Event) -> None:
        while not stop.is_set():
            self._producer.check()
            self._wanted.clear()
            published = self._publish_batch(connection, stop)
            if 0 < published < _BATCH:
                stop.wait(self._pause)
            elif not published:
                self._wanted.wait(_IDLE_SECONDS)

    def _publish_batch(self, connection: Connection, stop: threading.Event) -> int:
        """Publish the oldest rows that wait; return how many."""
        rows = read_waiting(connection, self._owner, _BATCH)
        self._oldest = rows[0].added_at if rows else None
        if not rows:
            return 0
        messages = [Outgoing(row.topic, row.key, row.value, row.headers) for row in rows]
        with self._breaker.guarding():
            too_large = self._producer.publish(messages, stop)
        for position in too_large:
            # One row that no broker takes must not hold up the rest; its bytes stay in the outbox.
            row = rows[position]
            size = len(row.value or b"")
            log.error(
                "too large for the broker, kept in the outbox only",
                outbox_id=row.outbox_id,
                topic=row.topic,
                bytes=size,
            )
            TOO_LARGE.labels(row.topic).inc()
        refused = [rows[position].outbox_id for position in too_large]
        mark_published(connection, self._owner, [row.outbox_id for row in rows], refused)
        for position, row in enumerate(rows):
            if position not in too_large:
                PUBLISHED.labels(row.topic).inc()
        return len(rows)

    def _note_oldest(self, connection: Connection) -> None:
        waiting = read_waiting(connection, self._owner, 1)
        self._oldest = waiting[0].added_at if waiting else None

    def _age(self) -> float:
        """Return for how many seconds the oldest message has waited; asked for whenever metrics are read."""
        oldest = self._oldest
        return 0.0 if oldest is None else max(0.0, time.time() - oldest.timestamp())
