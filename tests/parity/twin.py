"""A desk in plain Python: the rule book on books of its own, and what PostgreSQL must hold because of it.

It shares nothing with the desk but the rule book's `run_instant`: who takes part, what orders are called, what becomes
of them, what is posted and what stops trading is worked out here a second time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID, uuid5

from tests.parity.markets import Moment, instant_of
from tests.parity.reached import note_instant, note_request, note_statuses

from tradewind.domain.bars import session_of, to_micros
from tradewind.domain.orders import OrderEvent, OrderStatus, Origin, Reason, Side, TradingState, to_order_event
from tradewind.domain.rules.book import AUTOMATIC_HALT, MARGIN, RESERVED, SESSION, Book, Rules, new_book, new_events
from tradewind.domain.rules.instant import run_instant

WAITS = (OrderStatus.INITIALIZED,)
WORKS = (OrderStatus.ACCEPTED, OrderStatus.TRIGGERED, OrderStatus.PARTIALLY_FILLED)
PENDING = (OrderStatus.PENDING_CANCEL, OrderStatus.PENDING_UPDATE)
FILLS = (OrderStatus.FILLED, OrderStatus.PARTIALLY_FILLED)
OPEN = WAITS + WORKS + PENDING


@dataclass
class Order:
    """One order and what became of it; integers in the scales of `domain.money`."""

    id: UUID
    symbol: str
    side: Side
    origin: Origin
    quantity: int
    status: OrderStatus
    stop: int = 0
    target: int = 0
    replaces: UUID | None = None
    decided: datetime | None = None
    price: int = 0
    limit_price: int = 0
    trigger_price: int = 0
    triggered: datetime | None = None
    filled: int = 0
    paid: int = 0  # the sum of price x quantity over its fills, exact
    reserved: int = 0
    reason: Reason | None = None
    value: int = 0
    limit: int = 0

    @property
    def left(self) -> int:
        """What is still to be filled."""
        return self.quantity - self.filled


@dataclass
class Command:
    """A wish of a person's: an order, or an order's end; outcome None while it waits."""

    order: Order
    kind: str
    outcome: str | None = None
    instant: datetime | None = None


@dataclass(frozen=True)
class Snapshot:
    """The account at the marks of an instant, money units."""

    time: datetime
    reserved: int
    book: tuple[int, ...]  # the account's columns
    value: int
    cost: int


@dataclass
class Posted:
    """What one position realized and paid so far, money units."""

    realized: int = 0
    fees: int = 0


@dataclass
class Twin:
    """One desk; `symbols` ascend."""

    rules: Rules
    cash: int
    symbols: tuple[str, ...]
    uid: UUID
    reached: Counter[str]
    manifest: TradingState = TradingState.ACTIVE
    person: TradingState = TradingState.ACTIVE
    book: Book = field(init=False)
    orders: dict[UUID, Order] = field(default_factory=dict)
    commands: list[Command] = field(default_factory=list)
    working: dict[str, UUID] = field(default_factory=dict)
    traded: dict[str, Posted] = field(default_factory=dict)
    fills: list[OrderEvent] = field(default_factory=list)
    snapshots: list[Snapshot] = field(default_factory=list)
    changes: list[tuple[str, TradingState]] = field(default_factory=list)
    moments: list[Moment] = field(default_factory=list)
    rows: list[list[int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.book = new_book(len(self.symbols), self.cash)

    def held(self, symbol: str) -> int:
        """What is held of a symbol."""
        return self.book.quantity[self.symbols.index(symbol)]

    @property
    def effective(self) -> TradingState:
        """The trading state in force: the strictest of three sides."""
        automatic = TradingState.REDUCING if self.book.account[AUTOMATIC_HALT] else TradingState.ACTIVE
        return max(self.manifest, self.person, automatic)

    # What people ask for.

    def order(self, order: Order) -> None:
        """Take a person's order into the journal."""
        self.orders[order.id] = order
        self.commands.append(Command(order, "ORDER"))

    def cancel(self, order: Order, pending: OrderStatus = OrderStatus.PENDING_CANCEL) -> OrderStatus:
        """Ask for an order's end; return the status that it has then."""
        note_request(self.reached, order)
        if order.status in WAITS:
            order.status, order.reason = OrderStatus.CANCELED, Reason.CANCELED_BY_REQUEST
            next(c for c in self.commands if c.order is order and c.kind == "ORDER").outcome = "WITHDRAWN"
        elif order.status in WORKS:
            order.status = pending
            self.commands.append(Command(order, "CANCEL"))
        return order.status

    def replace(self, order: Order, new: Order) -> OrderStatus:
        """Ask for another order in one's place; return the old one's status."""
        if any(other.replaces == order.id for other in self.orders.values()):
            return order.status
        if order.status in (*WAITS, *WORKS):
            self.cancel(order, OrderStatus.PENDING_UPDATE)
            self.order(replace(new, replaces=order.id))
        return order.status

    def flatten(self, sales: dict[str, UUID]) -> None:
        """Get out of everything; `sales` names the sales that this makes, by symbol."""
        if self.person is TradingState.ACTIVE:
            self.set_state("PERSON", TradingState.REDUCING)
        selling = set()
        asked = [order for order in self.orders.values() if order.status in (*WAITS, *WORKS)]
        for order in sorted(asked, key=lambda each: each.status in WAITS):
            if -order.side.value * order.left == self.held(order.symbol) and order.symbol not in selling:
                selling.add(order.symbol)
            else:
                self.cancel(order)
        rest = [symbol for symbol in self.symbols if self.held(symbol) and symbol not in selling]
        assert rest == list(sales)
        for symbol, name in sales.items():
            held = self.held(symbol)
            side = Side.SELL if held > 0 else Side.BUY
            self.order(Order(name, symbol, side, Origin.COMMAND, abs(held), OrderStatus.INITIALIZED))

    def set_state(self, side: str, state: TradingState) -> None:
        """Set the manifest's or the person's side of the trading state."""
        before = self.manifest if side == "MANIFEST" else self.person
        if state is before:
            return
        if side == "MANIFEST":
            self.manifest = state
        else:
            self.person = state
        self.changes.append((side, state))

    # What instants bring.

    def decide(self, moments: Sequence[Moment]) -> list[list[OrderEvent]]:
        """Run instants as one transaction decides them; return what happened at each.

        Raises:
            OverflowError: an amount passes what an account may hold; this twin is of no use any more.
        """
        note_statuses(self.reached, self)
        waiting = [c for c in self.commands if c.outcome is None]
        cancels = [c for c in waiting if c.kind == "CANCEL"]
        heads: dict[str, Command] = {}
        for command in waiting:
            if command.kind == "ORDER":
                heads.setdefault(command.order.symbol, command)
        state = max(self.manifest, self.person)
        happened = []
        for moment in moments:
            happened.append(self._instant(replace(moment, state=state), cancels, heads))
            cancels = []
        return happened

    def _instant(self, moment: Moment, cancels: Sequence[Command], heads: dict[str, Command]) -> list[OrderEvent]:
        ends = set()
        for command in cancels:
            symbol = command.order.symbol
            at_work = self.working.get(symbol) == command.order.id
            command.outcome, command.instant = "TAKEN" if at_work else "TOO_LATE", moment.time
            if at_work:
                ends.add(symbol)
        asked = {symbol: command.order for symbol, command in heads.items() if symbol in moment.bars}
        wishes = {symbol: (o.side, o.quantity, o.stop, o.target) for symbol, o in asked.items()}
        moment = replace(moment, cancels=frozenset(ends), orders=wishes)
        before = Book(*(list(column) for column in self.book))
        rows = new_events(len(self.symbols))
        instant = instant_of(moment, self.symbols)
        count = run_instant(self.rules, self.book, instant, rows, 0)
        note_instant(self.reached, self, before, moment, rows[:count])
        self.rows += rows[:count]
        events = [self._happened(row, moment, asked) for row in rows[:count]]
        for symbol, command in list(heads.items()):
            if command.order.decided == moment.time:
                command.outcome, command.instant = "TAKEN", moment.time
                del heads[symbol]
        self._settle(before, moment, events)
        taken = {s: wishes[s] for s, o in asked.items() if o.decided == moment.time}
        self.moments.append(replace(moment, orders=taken))
        return events

    def _happened(self, row: Sequence[int], moment: Moment, asked: dict[str, Order]) -> OrderEvent:
        """Turn an event row into words, and carry it into the order's record."""
        close = moment.time.isoformat()

        def name_order(origin: Origin, symbol: str, decided: datetime) -> UUID:
            if decided != moment.time:
                return self.working[symbol]
            if origin is Origin.COMMAND:
                return asked[symbol].id
            if origin is Origin.SIGNAL:
                return uuid5(uuid5(self.uid, f"{symbol}|1d|{close}"), "order")
            return uuid5(self.uid, f"{symbol}|1d|{close}|exit")

        event = to_order_event(row, self.symbols, name_order)
        order = self.orders.get(event.client_order_id)
        if order is None:
            order = Order(event.client_order_id, event.symbol, event.side, event.origin, event.quantity, event.kind)
            self.orders[order.id] = order
        if event.kind in (OrderStatus.ACCEPTED, OrderStatus.DENIED):
            order.decided, order.price = event.decided, event.price
            order.limit_price, order.trigger_price = event.limit_price, event.trigger_price
        if event.kind is OrderStatus.TRIGGERED:
            order.triggered = moment.time
        if event.kind is OrderStatus.ACCEPTED:
            self.working[event.symbol] = order.id
        elif event.kind in FILLS:
            order.filled += event.quantity
            order.paid += event.price * event.quantity
            posted = self.traded.setdefault(event.symbol, Posted())
            posted.realized += event.realized_pnl_gross
            posted.fees += event.fee
            self.fills.append(event)
        if event.kind not in (*WORKS, OrderStatus.DENIED):
            del self.working[event.symbol]
        order.status, order.reason, order.value, order.limit = event.kind, event.reason, event.value, event.limit
        return event

    def _settle(self, before: Book, moment: Moment, events: Sequence[OrderEvent]) -> None:
        """Note what no event tells: what splits lost and dividends paid, reserves, halts, the snapshot."""
        self._act(before, moment)
        for i, symbol in enumerate(self.symbols):
            name = self.working.get(symbol)
            for order in self.orders.values():
                if order.symbol == symbol:
                    order.reserved = self.book.order_reserved[i] if order.id == name else 0
        account, halt = self.book.account, before.account[AUTOMATIC_HALT]
        if account[SESSION] != before.account[SESSION]:
            if halt:
                self.changes.append(("AUTOMATIC", TradingState.ACTIVE))
            halt = 0
        if account[AUTOMATIC_HALT] != halt:
            self.changes.append(("AUTOMATIC", TradingState.REDUCING))
        # Decisions come after the marks and do nothing but reserve.
        decided = {e.client_order_id for e in events if e.kind is OrderStatus.ACCEPTED and e.decided == moment.time}
        reserved = account[RESERVED] - sum(self.orders[name].reserved for name in decided)
        worths = [(m * q, c) for m, q, c in zip(self.book.mark, self.book.quantity, self.book.cost, strict=True)]
        value = sum(_rounded(worth, 10**8) for worth, _ in worths)
        self.snapshots.append(Snapshot(moment.time, reserved, tuple(account), value, sum(c for _, c in worths)))

    def _act(self, before: Book, moment: Moment) -> None:
        """Carry into each position's record what it owes and what its actions realized, counted here a second time."""
        days = session_of(to_micros(moment.time)) - before.account[SESSION]
        for i, symbol in enumerate(self.symbols):
            posted, quantity = self.traded.get(symbol), before.quantity[i]
            if posted is None or quantity == 0:
                continue
            if quantity < 0 and before.account[MARGIN]:
                owed = _rounded(-before.mark[i] * quantity, 10**8) * self.rules.borrow_rate * days
                posted.fees += _rounded(owed, 365 * 10**8)
            if symbol in moment.splits:
                numerator, denominator = moment.splits[symbol]
                quantity = _rounded(quantity * numerator, denominator)
                if quantity == 0:
                    posted.realized -= before.cost[i]
            dividend = moment.dividends.get(symbol, 0)
            posted.realized += _rounded(quantity * dividend, 10**8)


def _rounded(amount: int, scale: int) -> int:
    whole = (2 * abs(amount) + scale) // (2 * scale)
    return whole if amount >= 0 else -whole
