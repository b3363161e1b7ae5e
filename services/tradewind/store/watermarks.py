"""The last instant that a feed has handed out, or that a reader is done with."""

from datetime import UTC, datetime

from tradewind.store.database import Connection
from tradewind.store.queries import query


def read_watermark(connection: Connection, owner: str) -> datetime | None:
    """Return the owner's last instant in UTC, None before the first."""
    row = connection.execute(query("read_watermark"), {"owner": owner}).fetchone()
    return None if row is None else row[0].astimezone(UTC)


def advance_watermark(connection: Connection, owner: str, instant: datetime) -> None:
    """Move the owner's watermark on, in the caller's transaction; it never moves back."""
    connection.execute(query("advance_watermark"), {"owner": owner, "instant": instant})
