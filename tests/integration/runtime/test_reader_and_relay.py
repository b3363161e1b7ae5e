"""Reader and relay against a real PostgreSQL, on the embedded broker and on a real Apache Kafka."""

import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import LiteralString
from uuid import uuid4

import pytest
from tests.integration.runtime.wiring import NOW, Seen, missing, publish, read_until, reading, relaying

from tradewind.bus.access import KafkaAccess
from tradewind.bus.events import MARKET_DATA, BarMissing, Event
from tradewind.store.database import Connection, connect
from tradewind.store.errors import EpochOverError
from tradewind.store.outbox import add, read_waiting
from tradewind.store.watermarks import advance_watermark
from tradewind.store.writer import Writer


@pytest.fixture(params=["embedded", "real"])
def kafka(request: pytest.FixtureRequest) -> KafkaAccess:
    """Each test of this module runs on both brokers."""
    access: KafkaAccess = request.getfixturevalue(f"{request.param}_kafka")
    return access


def count(writer: Writer, condition: LiteralString, *values: object) -> int:
    row = writer.connection.execute("SELECT count(*) FROM outbox WHERE " + condition, values).fetchone()
    assert row is not None
    return int(row[0])


def test_a_malformed_message_becomes_a_dead_letter_and_the_reader_goes_on(
    kafka: KafkaAccess, database_url: str, writer: Writer
) -> None:
    mine = f"feed-{uuid4()}"
    publish(kafka, missing(mine, "A"), b"\xff not json", missing(mine, "B"))
    seen = Seen(mine)
    with reading(kafka, writer, seen) as reader:
        read_until(reader, lambda: "B" in seen.symbols)
    with connect(database_url) as connection:
        dead = [row for row in read_waiting(connection, writer.owner, 100) if row.value == b"\xff not json"]
    assert seen.symbols == ["A", "B"]
    assert len(dead) == 1
    assert dead[0].topic == "market_data.dlq"
    assert dead[0].key == b"one key"
    assert dead[0].headers["group"] == writer.owner
    assert dead[0].headers["topic"] == "market_data"
    assert "JSON is malformed" in dead[0].headers["error"]


def test_one_message_that_fails_is_buried_and_the_rest_of_its_batch_stands(kafka: KafkaAccess, writer: Writer) -> None:
    mine = f"feed-{uuid4()}"
    publish(kafka, *(missing(mine, symbol) for symbol in ("A", "BAD", "C")))

    def receive(connection: Connection, events: Sequence[Event]) -> None:
        for event in events:
            if isinstance(event, BarMissing) and event.feed_id == mine:
                if event.symbol == "BAD":
                    raise ValueError("this one can't be")
                advance_watermark(connection, f"{mine}.{event.symbol}", NOW)

    def stored() -> set[str]:
        rows = writer.connection.execute("SELECT owner FROM watermarks WHERE owner LIKE %s", [f"{mine}.%"])
        return {row[0].rsplit(".", 1)[1] for row in rows}

    with reading(kafka, writer, receive) as reader:
        read_until(reader, lambda: "C" in stored())
    assert stored() == {"A", "C"}
    dead = [row for row in read_waiting(writer.connection, writer.owner, 100) if row.value == missing(mine, "BAD")]
    assert [row.headers["error"] for row in dead] == ["ValueError: this one can't be"]


def test_a_reader_goes_on_where_it_stopped_and_starts_over_on_a_new_broker(kafka: KafkaAccess, writer: Writer) -> None:
    seen = Seen(f"feed-{uuid4()}")
    publish(kafka, missing(seen.feed_id, "A"))
    with reading(kafka, writer, seen) as reader:
        read_until(reader, lambda: seen.symbols == ["A"])
    publish(kafka, missing(seen.feed_id, "B"))
    with reading(kafka, writer, seen) as reader:
        read_until(reader, lambda: "B" in seen.symbols)
    assert seen.symbols == ["A", "B"]
    with reading(kafka, writer, seen) as reader:
        for _ in range(5):
            reader.read(0.2)
    assert seen.symbols == ["A", "B"]
    with reading(replace(kafka, generation="another broker"), writer, seen) as reader:
        read_until(reader, lambda: seen.symbols.count("B") == 2)
    assert seen.symbols == ["A", "B", "A", "B"]


