"""Reader and relay against a real PostgreSQL and a broker that speaks Kafka."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Protocol
from uuid import uuid4

import pytest

from tradewind.bus.consumer import Consumer
from tradewind.bus.events import MARKET_DATA, BarMissing, Event, encode
from tradewind.bus.producer import Outgoing, Producer
from tradewind.runtime.reader import Reader
from tradewind.runtime.relay import Relay
from tradewind.store.database import Connection, connect
from tradewind.store.errors import EpochOverError
from tradewind.store.outbox import add, read_waiting
from tradewind.store.watermarks import advance_watermark
from tradewind.store.writer import Writer

NOW = datetime(2024, 1, 2, 21, tzinfo=UTC)


class Kafka(Protocol):
    bootstrap_servers: str
    generation: str


@pytest.fixture
def writer(database_url: str) -> Iterator[Writer]:
    with Writer(database_url, f"owner-{uuid4()}") as writer:
        assert writer.acquire(threading.Event(), lambda _: None)
        yield writer


@contextmanager
def reading(
    kafka: Kafka, writer: Writer, receive: Callable[[Connection, Sequence[Event]], None], broker: str = ""
) -> Iterator[Reader]:
    with Consumer(kafka.bootstrap_servers, writer.owner, broker or kafka.generation) as consumer:
        reader = Reader(consumer, writer, [MARKET_DATA], receive)
        reader.start()
        yield reader


def read_until(reader: Reader, done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not done():
        assert time.monotonic() < deadline, "nothing more arrived"
        reader.read(0.2)


def publish(kafka: Kafka, *values: bytes, key: bytes = b"k") -> None:
    producer = Producer(kafka.bootstrap_servers, kafka.generation)
    producer.publish([Outgoing(MARKET_DATA, key, value, {}) for value in values])


def missing(feed_id: str, symbol: str = "AAPL") -> bytes:
    return encode(BarMissing(feed_id=feed_id, symbol=symbol, interval="1d", close_time=NOW))


def test_a_malformed_message_becomes_a_dead_letter_and_the_reader_goes_on(
    kafka: Kafka, database_url: str, writer: Writer
) -> None:
    mine = f"feed-{uuid4()}"
    publish(kafka, missing(mine, "A"), b"\xff not json", missing(mine, "B"))
    seen: list[str] = []

    def receive(_: Connection, events: Sequence[Event]) -> None:
        seen.extend(e.symbol for e in events if isinstance(e, BarMissing) and e.feed_id == mine)

    with reading(kafka, writer, receive) as reader:
        read_until(reader, lambda: "B" in seen)
    with connect(database_url) as connection:
        dead = [row for row in read_waiting(connection, writer.owner, 100) if row.value == b"\xff not json"]
    assert seen == ["A", "B"]
    assert len(dead) == 1
    assert dead[0].topic == "market_data.dlq"
    assert dead[0].key == b"k"
    assert dead[0].headers["group"] == writer.owner
    assert dead[0].headers["topic"] == "market_data"
    assert "JSON is malformed" in dead[0].headers["error"]


def test_one_message_that_fails_is_buried_and_the_rest_of_its_batch_stands(kafka: Kafka, writer: Writer) -> None:
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


def test_a_reader_goes_on_where_it_stopped_and_starts_over_on_a_new_broker(kafka: Kafka, writer: Writer) -> None:
    mine = f"feed-{uuid4()}"
    seen: list[str] = []

    def receive(_: Connection, events: Sequence[Event]) -> None:
        seen.extend(e.symbol for e in events if isinstance(e, BarMissing) and e.feed_id == mine)

    publish(kafka, missing(mine, "A"))
    with reading(kafka, writer, receive) as reader:
        read_until(reader, lambda: seen == ["A"])
    publish(kafka, missing(mine, "B"))
    with reading(kafka, writer, receive) as reader:
        read_until(reader, lambda: "B" in seen)
    assert seen == ["A", "B"]
    with reading(kafka, writer, receive) as reader:
        for _ in range(5):
            reader.read(0.2)
    assert seen == ["A", "B"]
    with reading(kafka, writer, receive, broker="another broker") as reader:
        read_until(reader, lambda: seen.count("B") == 2)
    assert seen == ["A", "B", "A", "B"]


def test_the_relay_publishes_in_order_once(kafka: Kafka, database_url: str, writer: Writer) -> None:
    mine = f"feed-{uuid4()}"
    symbols = [f"S{n}" for n in range(20)]
    with writer.transaction() as connection:
        for symbol in symbols:
            add(connection, writer.owner, MARKET_DATA, b"one key", missing(mine, symbol), NOW)
    seen: list[str] = []

    def receive(_: Connection, events: Sequence[Event]) -> None:
        seen.extend(e.symbol for e in events if isinstance(e, BarMissing) and e.feed_id == mine)

    stop = threading.Event()
    relay = Relay(database_url, writer.owner, Producer(kafka.bootstrap_servers, kafka.generation), [])
    thread = threading.Thread(target=relay.run, args=(stop,))
    thread.start()
    try:
        with reading(kafka, writer, receive) as reader:
            read_until(reader, lambda: len(seen) == len(symbols))
    finally:
        stop.set()
        thread.join()
    assert seen == symbols
    assert [row for row in read_waiting(writer.connection, writer.owner, 10) if row.topic == MARKET_DATA] == []


def test_a_row_too_large_for_the_broker_holds_up_nothing(kafka: Kafka, database_url: str, writer: Writer) -> None:
    mine = f"feed-{uuid4()}"
    with writer.transaction() as connection:
        for value in (missing(mine, "A"), b"x" * 9_000_000, missing(mine, "B")):
            add(connection, writer.owner, MARKET_DATA, b"one key", value, NOW)
    stop = threading.Event()
    relay = Relay(database_url, writer.owner, Producer(kafka.bootstrap_servers, kafka.generation), [])
    thread = threading.Thread(target=relay.run, args=(stop,))
    thread.start()
    seen: list[str] = []

    def receive(_: Connection, events: Sequence[Event]) -> None:
        seen.extend(e.symbol for e in events if isinstance(e, BarMissing) and e.feed_id == mine)

    try:
        with reading(kafka, writer, receive) as reader:
            read_until(reader, lambda: len(seen) == 2)
    finally:
        stop.set()
        thread.join()
    assert seen == ["A", "B"]
    kept = writer.connection.execute("SELECT count(*) FROM outbox WHERE length(value) = 9000000").fetchone()
    assert kept == (1,)


def test_a_dead_letter_may_be_larger_than_its_message(kafka: Kafka, database_url: str, writer: Writer) -> None:
    publish(kafka, b"x" * 999_800)
    stop = threading.Event()
    relay = Relay(database_url, writer.owner, Producer(kafka.bootstrap_servers, kafka.generation), [])
    thread = threading.Thread(target=relay.run, args=(stop,))
    thread.start()

    def published() -> bool:
        row = writer.connection.execute(
            "SELECT count(*) FROM outbox WHERE length(value) = 999800 AND published_at IS NOT NULL"
        ).fetchone()
        return row == (1,)

    try:
        with reading(kafka, writer, lambda *_: None) as reader:
            read_until(reader, published)
    finally:
        stop.set()
        thread.join()


def test_a_new_broker_gets_again_what_some_reader_still_needs(kafka: Kafka, database_url: str, writer: Writer) -> None:
    with writer.transaction() as connection:
        for day in range(1, 5):
            add(connection, writer.owner, MARKET_DATA, b"k", b"{}", datetime(2024, 1, day, tzinfo=UTC))
    for reader, day in (("fast", 4), ("slow", 2)):
        advance_watermark(writer.connection, f"{writer.owner}.{reader}", datetime(2024, 1, day, tzinfo=UTC))
    readers = [f"{writer.owner}.fast", f"{writer.owner}.slow"]

    def publish_all(generation: str, readers: Sequence[str]) -> int:
        stop = threading.Event()
        relay = Relay(database_url, writer.owner, Producer(kafka.bootstrap_servers, generation), readers)
        before = published_times()
        thread = threading.Thread(target=relay.run, args=(stop,))
        thread.start()
        try:
            deadline = time.monotonic() + 20
            while time.monotonic() < deadline and (
                read_waiting(writer.connection, writer.owner, 10) or met_broker() != generation
            ):
                time.sleep(0.02)
        finally:
            stop.set()
            thread.join()
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
    assert reasons == [f"another process writes for {writer.owner}"]
