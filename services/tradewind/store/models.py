"""The model registry: which models were trained, on what, and how well they did."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from psycopg.types.json import Jsonb

from tradewind.store.database import Connection
from tradewind.store.queries import query


@dataclass(frozen=True, slots=True)
class ModelRecord:
    """One trained model.

    Attributes:
        model_version: names it within its strategy.
        trained_through: close of the last bar that training saw, UTC.
        data_fingerprint: of the training bars.
        artifact: where it lies below the data directory.
        parameters: those that shaped it.
        metrics: how it did on its validation part; `verdict` and `summary` say it in words.
    """

    model_version: str
    trained_through: datetime
    data_fingerprint: str
    artifact: str
    parameters: dict[str, Any]
    metrics: dict[str, Any]


def add_model(connection: Connection, strategy_id: str, model: ModelRecord) -> None:
    """Record a model; one that is recorded stays as it is."""
    connection.execute(
        query("models_insert"),
        {
            "strategy_id": strategy_id,
            "model_version": model.model_version,
            "trained_through": model.trained_through,
            "data_fingerprint": model.data_fingerprint,
            "artifact": model.artifact,
            "parameters": Jsonb(model.parameters),
            "metrics": Jsonb(model.metrics),
        },
    )


def read_latest_model(connection: Connection, strategy_id: str) -> ModelRecord | None:
    """Return the strategy's model that was trained on the latest bars, None before the first."""
    row = connection.execute(query("models_read_latest"), {"strategy_id": strategy_id}).fetchone()
    if row is None:
        return None
    return ModelRecord(row[0], row[1].astimezone(UTC), *row[2:])
