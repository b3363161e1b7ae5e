"""Migrations run once, functions are applied again, and an edited migration is refused."""

import shutil
from pathlib import Path

import pytest

from tradewind.paths import shipped_folder
from tradewind.store.database import connect
from tradewind.store.errors import MigrationChangedError
from tradewind.store.migrate import migrate


def test_a_migrated_database_needs_nothing_more(database_url: str) -> None:
    assert migrate(database_url) == []


def test_a_function_that_changed_is_applied_again(database_url: str) -> None:
    with connect(database_url) as connection:
        connection.execute(
            "CREATE OR REPLACE FUNCTION halt_trading(p_strategy_id text, p_reason text) RETURNS void LANGUAGE sql AS ''"
        )
        migrate(database_url)
        row = connection.execute("SELECT prosrc FROM pg_proc WHERE proname = 'halt_trading'").fetchone()
    assert row is not None
    assert "HALTED" in row[0]


def test_an_edited_migration_is_refused_and_nothing_changes(database_url: str, tmp_path: Path) -> None:
    folder = tmp_path / "sql"
    shutil.copytree(shipped_folder("sql"), folder)
    migration = sorted((folder / "migrations").glob("*.sql"))[0]
    migration.write_text(migration.read_text() + "\n-- edited")
    (folder / "migrations" / "9999_new.sql").write_text("CREATE TABLE never (n int)")
    with pytest.raises(MigrationChangedError, match=migration.stem):
        migrate(database_url, folder)
    with connect(database_url) as connection:
        assert connection.execute("SELECT to_regclass('never')").fetchone() == (None,)


def test_a_new_migration_runs_once(database_url: str, tmp_path: Path) -> None:
    folder = tmp_path / "sql"
    shutil.copytree(shipped_folder("sql"), folder)
    (folder / "migrations" / "9999_new.sql").write_text("CREATE TABLE once (n int)")
    assert migrate(database_url, folder) == ["9999_new"]
    assert migrate(database_url, folder) == []
