"""Readers and relays for tests, wired as the composition roots do it."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

from tradewind.bus.access import KafkaAccess
from tradewind.bus.consumer import Consumer
from tradewind.bus.events import MARKET_DATA, BarMissing, Event, encode
from tradewind.bus.producer import Outgoing, Producer
from tradewind.runtime.reader import Reader, Receive
from tradewind.runtime.relay import Relay
from tradewind.store.database import Connection
from tradewind.store.writer import Writer

NOW = datetime(2024, 1, 2, 21, tzinfo=UTC)


class Seen:
    """Receives events, and keeps the symbols of one feed's in the order in which they came."""

    def __init__(self, feed_id: str) -> None:
        self.feed_id = feed_id
        self.symbols: list[str] = []

    def __call__(self, _: Connection, events: Sequence[Event]) -> None:
        self.symbols += [e.symbol for e in events if isinstance(e, BarMissing) and e.feed_id == self.feed_id]


def missing(feed_id: str, symbol: str = "AAPL") -> bytes:
    return encode(BarMissing(feed_id=feed_id, symbol=symbol, interval="1d", close_time=NOW))


def publish(kafka: KafkaAccess, *values: bytes) -> None:
    Producer(kafka).publish([Outgoing(MARKET_DATA, b"one key", value, {}) for value in values])


@contextmanager
def reading(kafka: KafkaAccess, writer: Writer, receive: Receive) -> Iterator[Reader]:
    with Consumer(kafka, writer.owner) as consumer:
        reader = Reader(consumer, writer, [MARKET_DATA], receive)
        reader.start()
        yield reader


@contextmanager
def relaying(
    database_url: str,
    owner: str,
    kafka: KafkaAccess,
    readers: Sequence[str] = (),
    producer: Producer | None = None,
) -> Iterator[Relay]:
    stop = threading.Event()
    relay = Relay(database_url, owner, producer or Producer(kafka), readers, [MARKET_DATA])
    thread = threading.Thread(target=relay.run, args=(stop,))
    thread.start()
    try:
        yield relay
    finally:
        stop.set()
        relay.wake()
        thread.join()


def read_until(reader: Reader, done: Callable[[], bool], seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline, f"nothing more arrived; {reader.problem() or 'the reader sees no problem'}"
        reader.read(0.2)
