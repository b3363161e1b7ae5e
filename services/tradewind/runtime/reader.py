"""Reads events into the database: offsets, effects and dead letters of a batch in one transaction."""

import time
from collections import Counter as Counted
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Self

import structlog
from prometheus_client import Counter, Gauge

from tradewind.bus.consumer import Consumer, Message, next_positions
from tradewind.bus.errors import BusError
from tradewind.bus.events import Event, MalformedMessageError, dead_letter_topic, decode
from tradewind.store.database import WRITER_LOST, Connection
from tradewind.store.offsets import Identities, advance_offsets, read_offsets
from tradewind.store.outbox import add
from tradewind.store.writer import Writer

log = structlog.get_logger(__name__)
RECEIVED = Counter("tradewind_messages_received_total", "Messages read", ["topic"])
DEAD_LETTERS = Counter("tradewind_dead_letters_total", "Messages sent to the dead letters", ["topic"])
CONSUMER_LAG = Gauge(
    "tradewind_consumer_lag_seconds",
    "How old the last message was when it was taken in; 0 once nothing more waits",
    ["topic"],
)
MOST_MESSAGES = 200
_RETRY_SECONDS = 2.0
_LINGER_SECONDS = 0.004
"""For what comes close behind, where it is of use."""


Receive = Callable[[Connection, Sequence[Event]], None]
"""What a batch of events does, inside the transaction that moves the offsets past it."""


@dataclass(slots=True)
class _Batch:
    """Messages, what they say, and those that say nothing, each with the reason."""

    messages: list[Message] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    dead: list[tuple[Message, str]] = field(default_factory=list)

    def add(self, messages: Sequence[Message]) -> Self:
        for message in messages:
            try:
                self.events.append(decode(message.topic, message.value))
            except MalformedMessageError as error:
                self.dead.append((message, error.reason))
        self.messages += messages
        return self


class Reader:
    """Reads topics for one owner, from the positions that Postgres holds for these topics of this broker.

    While the broker is away, or a topic of it is not what it was, nothing is read and `problem` says why; it is tried
    again until it works, so that everything else of the process goes on.

    A batch that fails is rolled back and run again one message at a time; the one that fails goes to the dead
    letters, the rest stand. `rolled_back` is called after each rollback, for a receiver that keeps state.

    `lacks` says whether events are of no use yet without what may come close behind them: a moment is then waited for
    it, so that it is taken in by the same transaction.
    """

    def __init__(
        self,
        consumer: Consumer,
        writer: Writer,
        topics: Sequence[str],
        receive: Receive,
        rolled_back: Callable[[], None] = lambda: None,
        lacks: Callable[[Sequence[Event]], bool] = lambda _: False,
    ) -> None:
        self._consumer = consumer
        self._writer = writer
        self._topics = topics
        self._receive = receive
        self._rolled_back = rolled_back
        self._lacks = lacks
        self._identities: Identities = {}
        self._problem: str | None = "the reader has not started"
        self._try_again = 0.0

    def problem(self) -> str | None:
        """Return why nothing can be read, None while it can."""
        return self._problem

    def start(self) -> None:
        """Find the positions in these topics and start to read there; `read` tries again what does not work yet."""
        try:
            self._identities = self._consumer.identities(self._topics)
            positions = read_offsets(self._writer.connection, self._writer.owner, self._identities)
            self._consumer.start(self._topics, positions)
        except BusError as error:
            self._suffer(error, _RETRY_SECONDS)
        else:
            self._problem = None
            log.info("reading", topics=list(self._topics), identities=dict(self._identities))

    def read(self, timeout: float) -> int:
        """Take in one batch, waiting at most `timeout` seconds for it; return how many messages it had."""
        if self._problem is not None:
            if time.monotonic() < self._try_again:
                time.sleep(timeout)
                return 0
            self.start()
            if self._problem is not None:
                return 0
        try:
            batch = self._gather(timeout)
        except BusError as error:  # what it cut off is read again, from its position
            self._suffer(error, 0.0)
            return 0
        messages = batch.messages
        if not messages:
            for topic in self._topics:
                CONSUMER_LAG.labels(topic).set(0)
            return 0
        try:
            self._take(batch)
        except WRITER_LOST:
            raise
        except Exception as error:
            log.warning("a batch failed; running it one by one", messages=len(messages), error=str(error))
            self._rolled_back()
            for message in messages:
                self._take_or_bury(message)
        self._consumer.commit(next_positions(messages))
        _note_lag(messages)
        return len(messages)

    def _gather(self, timeout: float) -> _Batch:
        batch = _Batch().add(self._consumer.poll(MOST_MESSAGES, timeout))
        until = time.monotonic() + _LINGER_SECONDS
        while (
            batch.events
            and (room := MOST_MESSAGES - len(batch.messages)) > 0
            and self._lacks(batch.events)
            and (left := until - time.monotonic()) > 0
        ):
            batch.add(self._consumer.poll(room, left))
        return batch

    def _suffer(self, error: BusError, pause: float) -> None:
        log.warning("nothing can be read; trying again", error=str(error))
        self._problem = str(error)
        self._try_again = time.monotonic() + pause

    def _take_or_bury(self, message: Message) -> None:
        try:
            self._take(_Batch().add([message]))
        except WRITER_LOST:
            raise
        except Exception as error:
            self._rolled_back()
            with self._writer.transaction() as connection:
                advance_offsets(connection, self._writer.owner, self._identities, next_positions([message]))
                self._bury(connection, message, f"{type(error).__name__}: {error}")
            RECEIVED.labels(message.topic).inc()
            DEAD_LETTERS.labels(message.topic).inc()

    def _take(self, batch: _Batch) -> None:
        with self._writer.pipeline() as connection:
            advance_offsets(connection, self._writer.owner, self._identities, next_positions(batch.messages))
            for message, reason in batch.dead:
                self._bury(connection, message, reason)
            if batch.events:
                self._receive(connection, batch.events)
        for topic, count in Counted(message.topic for message in batch.messages).items():
            RECEIVED.labels(topic).inc(count)
        for message, _ in batch.dead:
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


def _note_lag(messages: Sequence[Message]) -> None:
    last = {message.topic: message.published for message in messages if message.published}
    for topic, published in last.items():
        CONSUMER_LAG.labels(topic).set(max(0.0, time.time() - published))
