"""Backtests that were asked for, in the database: their states, progress and results."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal
from uuid import UUID, uuid4

from psycopg.types.json import Json, Jsonb

from tradewind.store.database import Connection
from tradewind.store.errors import StoreError
from tradewind.store.listings import Page
from tradewind.store.queries import query
from tradewind.store.queue import defer
from tradewind.store.rows import Row, read_rows

Kind = Literal["BACKTEST", "SWEEP", "WALK_FORWARD"]
State = Literal["QUEUED", "RUNNING", "SUCCEEDED", "FAILED", "CANCELED"]
BacktestPosition = tuple[datetime, UUID]
"""The last backtest of a list that was shown."""
_END: Final = datetime(9999, 1, 1, tzinfo=UTC)


class QueueFullError(StoreError):
    """As many backtests wait as may."""

    def __init__(self, waiting: int) -> None:
        super().__init__(f"{waiting} backtests wait already; try again later")
        self.waiting = waiting


class KeyTakenError(StoreError):
    """An idempotency key that belongs to another request."""

    def __init__(self, key: str) -> None:
        super().__init__(f"{key} names another backtest: what it asked for differs; give this one its own key")
        self.key = key


@dataclass(frozen=True)
class WantedBacktest:
    """What was asked for; `key` names the request, `fingerprint` stands for its contents, both or neither."""

    name: str
    kind: Kind
    manifest: Mapping[str, Any]
    key: str | None = None
    fingerprint: str | None = None

    def row(self) -> dict[str, Any]:
        """Return what a new row holds of it, with a new id."""
        return {
            "id": uuid4(),
            "name": self.name,
            "kind": self.kind,
            "manifest": Jsonb(dict(self.manifest)),
            "key": self.key,
            "fingerprint": self.fingerprint,
        }


def find_backtest(connection: Connection, wanted: WantedBacktest) -> UUID | None:
    """Return the backtest that the same request made before, None where there is none.

    Raises:
        KeyTakenError: the key belongs to a request of other contents.
    """
    if wanted.key is None:
        return None
    row = connection.execute(query("read_backtest_key"), {"key": wanted.key}).fetchone()
    if row is None:
        return None
    if row[1] != wanted.fingerprint:
        raise KeyTakenError(wanted.key)
    return UUID(str(row[0]))


def queue_backtest(connection: Connection, wanted: WantedBacktest, most: int) -> UUID:
    """Queue a backtest, and return its id; of the same request again, the first one's.

    Raises:
        QueueFullError: `most` backtests wait already.
        KeyTakenError: as `find_backtest`.
    """
    with connection.transaction():
        # One at a time, so that the count holds until the row is there.
        connection.execute(query("lock_backtest_queue"))
        found = find_backtest(connection, wanted)
        if found is not None:
            return found
        counted = connection.execute(query("count_backtests_queued")).fetchone()
        assert counted is not None
        if counted[0] >= most:
            raise QueueFullError(counted[0])
        return _inserted(connection, "insert_backtest", wanted, wanted.row(), queued=True)


def record_backtest(
    connection: Connection, wanted: WantedBacktest, document: Mapping[str, Any], took: timedelta
) -> UUID:
    """Store a backtest that has been run already, and return its id; of the same request again, the first one's.

    Raises:
        KeyTakenError: as `find_backtest`.
    """
    row = {**wanted.row(), "document": Json(document, _dumps), "took": took}
    with connection.transaction():
        return _inserted(connection, "insert_backtest_done", wanted, row)


def _inserted(
    connection: Connection, name: str, wanted: WantedBacktest, row: dict[str, Any], queued: bool = False
) -> UUID:
    if connection.execute(query(name), row).fetchone() is None:
        # Another request with this key was faster.
        found = find_backtest(connection, wanted)
        assert found is not None
        return found
    new: UUID = row["id"]
    if queued:
        defer(connection, new, 1)
    return new


def _dumps(document: Any) -> str:
    return json.dumps(document, allow_nan=False)


def read_backtest(connection: Connection, backtest: UUID) -> Row | None:
    """Return a backtest without its manifest and result, None where there is none."""
    rows = read_rows(connection, "read_backtest", {"id": backtest})
    return rows[0] if rows else None


def read_document(connection: Connection, backtest: UUID) -> dict[str, Any] | None:
    """Return a backtest's result, None where it has none."""
    document: dict[str, Any] | None = _one(connection, "read_backtest_document", {"id": backtest})
    return document


