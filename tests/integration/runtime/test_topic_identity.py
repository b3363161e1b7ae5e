"""A topic that was deleted and made again has its old name and other offsets."""

import time
from collections.abc import Callable
from uuid import uuid4

import pytest
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewPartitions
from tests.brokers import KitBroker
from tests.integration.runtime.wiring import NOW, Seen, missing, publish, read_until, reading, relaying

from tradewind.bus.access import KafkaAccess
from tradewind.bus.events import MARKET_DATA
from tradewind.bus.producer import Outgoing, Producer
from tradewind.bus.topics import ensure_topics
from tradewind.store.outbox import add
from tradewind.store.writer import Writer


@pytest.fixture
def kafka(breakable_kafka: KitBroker) -> KafkaAccess:
    ensure_topics(breakable_kafka.access)
    return breakable_kafka.access


def delete(kafka: KafkaAccess) -> None:
    admin = AdminClient(kafka.client_config())
    admin.delete_topics([MARKET_DATA])[MARKET_DATA].result()
    wait_until(lambda: MARKET_DATA not in admin.list_topics(timeout=5).topics)


def wait_until(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not done():
        assert time.monotonic() < deadline, "it does not come about"
        time.sleep(0.02)


def test_a_reader_begins_anew_when_a_topic_was_made_again_while_it_was_down(kafka: KafkaAccess, writer: Writer) -> None:
    seen = Seen(f"feed-{uuid4()}")
    publish(kafka, *(missing(seen.feed_id, f"OLD{n}") for n in range(3)))
    with reading(kafka, writer, seen) as reader:
        read_until(reader, lambda: len(seen.symbols) == 3)
    delete(kafka)
    ensure_topics(kafka)
    # More than were there before: by the old positions the first three would be passed over.
    publish(kafka, *(missing(seen.feed_id, f"NEW{n}") for n in range(5)))
    with reading(kafka, writer, seen) as reader:
        read_until(reader, lambda: len(seen.symbols) == 8)
    assert seen.symbols[3:] == [f"NEW{n}" for n in range(5)]


def test_a_reader_that_runs_says_so_while_its_topic_is_gone_and_begins_anew_by_itself(
    kafka: KafkaAccess, writer: Writer
) -> None:
    seen = Seen(f"feed-{uuid4()}")
    publish(kafka, *(missing(seen.feed_id, f"OLD{n}") for n in range(3)))
    with reading(kafka, writer, seen) as reader:
        read_until(reader, lambda: len(seen.symbols) == 3)
        assert reader.problem() is None
        delete(kafka)
        read_until(reader, lambda: "Kafka has no topic market_data" in (reader.problem() or ""))
        ensure_topics(kafka)
        publish(kafka, *(missing(seen.feed_id, f"NEW{n}") for n in range(5)))
        read_until(reader, lambda: len(seen.symbols) == 8)
        assert reader.problem() is None
    assert seen.symbols[3:] == [f"NEW{n}" for n in range(5)]


def test_a_reader_that_missed_a_quick_change_still_gets_everything(kafka: KafkaAccess, writer: Writer) -> None:
    seen = Seen(f"feed-{uuid4()}")
    publish(kafka, *(missing(seen.feed_id, f"OLD{n}") for n in range(3)))
    with reading(kafka, writer, seen) as reader:
        read_until(reader, lambda: len(seen.symbols) == 3)
        delete(kafka)
        ensure_topics(kafka)
        publish(kafka, *(missing(seen.feed_id, f"NEW{n}") for n in range(5)))
        read_until(reader, lambda: {f"NEW{n}" for n in range(5)} <= set(seen.symbols))


def test_the_relay_publishes_again_to_a_topic_that_was_made_again(
    kafka: KafkaAccess, database_url: str, writer: Writer
) -> None:
    seen = Seen(f"feed-{uuid4()}")
    with writer.transaction() as connection:
        for n in range(3):
            add(connection, writer.owner, MARKET_DATA, b"one key", missing(seen.feed_id, f"S{n}"), NOW)
    with relaying(database_url, writer.owner, kafka, ["a reader that is done with nothing"]):
        with reading(kafka, writer, seen) as reader:
            read_until(reader, lambda: len(seen.symbols) == 3)
        delete(kafka)
        ensure_topics(kafka)
        again = Seen(seen.feed_id)
        with reading(kafka, writer, again) as reader:
            read_until(reader, lambda: len(again.symbols) == 3)
    assert again.symbols == seen.symbols == ["S0", "S1", "S2"]


def test_partitions_that_are_added_are_read_as_well(kafka: KafkaAccess, writer: Writer) -> None:
    seen = Seen(f"feed-{uuid4()}")
    with reading(kafka, writer, seen) as reader:
        reader.read(0.2)
        admin = AdminClient(kafka.client_config())
        admin.create_partitions([NewPartitions(MARKET_DATA, 12)])[MARKET_DATA].result()
        wait_until(lambda: len(admin.list_topics(MARKET_DATA, timeout=5).topics[MARKET_DATA].partitions) == 12)
        Producer(kafka).publish(
            [Outgoing(MARKET_DATA, f"key {n}".encode(), missing(seen.feed_id, f"S{n}"), {}) for n in range(40)]
        )
        read_until(reader, lambda: len(set(seen.symbols)) == 40)
    delete(kafka)
