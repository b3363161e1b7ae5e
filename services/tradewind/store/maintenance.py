"""Keeps the database in shape while it runs: partitions ahead, and nothing piles up that nobody needs any more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

import psycopg

from tradewind.manifest.owners import feed_owner, ml_owner, trading_owner
from tradewind.store.database import Connection, connect
from tradewind.store.errors import StoreError
from tradewind.store.queries import query
from tradewind.store.queue import forget_jobs

AHEAD: Final = timedelta(days=366)
"""For how long there are partitions already."""
KEEP_PUBLISHED: Final = timedelta(days=1)
"""How long a message that no reader needs stays in the outbox, for people who look into what happened."""
KEEP_IDEMPOTENCY_KEYS: Final = timedelta(days=7)
"""How long a repeated request is known as such."""
_BATCH: Final = 10_000
"""Outbox rows that one transaction deletes at most."""
_RESULTS: Final = 100
"""Backtests that one transaction deletes at most: a result may be megabytes."""


class MaintenanceFailedError(StoreError):
    """The database could not be maintained now; it is no worse off, and the next attempt may succeed."""

    def __init__(self, error: psycopg.Error) -> None:
        super().__init__(f"maintenance failed: {error}".strip())
        self.sqlstate = error.sqlstate


@dataclass(frozen=True, slots=True)
class PartitionChange:
    """A partition that was made or detached, and how many rows moved into it from DEFAULT."""

    partition: str
    action: Literal["MADE", "DETACHED"]
    moved: int


@dataclass(frozen=True, slots=True)
class Maintained:
    """What one round of maintenance did."""

    outbox_rows: int
    idempotency_keys: int
    partitions: Sequence[PartitionChange]


def maintain(database_url: str, strategy_id: str, feed_id: str, keep: timedelta | None = None) -> Maintained:
    """Do one round: prune the outboxes of a strategy and its feed, forget old idempotency keys, see to the partitions.

    Args:
        database_url: of a login, or role, that may call the procedures.
        strategy_id: whose outboxes.
        feed_id: its feed, which may serve other strategies too.
        keep: partitions that ended earlier than this ago are detached; None keeps all.

    Raises:
        MaintenanceFailedError: a table was busy, or the server refused or was gone.
    """
    try:
        with connect(database_url) as connection:
            outboxes = _outboxes(connection, strategy_id, feed_id)
            return Maintained(
                outbox_rows=sum(prune_outbox(connection, owner, readers) for owner, readers in outboxes.items()),
                idempotency_keys=prune_idempotency_keys(connection),
                partitions=maintain_partitions(connection, keep=keep),
            )
    except psycopg.Error as error:
        raise MaintenanceFailedError(error) from error


def maintain_backtests(database_url: str, keep: timedelta) -> int:
    """Delete backtests that ended longer than `keep` ago, a day at least, and old jobs of their queue; return how many.

    Raises:
        MaintenanceFailedError: the server refused or was gone.
    """
    try:
        with connect(database_url) as connection:
            pruned = prune_backtests(connection, keep)
        forget_jobs(database_url, keep)
    except psycopg.Error as error:
        raise MaintenanceFailedError(error) from error
    return pruned


def prune_backtests(connection: Connection, keep: timedelta, batch: int = _RESULTS) -> int:
    """Delete the backtests that ended longer than `keep` ago, a day at least; return how many.

    Args:
        connection: in autocommit.
        keep: how long they are kept; those that wait or run stay, however old.
        batch: rows a transaction.
    """
    pruned = 0
    while True:
        rows = _number(connection, "prune_backtests", {"keep": keep, "most": batch})
        pruned += rows
        if rows < batch:
            return pruned


def maintain_partitions(
    connection: Connection, ahead: timedelta = AHEAD, keep: timedelta | None = None
) -> list[PartitionChange]:
    """Make the partitions of the time ahead and of what fell into DEFAULT; detach those older than `keep`, drop none.

    Others read and write meanwhile, but for a moment at the end. A caller that finds another at work returns at once,
    with nothing done.

    Raises:
        psycopg.Error: a table was busy for a second (SQLSTATE 55P03), or the server refused; that one stays as it is.
    """
    # One by one: what copying the one takes long must not keep the other locked.
    return [
        PartitionChange(*row)
        for parent in ("portfolio_snapshots", "market_data")
        for row in connection.execute(query("maintain_partitions"), {"parent": parent, "ahead": ahead, "keep": keep})
    ]


def prune_outbox(
    connection: Connection, owner: str, readers: Sequence[str], keep: timedelta = KEEP_PUBLISHED, batch: int = _BATCH
) -> int:
    """Delete an owner's messages that were published `keep` ago and that every reader is done with; return how many.

    Args:
        connection: in autocommit.
        owner: whose outbox.
        readers: the watermark owners that its relay knows; what they may still need stays.
        keep: how long the rest stays.
        batch: rows a transaction.
    """
    parameters = {"owner": owner, "readers": list(readers), "keep": keep, "most": batch}
    pruned = 0
    while True:
        rows = _number(connection, "prune_outbox", parameters)
        pruned += rows
        if rows < batch:
            return pruned


def prune_idempotency_keys(connection: Connection, keep: timedelta = KEEP_IDEMPOTENCY_KEYS) -> int:
    """Forget the keys of requests older than `keep`, a day at least; return how many."""
    return _number(connection, "prune_idempotency_keys", {"keep": keep})


def _outboxes(connection: Connection, strategy_id: str, feed_id: str) -> dict[str, list[str]]:
    """Return the readers of each outbox that a strategy and its feed write, as their relays know them."""
    sharing = [row[0] for row in connection.execute(query("read_strategies_of_feed"), {"feed_id": feed_id})]
    everyone = sorted({strategy_id, *sharing})
    return {
        feed_owner(feed_id): [owner(each) for each in everyone for owner in (ml_owner, trading_owner)],
        ml_owner(strategy_id): [trading_owner(strategy_id)],
        trading_owner(strategy_id): [],
    }


def _number(connection: Connection, name: str, parameters: dict[str, object]) -> int:
    row = connection.execute(query(name), parameters).fetchone()
    assert row is not None
    return int(row[0])
