"""The journal, read: what decisions were made from, and apart from it what the desk made of it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from tradewind.domain.bars import Bar, CorporateAction, Dividend, Split
from tradewind.domain.orders import OrderStatus, Origin, Reason, Side, TradingState
from tradewind.store import units
from tradewind.store.queries import query

if TYPE_CHECKING:
    # Its records are a backtest's, too, which starts a tenth of a second sooner without psycopg.
    from tradewind.store.database import Connection

_MICROSECONDS: Final = 1_000_000


_EVER: Final = (datetime(1900, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC))


@dataclass(frozen=True, slots=True)
class TakenCommand:
    """A person's order, or cancel (side HOLD, no quantity), and the instant that took it up.

    Quantity in 10^-8 units; stop and target price units, 0 for none.
    """

    client_order_id: UUID
    instant: datetime
    symbol: str
    side: Side
    quantity: int
    stop: int = 0
    target: int = 0


@dataclass(frozen=True)
class Journal:
    """All that was decided on: the instants and what took part in them.

    An instant has the trading state that manifest and person had set. Bars are by symbol and ascend.
    """

    instants: Mapping[datetime, TradingState]
    bars: dict[str, list[Bar]]
    sides: dict[tuple[str, datetime], Side]
    commands: Sequence[TakenCommand]
    actions: Sequence[CorporateAction]


@dataclass(frozen=True, slots=True)
class OrderRecord:
    """One order and what became of it. `price` is what the decision saw; numbers in the scales of `domain.money`.

    A status that only says that a person's wish waits is left out: the order is ACCEPTED or PARTIALLY_FILLED.
    `value` and `limit` are the numbers behind `reason`: money, quantity, a count for RATE_LIMIT_EXCEEDED, or
    microseconds for SIGNAL_TOO_OLD and COOLDOWN_ACTIVE.
    """

    client_order_id: UUID
    symbol: str
    side: Side
    origin: Origin
    quantity: int
    filled: int
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
def frozen(connection: "Connection") -> Iterator[None]:
    """Open a transaction that sees one moment of the database throughout, and can't write."""
    with connection.transaction():
        connection.execute(query("journal_freeze"))
        yield


def read_journal(
    connection: "Connection",
    strategy_id: str,
    interval: str,
    after: datetime | None = None,
    through: datetime | None = None,
) -> Journal:
    """Return a strategy's journal of the instants after `after` up to `through`. It reads no order, fill or balance."""
    window = {"strategy_id": strategy_id, "after": after or _EVER[0], "through": through or _EVER[1]}

    def rows(name: str) -> list[tuple[Any, ...]]:
        return connection.execute(query(name), window).fetchall()

    bars: dict[str, list[Bar]] = {}
    for instant, symbol, *numbers in rows("journal_bars"):
        bars.setdefault(symbol, []).append(Bar(symbol, interval, instant, *numbers))
    return Journal(
        instants={instant: TradingState[state] for instant, state in rows("journal_instants")},
        bars=bars,
        sides={(symbol, instant): Side[side] for instant, symbol, side in rows("journal_signals")},
        commands=[
            TakenCommand(order, instant, symbol, Side[side or "HOLD"], *numbers)
            for order, instant, symbol, side, *numbers in rows("journal_commands")
        ],
        actions=read_actions(connection, strategy_id, after, through),
    )


def read_actions(
    connection: "Connection", strategy_id: str, after: datetime | None = None, through: datetime | None = None
) -> list[CorporateAction]:
    """Return the splits and dividends of the instants after `after` up to `through`, in order."""
    window = {"strategy_id": strategy_id, "after": after or _EVER[0], "through": through or _EVER[1]}
    return [
        Dividend(symbol, instant, amount) if amount is not None else Split(symbol, instant, numerator, denominator)
        for instant, symbol, numerator, denominator, amount in connection.execute(query("journal_actions"), window)
    ]


def read_orders(connection: "Connection", strategy_id: str) -> list[OrderRecord]:
    """Return the live orders that were decided, by instant and symbol."""
    return [_order(row) for row in _rows(connection, "journal_orders", strategy_id)]


