"""The outbox: what a transaction wants published, published afterwards by its owner's relay."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from psycopg.types.json import Jsonb

from tradewind.store.database import Connection
from tradewind.store.queries import query


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One message that waits."""

    outbox_id: int
    topic: str
    key: bytes | None
    value: bytes | None
    headers: Mapping[str, str]
    added_at: datetime


def add(
    connection: Connection,
    owner: str,
    topic: str,
    key: bytes | None,
    value: bytes | None,
    instant: datetime | None = None,
    headers: Mapping[str, str] | None = None,
) -> None:
    """Put a message in the outbox, in the caller's transaction."""
    connection.execute(
        query("insert_outbox"),
        {
            "owner": owner,
            "topic": topic,
            "key": key,
            "value": value,
            "headers": Jsonb(dict(headers or {})),
            "instant": instant,
        },
    )


def add_all(connection: Connection, owner: str, topic: str, messages: Sequence[tuple[bytes, bytes, datetime]]) -> None:
    """Put messages of one topic (key, value, instant) in the outbox, in order, in the caller's transaction."""
    keys, values, instants = (list(column) for column in zip(*messages, strict=True)) if messages else ([], [], [])
    connection.execute(
        query("insert_outbox_all"),
        {"owner": owner, "topic": topic, "keys": keys, "values": values, "instants": instants},
    )


def publish_lightly(connection: Connection) -> None:
    """Let a relay's own connection commit without waiting for the disk."""
    connection.execute(query("publish_lightly"))


def read_waiting(connection: Connection, owner: str, limit: int) -> list[OutboxRow]:
    """Return the oldest messages that wait, in order."""
    rows = connection.execute(query("read_outbox"), {"owner": owner, "limit": limit})
    return [OutboxRow(*row) for row in rows]


def mark_published(connection: Connection, owner: str, outbox_ids: Sequence[int], refused: Sequence[int] = ()) -> None:
    """Say that messages were published, or refused for their size, which keeps them in the outbox for good."""
    connection.execute(
        query("mark_published"), {"owner": owner, "outbox_ids": list(outbox_ids), "refused": list(refused)}
    )


def meet_broker(connection: Connection, owner: str, broker: str, readers: Sequence[str]) -> int:
    """Note which broker the owner publishes to; when it is a new one, publish again what its readers still need.

    Returns how many messages wait again.
    """
    with connection.transaction():
        row = connection.execute(query("read_relay_broker"), {"owner": owner}).fetchone()
        if row is not None and row[0] == broker:
            return 0
        connection.execute(query("write_relay_broker"), {"owner": owner, "broker": broker})
        return connection.execute(query("publish_again"), {"owner": owner, "readers": list(readers)}).rowcount
