"""Reads topics from positions that the caller keeps."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from confluent_kafka import Consumer as KafkaConsumer
from confluent_kafka import KafkaError, KafkaException, TopicPartition

_METADATA_TIMEOUT = 10.0
_PASSING = frozenset({KafkaError._PARTITION_EOF, KafkaError._ALL_BROKERS_DOWN, KafkaError._TRANSPORT})


class BusError(Exception):
    """Kafka answers with an error, or not at all."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message, raw."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None


class Consumer:
    """Reads every partition of its topics. Positions live with the caller (in Postgres), not in Kafka.

    Args:
        bootstrap_servers: host:port, comma-separated.
        group: names the reader in lag graphs; what is committed under it decides nothing.
        generation: id of an embedded broker's start, empty for a real broker.
    """

    def __init__(self, bootstrap_servers: str, group: str, generation: str = "") -> None:
        config: dict[str, Any] = {
            "bootstrap.servers": bootstrap_servers,
            "group.id": group,
            "enable.auto.commit": False,
            "enable.auto.offset.store": False,
            "auto.offset.reset": "earliest",
            "topic.metadata.refresh.interval.ms": 30_000,
        }
        if generation:
            # The embedded broker answers a waiting fetch only when its time is up.
            config["fetch.wait.max.ms"] = 10
        self._consumer = KafkaConsumer(config, logger=logging.getLogger("librdkafka"))
        self._generation = generation

    def broker_id(self) -> str:
        """Return the identity of the broker: another one has other offsets.

        Raises:
            BusError: no broker answers.
        """
        try:
            cluster: str | None = self._consumer.list_topics(timeout=_METADATA_TIMEOUT).cluster_id
        except KafkaException as error:
            raise BusError(f"no Kafka broker answers: {error}") from None
        return self._generation or cluster or ""

    def start(self, topics: Sequence[str], positions: Mapping[tuple[str, int], int]) -> None:
        """Read every partition of the topics from its position, from the beginning where it has none.

        Raises:
            BusError: a topic does not exist or no broker answers.
        """
        assignment = []
        for topic in topics:
            try:
                metadata = self._consumer.list_topics(topic, timeout=_METADATA_TIMEOUT).topics[topic]
            except KafkaException as error:
                raise BusError(f"no Kafka broker answers for topic {topic}: {error}") from None
            if metadata.error is not None or not metadata.partitions:
                raise BusError(f"topic {topic}: {metadata.error or 'it has no partitions'}")
            assignment += [
                TopicPartition(topic, partition, positions.get((topic, partition), 0))
                for partition in metadata.partitions
            ]
        self._consumer.assign(assignment)

    def poll(self, limit: int, timeout: float) -> list[Message]:
        """Return up to `limit` messages, waiting at most `timeout` seconds for the first.

        Raises:
            BusError: an error that waiting does not mend.
        """
        messages = []
        for message in self._consumer.consume(limit, timeout):
            error = message.error()
            if error is not None:
                if error.code() in _PASSING:
                    continue
                raise BusError(f"reading {message.topic()}: {error}")
            topic, partition, offset = message.topic(), message.partition(), message.offset()
            assert topic is not None
            assert partition is not None
            assert offset is not None
            messages.append(Message(topic, partition, offset, message.key(), message.value()))
        return messages

    def commit(self, positions: Mapping[tuple[str, int], int]) -> None:
        """Tell Kafka how far the reader is, for lag graphs only; failure does not matter."""
        if positions:
            offsets = [TopicPartition(topic, partition, at) for (topic, partition), at in positions.items()]
            self._consumer.commit(offsets=offsets, asynchronous=True)

    def close(self) -> None:
        """Let go of the broker."""
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
