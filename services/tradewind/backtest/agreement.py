"""Live against simulated: every order, every fill and every unit of cash, the simulated side from the journal alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from tradewind.backtest.history import journal_history
from tradewind.backtest.simulator import Simulation, simulate
from tradewind.backtest.trades import FILLS, fills_of
from tradewind.domain.bars import from_micros
from tradewind.domain.identity import exit_order_id, signal_id, signal_order_id
from tradewind.domain.money import MONEY_SCALE, to_decimal
from tradewind.domain.orders import OrderEvent, OrderNaming, Origin, Side
from tradewind.manifest.resources import TradingStrategy
from tradewind.store.journal import (
    FillRecord,
    Journal,
    OrderRecord,
    Snapshot,
    frozen,
    read_cash,
    read_fills,
    read_journal,
    read_orders,
    read_snapshots,
)

if TYPE_CHECKING:
    from tradewind.store.database import Connection


class UnknownAccountError(LookupError):
    """The database holds no account of this strategy."""

    def __init__(self, strategy_id: str) -> None:
        super().__init__(f"the ledger holds no account of {strategy_id}")
        self.strategy_id = strategy_id


@dataclass(frozen=True)
class Record:
    """One side of the comparison: orders by instant and symbol, fills as booked, the account after each instant."""

    orders: Sequence[OrderRecord]
    fills: Sequence[FillRecord]
    snapshots: Sequence[Snapshot]
    cash: int


@dataclass(frozen=True, slots=True)
class Difference:
    """The first thing that is not equal: what it is, as the live desk has it and as the simulator does."""

    what: str
    live: str
    simulated: str

    def __str__(self) -> str:
        return f"{self.what}: live {self.live}, simulated {self.simulated}"


@dataclass(frozen=True)
class Agreement:
    """What was compared; `difference` is None when all of it is equal. Counts and cash (money units) are live's."""

    instants: int
    orders: int
    fills: int
    cash: int
    difference: Difference | None

    @property
    def agrees(self) -> bool:
        """Whether both sides are equal."""
        return self.difference is None

    @property
    def cash_amount(self) -> Decimal:
        """The final cash in the account's currency."""
        return to_decimal(self.cash, MONEY_SCALE)

    def __str__(self) -> str:
        if self.difference is not None:
            return f"live and simulated differ: {self.difference}"
        return f"live and simulated agree: {self.orders} orders, {self.fills} fills, cash {self.cash_amount}"


def compare(connection: "Connection", strategy: TradingStrategy) -> Agreement:
    """Simulate a strategy's journal and compare the result with its live ledger, both as of one moment.

    Raises:
        UnknownAccountError: the ledger holds no account of the strategy.
        BarOrderError, HistoryError: the journal holds what can't be simulated.
    """
    strategy_id = str(strategy.id)
    with frozen(connection):
        journal = read_journal(connection, strategy_id, strategy.spec.feed.interval)
        orders, fills = read_orders(connection, strategy_id), read_fills(connection, strategy_id)
        snapshots, cash = read_snapshots(connection, strategy_id), read_cash(connection, strategy_id)
    if cash is None:
        raise UnknownAccountError(strategy_id)
    simulation = simulate_journal(journal, strategy)
    simulated = record_of(simulation, order_naming(strategy, journal))
    live = Record(orders, fills, snapshots, cash.now)
    return Agreement(len(simulation.time), len(orders), len(fills), cash.now, first_difference(live, simulated))


def simulate_journal(journal: Journal, strategy: TradingStrategy) -> Simulation:
    """Run the simulator over a journal, with the strategy's rules and its initial cash."""
    history = journal_history(strategy.spec.symbols, journal)
    return simulate(history, strategy.spec.rules(), strategy.spec.initial_cash)


def order_naming(strategy: TradingStrategy, journal: Journal) -> OrderNaming:
    """Return what names an order: signals and exits by their bar, a person's order by the journal."""
    uid, interval = strategy.id.uid, strategy.spec.feed.interval
    commands = {(c.symbol, c.instant): c.client_order_id for c in journal.commands if c.side is not Side.HOLD}

    def name_order(origin: Origin, symbol: str, decided: datetime) -> UUID:
        if origin is Origin.COMMAND:
            return commands[symbol, decided]
        if origin is Origin.SIGNAL:
            return signal_order_id(signal_id(uid, symbol, interval, decided))
        return exit_order_id(uid, symbol, interval, decided)

    return name_order


