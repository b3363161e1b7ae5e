"""What people ask of a trading desk: its account, positions and risk, and the orders they give it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg

from tradewind.domain.orders import Side
from tradewind.store import units
from tradewind.store.database import Connection
from tradewind.store.errors import OrderConflictError
from tradewind.store.queries import query
from tradewind.store.rows import Row, read_rows


@dataclass(frozen=True, slots=True)
class Command:
    """A person's order. Quantity in 10^-8 units; stop and target price units, the bracket's, 0 for none.

    `key` names the request where it is not named by its client_order_id, `fingerprint` stands for its contents.
    """

    client_order_id: UUID
    symbol: str
    side: Side
    quantity: int
    stop: int = 0
    target: int = 0
    key: str | None = None
    fingerprint: str = ""


def request_order(connection: Connection, strategy_id: str, command: Command) -> tuple[UUID, bool]:
    """Put a person's order in the journal, to be taken up by the next instant; return its id and whether it is new.

    Raises:
        OrderConflictError: the key or the client_order_id belongs to an order of other contents.
    """
    row = {
        "strategy_id": strategy_id,
        "client_order_id": command.client_order_id,
        "symbol": command.symbol,
        "side": command.side.name,
        "quantity": units.quantity(command.quantity),
        "stop_price": units.price(command.stop) if command.stop else None,
        "target_price": units.price(command.target) if command.target else None,
        "key": command.key,
        "fingerprint": command.fingerprint,
    }
    with _conflicts(command.key or command.client_order_id):
        found = connection.execute(query("request_order"), row).fetchone()
    assert found is not None
    return found[0], found[1]


def request_cancel(connection: Connection, strategy_id: str, client_order_id: UUID) -> str | None:
    """Ask for an order's end; return the status that it has now, None where there is no such order."""
    row = connection.execute(
        query("request_cancel"), {"strategy_id": strategy_id, "client_order_id": client_order_id}
    ).fetchone()
    return None if row is None else row[0]


def request_replace(connection: Connection, strategy_id: str, replaced: UUID, command: Command) -> str | None:
    """Ask for another order in a working order's place; return the old one's status, None where there is none.

    Raises:
        OrderConflictError: as `request_order`.
    """
    row = {
        "strategy_id": strategy_id,
        "client_order_id": replaced,
        "new_order_id": command.client_order_id,
        "quantity": units.quantity(command.quantity),
        "stop_price": units.price(command.stop) if command.stop else None,
        "target_price": units.price(command.target) if command.target else None,
        "key": command.key,
        "fingerprint": command.fingerprint,
    }
    with _conflicts(command.key or command.client_order_id):
        found = connection.execute(query("request_replace"), row).fetchone()
    return None if found is None else found[0]


@dataclass(frozen=True)
class Flattened:
    """What a request to get out of everything did, and whether it was this one that did it."""

    done: dict[str, Any]
    created: bool


def flatten(connection: Connection, strategy_id: str, reason: str, key: str | None, fingerprint: str) -> Flattened:
    """Cancel what works, take back what waits, sell all that is held, and stop purchases on a person's side.

    `done` has person_state_before, person_state, and the orders canceled, withdrawn, left_to_work and sales. The same
    key again does nothing and gives the first answer.

    Raises:
        OrderConflictError: the key belongs to another request.
    """
    row = {"strategy_id": strategy_id, "reason": reason, "key": key, "fingerprint": fingerprint}
    with _conflicts(key):
        found = connection.execute(query("flatten"), row).fetchone()
    assert found is not None
    return Flattened(found[0], found[1])


@contextmanager
def asking(connection: Connection, strategy_id: str) -> Iterator[None]:
    """Open a transaction that has the account to itself: what is read in it holds until it ends.

    Raises:
        psycopg.errors.LockNotAvailable: somebody else had the account for 15 s.
    """
    with connection.transaction():
        connection.execute(query("wait_briefly"))
        connection.execute(query("lock_account"), {"strategy_id": strategy_id})
        yield


@contextmanager
def _conflicts(name: object) -> Iterator[None]:
    try:
        yield
    except psycopg.Error as error:
        if error.sqlstate != "TW007":
            raise
        raise OrderConflictError(name) from None


def read_order(connection: Connection, strategy_id: str, client_order_id: UUID) -> Row | None:
    """Return one order, None where there is no such order."""
    rows = read_rows(connection, "read_order", {"strategy_id": strategy_id, "client_order_id": client_order_id})
    return rows[0] if rows else None


def read_account(connection: Connection, strategy_id: str) -> Row:
    """Return the account."""
    return read_rows(connection, "read_account", {"strategy_id": strategy_id})[0]


def read_positions(connection: Connection, strategy_id: str) -> list[Row]:
    """Return the positions that are or were held, with their profit, by symbol."""
    return read_rows(connection, "read_positions", {"strategy_id": strategy_id})


def read_portfolio_stats(connection: Connection, strategy_id: str) -> Row:
    """Return what `get_portfolio_stats` says of the account."""
    return read_rows(connection, "read_portfolio_stats", {"strategy_id": strategy_id})[0]


def read_risk(connection: Connection, strategy_id: str) -> Row:
    """Return each limit of the strategy and how much of it is in use; what is switched off is None."""
    return read_rows(connection, "read_risk", {"strategy_id": strategy_id})[0]


def read_exposure(connection: Connection, strategy_id: str) -> list[Row]:
    """Return the limits on one symbol and how much of them each symbol held uses."""
    return read_rows(connection, "read_exposure", {"strategy_id": strategy_id})


def read_trading_state(connection: Connection, strategy_id: str) -> list[Row]:
    """Return each side's trading state with why and since when; every row has the one in force as `effective`."""
    return read_rows(connection, "read_trading_state", {"strategy_id": strategy_id})


@dataclass(frozen=True)
class OpenInstant:
    """The oldest instant that is not decided, since when it is open, and what it lacks, by symbol: BAR, SIGNAL."""

    instant: datetime
    since: datetime
    lacks: dict[str, list[str]]


def read_open_instant(
    connection: Connection, strategy_id: str, owner: str, symbols: Sequence[str]
) -> OpenInstant | None:
    """Return the instant that the desk decides next; None where nothing has arrived for one."""
    rows = read_rows(connection, "read_waiting_instant", {"strategy_id": strategy_id, "owner": owner})
    if not rows:
        return None
    found = rows[0]
    arrived = {"BAR": found["bars"] or (), "SIGNAL": found["signals"] or ()}
    lacks = {
        symbol: [kind for kind, those in arrived.items() if symbol not in those]
        for symbol in symbols
        if symbol not in (found["missing"] or ())
    }
    return OpenInstant(found["instant"], found["since"], {symbol: kinds for symbol, kinds in lacks.items() if kinds})
