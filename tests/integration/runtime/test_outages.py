"""A broker that dies, hangs or loses its leader in the middle: nothing lost, each key in order, offsets right."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from uuid import uuid4

import pytest
from confluent_kafka import Consumer as KafkaConsumer
from confluent_kafka import TopicPartition
from confluent_kafka.admin import AdminClient
from tests.brokers import KitBroker
from tests.integration.runtime.wiring import NOW, Seen, missing, read_until, reading, relaying

from tradewind.bus.access import KafkaAccess
from tradewind.bus.events import MARKET_DATA
from tradewind.bus.producer import Outgoing, Producer
from tradewind.bus.topics import ensure_topics
from tradewind.runtime.relay import Relay
from tradewind.store.outbox import add
from tradewind.store.writer import Writer

KEYS = ("A", "B", "C", "D", "E")


@pytest.fixture
def single(breakable_kafka: KitBroker) -> KitBroker:
    ensure_topics(breakable_kafka.access)
    return breakable_kafka


@pytest.fixture
def three(three_brokers: KitBroker) -> KitBroker:
    ensure_topics(three_brokers.access)
    return three_brokers


class Feed:
    """Puts rows in the outbox all the time, as a service does: numbered by key, a few keys."""

    def __init__(self, database_url: str, relay: Relay, owner: str, feed_id: str) -> None:
        self._writer = Writer(database_url, f"{owner}.feed")
        self._relay = relay
        self._owner = owner
        self._feed_id = feed_id
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.given = 0
        """How many numbers every key has been given."""

    def _run(self) -> None:
        assert self._writer.acquire(self._stop, lambda _: None)
        while not self._stop.wait(0.005):
            with self._writer.transaction() as connection:
                for key in KEYS:
                    value = missing(self._feed_id, f"{key}{self.given}")
                    add(connection, self._owner, MARKET_DATA, key.encode(), value, NOW)
            self.given += 1
            self._relay.wake()

    @contextmanager
    def running(self) -> Iterator[None]:
        self._thread.start()
        try:
            yield
        finally:
            self._stop.set()
            self._thread.join()
            self._writer.close()


def ends(kafka: KafkaAccess) -> dict[int, int]:
    """Return where each partition ends, by the broker itself."""
    consumer = KafkaConsumer({**kafka.client_config(), "group.id": "test"})
    partitions = consumer.list_topics(MARKET_DATA, timeout=10).topics[MARKET_DATA].partitions
    found = {p: consumer.get_watermark_offsets(TopicPartition(MARKET_DATA, p), timeout=10)[1] for p in partitions}
    consumer.close()
    return {partition: end for partition, end in found.items() if end}


def offsets(writer: Writer) -> dict[int, int]:
    rows = writer.connection.execute(
        "SELECT partition, next_offset FROM offsets WHERE consumer_group = %s", [writer.owner]
    )
    return {row[0]: row[1] for row in rows}


def go_through(database_url: str, writer: Writer, kit: KitBroker, trouble: Callable[[], None]) -> None:
    """Publish and read all the time, with trouble in the middle, and check what came."""
    seen = Seen(f"feed-{uuid4()}")
    with relaying(database_url, writer.owner, kit.access) as relay:
        feed = Feed(database_url, relay, writer.owner, seen.feed_id)
        with reading(kit.access, writer, seen) as reader:

            def got(numbers: int) -> bool:
                return len({*seen.symbols}) >= numbers * len(KEYS)

            with feed.running():
                read_until(reader, lambda: got(50))
                trouble_thread = threading.Thread(target=trouble)
                trouble_thread.start()
                before = feed.given
                # Whoever reads goes on asking while the broker is away.
                read_until(reader, lambda: not trouble_thread.is_alive(), seconds=60)
                read_until(reader, lambda: got(before + 50), seconds=60)
            read_until(reader, lambda: got(feed.given), seconds=60)
            wanted = ends(kit.access)
            read_until(reader, lambda: offsets(writer) == wanted)
            assert reader.problem() is None
            assert relay.problem() is None
    first = list(dict.fromkeys(seen.symbols))
    for key in KEYS:
        assert [it for it in first if it[0] == key] == [f"{key}{n}" for n in range(feed.given)]


def test_a_broker_that_is_killed_and_started_again(database_url: str, writer: Writer, single: KitBroker) -> None:
    def trouble() -> None:
        single.kill()
        single.start()

    go_through(database_url, writer, single, trouble)


def test_a_broker_that_hangs_for_a_while(database_url: str, writer: Writer, single: KitBroker) -> None:
    def trouble() -> None:
        with paused(single):
            threading.Event().wait(5)

    go_through(database_url, writer, single, trouble)


class TellingProducer(Producer):
    """Says when it begins to publish."""

    def __init__(self, access: KafkaAccess) -> None:
        super().__init__(access)
        self.begins = threading.Event()

    def publish(self, messages: Sequence[Outgoing], stop: threading.Event | None = None) -> list[int]:
        self.begins.set()
        return super().publish(messages, stop)


def test_a_relay_stops_when_told_though_its_broker_hangs_and_the_next_one_publishes(
    database_url: str, writer: Writer, single: KitBroker
) -> None:
    seen = Seen(f"feed-{uuid4()}")
    producer = TellingProducer(single.access)
    with reading(single.access, writer, seen) as reader:
        with ExitStack() as running:
            relay = running.enter_context(relaying(database_url, writer.owner, single.access, producer=producer))
            give(writer, relay, missing(seen.feed_id, "A"))
            read_until(reader, lambda: seen.symbols == ["A"])
            producer.begins.clear()
            with paused(single):
                give(writer, relay, missing(seen.feed_id, "B"))
                assert producer.begins.wait(20)
                started = time.monotonic()
                running.close()
                took = time.monotonic() - started
        with relaying(database_url, writer.owner, single.access):
            read_until(reader, lambda: "B" in seen.symbols)
    assert took < 5
    assert set(seen.symbols) == {"A", "B"}


def give(writer: Writer, relay: Relay, value: bytes) -> None:
    with writer.transaction() as connection:
        add(connection, writer.owner, MARKET_DATA, b"one key", value, NOW)
    relay.wake()


@contextmanager
def paused(kit: KitBroker) -> Iterator[None]:
    kit.pause()
    try:
        yield
    finally:
        kit.resume()


def test_a_leader_among_three_that_is_killed(database_url: str, writer: Writer, three: KitBroker) -> None:
    admin = AdminClient(three.access.client_config())
    leader = admin.list_topics(MARKET_DATA, timeout=10).topics[MARKET_DATA].partitions[0].leader

    go_through(database_url, writer, three, lambda: three.kill(leader))
    three.start(leader)


def test_a_service_that_starts_before_its_broker_waits_for_it_and_stops_when_told(
    database_url: str, writer: Writer, single: KitBroker
) -> None:
    seen = Seen(f"feed-{uuid4()}")
    with writer.transaction() as connection:
        add(connection, writer.owner, MARKET_DATA, b"key", missing(seen.feed_id, "A"), NOW)
    single.kill()
    try:
        with relaying(database_url, writer.owner, single.access), reading(single.access, writer, seen) as reader:
            assert "no Kafka broker answers" in (reader.problem() or "")
            assert reader.read(0.05) == 0
        with relaying(database_url, writer.owner, single.access), reading(single.access, writer, seen) as reader:
            single.start()
            read_until(reader, lambda: seen.symbols == ["A"])
            assert reader.problem() is None
    finally:
        single.start()