def record_of(simulation: Simulation, name_order: OrderNaming) -> Record:
    """Return a simulation as one side of the comparison."""
    events = simulation.events(name_order)
    snapshots = [
        Snapshot(from_micros(time), cash, equity)
        for time, cash, equity in zip(
            simulation.time.tolist(), simulation.cash.tolist(), simulation.equity.tolist(), strict=True
        )
    ]
    return Record(orders_of(events), fills_of(events), snapshots, simulation.final_cash)


def orders_of(events: Iterable[OrderEvent]) -> list[OrderRecord]:
    """Return the orders that events tell of and what became of each, in the order of their decisions."""
    orders: dict[UUID, OrderRecord] = {}
    for event in events:
        known = orders.get(event.client_order_id)
        orders[event.client_order_id] = OrderRecord(
            client_order_id=event.client_order_id,
            symbol=event.symbol,
            side=event.side,
            origin=event.origin,
            quantity=event.quantity if known is None else known.quantity,
            filled=(0 if known is None else known.filled) + (event.quantity if event.kind in FILLS else 0),
            decided=event.decided,
            price=event.price if known is None else known.price,
            status=event.kind,
            reason=event.reason,
            value=event.value,
            limit=event.limit,
        )
    return list(orders.values())


def first_difference(live: Record, simulated: Record) -> Difference | None:
    """Return the first difference in time order: orders, fills, then the account instant by instant, then the cash."""
    return (
        _order_difference(live.orders, simulated.orders)
        or _fill_difference(live.fills, simulated.fills)
        or _snapshot_difference(live.snapshots, simulated.snapshots)
        or _cash_difference(live.cash, simulated.cash)
    )


def _order_difference(live: Sequence[OrderRecord], simulated: Sequence[OrderRecord]) -> Difference | None:
    ours, theirs = ({order.client_order_id: order for order in side} for side in (simulated, live))
    every = sorted((ours | theirs).values(), key=lambda o: (o.decided, o.symbol, o.client_order_id))
    for order in every:
        name = f"the {order.origin} order of {order.symbol} decided at {order.decided.isoformat()}"
        what = f"{name} ({order.client_order_id})"
        difference = _record_difference(what, theirs.get(order.client_order_id), ours.get(order.client_order_id))
        if difference is not None:
            return difference
    return None


def _fill_difference(live: Sequence[FillRecord], simulated: Sequence[FillRecord]) -> Difference | None:
    for number in range(max(len(live), len(simulated))):
        theirs = live[number] if number < len(live) else None
        ours = simulated[number] if number < len(simulated) else None
        known = theirs or ours
        assert known is not None
        what = f"fill {number + 1}, of {known.symbol} at {known.time.isoformat()}"
        difference = _record_difference(what, theirs, ours)
        if difference is not None:
            return difference
    return None


def _snapshot_difference(live: Sequence[Snapshot], simulated: Sequence[Snapshot]) -> Difference | None:
    theirs, ours = ({point.time: point for point in side} for side in (live, simulated))
    for time in sorted(theirs.keys() | ours.keys()):
        difference = _record_difference(f"the account at {time.isoformat()}", theirs.get(time), ours.get(time))
        if difference is not None:
            return difference
    return None


def _cash_difference(live: int, simulated: int) -> Difference | None:
    if live == simulated:
        return None
    return Difference("the final cash", _shown("cash", live), _shown("cash", simulated))


def _record_difference(what: str, live: Any, simulated: Any) -> Difference | None:
    if live is None or simulated is None:
        return Difference(what, _presence(live), _presence(simulated))
    for field in fields(live):
        theirs, ours = getattr(live, field.name), getattr(simulated, field.name)
        if theirs != ours:
            return Difference(f"{field.name} of {what}", _shown(field.name, theirs), _shown(field.name, ours))
    return None


def _presence(record: object) -> str:
    return "has none" if record is None else "has it"


_MONEY = frozenset({"price", "fee", "realized_pnl_gross", "cash", "equity"})


def _shown(field: str, value: object) -> str:
    if field in _MONEY and isinstance(value, int):
        return str(to_decimal(value, MONEY_SCALE))
    return value.isoformat() if isinstance(value, datetime) else str(getattr(value, "name", value))
