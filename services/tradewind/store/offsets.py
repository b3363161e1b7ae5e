"""Where each reader is in each partition of a topic. A topic of an unknown identity is read from its beginning."""

from collections.abc import Mapping

import msgspec

from tradewind.store.database import Connection
from tradewind.store.queries import query

Positions = Mapping[tuple[str, int], int]
"""(topic, partition) -> the offset to read next."""
Identities = Mapping[str, str]
"""topic -> which broker's it is, and which of that name there."""


def read_offsets(connection: Connection, group: str, identities: Identities) -> Positions:
    """Return where the group stopped in these topics; a partition that it never read is left out."""
    rows = connection.execute(
        query("read_offsets"),
        {"group": group, "topics": list(identities.keys()), "brokers": list(identities.values())},
    )
    return {(row[0], row[1]): row[2] for row in rows}


def advance_offsets(connection: Connection, group: str, identities: Identities, positions: Positions) -> None:
    """Move the group's offsets on, in the caller's transaction; none moves back."""
    # In order, so that no two transactions wait for each other.
    rows = [
        {"broker": identities[topic], "topic": topic, "partition": partition, "next_offset": offset}
        for (topic, partition), offset in sorted(positions.items())
    ]
    connection.execute(
        query("advance_offset"),
        {"group": group, "positions": msgspec.json.encode(rows).decode()},
    )