def test_the_relay_publishes_in_order_once(kafka: KafkaAccess, database_url: str, writer: Writer) -> None:
    seen = Seen(f"feed-{uuid4()}")
    symbols = [f"S{n}" for n in range(20)]
    with writer.transaction() as connection:
        for symbol in symbols:
            add(connection, writer.owner, MARKET_DATA, b"one key", missing(seen.feed_id, symbol), NOW)
    with relaying(database_url, writer.owner, kafka), reading(kafka, writer, seen) as reader:
        read_until(reader, lambda: len(seen.symbols) == len(symbols))
    assert seen.symbols == symbols
    assert count(writer, "topic = %s AND published_at IS NULL", MARKET_DATA) == 0


def test_a_row_too_large_for_the_broker_holds_up_nothing(kafka: KafkaAccess, database_url: str, writer: Writer) -> None:
    seen = Seen(f"feed-{uuid4()}")
    with writer.transaction() as connection:
        for value in (missing(seen.feed_id, "A"), b"x" * 9_000_000, missing(seen.feed_id, "B")):
            add(connection, writer.owner, MARKET_DATA, b"one key", value, NOW)
    with relaying(database_url, writer.owner, kafka), reading(kafka, writer, seen) as reader:
        read_until(reader, lambda: len(seen.symbols) == 2)
    assert seen.symbols == ["A", "B"]
    assert count(writer, "length(value) = 9000000") == 1


def test_a_dead_letter_may_be_larger_than_its_message(kafka: KafkaAccess, database_url: str, writer: Writer) -> None:
    large = uuid4().hex.encode() * 31_243
    publish(kafka, large)
    with relaying(database_url, writer.owner, kafka), reading(kafka, writer, lambda *_: None) as reader:
        read_until(reader, lambda: count(writer, "value = %s AND published_at IS NOT NULL", large) == 1)


def test_a_new_broker_gets_again_what_some_reader_still_needs(
    kafka: KafkaAccess, database_url: str, writer: Writer
) -> None:
    with writer.transaction() as connection:
        for day in range(1, 5):
            add(connection, writer.owner, MARKET_DATA, b"k", b"{}", datetime(2024, 1, day, tzinfo=UTC))
    for reader, day in (("fast", 4), ("slow", 2)):
        advance_watermark(writer.connection, f"{writer.owner}.{reader}", datetime(2024, 1, day, tzinfo=UTC))
    readers = [f"{writer.owner}.fast", f"{writer.owner}.slow"]

    def publish_all(generation: str, readers: Sequence[str]) -> int:
        before = published_times()
        with relaying(database_url, writer.owner, replace(kafka, generation=generation), readers):
            deadline = time.monotonic() + 20
            while count(writer, "published_at IS NULL") or met_broker() != generation:
                assert time.monotonic() < deadline, "the relay does not get done"
                time.sleep(0.02)
        return sum(a != b for a, b in zip(before, published_times(), strict=True))

    def published_times() -> list[datetime | None]:
        rows = writer.connection.execute(
            "SELECT published_at FROM outbox WHERE owner = %s ORDER BY outbox_id", [writer.owner]
        )
        return [row[0] for row in rows]

    def met_broker() -> str | None:
        row = writer.connection.execute("SELECT broker FROM relays WHERE owner = %s", [writer.owner]).fetchone()
        return None if row is None else row[0]

    assert publish_all("first", readers) == 4
    assert publish_all("second", readers) == 2
    assert publish_all("third", [*readers, "has read nothing yet"]) == 4


def test_a_writer_whose_epoch_was_raised_can_write_nothing(database_url: str, writer: Writer) -> None:
    with connect(database_url) as other:
        other.execute("SELECT raise_epoch(%s, 'someone else')", [writer.owner])
    with pytest.raises(EpochOverError), writer.transaction() as connection:
        advance_watermark(connection, "never", NOW)
    assert writer.connection.execute("SELECT count(*) FROM watermarks").fetchone() == (0,)


def test_a_second_writer_waits_and_says_why(database_url: str, writer: Writer) -> None:
    stop = threading.Event()
    reasons: list[str] = []

    def waits(reason: str) -> None:
        reasons.append(reason)
        stop.set()

    with Writer(database_url, writer.owner) as second:
        assert not second.acquire(stop, waits)
    assert reasons[0].startswith(f"another process writes for {writer.owner}: ")
