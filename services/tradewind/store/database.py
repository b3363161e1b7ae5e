"""Connections to PostgreSQL."""

from typing import Any, Final

import psycopg
from psycopg.rows import TupleRow
from psycopg_pool import ConnectionPool

Connection = psycopg.Connection[TupleRow]
Pool = ConnectionPool[Connection]
_PROBE_SECONDS: Final = 2.0
_OPTIONS: Final[dict[str, Any]] = {
    "options": "-c timezone=UTC",
    "application_name": "tradewind",
    "connect_timeout": 10,
    "autocommit": True,
}


def connect(database_url: str) -> Connection:
    """Open a connection in UTC and autocommit; transactions are explicit (`with connection.transaction()`)."""
    return psycopg.connect(database_url, **_OPTIONS)


def open_pool(database_url: str, size: int = 4) -> Pool:
    """Open a pool of connections as `connect` makes them; the caller closes it."""
    pool: Pool = ConnectionPool(
        database_url,
        min_size=1,
        max_size=size,
        kwargs=_OPTIONS,
        open=True,
        timeout=10,
        check=ConnectionPool.check_connection,
    )
    return pool


def database_problem(pool: Pool) -> str | None:
    """Return why the database can't be reached, None while it can."""
    try:
        with pool.connection(timeout=_PROBE_SECONDS):
            return None
    except psycopg.OperationalError as error:
        return f"the database does not answer: {error}"
