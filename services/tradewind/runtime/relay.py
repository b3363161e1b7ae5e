"""Publishes what the outbox holds, in order, after the transactions that wanted it."""

import threading
from collections.abc import Sequence

import structlog
from prometheus_client import Counter

from tradewind.bus.producer import Outgoing, Producer
from tradewind.store.database import Connection, connect
from tradewind.store.outbox import mark_published, meet_broker, read_waiting

log = structlog.get_logger(__name__)
PUBLISHED = Counter("tradewind_outbox_published_total", "Outbox rows published", ["topic"])
TOO_LARGE = Counter("tradewind_outbox_too_large_total", "Outbox rows that the broker refused for their size", ["topic"])
_BATCH = 500
_IDLE_SECONDS = 0.5


class Relay:
    """A worker that publishes one owner's outbox rows.

    A row is published at least once: a crash between the broker's answer and the commit publishes it again, and the
    readers' inboxes make that harmless.

    Args:
        database_url: where the outbox is.
        owner: whose rows.
        producer: publishes them.
        readers: watermark owners of those who read them; what they still need goes out again to a broker that has
            forgotten it.
    """

    name = "relay"

    def __init__(self, database_url: str, owner: str, producer: Producer, readers: Sequence[str]) -> None:
        self._database_url = database_url
        self._owner = owner
        self._producer = producer
        self._readers = readers
        self._wanted = threading.Event()

    def wake(self) -> None:
        """Say that a transaction has just put rows in the outbox."""
        self._wanted.set()

    def run(self, stop: threading.Event) -> None:
        """Publish until `stop` is set."""
        with connect(self._database_url) as connection:
            again = meet_broker(connection, self._owner, self._producer.broker_id(), self._readers)
            if again:
                log.info("a new broker: publishing again what its readers need", messages=again)
            while not stop.is_set():
                self._wanted.clear()
                while self._publish_batch(connection) and not stop.is_set():
                    pass
                self._wanted.wait(_IDLE_SECONDS)

    def _publish_batch(self, connection: Connection) -> bool:
        rows = read_waiting(connection, self._owner, _BATCH)
        if not rows:
            return False
        too_large = self._producer.publish([Outgoing(row.topic, row.key, row.value, row.headers) for row in rows])
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
        mark_published(connection, self._owner, [row.outbox_id for row in rows])
        for position, row in enumerate(rows):
            if position not in too_large:
                PUBLISHED.labels(row.topic).inc()
        return True
