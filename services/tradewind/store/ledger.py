"""The ledger: books are restored from it, and every event of the rule book is booked through its stored procedures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from tradewind.domain.bars import to_micros
from tradewind.domain.identity import signal_id, trade_id
from tradewind.domain.orders import OrderEvent, OrderStatus, Origin, Reason, Side
from tradewind.domain.rules import codes
from tradewind.domain.rules.book import Book, new_book
from tradewind.store import units
from tradewind.store.database import Connection
from tradewind.store.errors import LedgerDisagreesError
from tradewind.store.queries import query

_ORIGINS: Final = {origin.value: getattr(codes, origin.value) for origin in Origin}
_MICROSECONDS: Final = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class WaitingCommand:
    """A person's order that no instant has taken up yet. Quantity in 10^-8 units."""

    client_order_id: UUID
    symbol: str
    side: Side
    quantity: int


class Ledger:
    """One strategy's ledger, in the caller's transactions.

    Args:
        strategy_id: whose ledger.
        uid: the strategy's UID, which signal ids are made from.
        interval: of the strategy's bars.
        symbols: in ascending order.
    """

    def __init__(self, strategy_id: str, uid: UUID, interval: str, symbols: Sequence[str]) -> None:
        self._strategy_id = strategy_id
        self._uid = uid
        self._interval = interval
        self._symbols = symbols

    def restore(self, connection: Connection) -> tuple[Book, dict[str, UUID]]:
        """Return the books as the ledger holds them, and the client_order_id of each symbol's working order."""
        row = connection.execute(query("read_account"), {"strategy_id": self._strategy_id}).fetchone()
        assert row is not None
        book = new_book(len(self._symbols), units.money_units(row[5]))
        book.account[:] = _account(row[:9])
        index = {symbol: i for i, symbol in enumerate(self._symbols)}
        for symbol, quantity, cost, mark, *_ in connection.execute(
            query("read_positions"), {"strategy_id": self._strategy_id}
        ):
            i = index[symbol]
            book.quantity[i] = units.quantity_units(quantity)
            book.cost[i] = units.money_units(cost)
            book.mark[i] = units.price_units(mark)
        working: dict[str, UUID] = {}
        for client_order_id, symbol, side, quantity, reserved, decided_at, origin in connection.execute(
            query("read_working_orders"), {"strategy_id": self._strategy_id}
        ):
            i = index[symbol]
            working[symbol] = client_order_id
            book.order_side[i] = Side[side].value
            book.order_quantity[i] = units.quantity_units(quantity)
            book.order_reserved[i] = units.money_units(reserved)
            book.order_time[i] = to_micros(decided_at)
            book.order_origin[i] = _ORIGINS[origin]
        return book, working

    def book_event(self, connection: Connection, event: OrderEvent) -> None:
        """Book one event of the rule book.

        Raises:
            LedgerDisagreesError: the stored procedure comes to another result.
        """
        if event.kind is OrderStatus.FILLED:
            self._fill(connection, event)
        elif event.kind in (OrderStatus.ACCEPTED, OrderStatus.DENIED):
            self._submit(connection, event)
        else:
            self._end(connection, event)

    def _submit(self, connection: Connection, event: OrderEvent) -> None:
        signal = None
        if event.origin is Origin.SIGNAL:
            signal = signal_id(self._uid, event.symbol, self._interval, event.time)
        row = connection.execute(
            query("submit_order"),
            {
                "client_order_id": event.client_order_id,
                "strategy_id": self._strategy_id,
                "symbol": event.symbol,
                "side": event.side.name,
                "origin": event.origin.value,
                "signal_id": signal,
                "quantity": units.quantity(event.quantity),
                "instant": event.time,
                "price": units.price(event.price),
            },
        ).fetchone()
        assert row is not None
        ours: tuple[object, ...] = (event.kind.value, None, None, None)
        if event.reason is not None:
            ours = (event.kind.value, event.reason.value, *_numbers(event))
        _agree(f"order {event.client_order_id} of {event.symbol}", ours, row[:4])

    def _fill(self, connection: Connection, event: OrderEvent) -> None:
        row = connection.execute(
            query("fill_order"),
            {
                "client_order_id": event.client_order_id,
                "trade_id": trade_id(event.client_order_id, 1),
                "quantity": units.quantity(event.quantity),
                "price": units.price(event.price),
                "instant": event.time,
            },
        ).fetchone()
        ours = (units.money(event.fee), units.money(event.realized_pnl_gross))
        _agree(f"fee and realized P&L of order {event.client_order_id} of {event.symbol}", ours, row)

    def _end(self, connection: Connection, event: OrderEvent) -> None:
        value, limit = _numbers(event)
        connection.execute(
            query("end_order"),
            {
                "client_order_id": event.client_order_id,
                "status": event.kind.value,
                "reason": None if event.reason is None else event.reason.value,
                "value": value,
                "limit": limit,
            },
        )

    def mark(self, connection: Connection, instant: datetime, session: int, marks: Mapping[str, int]) -> None:
        """Mark these symbols, open a new session where the day changed, and write the snapshot."""
        connection.execute(
            query("update_portfolio_value"),
            {
                "strategy_id": self._strategy_id,
                "instant": instant,
                "session": session,
                "symbols": list(marks),
                "marks": [units.price(mark) for mark in marks.values()],
            },
        )

    def verify(self, connection: Connection, book: Book) -> None:
        """Compare the account with the books, to the unit.

        Raises:
            LedgerDisagreesError: cash, reserve, P&L, fees, equity or session differ.
        """
        row = connection.execute(query("read_account"), {"strategy_id": self._strategy_id}).fetchone()
        assert row is not None
        _agree("the account", list(book.account), _account(row[:9]))

    def close_instant(
        self, connection: Connection, instant: datetime, bars: Sequence[str], signals: Sequence[str], epoch: int
    ) -> None:
        """Journal that an instant was decided, and with whom."""
        connection.execute(
            query("insert_instant"),
            {
                "strategy_id": self._strategy_id,
                "instant": instant,
                "bars": list(bars),
                "signals": list(signals),
                "epoch": epoch,
            },
        )

    def waiting_commands(self, connection: Connection) -> list[WaitingCommand]:
        """Return the oldest waiting command of each symbol."""
        rows = connection.execute(query("read_waiting_commands"), {"strategy_id": self._strategy_id})
        return [WaitingCommand(row[0], row[1], Side[row[2]], units.quantity_units(row[3])) for row in rows]

    def take_command(self, connection: Connection, client_order_id: UUID, instant: datetime) -> None:
        """Journal the instant that took up a command."""
        connection.execute(query("take_command"), {"client_order_id": client_order_id, "instant": instant})


