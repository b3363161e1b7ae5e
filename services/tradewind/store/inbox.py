"""The inbox of the trading service: the journal of bars and signals that arrived, once each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from tradewind.domain.orders import Side
from tradewind.store import units
from tradewind.store.database import Connection
from tradewind.store.queries import query

_BEGINNING = datetime(1900, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class InboxRow:
    """A bar (prices in 10^-4), the word that there is none, or a signal."""

    instant: datetime
    symbol: str
    kind: Literal["BAR", "MISSING", "SIGNAL"]
    open: int | None = None
    high: int | None = None
    low: int | None = None
    close: int | None = None
    signal_id: UUID | None = None
    side: Side | None = None


def insert_inbox(connection: Connection, strategy_id: str, owner: str, rows: Sequence[InboxRow]) -> None:
    """Journal rows, in the caller's transaction; one whose instant the owner has decided already is marked late."""
    with connection.cursor() as cursor:
        cursor.executemany(
            query("insert_inbox"),
            [
                {
                    "strategy_id": strategy_id,
                    "owner": owner,
                    "instant": row.instant,
                    "symbol": row.symbol,
                    "kind": row.kind,
                    "open": _price(row.open),
                    "high": _price(row.high),
                    "low": _price(row.low),
                    "close": _price(row.close),
                    "signal_id": row.signal_id,
                    "side": None if row.side is None else row.side.name,
                }
                for row in rows
            ],
        )


def read_inbox(connection: Connection, strategy_id: str, after: datetime | None, limit: int) -> list[InboxRow]:
    """Return the oldest rows of instants after `after`, in order of their instants."""
    rows = connection.execute(
        query("read_inbox"), {"strategy_id": strategy_id, "after": after or _BEGINNING, "limit": limit}
    )
    return [
        InboxRow(
            row[0].astimezone(UTC),
            row[1],
            row[2],
            open=_units(row[3]),
            high=_units(row[4]),
            low=_units(row[5]),
            close=_units(row[6]),
            signal_id=row[7],
            side=None if row[8] is None else Side[row[8]],
        )
        for row in rows
    ]


def _price(number: int | None) -> Decimal | None:
    return None if number is None else units.price(number)


def _units(number: Decimal | None) -> int | None:
    return None if number is None else units.price_units(number)
