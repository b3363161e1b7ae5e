"""The inbox of the trading service: the journal of bars, corporate actions and signals that arrived, once each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal
from uuid import UUID

import msgspec

from tradewind.domain.orders import Side
from tradewind.store.database import Connection
from tradewind.store.queries import query

_BEGINNING = datetime(1900, 1, 1, tzinfo=UTC)
Kind = Literal["BAR", "MISSING", "SIGNAL", "SPLIT", "DIVIDEND"]


@dataclass(frozen=True, slots=True)
class InboxRow:
    """A bar, the word that there is none, a signal, a split or a dividend.

    Prices and the dividend's amount in 10^-4, volume in 10^-8; numerator units come out of denominator.
    """

    instant: datetime
    symbol: str
    kind: Kind
    open: int | None = None
    high: int | None = None
    low: int | None = None
    close: int | None = None
    volume: int | None = None
    signal_id: UUID | None = None
    side: Side | None = None
    numerator: int | None = None
    denominator: int | None = None
    amount: int | None = None


def insert_inbox(connection: Connection, strategy_id: str, owner: str, rows: Sequence[InboxRow]) -> Callable[[], int]:
    """Journal rows, in the caller's transaction; one whose instant the owner has decided already is marked late.

    Returns what gives the number of those that were new and in time; called in a pipeline it waits for the database.
    """
    document = msgspec.json.encode([_written(row) for row in rows]).decode()
    done = connection.execute(query("insert_inbox"), {"strategy_id": strategy_id, "owner": owner, "rows": document})

    def count_new() -> int:
        row = done.fetchone()
        assert row is not None
        return int(row[0])

    return count_new


def read_inbox(connection: Connection, strategy_id: str, after: datetime | None, limit: int) -> list[InboxRow]:
    """Return the oldest rows of instants after `after`, in order of their instants."""
    rows = connection.execute(
        query("read_inbox"), {"strategy_id": strategy_id, "after": after or _BEGINNING, "limit": limit}
    )
    return [
        InboxRow(
            instant=row[0],
            symbol=row[1],
            kind=row[2],
            open=row[3],
            high=row[4],
            low=row[5],
            close=row[6],
            volume=row[7],
            signal_id=row[8],
            side=None if row[9] is None else Side[row[9]],
            numerator=row[10],
            denominator=row[11],
            amount=row[12],
        )
        for row in rows
    ]


def _written(row: InboxRow) -> dict[str, object]:
    """Return a row's fields by name, those that its kind has."""
    fields: dict[str, object] = {"instant": row.instant, "symbol": row.symbol, "kind": row.kind}
    match row.kind:
        case "BAR":
            fields |= {"open": row.open, "high": row.high, "low": row.low, "close": row.close, "volume": row.volume}
        case "SIGNAL":
            fields |= {"signal_id": row.signal_id, "side": None if row.side is None else row.side.name}
        case "SPLIT":
            fields |= {"numerator": row.numerator, "denominator": row.denominator}
        case "DIVIDEND":
            fields["amount"] = row.amount
    return fields
