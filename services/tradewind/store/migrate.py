"""Brings a database to this version's schema: migrations run once, everything else is applied again."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tradewind.paths import shipped_folder
from tradewind.store.database import Connection, connect
from tradewind.store.errors import MigrationChangedError
from tradewind.store.queries import query
from tradewind.store.queue_schema import QUEUE_SCHEMA, apply_queue_schema
from tradewind.store.roles import create_roles

_CREATE_ROLES: Final = "000_create.sql"


def migrate(database_url: str, sql: Path | None = None) -> list[str]:
    """Apply what is new, in one transaction, and return the names of the migrations that ran.

    Several processes may call it at once: they queue. Where nothing is new, it waits for no one who reads or writes a
    table: triggers and views, which lock theirs, are applied only when their text has changed.

    Raises:
        MigrationChangedError: a migration that has run has other contents now.
        RolesMissingError: the services' roles are not there, and this login may not create them.
    """
    folder = sql or shipped_folder("sql")
    with connect(database_url) as connection, connection.transaction():
        connection.execute(query("lock_migrations"))
        connection.execute(query("create_schema_migrations"))
        known: dict[str, str] = dict(connection.execute(query("read_schema_migrations")).fetchall())
        migrations = _files(folder, "migrations")
        new = [file for file in migrations if file.stem not in known]
        for file in migrations:
            if known.get(file.stem, _checksum([file])) != _checksum([file]):
                raise MigrationChangedError(file.stem)
        views = _files(folder, "views")
        anew = bool(new) or _have_changed("views", views, known)
        if anew:
            # A column that a view reads can't be changed.
            connection.execute(query("drop_views"))
        for file in new:
            connection.execute(file.read_bytes())
            connection.execute(query("insert_schema_migration"), {"name": file.stem, "checksum": _checksum([file])})
        apply_queue_schema(connection, known.get(QUEUE_SCHEMA))
        _apply(connection, _files(folder, "functions"))
        triggers = _files(folder, "triggers")
        if new or _have_changed("triggers", triggers, known):
            _apply(connection, triggers, note="triggers")
        if anew:
            _apply(connection, views, note="views")
        roles = _files(folder, "roles")
        create_roles(connection, (folder / "roles" / _CREATE_ROLES).read_bytes())
        _apply(connection, [file for file in roles if file.name != _CREATE_ROLES])
    return [file.stem for file in new]


def _files(folder: Path, kind: str) -> list[Path]:
    return sorted((folder / kind).glob("*.sql"))


def _checksum(files: Sequence[Path]) -> str:
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def _have_changed(kind: str, files: Sequence[Path], known: dict[str, str]) -> bool:
    return known.get(kind) != _checksum(files)


def _apply(connection: Connection, files: Sequence[Path], note: str | None = None) -> None:
    for file in files:
        connection.execute(file.read_bytes())
    if note is not None:
        connection.execute(query("note_applied"), {"name": note, "checksum": _checksum(files)})
