"""Writes messages and knows when the broker has them."""

import logging
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka import Message as KafkaMessage
from confluent_kafka import Producer as KafkaProducer

from tradewind.bus.access import KafkaAccess
from tradewind.bus.errors import BusError
from tradewind.bus.identity import TopicWatch
from tradewind.bus.outage import Outage

_DELIVERY_SECONDS: Final = 30.0
_SLICE_SECONDS: Final = 0.25
_PROBE_SECONDS: Final = 2.0
_MOST_BYTES: Final = 8 * 2**20


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to publish."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Mapping[str, str]


class Producer:
    """Publishes in order per key: idempotent, acknowledged by all replicas."""

    def __init__(self, access: KafkaAccess) -> None:
        self._access = access
        self._outage = Outage(access)
        self._watch = TopicWatch(access)
        self._producer = self._open()

    def identity(self, topics: Sequence[str] = ()) -> str:
        """Return what the broker and these topics are, and begin to watch the topics: another one has forgotten.

        Raises:
            BusError: no broker answers, or a topic does not exist.
        """
        if not topics or self._access.generation:
            return self._watch.cluster()
        return " ".join(f"{topic}={it}" for topic, it in sorted(self._watch.identities(topics).items()))

    def check(self) -> None:
        """Look from time to time whether the topics are still those of `identity`; call it while there is no work, too.

        Raises:
            TopicChangedError: one is not.
            BusError: this producer has met an error that it could not survive, and was replaced.
        """
        try:
            self._producer.poll(0)  # what its callbacks have to say must not pile up
        except KafkaException as error:
            self._producer = self._open()
            raise self._outage.explain(error, "Write") from None
        self._watch.check()

    def publish(self, messages: Sequence[Outgoing], stop: threading.Event | None = None) -> list[int]:
        """Publish messages and wait until the broker has every one; return the positions of those too large for it.

        Raises:
            BusError: one was not acknowledged within 30 s, or `stop` was set meanwhile; some may have been.
        """
        failures: dict[str, KafkaError] = {}
        too_large: list[int] = []
        for position, message in enumerate(messages):

            def delivered(error: KafkaError | None, sent: KafkaMessage, position: int = position) -> None:
                if error is not None and error.code() == KafkaError.MSG_SIZE_TOO_LARGE:
                    too_large.append(position)
                elif error is not None:
                    failures.setdefault(sent.topic() or "", error)

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
                    failures.setdefault(message.topic, error.args[0])
                    break
                too_large.append(position)
        fatal = self._await_answers(stop)
        if fatal is not None:
            failures = dict.fromkeys((message.topic for message in messages), fatal)
        for topic, failure in failures.items():
            raise self._outage.explain(failure, "Write", (topic,))
        self._outage.over()
        return too_large

    def broker_problem(self) -> str | None:
        """Return why no broker can be reached, None while one can."""
        try:
            self._watch.cluster(_PROBE_SECONDS)
        except BusError as error:
            return str(error)
        return None

    def _await_answers(self, stop: threading.Event | None) -> KafkaError | None:
        """Wait until each message is acknowledged or has failed; return what this producer could not survive.

        Raises:
            BusError: `stop` was set meanwhile.
        """
        try:
            # Not by its own `flush`, which stumbles over an error raised in a callback. What can't be delivered fails
            # by itself after its time, so this ends.
            while left := len(self._producer):
                if stop is not None and stop.is_set():
                    self._producer.purge()
                    raise BusError(f"{left} messages are not acknowledged yet, and this process is to end")
                self._producer.poll(_SLICE_SECONDS)
        except KafkaException as error:
            self._producer = self._open()
            fatal: KafkaError = error.args[0]
            return fatal
        return None

    def _open(self) -> KafkaProducer:
        return KafkaProducer(
            {
                **self._access.client_config(),
                "enable.idempotence": True,
                "linger.ms": 0,
                # A dead letter is larger than the message that it keeps; what a broker refuses is its own limit.
                "message.max.bytes": _MOST_BYTES,
                "delivery.timeout.ms": int(_DELIVERY_SECONDS * 1000),
                "error_cb": self._outage.hear,
            },
            logger=logging.getLogger("librdkafka"),
        )
