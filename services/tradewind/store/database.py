"""Connections to PostgreSQL."""

from typing import Any, Final

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import TupleRow
from psycopg_pool import ConnectionPool

from tradewind.store.errors import EpochOverError, TurnOverError
from tradewind.store.queries import query

Connection = psycopg.Connection[TupleRow]
Pool = ConnectionPool[Connection]
WRITER_LOST: Final = (psycopg.OperationalError, EpochOverError, TurnOverError)
"""The writer can't go on in this process: the connection, and with it the lock, is gone, or another has taken over."""
DATABASE_AWAY: Final = psycopg.OperationalError
"""The database can't be reached, has no connection left, or keeps a lock for too long: nothing was done."""
_PROBE_SECONDS: Final = 2.0
# A process that is stopped in mid-transaction would hold its locks for ever: the server ends its session.
_SESSION: Final = "-c timezone=UTC -c idle_in_transaction_session_timeout=5s"
# A server that was cut off or lost its power says nothing: ten seconds later it counts as gone.
_PEER_LOST: Final = {
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}


def connect(database_url: str) -> Connection:
    """Open a connection in UTC and autocommit; transactions are explicit (`with connection.transaction()`)."""
    return psycopg.connect(database_url, **connection_arguments(database_url))


def open_pool(database_url: str, size: int = 4) -> Pool:
    """Open a pool of connections as `connect` makes them; the caller closes it."""
    pool: Pool = ConnectionPool(
        database_url,
        min_size=1,
        max_size=size,
        kwargs=connection_arguments(database_url),
        open=True,
        timeout=10,
        check=ConnectionPool.check_connection,
    )
    return pool


def connection_arguments(database_url: str, options: str = "") -> dict[str, Any]:
    """Return what every connection is opened with; the URL's own options (its role, for one) come first and stay.

    Args:
        database_url: what is connected to.
        options: further startup options.
    """
    given = conninfo_to_dict(database_url)
    own = given.get("options") or ""
    return {
        **{name: value for name, value in _PEER_LOST.items() if name not in given},
        "options": f"{own} {_SESSION} {options}".strip(),
        "application_name": "tradewind",
        "connect_timeout": 10,
        "autocommit": True,
    }


def commit_lightly(connection: Connection) -> None:
    """Let the caller's transaction commit without waiting for the disk: for what can be done again if it is lost."""
    connection.execute(query("commit_lightly"))


def database_problem(pool: Pool) -> str | None:
    """Return why the database can't be reached, None while it can."""
    try:
        with pool.connection(timeout=_PROBE_SECONDS):
            return None
    except psycopg.OperationalError as error:
        return f"the database does not answer: {error}"
