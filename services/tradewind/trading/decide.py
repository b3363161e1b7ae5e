"""Decide: complete instants, strictly in order, run through the rule book and are booked in the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from tradewind.bus.events import ORDER_EVENTS, InstantDecided, OrderChange, encode, key_of
from tradewind.domain.orders import OrderEvent, OrderStatus, Origin, Side, TradingState
from tradewind.domain.rules.book import CASH, EQUITY, Book, new_events
from tradewind.domain.rules.instant import close_instant
from tradewind.domain.rules.venue import borrowed_days
from tradewind.manifest.resources import TradingStrategy
from tradewind.store.database import WRITER_LOST, Connection
from tradewind.store.ledger import Booking, Ledger, WaitingCommand, disagreements
from tradewind.store.outbox import add
from tradewind.store.watermarks import advance_watermark
from tradewind.trading.arrivals import Arrivals, Waiting
from tradewind.trading.brokers.paper import PaperBroker
from tradewind.trading.brokers.port import Broker, Ticket
from tradewind.trading.instants import Gathered
from tradewind.trading.names import OrderNames

_DECISIONS: Final = frozenset({OrderStatus.ACCEPTED, OrderStatus.DENIED})
_DECIDED_AT_CLOSE: Final = frozenset({Origin.SIGNAL, Origin.COMMAND})


class DecisionFailedError(RuntimeError):
    """An instant that could not be decided, and why."""

    def __init__(self, instant: datetime, error: Exception) -> None:
        super().__init__(f"the decision of {instant.isoformat()} failed: {type(error).__name__}: {error}")
        self.instant = instant


@dataclass(frozen=True)
class Decided:
    """One instant that was decided: what happened to orders in it, and which of them a person wants ended."""

    time: datetime
    events: Sequence[OrderEvent]
    cancels: Sequence[UUID] = ()


class Decider:
    """Interprets the rule book on what the broker reports, and books every instant through the stored procedures.

    The books live in memory between transactions; `forget` drops them after a rollback, and the next call restores
    them from the ledger.

    Args:
        strategy: whose instants.
        owner: the trading service's watermark.
        broker: where orders go; the paper broker where none is given.
        arrivals: what else adds to the journal goes through it; where none is given, it is read for each decision.
    """

    def __init__(
        self, strategy: TradingStrategy, owner: str, broker: Broker | None = None, arrivals: Arrivals | None = None
    ) -> None:
        self._strategy_id = str(strategy.id)
        self._uid = strategy.id.uid
        self._interval = strategy.spec.feed.interval
        self._symbols = strategy.spec.symbols
        self._rules = strategy.spec.rules()
        self._owner = owner
        self._ledger = Ledger(self._strategy_id, self._uid, self._interval, self._symbols)
        self.broker = broker or PaperBroker()
        self._book: Book | None = None
        self._names = OrderNames(self._uid, self._interval, self._symbols)
        self._told = arrivals is not None
        self._arrivals = arrivals or Arrivals(strategy, owner)

    def restore(self, connection: Connection) -> None:
        """Read the books from the ledger, where they are not in memory."""
        if self._book is None:
            self._book, self._names.working = self._ledger.restore(connection)

    def forget(self) -> None:
        """Drop the books in memory, and what has arrived."""
        self._book = None
        self._arrivals.forget()

    @property
    def waiting(self) -> Waiting | None:
        """The oldest instant that is not complete, as far as it is known."""
        return self._arrivals.waiting

    def may_decide(self) -> bool:
        """Return whether some instant may be complete; to be asked outside of transactions, costs next to nothing."""
        return not self._told or self._arrivals.may_be_complete()

    def could_decide(self) -> bool:
        """Return whether what the open transaction journaled may complete an instant; False where it is not known."""
        return self._told and self._arrivals.could_be_complete()

    @property
    def equity(self) -> int:
        """Marked equity in money units, 0 before the first decision."""
        return 0 if self._book is None else self._book.account[EQUITY]

    def working(self) -> list[Ticket]:
        """Return the orders that work, as a broker takes them."""
        book = self._book
        if book is None:
            return []
        return [
            Ticket(
                self._names.working[symbol],
                symbol,
                Side(book.order_side[i]),
                book.order_quantity[i],
                book.order_stop[i],
                book.order_target[i],
                book.order_limit[i],
                book.order_trigger[i],
            )
            for i, symbol in enumerate(self._symbols)
            if book.order_quantity[i]
        ]

    def decide(self, connection: Connection, epoch: int, most: int | None = None) -> list[Decided]:
        """Decide the oldest complete instants, `most` at the most, in the caller's transaction; none is an empty list.

        In a pipeline the bookings are sent one behind the other: while the database works on one, the rule book runs
        the next, and what the ledger objects to may be raised by the caller's pipeline only, within `disagreements`.

        Raises:
            DecisionFailedError: an instant could not be decided; the transaction must be rolled back.
        """
        if not self._told:
            self._arrivals.forget()
        # On its way before what was journaled in this transaction is waited for.
        lock = self._ledger.lock(connection)
        complete = self._arrivals.oldest(connection, most)
        if not complete:
            return []
        state, commands = lock()
        self.restore(connection)
        assert self._book is not None
        decided: list[Decided] = []
        try:
            with disagreements():
                for gathered in complete:
                    decided += [self._decide_one(connection, self._book, gathered, state, commands, epoch)]
                advance_watermark(connection, self._owner, decided[-1].time)
        except WRITER_LOST:
            raise
        except Exception as error:
            # With several in flight the database may mean any of them; alone, it means this one.
            raise DecisionFailedError(complete[min(len(decided), len(complete) - 1)].time, error) from error
        self._arrivals.decided([gathered.time for gathered in complete])
        return decided

    def _decide_one(
        self,
        connection: Connection,
        book: Book,
        gathered: Gathered,
        state: TradingState,
        commands: list[WaitingCommand],
        epoch: int,
    ) -> Decided:
        instant = gathered.to_rules(self._symbols, commands, self._names.working, state)
        rows = new_events(len(self._symbols))
        # Who came in time: known before the rule book runs, because a cancel ends what it was meant for.
        works = {symbol for i, symbol in enumerate(self._symbols) if book.order_quantity[i]}
        taken = [
            (
                command,
                command.kind == "ORDER"
                or (command.symbol in works and self._names.working[command.symbol] == command.client_order_id),
            )
            for command in commands
            if command.kind == "CANCEL" or command.symbol in gathered.bars
        ]
        named = {c.symbol: c.client_order_id for c, _ in taken if c.kind == "ORDER"}
        borrowed = borrowed_days(self._rules, book, instant)
        count = self.broker.report(self._rules, book, instant, rows, 0)
        count = close_instant(self._rules, book, instant, rows, count)
        events = [self._names.to_event(row, gathered.time, named) for row in rows[:count]]
        decisions = [event for event in events if event.kind in _DECISIONS and event.origin in _DECIDED_AT_CLOSE]
        placed = {event.client_order_id for event in decisions}
        taken = [(c, in_time) for c, in_time in taken if c.kind == "CANCEL" or c.client_order_id in placed]
        booking = Booking(
            instant=gathered.time,
            session=instant.session,
            trading_state=state,
            bars=sorted(gathered.bars),
            signals=sorted(gathered.signals),
            marks={symbol: instant.close[i] for i, symbol in enumerate(self._symbols) if instant.present[i]},
            peaks=dict(zip(self._symbols, book.peak, strict=True)) if self._rules.trailing_stop else None,
            volatilities=self._volatilities(book),
            actions=gathered.actions,
            borrowed_days=borrowed,
            venue=[event for event in events if event.kind not in _DECISIONS or event.origin not in _DECIDED_AT_CLOSE],
            decisions=decisions,
            commands=taken,
        )
        self._ledger.book_instant(connection, epoch, booking, book.account)
        for command, _ in taken:
            commands.remove(command)
        if events:
            self._announce(connection, gathered.time, book, events)
        return Decided(gathered.time, events, [c.client_order_id for c, _ in taken if c.kind == "CANCEL"])

    def _volatilities(self, book: Book) -> dict[str, tuple[int, int, int]] | None:
        if not self._rules.target_volatility:
            return None
        columns = zip(self._symbols, book.mark, book.variance, book.returns, strict=True)
        return {symbol: (mark, variance, returns) for symbol, mark, variance, returns in columns if mark}

    def _announce(self, connection: Connection, time: datetime, book: Book, events: Sequence[OrderEvent]) -> None:
        decided = InstantDecided(
            strategy_id=self._strategy_id,
            close_time=time,
            cash=book.account[CASH],
            equity=book.account[EQUITY],
            orders=[_change(event) for event in events],
        )
        # Without its instant: nobody decides by it, so no broker gets it a second time.
        add(connection, self._owner, ORDER_EVENTS, key_of(decided).encode(), encode(decided))


def _change(event: OrderEvent) -> OrderChange:
    return OrderChange(
        client_order_id=event.client_order_id,
        symbol=event.symbol,
        side="BUY" if event.side > 0 else "SELL",
        origin=event.origin.value,
        status=event.kind.value,
        quantity=event.quantity,
        price=event.price,
        fee=event.fee,
        realized_pnl_gross=event.realized_pnl_gross,
        reason=None if event.reason is None else event.reason.value,
    )
