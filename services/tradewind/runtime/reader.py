"""Reads events into the database: offsets, effects and dead letters of a batch in one transaction."""

from collections.abc import Callable, Sequence

import structlog
from prometheus_client import Counter

from tradewind.bus.consumer import Consumer, Message, next_positions
from tradewind.bus.events import Event, MalformedMessageError, dead_letter_topic, decode
from tradewind.store.database import Connection
from tradewind.store.errors import WRITER_LOST
from tradewind.store.offsets import advance_offsets, read_offsets
from tradewind.store.outbox import add
from tradewind.store.writer import Writer

log = structlog.get_logger(__name__)
RECEIVED = Counter("tradewind_messages_received_total", "Messages read", ["topic"])
DEAD_LETTERS = Counter("tradewind_dead_letters_total", "Messages sent to the dead letters", ["topic"])
MOST_MESSAGES = 200


Receive = Callable[[Connection, Sequence[Event]], None]
"""What a batch of events does, inside the transaction that moves the offsets past it."""


class Reader:
    """Reads topics for one owner, from the positions that Postgres holds for this broker.

    A batch that fails is rolled back and run again one message at a time; the one that fails goes to the dead
    letters, the rest stand. `rolled_back` is called after each rollback, for a receiver that keeps state.
    """

    def __init__(
        self,
        consumer: Consumer,
        writer: Writer,
        topics: Sequence[str],
        receive: Receive,
        rolled_back: Callable[[], None] = lambda: None,
    ) -> None:
        self._consumer = consumer
        self._writer = writer
        self._topics = topics
        self._receive = receive
        self._rolled_back = rolled_back
        self._broker = ""

    def start(self) -> None:
        """Find this broker's positions and start to read there."""
        self._broker = self._consumer.broker_id()
        positions = read_offsets(self._writer.connection, self._writer.owner, self._broker, self._topics)
        self._consumer.start(self._topics, positions)

    def read(self, timeout: float) -> int:
        """Take in one batch, waiting at most `timeout` seconds for it; return how many messages it had."""
        messages = self._consumer.poll(MOST_MESSAGES, timeout)
        if not messages:
            return 0
        try:
            self._take(messages)
        except WRITER_LOST:
            raise
        except Exception as error:
            log.warning("a batch failed; running it one by one", messages=len(messages), error=str(error))
            self._rolled_back()
            for message in messages:
                self._take_or_bury(message)
        self._consumer.commit(next_positions(messages))
        return len(messages)

    def _take_or_bury(self, message: Message) -> None:
        try:
            self._take([message])
        except WRITER_LOST:
            raise
        except Exception as error:
            self._rolled_back()
            with self._writer.transaction() as connection:
                advance_offsets(connection, self._writer.owner, self._broker, next_positions([message]))
                self._bury(connection, message, f"{type(error).__name__}: {error}")
            RECEIVED.labels(message.topic).inc()
            DEAD_LETTERS.labels(message.topic).inc()

    def _take(self, messages: Sequence[Message]) -> None:
        events: list[Event] = []
        dead: list[tuple[Message, str]] = []
        for message in messages:
            try:
                events.append(decode(message.topic, message.value))
            except MalformedMessageError as error:
                dead.append((message, error.reason))
        with self._writer.transaction() as connection:
            advance_offsets(connection, self._writer.owner, self._broker, next_positions(messages))
            for message, reason in dead:
                self._bury(connection, message, reason)
            if events:
                self._receive(connection, events)
        for message in messages:
            RECEIVED.labels(message.topic).inc()
        for message, _ in dead:
            DEAD_LETTERS.labels(message.topic).inc()

    def _bury(self, connection: Connection, message: Message, reason: str) -> None:
        log.warning(
            "dead letter", topic=message.topic, partition=message.partition, offset=message.offset, reason=reason
        )
        add(
            connection,
            self._writer.owner,
            dead_letter_topic(message.topic),
            message.key,
            message.value,
            headers={
                "group": self._writer.owner,
                "topic": message.topic,
                "partition": str(message.partition),
                "offset": str(message.offset),
                "error": reason[:1000].replace("\0", "\\0"),  # PostgreSQL refuses NUL in text
            },
        )
