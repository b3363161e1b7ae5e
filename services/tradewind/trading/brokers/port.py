"""The port of a broker: takes accepted orders after their commit, and reports what became of them at an instant.

It fits brokers that answer later and by themselves: an order is in the ledger under its client_order_id before
anybody is called; a call may be repeated, because the broker knows the id; fills come in parts; a cancel may lose the
race; exits may rest at the broker.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from tradewind.domain.orders import Side
from tradewind.domain.rules.book import Book, Instant, Rules
from tradewind.domain.rules.working import Events


class BrokerUnavailableError(RuntimeError):
    """The broker did not answer, so nobody knows whether it has the order: ask again by client_order_id."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """An accepted order as a broker takes it. Quantity in 10^-8 units, prices in price units, 0 for none.

    stop and target are its bracket's; a trigger is the stop price that it waits for, 0 once reached.
    """

    client_order_id: UUID
    symbol: str
    side: Side
    quantity: int
    stop: int = 0
    target: int = 0
    limit_price: int = 0
    trigger_price: int = 0


class Broker(Protocol):
    """What the desk needs of a broker."""

    @property
    def rests_exits(self) -> bool:
        """Whether stops and targets rest at the broker and work while the desk is down."""
        ...

    def submit(self, tickets: Sequence[Ticket]) -> None:
        """Hand over orders that the ledger has committed; one that the broker knows changes nothing.

        Called after each commit with what it accepted, and by a new leader with everything that works: whatever died
        in between, each order reaches the broker once.

        Raises:
            BrokerUnavailableError: it is not known which of them the broker has; call again with all.
        """
        ...

    def cancel(self, client_order_ids: Sequence[UUID]) -> None:
        """Ask for orders' ends; the reports say what won, the cancel or a fill. Repeating it changes nothing.

        Raises:
            BrokerUnavailableError: call again with all.
        """
        ...

    def report(self, rules: Rules, book: Book, instant: Instant, events: Events, count: int) -> int:
        """Book what the broker reports at an instant, write it as event rows from `count` on; return the new count."""
        ...
