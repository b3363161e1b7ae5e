"""Brings a database to this version's schema: migrations run once, functions and triggers are applied again."""

import hashlib
from pathlib import Path

from tradewind.paths import shipped_folder
from tradewind.store.database import connect
from tradewind.store.errors import MigrationChangedError
from tradewind.store.queries import query


def migrate(database_url: str, sql: Path | None = None) -> list[str]:
    """Apply what is new, in one transaction, and return the names of the migrations that ran.

    Several processes may call it at once: they queue.

    Raises:
        MigrationChangedError: a migration that has run has other contents now.
    """
    folder = sql or shipped_folder("sql")
    applied = []
    with connect(database_url) as connection, connection.transaction():
        connection.execute(query("lock_migrations"))
        connection.execute(query("create_schema_migrations"))
        known: dict[str, str] = dict(connection.execute(query("read_schema_migrations")).fetchall())
        for file in sorted((folder / "migrations").glob("*.sql")):
            text = file.read_bytes()
            checksum = hashlib.sha256(text).hexdigest()
            if file.stem not in known:
                connection.execute(text)
                connection.execute(query("insert_schema_migration"), {"name": file.stem, "checksum": checksum})
                applied.append(file.stem)
            elif known[file.stem] != checksum:
                raise MigrationChangedError(file.stem)
        for kind in ("functions", "triggers"):
            for file in sorted((folder / kind).glob("*.sql")):
                connection.execute(file.read_bytes())
    return applied
