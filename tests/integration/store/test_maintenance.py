"""Pruning: what may still be needed stays, the rest goes; and the worker that sees to it."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import uuid4

import psycopg
import pytest
from tests.integration.store.test_partitions import bars_at, open_account, partitions

from tradewind.manifest.owners import feed_owner, ml_owner, trading_owner
from tradewind.runtime.maintenance import Maintenance
from tradewind.store.database import Connection, connect
from tradewind.store.maintenance import (
    MaintenanceFailedError,
    maintain,
    maintain_partitions,
    prune_idempotency_keys,
    prune_outbox,
)
from tradewind.store.market_data import insert_bars
from tradewind.store.outbox import add, mark_published, meet_broker, read_waiting
from tradewind.store.watermarks import advance_watermark
from tradewind.trading.maintenance import keep_ledger

DAYS = [datetime(2020, 1, day, 21, tzinfo=UTC) for day in range(1, 11)]
OWNER, READERS = "ingestion.feed", ["ml-service.a", "trading-service.a"]
DAY = timedelta(days=1)


def fill_outbox(
    connection: Connection, owner: str, instants: Sequence[datetime | None], age: timedelta = 2 * DAY
) -> None:
    """Put a message for each instant in the outbox, published so long ago."""
    for instant in instants:
        add(connection, owner, "market_data", b"key", b"value", instant)
    mark_published(connection, owner, [row.outbox_id for row in read_waiting(connection, owner, 1000)])
    connection.execute("UPDATE outbox SET published_at = published_at - %s WHERE owner = %s", [age, owner])


def kept(connection: Connection, owner: str = OWNER) -> list[datetime | None]:
    rows = connection.execute("SELECT instant FROM outbox WHERE owner = %s ORDER BY outbox_id", [owner])
    return [row[0] and row[0].astimezone(UTC) for row in rows]


def test_what_every_reader_is_done_with_goes(each_database: str) -> None:
    with connect(each_database) as connection:
        fill_outbox(connection, OWNER, [*DAYS, None])
        fill_outbox(connection, "ingestion.other", DAYS[:1])
        advance_watermark(connection, READERS[0], DAYS[8])
        advance_watermark(connection, READERS[1], DAYS[5])
        assert prune_outbox(connection, OWNER, READERS, DAY, batch=3) == 7
        assert kept(connection) == DAYS[6:]
        assert prune_outbox(connection, OWNER, READERS, DAY) == 0
        assert kept(connection, "ingestion.other") == DAYS[:1]


def test_what_is_pruned_is_what_a_new_broker_would_not_get(each_database: str) -> None:
    """The two sides of one rule: a row is pruned exactly when `publish_again` would leave it out."""
    with connect(each_database) as connection:
        fill_outbox(connection, OWNER, DAYS)
        advance_watermark(connection, READERS[0], DAYS[3])
        advance_watermark(connection, READERS[1], DAYS[7])
        with connection.transaction(force_rollback=True):
            again = meet_broker(connection, OWNER, "a new one", READERS)
            needed = [row.outbox_id for row in read_waiting(connection, OWNER, 1000)]
        prune_outbox(connection, OWNER, READERS, DAY)
        stayed = [row[0] for row in connection.execute("SELECT outbox_id FROM outbox ORDER BY 1")]
    assert stayed == needed
    assert again == len(stayed) == 6


@pytest.mark.parametrize("readers", [READERS, []], ids=["a reader without a watermark", "no readers"])
def test_a_reader_that_is_done_with_nothing_needs_all(each_database: str, readers: list[str]) -> None:
    with connect(each_database) as connection:
        fill_outbox(connection, OWNER, [*DAYS, None])
        advance_watermark(connection, READERS[0], DAYS[8])
        assert prune_outbox(connection, OWNER, readers, DAY) == 1
        assert kept(connection) == DAYS


def test_what_waits_or_was_just_published_stays(each_database: str) -> None:
    with connect(each_database) as connection:
        fill_outbox(connection, OWNER, DAYS[:3], age=timedelta(hours=23))
        for reader in READERS:
            advance_watermark(connection, reader, DAYS[9])
        add(connection, OWNER, "market_data", b"key", b"value", DAYS[4])
        assert prune_outbox(connection, OWNER, READERS, DAY) == 0
        assert kept(connection) == [*DAYS[:3], DAYS[4]]


def test_what_the_broker_refused_for_its_size_stays(each_database: str) -> None:
    with connect(each_database) as connection:
        for value in (b"taken", b"too large"):
            add(connection, OWNER, "market_data.dlq", b"key", value)
        taken, refused = (row.outbox_id for row in read_waiting(connection, OWNER, 10))
        mark_published(connection, OWNER, [taken, refused], [refused])
        assert read_waiting(connection, OWNER, 10) == []
        assert prune_outbox(connection, OWNER, [], timedelta()) == 1
        assert connection.execute("SELECT value FROM outbox").fetchall() == [(b"too large",)]


def test_idempotency_keys_are_kept_for_a_week(each_database: str) -> None:
    with connect(each_database) as connection:
        strategy = open_account(connection)
        for age in (0, 6, 8, 30):
            order = uuid4()
            connection.execute(
                "INSERT INTO orders (client_order_id, strategy_id, symbol, side, origin, quantity, status) "
                "VALUES (%s, %s, 'IBM', 'BUY', 'COMMAND', 1, 'INITIALIZED')",
                [order, strategy],
            )
            connection.execute(
                "INSERT INTO idempotency_keys VALUES (%s, %s, 'same', %s, now() - %s)",
                [strategy, f"{age} days", order, timedelta(days=age)],
            )
        assert prune_idempotency_keys(connection) == 2
        assert connection.execute("SELECT key FROM idempotency_keys ORDER BY created_at").fetchall() == [
            ("6 days",),
            ("0 days",),
        ]
        with pytest.raises(psycopg.Error) as refused:
            prune_idempotency_keys(connection, timedelta(hours=23))
        assert refused.value.sqlstate == "TW009"


def test_one_round_sees_to_every_outbox_of_a_strategy_and_its_feed(each_database: str) -> None:
    with connect(each_database) as connection:
        ours, sharing = open_account(connection, "default.a.1"), open_account(connection, "default.b.2")
        for owner in (feed_owner("feed"), ml_owner(ours), trading_owner(ours), ml_owner(sharing)):
            fill_outbox(connection, owner, [DAYS[0], DAYS[5], None])
        for owner in (ml_owner(ours), trading_owner(ours)):
            advance_watermark(connection, owner, DAYS[5])
        insert_bars(connection, "FILE", bars_at(DAYS[0]))

        # Another strategy of the feed is done with nothing yet: what the feed said stays for it.
        done = maintain(each_database, ours, "feed")
        assert kept(connection, feed_owner("feed")) == [DAYS[0], DAYS[5]]
        assert kept(connection, ml_owner(ours)) == []
        assert kept(connection, trading_owner(ours)) == [DAYS[0], DAYS[5]]
        assert kept(connection, ml_owner(sharing)) == [DAYS[0], DAYS[5], None]
        assert done.outbox_rows == 5
        assert [change.partition for change in done.partitions if change.moved] == ["market_data_2020"]

        for owner in (ml_owner(sharing), trading_owner(sharing)):
            advance_watermark(connection, owner, DAYS[0])
        assert maintain(each_database, ours, "feed").outbox_rows == 1
        assert kept(connection, feed_owner("feed")) == [DAYS[5]]


def test_a_database_that_is_gone_is_said_so() -> None:
    with pytest.raises(MaintenanceFailedError, match="maintenance failed"):
        maintain("postgresql://nobody@/nothing?host=/nowhere", "default.a.1", "feed")


@contextmanager
def working(worker: Maintenance) -> Iterator[threading.Event]:
    stop = threading.Event()
    thread = threading.Thread(target=worker.run, args=(stop,))
    thread.start()
    yield stop
    stop.set()
    thread.join(10)
    assert not thread.is_alive()


def wait_for(what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_the_worker_does_a_round_once_it_leads(each_database: str) -> None:
    leads = threading.Event()
    asked = threading.Semaphore(0)

    def is_leader() -> bool:
        asked.release()
        return leads.is_set()

    with connect(each_database) as connection:
        with working(Maintenance(partial(keep_ledger, each_database, "default.a.1", "feed"), is_leader)):
            assert asked.acquire(timeout=10)
            assert partitions(connection, "market_data") == ["2000s", "2010s"]
            leads.set()
            wait_for(lambda: len(partitions(connection, "market_data")) > 2)
        assert maintain_partitions(connection) == []


def test_the_worker_outlives_a_round_that_fails(each_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tradewind.runtime.maintenance._AGAIN_SECONDS", 0.05)
    with connect(each_database) as connection:
        connection.execute("ALTER FUNCTION maintain_partitions RENAME TO gone")
        asked = 0

        def is_leader() -> bool:
            nonlocal asked
            asked += 1
            return True

        with working(Maintenance(partial(keep_ledger, each_database, "default.a.1", "feed"), is_leader)):
            wait_for(lambda: asked > 3)
            connection.execute("ALTER FUNCTION gone RENAME TO maintain_partitions")
            wait_for(lambda: len(partitions(connection, "market_data")) > 2)
