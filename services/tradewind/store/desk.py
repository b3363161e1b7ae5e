"""What people ask of a trading desk: its account, positions, orders and trades, and the orders they give it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from psycopg.rows import dict_row

from tradewind.domain.orders import Side
from tradewind.store import units
from tradewind.store.database import Connection
from tradewind.store.errors import OrderConflictError
from tradewind.store.queries import query

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Command:
    """A person's order. Quantity in 10^-8 units."""

    client_order_id: UUID
    symbol: str
    side: Side
    quantity: int


def place_command(connection: Connection, strategy_id: str, command: Command) -> bool:
    """Put a person's order in the journal, to be taken up by the next instant; return False when it was there.

    Raises:
        OrderConflictError: the client_order_id belongs to an order of other contents.
    """
    row = {
        "client_order_id": command.client_order_id,
        "strategy_id": strategy_id,
        "symbol": command.symbol,
        "side": command.side.name,
        "quantity": units.quantity(command.quantity),
    }
    with connection.transaction():
        if connection.execute(query("insert_command_order"), row).rowcount:
            connection.execute(query("insert_command"), row)
            return True
    stored = read_order(connection, strategy_id, command.client_order_id)
    ours = (command.symbol, command.side.name, format(units.quantity(command.quantity), "f"), "COMMAND")
    if stored is None or (stored["symbol"], stored["side"], stored["quantity"], stored["origin"]) != ours:
        raise OrderConflictError(command.client_order_id)
    return False


def read_order(connection: Connection, strategy_id: str, client_order_id: UUID) -> Row | None:
    """Return one order, None where there is no such order."""
    rows = _rows(connection, "read_order", strategy_id=strategy_id, client_order_id=client_order_id)
    return rows[0] if rows else None


def read_account(connection: Connection, strategy_id: str) -> Row:
    """Return the account."""
    return _rows(connection, "read_account", strategy_id=strategy_id)[0]


def read_positions(connection: Connection, strategy_id: str) -> list[Row]:
    """Return the positions that are or were held, with their profit, by symbol."""
    return _rows(connection, "read_positions", strategy_id=strategy_id)


def read_trades(connection: Connection, strategy_id: str, symbol: str | None, limit: int) -> list[Row]:
    """Return the newest fills, newest first."""
    return _rows(connection, "read_trades", strategy_id=strategy_id, symbol=symbol, limit=limit)


def read_portfolio_stats(connection: Connection, strategy_id: str) -> Row:
    """Return what `get_portfolio_stats` says of the account."""
    return _rows(connection, "read_portfolio_stats", strategy_id=strategy_id)[0]


def _rows(connection: Connection, name: str, **parameters: object) -> list[Row]:
    with connection.cursor(row_factory=dict_row) as cursor:
        return [_plain(row) for row in cursor.execute(query(name), parameters)]


def _plain(row: Row) -> Row:
    """Return a row with decimals as text: JSON's numbers are binary floats to most readers."""
    return {key: _text(value) for key, value in row.items()}


def _text(value: object) -> object:
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, datetime) else value
