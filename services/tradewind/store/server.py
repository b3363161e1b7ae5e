"""A database server that somebody else runs: whether it will do, and how to speak of it without its password."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import psycopg
from psycopg.conninfo import conninfo_to_dict

from tradewind.store.database import connect
from tradewind.store.errors import DatabaseUnusableError
from tradewind.store.queries import query

LEAST_VERSION: Final = 15
"""The oldest major version of PostgreSQL that the SQL is written for and tested on."""


def describe_database(database_url: str) -> str:
    """Return user, host, port and name of a database, without the password.

    Raises:
        DatabaseUnusableError: it is no connection string.
    """
    try:
        given = conninfo_to_dict(database_url)
    except psycopg.ProgrammingError:
        given = {}
    # Neither is quoted: an unescaped character in a password makes parts of it a host, a port or a name.
    if not given or any("@" in str(given.get(part, "")) for part in ("host", "port", "dbname")):
        raise DatabaseUnusableError(
            "of the URL that was given",
            "it is no connection string, or its password holds a character that must be percent-encoded",
            "write it as postgresql://user:password@host:5432/database",
        )
    defaults = {option.keyword.decode(): (option.val or b"").decode() for option in psycopg.pq.Conninfo.get_defaults()}
    user, host, port, name = (given.get(key) or defaults[key] for key in ("user", "host", "port", "dbname"))
    return f"{user}@{host or 'localhost'}:{port}/{name or user}"


def check_server(database_url: str, least: int = LEAST_VERSION) -> None:
    """Check that a database answers, lets this user in and is no older than a major version.

    Raises:
        DatabaseUnusableError: it is not so.
    """
    with naming_problems(database_url), connect(database_url) as connection:
        row = connection.execute(query("read_server_version")).fetchone()
    assert row is not None
    number, version = row
    if number < least * 10_000:
        raise DatabaseUnusableError(
            describe_database(database_url),
            f"it is PostgreSQL {version}, and Tradewind needs {least} or newer",
            "name a newer server, or none for the embedded one",
        )


@contextmanager
def naming_problems(database_url: str) -> Iterator[None]:
    """Turn what PostgreSQL refuses to a user, or can't do for one, into an error that names the place and a remedy.

    Raises:
        DatabaseUnusableError: the server was not reached, let no one in, or refused a right.
    """
    place = describe_database(database_url)
    try:
        yield
    except (psycopg.errors.InsufficientPrivilege, psycopg.errors.ReadOnlySqlTransaction) as error:
        remedy = "let this user own the database and create roles, or name another user"
        if isinstance(error, psycopg.errors.ReadOnlySqlTransaction):
            remedy = "name a server that can be written, not a standby"
        raise DatabaseUnusableError(place, _first_line(error), remedy) from None
    except psycopg.OperationalError as error:
        # Psycopg gives no SQLSTATE for a connection that failed; a server that answered says FATAL.
        answered = "FATAL" in str(error)
        remedy = "set user, password and database right" if answered else "start it, or set host and port right"
        raise DatabaseUnusableError(place, _first_line(error), remedy) from None


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0].removeprefix("connection failed: ")
