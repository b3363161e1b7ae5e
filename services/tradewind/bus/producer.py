"""Writes messages and knows when the broker has them."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka import Message as KafkaMessage
from confluent_kafka import Producer as KafkaProducer

from tradewind.bus.consumer import BusError

_DELIVERY_SECONDS = 30.0
_PROBE_SECONDS = 2.0
_MOST_BYTES = 8 * 2**20


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to publish."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Mapping[str, str]


class Producer:
    """Publishes in order per key: idempotent, acknowledged by all replicas."""

    def __init__(self, bootstrap_servers: str, generation: str = "") -> None:
        self._producer = KafkaProducer(
            {
                "bootstrap.servers": bootstrap_servers,
                "enable.idempotence": True,
                "linger.ms": 1,
                # A dead letter is larger than the message that it keeps; what a broker refuses is its own limit.
                "message.max.bytes": _MOST_BYTES,
                "delivery.timeout.ms": int(_DELIVERY_SECONDS * 1000),
            },
            logger=logging.getLogger("librdkafka"),
        )
        self._generation = generation

    def broker_id(self) -> str:
        """Return the identity of the broker, as `Consumer.broker_id`.

        Raises:
            BusError: no broker answers.
        """
        try:
            cluster: str | None = self._producer.list_topics(timeout=10.0).cluster_id
        except KafkaException as error:
            raise BusError(f"no Kafka broker answers: {error}") from None
        return self._generation or cluster or ""

    def publish(self, messages: Sequence[Outgoing]) -> list[int]:
        """Publish messages and wait until the broker has every one; return the positions of those too large for it.

        Raises:
            BusError: one was not acknowledged; those before it may have been.
        """
        failures: list[KafkaError] = []
        too_large: list[int] = []
        for position, message in enumerate(messages):

            def delivered(error: KafkaError | None, _: KafkaMessage, position: int = position) -> None:
                if error is not None and error.code() == KafkaError.MSG_SIZE_TOO_LARGE:
                    too_large.append(position)
                elif error is not None:
                    failures.append(error)

            try:
                self._producer.produce(
                    message.topic,
                    key=message.key,
                    value=message.value,
                    headers=list(message.headers.items()),
                    on_delivery=delivered,
                )
            except KafkaException as error:
                if error.args[0].code() != KafkaError.MSG_SIZE_TOO_LARGE:
                    raise BusError(f"a message for {message.topic} can't be produced: {error}") from None
                too_large.append(position)
        left = self._producer.flush(_DELIVERY_SECONDS)
        if failures or left:
            raise BusError(f"{len(failures) + left} messages were not acknowledged: {failures[:1]}")
        return too_large

    def broker_problem(self) -> str | None:
        """Return why no broker can be reached, None while one can."""
        try:
            self._producer.list_topics(timeout=_PROBE_SECONDS)
        except KafkaException as error:
            return f"no Kafka broker answers: {error}"
        return None
