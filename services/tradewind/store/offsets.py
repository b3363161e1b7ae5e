"""Where each reader is in each partition of a broker. An unknown broker is read from its beginning."""

from collections.abc import Mapping, Sequence

from tradewind.store.database import Connection
from tradewind.store.queries import query

Positions = Mapping[tuple[str, int], int]
"""(topic, partition) -> the offset to read next."""


def read_offsets(connection: Connection, group: str, broker: str, topics: Sequence[str]) -> Positions:
    """Return where the group stopped on this broker; a partition that it never read is left out."""
    rows = connection.execute(query("read_offsets"), {"group": group, "broker": broker, "topics": list(topics)})
    return {(row[0], row[1]): row[2] for row in rows}


def advance_offsets(connection: Connection, group: str, broker: str, positions: Positions) -> None:
    """Move the group's offsets on, in the caller's transaction; none moves back."""
    with connection.cursor() as cursor:
        cursor.executemany(
            query("advance_offset"),
            [
                {"group": group, "broker": broker, "topic": topic, "partition": partition, "next_offset": offset}
                for (topic, partition), offset in sorted(positions.items())
            ],
        )
