"""Publishes a feed bit by bit."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from tests.torture.feed import START, Fact, Feed, Sent

from tradewind.bus.access import KafkaAccess
from tradewind.bus.errors import BusError
from tradewind.bus.producer import Outgoing, Producer

_PORTION: Final = 50


class Feeder:
    """Hands a feed to the broker; what the broker does not acknowledge is handed over again."""

    def __init__(self, feed: Feed, access: KafkaAccess, strategy_id: str) -> None:
        self._left = list(reversed(feed.messages))
        self._producer = Producer(access)
        self._poison = {"poison": strategy_id}
        self.facts: list[Fact] = []
        """What was fed, without copies."""
        self.signals = 0
        """Signals among them."""
        self.last: datetime = START
        """The latest instant of which something was fed."""

    @property
    def is_done(self) -> bool:
        return not self._left

    def feed(self) -> None:
        """Publish the next messages."""
        self._publish([self._left.pop() for _ in range(min(_PORTION, len(self._left)))])

    def round_off(self) -> None:
        """Publish what is missing of the instants that were begun, and forget the rest."""
        self._publish([sent for sent in reversed(self._left) if sent.instant <= self.last])
        self._left.clear()

    def _publish(self, messages: Sequence[Sent]) -> None:
        outgoing = [Outgoing(m.topic, m.key, m.value, self._poison if m.poison else {}) for m in messages]
        while True:
            try:
                self._producer.publish(outgoing)
                break
            except BusError:
                continue
        facts = [message.fact for message in messages if message.fact is not None]
        self.facts += facts
        self.signals += sum(fact.kind == "SIGNAL" for fact in facts)
        self.last = max([self.last, *(message.instant for message in messages)])