def halt_reason(connection: Connection, strategy_id: str) -> str | None:
    """Return why the strategy is halted, None while it is not."""
    row = connection.execute(query("read_account"), {"strategy_id": strategy_id}).fetchone()
    return None if row is None or row[11] != "HALTED" else str(row[12])


def halt(connection: Connection, strategy_id: str, reason: str) -> None:
    """Stop the strategy's decisions and say why."""
    connection.execute(query("halt_trading"), {"strategy_id": strategy_id, "reason": reason})


def _account(row: Sequence[object]) -> list[int]:
    """Return account columns in the books' order and units."""
    values = [units.money_units(Decimal(str(value))) for value in row[:6]]
    return [*values, int(str(row[6])), units.money_units(Decimal(str(row[7]))), int(bool(row[8]))]


def _numbers(event: OrderEvent) -> tuple[Decimal, Decimal]:
    """Return the numbers behind an event's reason: quantities, seconds or money."""
    if event.reason is Reason.REDUCE_ONLY_WOULD_INCREASE_POSITION:
        return units.quantity(event.value), units.quantity(event.limit)
    if event.reason is Reason.SIGNAL_TOO_OLD:
        return Decimal(event.value) / _MICROSECONDS, Decimal(event.limit) / _MICROSECONDS
    return units.money(event.value), units.money(event.limit)


def _agree(what: str, ours: object, ledger: object) -> None:
    if ours != ledger:
        raise LedgerDisagreesError(what, ours, ledger)
