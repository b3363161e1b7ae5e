"""The paper broker: the trading contract's venue, which fills against the bars themselves."""

from collections.abc import Sequence
from uuid import UUID

from tradewind.domain.rules.book import Book, Instant, Rules
from tradewind.domain.rules.venue import run_venue
from tradewind.domain.rules.working import Events
from tradewind.trading.brokers.port import Ticket


class PaperBroker:
    """Needs no hand-over: its order book is the books' own, restored from the ledger. A cancel comes before the bar."""

    rests_exits = True

    def submit(self, tickets: Sequence[Ticket]) -> None:
        """Do nothing: what the ledger has accepted works."""

    def cancel(self, client_order_ids: Sequence[UUID]) -> None:
        """Do nothing: the instant that takes up the wish brings it."""

    def report(self, rules: Rules, book: Book, instant: Instant, events: Events, count: int) -> int:
        """Fill what the instant's bars fill; see docs/backtesting.md."""
        return run_venue(rules, book, instant, events, count)
