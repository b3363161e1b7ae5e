"""Least privilege: each service takes a role of its own in the database, which may do what that service does."""

from typing import Final
from urllib.parse import quote

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tradewind.store.database import Connection
from tradewind.store.errors import RolesMissingError
from tradewind.store.queries import query

ROLES: Final = {service: f"tradewind_{service}" for service in ("ingestion", "ml", "trading", "backtest", "analytics")}
"""The role of each service; sql/roles says what each may do."""
_READ_ONLY: Final = "-c default_transaction_read_only=on"


class UnknownServiceError(ValueError):
    """A service that has no role."""

    def __init__(self, service: str) -> None:
        super().__init__(f"there is no role for {service!r}; there is one for each of {', '.join(ROLES)}")
        self.service = service


def service_url(database_url: str, service: str) -> str:
    """Return the database's URL for a service: a session that it opens takes the service's role, and only its rights.

    Args:
        database_url: a URL or a connection string; its own startup options are kept.
        service: a key of `ROLES`; `analytics` gets read-only transactions as well.

    Raises:
        UnknownServiceError: there is no such service.
    """
    if service not in ROLES:
        raise UnknownServiceError(service)
    wanted = f"-c role={ROLES[service]}" + (f" {_READ_ONLY}" if service == "analytics" else "")
    options = f"{conninfo_to_dict(database_url).get('options') or ''} {wanted}".strip()
    if not database_url.startswith(("postgresql://", "postgres://")):
        return make_conninfo(database_url, options=options)
    address, _, parameters = database_url.partition("?")
    kept = [pair for pair in parameters.split("&") if pair and not pair.startswith("options=")]
    return f"{address}?" + "&".join([*kept, "options=" + quote(options, safe="")])


def create_roles(connection: Connection, text: bytes) -> None:
    """Create the roles that are missing and let this login take them, in the caller's transaction.

    Args:
        connection: of the login that migrates.
        text: the statements that do it.

    Raises:
        RolesMissingError: this login may not; it says what an administrator has to run.
    """
    missing = [row[0] for row in connection.execute(query("missing_roles"), {"roles": list(ROLES.values())})]
    if not missing:
        return
    try:
        with connection.transaction():
            connection.execute(text)
    except psycopg.errors.InsufficientPrivilege:
        raise RolesMissingError(missing) from None
