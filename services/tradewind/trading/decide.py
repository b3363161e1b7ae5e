"""Decide: complete instants, strictly in order, run through the rule book and are booked in the ledger."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from uuid import UUID

from tradewind.domain.identity import exit_order_id, signal_id, signal_order_id
from tradewind.domain.orders import OrderEvent, OrderStatus, Origin, to_order_event
from tradewind.domain.rules.book import EQUITY, Book, new_events
from tradewind.domain.rules.instant import run_instant
from tradewind.manifest.resources import TradingStrategy
from tradewind.store.database import Connection
from tradewind.store.errors import WRITER_LOST
from tradewind.store.inbox import read_inbox
from tradewind.store.ledger import Ledger, WaitingCommand
from tradewind.store.watermarks import advance_watermark, read_watermark
from tradewind.trading.instants import Gathered, complete_instants

_MOST_ROWS = 2000
_DECISIONS = frozenset({OrderStatus.ACCEPTED, OrderStatus.DENIED})
_DECIDED_AT_CLOSE = frozenset({Origin.SIGNAL, Origin.COMMAND})


class DecisionFailedError(RuntimeError):
    """An instant that could not be decided, and why."""

    def __init__(self, instant: datetime, error: Exception) -> None:
        super().__init__(f"the decision of {instant.isoformat()} failed: {type(error).__name__}: {error}")
        self.instant = instant


@dataclass(frozen=True)
class Decided:
    """One instant that was decided, and what happened to orders in it."""

    time: datetime
    events: Sequence[OrderEvent]


class Decider:
    """The paper desk: interprets the rule book, and books every event through the stored procedures.

    The books live in memory between transactions; `forget` drops them after a rollback, and the next call restores
    them from the ledger.
    """

    def __init__(self, strategy: TradingStrategy, owner: str) -> None:
        self._strategy_id = str(strategy.id)
        self._uid = strategy.id.uid
        self._interval = strategy.spec.feed.interval
        self._symbols = strategy.spec.symbols
        self._rules = strategy.spec.rules()
        self._owner = owner
        self._ledger = Ledger(self._strategy_id, self._uid, self._interval, self._symbols)
        self._book: Book | None = None
        self._working: dict[str, UUID] = {}

    def forget(self) -> None:
        """Drop the books in memory."""
        self._book = None

    @property
    def equity(self) -> int:
        """Marked equity in money units, 0 before the first decision."""
        return 0 if self._book is None else self._book.account[EQUITY]

    def decide(self, connection: Connection, epoch: int, most: int | None = None) -> list[Decided]:
        """Decide the oldest complete instants, `most` at the most, in the caller's transaction; none is an empty list.

        Raises:
            DecisionFailedError: an instant could not be decided; the transaction must be rolled back.
        """
        if self._book is None:
            self._book, self._working = self._ledger.restore(connection)
        after = read_watermark(connection, self._owner)
        rows = read_inbox(connection, self._strategy_id, after, max(_MOST_ROWS, 4 * len(self._symbols)))
        decided = []
        for gathered in islice(complete_instants(rows, self._symbols), most):
            try:
                decided.append(self._decide_one(connection, self._book, gathered, epoch))
                self._ledger.verify(connection, self._book)
            except WRITER_LOST:
                raise
            except Exception as error:
                raise DecisionFailedError(gathered.time, error) from error
        if decided:
            advance_watermark(connection, self._owner, decided[-1].time)
        return decided

    def _decide_one(self, connection: Connection, book: Book, gathered: Gathered, epoch: int) -> Decided:
        commands = {command.symbol: command for command in self._ledger.waiting_commands(connection)}
        instant = gathered.to_rules(self._symbols, commands)
        rows = new_events(len(self._symbols))
        count = run_instant(self._rules, book, instant, rows, 0)
        events = [self._to_event(row, gathered.time, commands) for row in rows[:count]]
        decisions = [event for event in events if event.kind in _DECISIONS and event.origin in _DECIDED_AT_CLOSE]

        ledger = self._ledger
        ledger.close_instant(connection, gathered.time, sorted(gathered.bars), sorted(gathered.signals), epoch)
        for event in events:
            if event not in decisions:
                ledger.book_event(connection, event)
        marks = {symbol: instant.close[i] for i, symbol in enumerate(self._symbols) if instant.present[i]}
        ledger.mark(connection, gathered.time, instant.session, marks)
        for event in decisions:
            ledger.book_event(connection, event)
            if event.origin is Origin.COMMAND:
                ledger.take_command(connection, event.client_order_id, gathered.time)
        return Decided(gathered.time, events)

    def _to_event(self, row: Sequence[int], now: datetime, commands: Mapping[str, WaitingCommand]) -> OrderEvent:
        def name_order(origin: Origin, symbol: str, decided: datetime) -> UUID:
            if origin is Origin.COMMAND:
                return commands[symbol].client_order_id if decided == now else self._working[symbol]
            if origin is Origin.SIGNAL:
                return signal_order_id(signal_id(self._uid, symbol, self._interval, decided))
            return exit_order_id(self._uid, symbol, self._interval, decided)

        event = to_order_event(row, self._symbols, name_order)
        if event.kind is OrderStatus.ACCEPTED and event.origin in _DECIDED_AT_CLOSE:
            self._working[event.symbol] = event.client_order_id
        return event
