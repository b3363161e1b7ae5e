"""Reads topics from positions that the caller keeps."""

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

from confluent_kafka import TIMESTAMP_NOT_AVAILABLE, KafkaError, KafkaException, TopicPartition
from confluent_kafka import Consumer as KafkaConsumer
from confluent_kafka import Message as KafkaMessage

from tradewind.bus.access import KafkaAccess
from tradewind.bus.errors import PositionLostError, TopicMissingError
from tradewind.bus.identity import REQUEST_SECONDS, TopicWatch
from tradewind.bus.outage import Outage

log = logging.getLogger(__name__)
_PASSING: Final = frozenset(
    {
        KafkaError._PARTITION_EOF,
        KafkaError._ALL_BROKERS_DOWN,
        KafkaError._TRANSPORT,
        KafkaError._TIMED_OUT,
        # Offsets are committed for lag graphs only: a user without the right to its group reads all the same.
        KafkaError.GROUP_AUTHORIZATION_FAILED,
    }
)


_COMMIT_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class Message:
    """One message, raw; `published` is when it was, in seconds since 1970, 0 where the broker does not say."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    published: float = 0.0


class Consumer:
    """Reads every partition of its topics. Positions live with the caller (in Postgres), not in Kafka.

    Args:
        access: the broker.
        group: names the reader in lag graphs; what is committed under it decides nothing.
    """

    def __init__(self, access: KafkaAccess, group: str) -> None:
        self._outage = Outage(access)
        self._watch = TopicWatch(access)
        config: dict[str, Any] = {
            **access.client_config(),
            "group.id": group,
            "enable.auto.commit": False,
            "enable.auto.offset.store": False,
            # A position that the broker does not have is an error: going on elsewhere would lose messages silently.
            "auto.offset.reset": "error",
            "topic.metadata.refresh.interval.ms": 30_000,
            # A backlog comes partition by partition, in pieces of this size: bars and their signals stay close.
            "fetch.message.max.bytes": 64 * 1024,
            "error_cb": self._outage.hear,
        }
        if access.generation:
            # The embedded broker answers a waiting fetch only when its time is up.
            config["fetch.wait.max.ms"] = 10
        self._consumer = KafkaConsumer(config, logger=logging.getLogger("librdkafka"))
        self._reached: dict[tuple[str, int], int] = {}
        self._committed_at = 0.0

    def identities(self, topics: Sequence[str]) -> Mapping[str, str]:
        """Return each topic's identity: positions belong to it, and mean nothing under another.

        Raises:
            BusError: no broker answers, or a topic does not exist.
        """
        return self._watch.identities(topics)

    def start(self, topics: Sequence[str], positions: Mapping[tuple[str, int], int]) -> None:
        """Read every partition of the topics from its position, from the beginning where it has none.

        Messages that the broker deleted before they were read are gone: this is logged, and reading goes on after them.

        Raises:
            PositionLostError: a partition ends before its position.
            BusError: a topic does not exist or no broker answers.
        """
        self._reached.clear()
        self._consumer.unassign()  # what is asked now would wait behind each fetch that waits for messages
        assignment = []
        for topic in topics:
            for partition in self._partitions(topic):
                position = positions.get((topic, partition), 0)
                assignment.append(TopicPartition(topic, partition, self._checked(topic, partition, position)))
        self._outage.over()
        self._consumer.assign(assignment)

    def poll(self, limit: int, timeout: float) -> list[Message]:
        """Return the messages that are there, at most `limit`, waiting at most `timeout` seconds for the first.

        Raises:
            BusError: something that waiting does not mend, such as a topic that has become another; `start` again.
        """
        self._watch.check()
        self._commit()
        # librdkafka's own batches wait for their full time unless they are full.
        arrived = self._consumer.consume(1, timeout)
        if arrived and limit > 1:
            arrived += self._consumer.consume(limit - 1, 0)
        return [message for it in arrived if (message := self._message(it)) is not None]

    def commit(self, positions: Mapping[tuple[str, int], int]) -> None:
        """Tell Kafka how far the reader is, soon, for lag graphs only; failure does not matter."""
        self._reached.update(positions)
        self._commit()

    def _commit(self, pause: float = _COMMIT_SECONDS) -> None:
        """Tell it once in a while: a broker writes each telling to its log."""
        if self._reached and time.monotonic() - self._committed_at >= pause:
            offsets = [TopicPartition(topic, partition, at) for (topic, partition), at in self._reached.items()]
            self._reached.clear()
            self._committed_at = time.monotonic()
            self._consumer.commit(offsets=offsets, asynchronous=True)

    def _partitions(self, topic: str) -> Sequence[int]:
        try:
            metadata = self._consumer.list_topics(topic, timeout=REQUEST_SECONDS).topics[topic]
        except KafkaException as error:
            self._consumer.poll(0)  # lets the callbacks speak; a message is read again from its caller's position
            raise self._outage.explain(error, "Read", (topic,)) from None
        if metadata.error is not None:
            raise self._outage.explain(metadata.error, "Read", (topic,))
        if not metadata.partitions:
            raise TopicMissingError((topic,))
        return list(metadata.partitions)

    def _checked(self, topic: str, partition: int, position: int) -> int:
        """Return where reading goes on: the position, or the first message that the broker still has."""
        at = TopicPartition(topic, partition)
        try:
            ends: tuple[int, int] = self._consumer.get_watermark_offsets(at, timeout=REQUEST_SECONDS, cached=False)
        except KafkaException as error:
            raise self._outage.explain(error, "Read", (topic,)) from None
        first, end = ends
        if position > end:
            raise PositionLostError(topic, partition, position, end)
        if 0 < position < first:
            log.error("%s[%d]: messages %d to %d were deleted unread", topic, partition, position, first - 1)
        return max(position, first)

    def _message(self, message: KafkaMessage) -> Message | None:
        topic, partition, offset = message.topic() or "", message.partition(), message.offset()
        error = message.error()
        if error is not None:
            if error.code() in _PASSING:
                return None
            raise self._outage.explain(error, "Read", (topic,))
        assert partition is not None
        assert offset is not None
        kind, milliseconds = message.timestamp()
        published = 0.0 if kind == TIMESTAMP_NOT_AVAILABLE else milliseconds / 1000
        return Message(topic, partition, offset, message.key(), message.value(), published)

    def close(self) -> None:
        """Let go of the broker."""
        self._commit(pause=0.0)
        self._consumer.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def next_positions(messages: Sequence[Message]) -> dict[tuple[str, int], int]:
    """Return where to read on after these messages."""
    positions: dict[tuple[str, int], int] = {}
    for message in messages:
        at = (message.topic, message.partition)
        positions[at] = max(positions.get(at, 0), message.offset + 1)
    return positions
