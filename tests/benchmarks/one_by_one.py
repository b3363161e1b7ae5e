"""The baseline: `python -m tests.benchmarks.one_by_one`, the trading service with one signal in each transaction.

It is composed as `tradewind.trading` is. A receive takes two messages at the most, a bar and its signal, and a decision
one instant: with a strategy of one symbol that is one durable transaction for each signal.
"""

import sys
from unittest import mock

from tradewind.bus.consumer import Consumer, Message
from tradewind.store.database import Connection
from tradewind.trading import __main__ as product
from tradewind.trading.decide import Decided, Decider


class OneByOneConsumer(Consumer):
    """Gives a bar and its signal at a time."""

    def poll(self, limit: int, timeout: float) -> list[Message]:
        return super().poll(min(limit, 2), timeout)


class OneByOneDecider(Decider):
    """Decides an instant at a time."""

    def decide(self, connection: Connection, epoch: int, most: int | None = None) -> list[Decided]:
        return super().decide(connection, epoch, 1)


if __name__ == "__main__":
    with (
        mock.patch.object(product, "Consumer", OneByOneConsumer),
        mock.patch.object(product, "Decider", OneByOneDecider),
    ):
        sys.exit(product.main())
