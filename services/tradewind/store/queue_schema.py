"""The tables of the queue's library, made and brought up to date from what it ships, in a schema of their own."""

from importlib import metadata
from importlib.resources import files
from typing import Final

from tradewind.store.database import Connection
from tradewind.store.queries import query

QUEUE_SCHEMA: Final = "procrastinate"
"""The library, its schema, and the name under which the migrations note its version."""


def apply_queue_schema(connection: Connection, version: str | None) -> bool:
    """Make the library's tables, or bring those of an older version up to date; return whether there was anything new.

    Args:
        connection: in the transaction of the migrations.
        version: of the library that they are from, None where there are none.
    """
    installed = metadata.version(QUEUE_SCHEMA)
    if version == installed:
        return False
    shipped = files(f"{QUEUE_SCHEMA}.sql")
    connection.execute(query("look_for_queue"))
    if version is None:
        connection.execute(query("create_queue_schema"))
        connection.execute(shipped.joinpath("schema.sql").read_bytes())
    else:
        updates = shipped.joinpath("migrations").iterdir()
        for update in sorted(updates, key=lambda each: each.name):
            if update.name.endswith(".sql") and _version_of(update.name) > _numbers(version):
                connection.execute(update.read_bytes())
    connection.execute(query("look_for_tables"))
    connection.execute(query("note_applied"), {"name": QUEUE_SCHEMA, "checksum": installed})
    return True


def _version_of(update: str) -> tuple[int, ...]:
    """Return the version that an update belongs to: 03.04.00_01_pre_more.sql is of 3.4.0."""
    return _numbers(update.partition("_")[0])


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
