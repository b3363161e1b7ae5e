"""What a torture knows besides the platform's tables, and the invariants that are checked against both."""

import json
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import psycopg
from confluent_kafka import Consumer as KafkaConsumer
from confluent_kafka import TopicPartition
from tests.torture.feed import Fact
from tests.torture.traders import TortureError

from tradewind.bus.access import KafkaAccess
from tradewind.bus.events import MARKET_DATA, ORDER_EVENTS, TRADING_SIGNALS, dead_letter_topic
from tradewind.store.database import Connection, connect

HERE: Final = Path(__file__).parent
FED_TOPICS: Final = (MARKET_DATA, TRADING_SIGNALS)
_WRITTEN_TOPICS: Final = (ORDER_EVENTS, dead_letter_topic(MARKET_DATA), dead_letter_topic(TRADING_SIGNALS))
_OFFSETS: Final = """
SELECT pg_postmaster_start_time(), broker, topic, partition, next_offset FROM offsets WHERE consumer_group = %s
"""
_SAMPLE_SECONDS: Final = 0.05
_READ_SECONDS: Final = 60.0

Sample = tuple[datetime, str, str, int, int]
"""When the server was started, broker, topic, partition, next offset."""


@dataclass(frozen=True)
class Violation:
    """An invariant that does not hold, and some of the rows that show it."""

    invariant: str
    rows: Sequence[dict[str, Any]]
    count: int

    def __str__(self) -> str:
        shown = "\n".join(f"    {row}" for row in self.rows[:10])
        return f"{self.invariant}: {self.count} violations\n{shown}"


def install(connection: Connection, strategy_id: str, owner: str) -> None:
    """Make the tables of evidence."""
    connection.execute((HERE / "evidence.sql").read_bytes())
    connection.execute("INSERT INTO torture.run VALUES (%s, %s)", [strategy_id, owner])


class OffsetSampler:
    """Reads the stored offsets again and again while the torture goes on, over restarts of the database."""

    def __init__(self, owner: str) -> None:
        self._owner = owner
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.url = ""
        self.samples: list[Sample] = []

    def start(self, url: str) -> None:
        self.url = url
        self._thread.start()

    def end(self) -> list[Sample]:
        self._stop.set()
        self._thread.join()
        return self.samples

    def _run(self) -> None:
        last: dict[tuple[object, ...], int] = {}
        while not self._stop.is_set():
            try:
                with connect(self.url) as connection:
                    while not self._stop.wait(_SAMPLE_SECONDS):
                        for sample in connection.execute(_OFFSETS, [self._owner]):
                            if last.get(sample[:-1]) != sample[-1]:
                                last[sample[:-1]] = sample[-1]
                                self.samples.append(sample)
            except psycopg.OperationalError:
                self._stop.wait(_SAMPLE_SECONDS)


def ends_of(access: KafkaAccess, topics: Sequence[str]) -> dict[tuple[str, int], int]:
    """Return where each partition of these topics ends."""
    consumer = KafkaConsumer({**access.client_config(), "group.id": "torture-evidence"})
    try:
        metadata = consumer.list_topics(timeout=10).topics
        ends = {}
        for topic in topics:
            for partition in metadata[topic].partitions:
                ends[topic, partition] = consumer.get_watermark_offsets(TopicPartition(topic, partition), timeout=10)[1]
        return ends
    finally:
        consumer.close()


def read_topics(access: KafkaAccess, topics: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """Yield all that these topics hold, as rows of torture.messages.

    Raises:
        TortureError: the broker does not hand it out.
    """
    left = {at: end for at, end in ends_of(access, topics).items() if end > 0}
    config = {**access.client_config(), "group.id": "torture-evidence", "enable.auto.commit": False}
    consumer = KafkaConsumer({**config, "auto.offset.reset": "earliest"})
    deadline = time.monotonic() + _READ_SECONDS
    try:
        consumer.assign([TopicPartition(topic, partition, 0) for topic, partition in left])
        while left:
            if time.monotonic() > deadline:
                raise TortureError(f"the topics can't be read back: {left}")
            for message in consumer.consume(2000, 0.2):
                if message.error() is not None:
                    continue
                topic, partition, offset = (
                    str(message.topic()),
                    int(message.partition() or 0),
                    int(message.offset() or 0),
                )
                given: Any = message.headers() or []
                headers = {name: (value or b"").decode() for name, value in given}
                yield (topic, partition, offset, message.key(), message.value(), json.dumps(headers))
                if offset + 1 >= left.get((topic, partition), 0):
                    left.pop((topic, partition), None)
    finally:
        consumer.close()


def collect(connection: Connection, access: KafkaAccess, facts: Iterable[Fact], samples: Iterable[Sample]) -> None:
    """Write down what was fed and sampled, and read the broker back; what stands there from before is replaced."""
    connection.execute("TRUNCATE torture.fed, torture.offset_samples, torture.ends, torture.messages")
    _copy(connection, "fed", ((f.instant, f.symbol, f.kind, f.signal_id, f.side) for f in facts))
    _copy(connection, "offset_samples (server_start, broker, topic, partition, next_offset)", samples)
    _copy(connection, "ends", ((*at, end) for at, end in ends_of(access, FED_TOPICS).items()))
    _copy(connection, "messages", read_topics(access, (*FED_TOPICS, *_WRITTEN_TOPICS)))
    connection.execute("ANALYZE")


def _copy(connection: Connection, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    with connection.cursor().copy(f"COPY torture.{table} FROM STDIN".encode()) as copy:
        for row in rows:
            copy.write_row(row)


def check(connection: Connection) -> list[Violation]:
    """Check every invariant; return those that do not hold."""
    violations = []
    for file in sorted((HERE / "invariants").glob("*.sql")):
        cursor = connection.execute(file.read_bytes())
        names = [column.name for column in cursor.description or ()]
        rows = cursor.fetchmany(10)
        if rows:
            plain = [{name: _plain(value) for name, value in zip(names, row, strict=True)} for row in rows]
            violations.append(Violation(file.stem, plain, cursor.rowcount))
    return violations


def describe_takeovers(connection: Connection) -> list[str]:
    """Return how long it took after a leader's end until its successor had decided and ordered, by kind of end."""
    rows = connection.execute((HERE / "takeovers.sql").read_bytes())
    return [
        f"takeover after {fault}: {count} times, first decision p50 {decision_50:.2f} s p99 {decision_99:.2f} s, "
        f"first order p50 {order_50:.2f} s p99 {order_99:.2f} s"
        for fault, count, decision_50, decision_99, order_50, order_99 in rows
    ]


def count_orders(connection: Connection) -> tuple[int, int]:
    """Return how many orders signals made, denied ones included, and how many fills there were."""
    row = connection.execute(
        "SELECT (SELECT count(*) FROM orders WHERE origin = 'SIGNAL'), (SELECT count(*) FROM trades)"
    ).fetchone()
    assert row is not None
    return row[0], row[1]


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else str(value) if value is not None else None
