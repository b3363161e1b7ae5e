"""Signals and anomalies in the database: one a bar at most, the first wins."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from psycopg.types.json import Jsonb

from tradewind.domain.orders import Side
from tradewind.store import units
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


def insert_signal(connection: Connection, row: SignalRow) -> bool:
    """Store a signal; return False when its bar had one already."""
    return _is_new(
        connection,
        "signals_insert",
        {
            "signal_id": row.signal_id,
            "strategy_id": row.strategy_id,
            "symbol": row.symbol,
            "interval": row.interval,
            "close_time": row.close_time,
            "side": row.side.name,
            "expected_return": None if row.expected_return is None else units.rate(row.expected_return),
            "confidence": None if row.confidence is None else units.rate(row.confidence),
            "model_version": row.model_version,
            "reason": row.reason,
        },
    )


def insert_anomaly(connection: Connection, row: AnomalyRow) -> bool:
    """Store an anomaly; return False when its bar had one already."""
    return _is_new(
        connection,
        "signals_insert_anomaly",
        {
            "strategy_id": row.strategy_id,
            "symbol": row.symbol,
            "interval": row.interval,
            "close_time": row.close_time,
            "score": units.rate(row.score),
            "threshold": units.rate(row.threshold),
            "model_version": row.model_version,
            "features": Jsonb(dict(row.features)),
        },
    )


def read_last_signalled(connection: Connection, strategy_id: str, interval: str) -> dict[str, datetime]:
    """Return the close of each symbol's last bar that has its signal, UTC; a symbol without one is left out."""
    rows = connection.execute(query("signals_read_last"), {"strategy_id": strategy_id, "interval": interval})
    return {row[0]: row[1].astimezone(UTC) for row in rows}


def _is_new(connection: Connection, name: str, parameters: Mapping[str, object]) -> bool:
    return connection.execute(query(name), parameters).rowcount == 1
