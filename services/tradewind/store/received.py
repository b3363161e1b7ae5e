"""When signals entered the journal, for those who measure how long things take."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from tradewind.store.database import Connection
from tradewind.store.queries import query


@dataclass(frozen=True)
class Received:
    """When signals were journaled, seconds since 1970 by the database's clock, and how far that is ahead of ours."""

    at: dict[UUID, float]
    ahead: float


def read_received(connection: Connection, signal_ids: Sequence[UUID]) -> Received:
    """Return when these signals were journaled; one that never was is left out."""
    before = time.time()
    rows = connection.execute(query("read_received"), {"signal_ids": list(signal_ids)}).fetchall()
    ahead = rows[-1][2].timestamp() - (before + time.time()) / 2 if rows else 0.0
    return Received({row[0]: row[1].timestamp() for row in rows}, ahead)
