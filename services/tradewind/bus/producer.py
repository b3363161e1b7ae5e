"""Writes messages and knows when the broker has them."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka import Message as KafkaMessage
from confluent_kafka import Producer as KafkaProducer

from tradewind.bus.consumer import BusError

_DELIVERY_SECONDS = 30.0


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

    def publish(self, messages: Iterable[Outgoing]) -> None:
        """Publish messages and wait until the broker has every one.

        Raises:
            BusError: one was not acknowledged; those before it may have been.
        """
        failures: list[KafkaError] = []

        def delivered(error: KafkaError | None, _: KafkaMessage) -> None:
            if error is not None:
                failures.append(error)

        for message in messages:
            self._producer.produce(
                message.topic,
                key=message.key,
                value=message.value,
                headers=list(message.headers.items()),
                on_delivery=delivered,
            )
        left = self._producer.flush(_DELIVERY_SECONDS)
        if failures or left:
            raise BusError(f"{len(failures) + left} messages were not acknowledged: {failures[:1]}")