def read_tested_manifest(connection: Connection, backtest: UUID) -> Any:
    """Return the manifest that a backtest tests, None where there is no such backtest."""
    return _one(connection, "read_backtest_manifest", {"id": backtest})


def list_backtests(
    connection: Connection, state: State | None, limit: int, after: BacktestPosition | None = None
) -> Page:
    """Return a page of backtests, the newest first, of one state or of all."""
    before, before_id = after or (_END, UUID(int=0))
    parameters = {"state": state, "before": before, "before_id": before_id, "limit": limit + 1}
    rows = read_rows(connection, "list_backtests", parameters, prepare=False)
    shown = rows[:limit]
    return Page(shown, (shown[-1]["requested_at"], shown[-1]["id"]) if len(rows) > limit else None)


def cancel_backtest(connection: Connection, backtest: UUID) -> None:
    """Cancel a backtest that waits or runs; one that has ended stays as it is. Who runs it notices, and ends it."""
    connection.execute(query("cancel_backtest"), {"id": backtest})


def runs_still(connection: Connection, backtest: UUID, attempt: int) -> bool:
    """Whether this attempt runs: it has neither ended nor been canceled, and no other has taken its place."""
    return bool(_one(connection, "read_backtest_attempt", {"id": backtest}) == attempt)


def begin_backtest(connection: Connection, backtest: UUID, attempt: int) -> bool:
    """Set a queued backtest to RUNNING; False where it has been canceled, or another attempt is queued."""
    return _one(connection, "begin_backtest", {"id": backtest, "attempt": attempt}) is not None


def note_progress(connection: Connection, backtest: UUID, attempt: int, done: int, total: int) -> None:
    """Note how many of its trials a running backtest has done."""
    row = {"id": backtest, "attempt": attempt, "done": done, "total": total}
    connection.execute(query("note_backtest_progress"), row)


def succeed_backtest(connection: Connection, backtest: UUID, attempt: int, document: Mapping[str, Any]) -> None:
    """Store a running backtest's result."""
    row = {"id": backtest, "attempt": attempt, "document": Json(document, _dumps)}
    connection.execute(query("succeed_backtest"), row)


def fail_backtest(
    connection: Connection, backtest: UUID, attempt: int, error: str, traceback: str | None = None
) -> None:
    """Store why a running backtest failed."""
    # Text in the database holds no zero byte.
    row = {"id": backtest, "attempt": attempt, "error": _text(error), "traceback": _text(traceback or "") or None}
    connection.execute(query("fail_backtest"), row)


def _text(said: str) -> str:
    return said.replace("\0", "")


def requeue_backtest(connection: Connection, backtest: UUID, attempt: int, lost: bool) -> None:
    """Queue an attempt's backtest once more: its service ends, or was `lost`. One lost for the second time fails."""
    row = {"id": backtest, "attempt": attempt, "lost": int(lost)}
    with connection.transaction():
        following = _one(connection, "requeue_backtest", row)
        if following is not None:
            defer(connection, backtest, following)
            return
        error = "the service that ran it was lost twice, as it is when the machine has too little memory for it"
        connection.execute(query("give_up_backtest"), {**row, "error": error})


def list_orphans(connection: Connection) -> list[tuple[UUID, int]]:
    """Return the attempts that wait or run and are in no queue: whoever had them failed without a word."""
    return [(row[0], row[1]) for row in connection.execute(query("list_backtests_without_job"))]


def _one(connection: Connection, name: str, parameters: dict[str, Any]) -> Any:
    row = connection.execute(query(name), parameters).fetchone()
    return None if row is None else row[0]