def read_fills(connection: "Connection", strategy_id: str) -> list[FillRecord]:
    """Return the live fills in the order that they were booked."""
    return [
        FillRecord(
            client_order_id=row[0],
            symbol=row[1],
            side=Side[row[2]],
            origin=Origin(row[3]),
            decided=row[4],
            time=row[5],
            quantity=units.quantity_units(row[6]),
            price=units.price_units(row[7]),
            fee=units.money_units(row[8]),
            realized_pnl_gross=units.money_units(row[9]),
        )
        for row in _rows(connection, "journal_fills", strategy_id)
    ]


def read_snapshots(connection: "Connection", strategy_id: str) -> list[Snapshot]:
    """Return the account after each instant, in order."""
    return [
        Snapshot(row[0], units.money_units(row[1]), units.money_units(row[2]))
        for row in _rows(connection, "journal_snapshots", strategy_id)
    ]


def read_cash(connection: "Connection", strategy_id: str) -> Cash | None:
    """Return the account's cash; None where there is no such account."""
    for initial, now in _rows(connection, "journal_cash", strategy_id):
        return Cash(units.money_units(initial), units.money_units(now))
    return None


def read_recorded_sides(connection: "Connection", strategy_id: str, interval: str) -> dict[tuple[str, datetime], Side]:
    """Return the side of every signal on record, by symbol and bar close."""
    rows = connection.execute(query("journal_recorded_signals"), {"strategy_id": strategy_id, "interval": interval})
    return {(symbol, close_time): Side[side] for symbol, close_time, side in rows}


def read_registered_signal(connection: "Connection", strategy_id: str) -> dict[str, Any] | None:
    """Return `spec.signal` of a registered strategy's manifest, None for one that is not registered."""
    row = connection.execute(query("read_manifest"), {"strategy_id": strategy_id}).fetchone()
    return None if row is None else row[0]["spec"]["signal"]


def _rows(connection: "Connection", name: str, strategy_id: str) -> list[tuple[Any, ...]]:
    return connection.execute(query(name), {"strategy_id": strategy_id}).fetchall()


def _order(row: tuple[Any, ...]) -> OrderRecord:
    reason = None if row[9] is None else Reason(row[9])
    filled = units.quantity_units(row[5])
    status = OrderStatus(row[8])
    if status in (OrderStatus.PENDING_CANCEL, OrderStatus.PENDING_UPDATE):
        untouched = OrderStatus.ACCEPTED if row[12] is None else OrderStatus.TRIGGERED
        status = OrderStatus.PARTIALLY_FILLED if filled else untouched
    return OrderRecord(
        client_order_id=row[0],
        symbol=row[1],
        side=Side[row[2]],
        origin=Origin(row[3]),
        quantity=units.quantity_units(row[4]),
        filled=filled,
        decided=row[6],
        price=units.price_units(row[7]),
        status=status,
        reason=reason,
        value=_number(reason, row[10]),
        limit=_number(reason, row[11]),
    )


def _number(reason: Reason | None, number: Decimal | None) -> int:
    """Return a reason's number as the rule book counts it; the ledger holds durations in seconds."""
    if number is None:
        return 0
    if reason is Reason.REDUCE_ONLY_WOULD_INCREASE_POSITION:
        return units.quantity_units(number)
    if reason in (Reason.SIGNAL_TOO_OLD, Reason.COOLDOWN_ACTIVE):
        return int(number * _MICROSECONDS)
    if reason in (Reason.RATE_LIMIT_EXCEEDED, Reason.TRADING_HALTED):
        return int(number)
    return units.money_units(number)


def read_window(
    connection: "Connection", strategy_id: str, after: datetime | None, limit: int
) -> tuple[datetime | None, int]:
    """Return the last of the first `limit` instants decided after `after`, and how many there are: up to 10,000."""
    row = connection.execute(
        query("read_window"), {"strategy_id": strategy_id, "after": after or _EVER[0], "limit": limit}
    ).fetchone()
    assert row is not None
    return row[0], row[1]


def read_decided(
    connection: "Connection", strategy_id: str, after: datetime | None, through: datetime
) -> set[tuple[object, ...]]:
    """Return what the ledger holds of the instants after `after` up to `through`.

    Orders as (client_order_id, reason of a denial or None, quantity, decision price), fills as (client_order_id,
    "FILL", quantity, price); numbers in the scales of `domain.money`.
    """
    window = {"strategy_id": strategy_id, "after": after or _EVER[0], "through": through}
    return set(connection.execute(query("read_decided"), window))
