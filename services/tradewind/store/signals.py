"""Signals and anomalies in the database: one a bar at most, the first wins."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import msgspec

from tradewind.domain.orders import Side
from tradewind.store.database import Connection
from tradewind.store.queries import query


@dataclass(frozen=True, slots=True)
class SignalRow:
    """One signal. Ratios in 10^-8, None where the model gives none."""

    signal_id: UUID
    strategy_id: str
    symbol: str
    interval: str
    close_time: datetime
    side: Side
    expected_return: int | None
    confidence: int | None
    model_version: str
    reason: str


@dataclass(frozen=True, slots=True)
class AnomalyRow:
    """One anomalous bar. Score, threshold and features in 10^-8."""

    strategy_id: str
    symbol: str
    interval: str
    close_time: datetime
    score: int
    threshold: int
    model_version: str
    features: Mapping[str, int]


def insert_signals(connection: Connection, rows: Sequence[SignalRow]) -> set[UUID]:
    """Store signals; return the ids of those whose bar had none yet."""
    document = _document({**_fields(row), "side": row.side.name} for row in rows)
    return {row[0] for row in connection.execute(query("signals_insert"), {"rows": document})}


def insert_anomalies(connection: Connection, rows: Sequence[AnomalyRow]) -> set[tuple[str, datetime]]:
    """Store anomalies; return symbol and close, UTC, of the bars that had none yet."""
    document = _document(_fields(row) for row in rows)
    new = connection.execute(query("signals_insert_anomaly"), {"rows": document})
    return {(symbol, close_time.astimezone(UTC)) for symbol, close_time in new}


def read_last_signalled(connection: Connection, strategy_id: str, interval: str) -> dict[str, datetime]:
    """Return the close of each symbol's last bar that has its signal, UTC; a symbol without one is left out."""
    rows = connection.execute(query("signals_read_last"), {"strategy_id": strategy_id, "interval": interval})
    return {row[0]: row[1].astimezone(UTC) for row in rows}


def _fields(row: SignalRow | AnomalyRow) -> dict[str, object]:
    return {name: getattr(row, name) for name in row.__slots__}


def _document(rows: Iterable[Mapping[str, object]]) -> str:
    return msgspec.json.encode(list(rows)).decode()
