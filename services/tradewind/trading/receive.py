"""Receive: market data and signals enter the journal."""

from collections.abc import Sequence
from typing import assert_never

from tradewind.bus.events import (
    AnomalyFound,
    BarClosed,
    BarMissing,
    DividendPaid,
    Event,
    InstantDecided,
    SharesSplit,
    SignalGiven,
)
from tradewind.domain.identity import signal_id
from tradewind.domain.orders import Side
from tradewind.manifest.resources import TradingStrategy
from tradewind.store.database import Connection
from tradewind.store.inbox import InboxRow
from tradewind.trading.arrivals import Arrivals


class WrongSignalError(ValueError):
    """A signal whose id is not the one that its strategy, symbol, interval and bar give."""

    def __init__(self, event: SignalGiven) -> None:
        super().__init__(
            f"signal {event.signal_id} is not the id of {event.symbol} {event.interval} {event.close_time.isoformat()}"
        )
        self.event = event


class Receiver:
    """Journals the events of one strategy and its feed; foreign ones are passed over.

    Args:
        strategy: whose signals count, and for which symbols.
        feed_id: whose bars count.
        arrivals: the journal.
    """

    def __init__(self, strategy: TradingStrategy, feed_id: str, arrivals: Arrivals) -> None:
        self._strategy_id = str(strategy.id)
        self._uid = strategy.id.uid
        self._interval = strategy.spec.feed.interval
        self._feed_id = feed_id
        self._symbols = frozenset(strategy.spec.symbols)
        self._arrivals = arrivals

    def __call__(self, connection: Connection, events: Sequence[Event]) -> None:
        """Journal the events, in the caller's transaction.

        Raises:
            WrongSignalError: a signal's id is not the one that its bar gives.
        """
        rows = self.rows(events)
        if rows:
            self._arrivals.add(connection, rows)

    def rows(self, events: Sequence[Event]) -> list[InboxRow]:
        """Return what of the events belongs in the journal.

        Raises:
            WrongSignalError: a signal's id is not the one that its bar gives.
        """
        return [row for event in events if (row := self._row(event)) is not None]

    def _row(self, event: Event) -> InboxRow | None:
        if isinstance(event, InstantDecided) or event.symbol not in self._symbols or event.interval != self._interval:
            return None
        match event:
            case BarClosed(feed_id=self._feed_id):
                return InboxRow(
                    event.close_time, event.symbol, "BAR", event.open, event.high, event.low, event.close, event.volume
                )
            case BarMissing(feed_id=self._feed_id):
                return InboxRow(event.close_time, event.symbol, "MISSING")
            case SharesSplit(feed_id=self._feed_id):
                return InboxRow(
                    event.close_time,
                    event.symbol,
                    "SPLIT",
                    numerator=event.numerator,
                    denominator=event.denominator,
                )
            case DividendPaid(feed_id=self._feed_id):
                return InboxRow(event.close_time, event.symbol, "DIVIDEND", amount=event.amount)
            case SignalGiven(strategy_id=self._strategy_id):
                if event.signal_id != signal_id(self._uid, event.symbol, self._interval, event.close_time):
                    raise WrongSignalError(event)
                return InboxRow(
                    event.close_time, event.symbol, "SIGNAL", signal_id=event.signal_id, side=Side[event.side]
                )
            case BarClosed() | BarMissing() | SharesSplit() | DividendPaid() | SignalGiven() | AnomalyFound():
                return None
            case _:
                assert_never(event)
