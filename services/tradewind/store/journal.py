"""The journal, read: what decisions were made from, and apart from it what the desk made of it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from tradewind.domain.bars import Bar
from tradewind.domain.orders import OrderStatus, Origin, Reason, Side
from tradewind.store import units
from tradewind.store.database import Connection
from tradewind.store.queries import query

_MICROSECONDS: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class TakenCommand:
    """A person's order and the instant that took it up. Quantity in 10^-8 units."""

    client_order_id: UUID
    instant: datetime
    symbol: str
    side: Side
    quantity: int


@dataclass(frozen=True)
class Journal:
    """All that was decided on: the instants, and the bars, signals and commands that took part in them.

    Bars are by symbol and ascend; they have no volume, which no decision reads.
    """

    instants: Sequence[datetime]
    bars: dict[str, list[Bar]]
    sides: dict[tuple[str, datetime], Side]
    commands: Sequence[TakenCommand]


@dataclass(frozen=True, slots=True)
class OrderRecord:
    """One order and what became of it. `price` is what the decision saw; numbers in the scales of `domain.money`.

    `value` and `limit` are the numbers behind `reason`: money, quantity, or microseconds for SIGNAL_TOO_OLD.
    """

    client_order_id: UUID
    symbol: str
    side: Side
    origin: Origin
    quantity: int
    decided: datetime
    price: int
    status: OrderStatus
    reason: Reason | None
    value: int
    limit: int


@dataclass(frozen=True, slots=True)
class FillRecord:
    """One fill; numbers in the scales of `domain.money`."""

    client_order_id: UUID
    symbol: str
    side: Side
    origin: Origin
    decided: datetime
    time: datetime
    quantity: int
    price: int
    fee: int
    realized_pnl_gross: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The account at an instant's marks, money units."""

    time: datetime
    cash: int
    equity: int


@dataclass(frozen=True, slots=True)
class Cash:
    """What an account started with and has, money units."""

    initial: int
    now: int


@contextmanager
def frozen(connection: Connection) -> Iterator[None]:
    """Open a transaction that sees one moment of the database throughout, and can't write."""
    with connection.transaction():
        connection.execute(query("journal_freeze"))
        yield


def read_journal(connection: Connection, strategy_id: str, interval: str) -> Journal:
    """Return a strategy's journal. It reads no order, fill or balance."""
    bars: dict[str, list[Bar]] = {}
    for instant, symbol, *prices in _rows(connection, "journal_bars", strategy_id):
        o, h, low, c = (units.price_units(price) for price in prices)
        bars.setdefault(symbol, []).append(Bar(symbol, interval, instant.astimezone(UTC), o, h, low, c, 0))
    return Journal(
        instants=[row[0].astimezone(UTC) for row in _rows(connection, "journal_instants", strategy_id)],
        bars=bars,
        sides={
            (symbol, instant.astimezone(UTC)): Side[side]
            for instant, symbol, side in _rows(connection, "journal_signals", strategy_id)
        },
        commands=[
            TakenCommand(order, instant.astimezone(UTC), symbol, Side[side], units.quantity_units(quantity))
            for order, instant, symbol, side, quantity in _rows(connection, "journal_commands", strategy_id)
        ],
    )


def read_orders(connection: Connection, strategy_id: str) -> list[OrderRecord]:
    """Return the live orders that were decided, by instant and symbol."""
    return [_order(row) for row in _rows(connection, "journal_orders", strategy_id)]


def read_fills(connection: Connection, strategy_id: str) -> list[FillRecord]:
    """Return the live fills in the order that they were booked."""
    return [
        FillRecord(
            client_order_id=row[0],
            symbol=row[1],
            side=Side[row[2]],
            origin=Origin(row[3]),
            decided=row[4].astimezone(UTC),
            time=row[5].astimezone(UTC),
            quantity=units.quantity_units(row[6]),
            price=units.price_units(row[7]),
            fee=units.money_units(row[8]),
            realized_pnl_gross=units.money_units(row[9]),
        )
        for row in _rows(connection, "journal_fills", strategy_id)
    ]


def read_snapshots(connection: Connection, strategy_id: str) -> list[Snapshot]:
    """Return the account after each instant, in order."""
    return [
        Snapshot(row[0].astimezone(UTC), units.money_units(row[1]), units.money_units(row[2]))
        for row in _rows(connection, "journal_snapshots", strategy_id)
    ]


def read_cash(connection: Connection, strategy_id: str) -> Cash | None:
    """Return the account's cash; None where there is no such account."""
    for initial, now in _rows(connection, "journal_cash", strategy_id):
        return Cash(units.money_units(initial), units.money_units(now))
    return None


def read_recorded_sides(connection: Connection, strategy_id: str, interval: str) -> dict[tuple[str, datetime], Side]:
    """Return the side of every signal on record, by symbol and bar close."""
    rows = connection.execute(query("journal_recorded_signals"), {"strategy_id": strategy_id, "interval": interval})
    return {(symbol, close_time.astimezone(UTC)): Side[side] for symbol, close_time, side in rows}


def read_registered_signal(connection: Connection, strategy_id: str) -> dict[str, Any] | None:
    """Return `spec.signal` of a registered strategy's manifest, None for one that is not registered."""
    row = connection.execute(query("read_manifest"), {"strategy_id": strategy_id}).fetchone()
    return None if row is None else row[0]["spec"]["signal"]


def _rows(connection: Connection, name: str, strategy_id: str) -> list[tuple[Any, ...]]:
    return connection.execute(query(name), {"strategy_id": strategy_id}).fetchall()


def _order(row: tuple[Any, ...]) -> OrderRecord:
    reason = None if row[8] is None else Reason(row[8])
    return OrderRecord(
        client_order_id=row[0],
        symbol=row[1],
        side=Side[row[2]],
        origin=Origin(row[3]),
        quantity=units.quantity_units(row[4]),
        decided=row[5].astimezone(UTC),
        price=units.price_units(row[6]),
        status=OrderStatus(row[7]),
        reason=reason,
        value=_number(reason, row[9]),
        limit=_number(reason, row[10]),
    )


def _number(reason: Reason | None, number: Decimal | None) -> int:
    """Return a reason's number as the rule book counts it; the ledger holds a signal's age in seconds."""
    if number is None:
        return 0
    if reason is Reason.REDUCE_ONLY_WOULD_INCREASE_POSITION:
        return units.quantity_units(number)
    if reason is Reason.SIGNAL_TOO_OLD:
        return int(number * _MICROSECONDS)
    return units.money_units(number)
