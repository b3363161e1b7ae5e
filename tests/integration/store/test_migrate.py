"""Migrations run once, everything else is applied again, and an edited migration is refused."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
from tests.postgres import find_programs, fresh_database, running_server

from tradewind.paths import shipped_folder
from tradewind.store.database import Connection, connect
from tradewind.store.errors import MigrationChangedError
from tradewind.store.migrate import migrate


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of sql/ to change."""
    copy = tmp_path / "sql"
    shutil.copytree(shipped_folder("sql"), copy)
    return copy


def source_of(connection: Connection, function: str) -> str:
    row = connection.execute("SELECT prosrc FROM pg_proc WHERE proname = %s", [function]).fetchone()
    assert row is not None
    return str(row[0])


def views_of(connection: Connection) -> dict[str, int]:
    """The identity of each view: another one after it was made again."""
    return dict(
        connection.execute(
            "SELECT relname, oid FROM pg_class WHERE relnamespace = 'analytics'::regnamespace AND relkind = 'v'"
        ).fetchall()
    )


def test_a_migrated_database_needs_nothing_more(each_database: str) -> None:
    assert migrate(each_database) == []


def test_a_function_that_changed_is_applied_again(each_database: str) -> None:
    with connect(each_database) as connection:
        before = source_of(connection, "record_fault")
        connection.execute(
            "CREATE OR REPLACE FUNCTION record_fault(p_strategy_id text, p_reason text) RETURNS void LANGUAGE sql AS ''"
        )
        assert source_of(connection, "record_fault") != before
        migrate(each_database)
        assert source_of(connection, "record_fault") == before


def test_an_edited_migration_is_refused_and_nothing_changes(database_url: str, folder: Path) -> None:
    migration = sorted((folder / "migrations").glob("*.sql"))[0]
    migration.write_text(migration.read_text() + "\n-- edited")
    (folder / "migrations" / "9999_new.sql").write_text("CREATE TABLE never (n int)")
    with pytest.raises(MigrationChangedError, match=migration.stem):
        migrate(database_url, folder)
    with connect(database_url) as connection:
        assert connection.execute("SELECT to_regclass('never')").fetchone() == (None,)


def test_a_new_migration_runs_once(database_url: str, folder: Path) -> None:
    (folder / "migrations" / "9999_new.sql").write_text("CREATE TABLE once (n int)")
    assert migrate(database_url, folder) == ["9999_new"]
    assert migrate(database_url, folder) == []


def test_a_column_that_a_view_reads_can_be_migrated(each_database: str, folder: Path) -> None:
    (folder / "migrations" / "9999_new.sql").write_text("ALTER TABLE trades ALTER symbol TYPE varchar(20)")
    assert migrate(each_database, folder) == ["9999_new"]
    with connect(each_database) as connection:
        assert connection.execute("SELECT pg_typeof(symbol)::text FROM analytics.trade_blotter").fetchone() is None
        assert len(views_of(connection)) == len(list((folder / "views").glob("*.sql")))


def test_triggers_and_views_are_made_again_only_when_their_text_changed(each_database: str, folder: Path) -> None:
    with connect(each_database) as connection:
        before = views_of(connection)
        migrate(each_database, folder)
        assert views_of(connection) == before
        (folder / "views" / "trading_states.sql").write_text("CREATE VIEW analytics.trading_states AS SELECT 1 AS one;")
        trigger = folder / "triggers" / "update_portfolio_value.sql"
        trigger.write_text(trigger.read_text().replace("trigger_add_portfolio_value", "trigger_renamed"))
        migrate(each_database, folder)
        assert not set(before.values()) & set(views_of(connection).values())
        assert connection.execute("SELECT one FROM analytics.trading_states").fetchone() == (1,)
        assert connection.execute("SELECT FROM pg_trigger WHERE tgname = 'trigger_renamed'").fetchone() is not None


def test_somebody_elses_view_on_ours_is_not_dropped(each_database: str, folder: Path) -> None:
    with connect(each_database) as connection:
        connection.execute("CREATE VIEW mine AS SELECT cash FROM analytics.account_balances")
        migrate(each_database, folder)
        (folder / "views" / "bars.sql").write_text("CREATE VIEW analytics.bars AS SELECT 1 AS one;")
        with pytest.raises(psycopg.errors.DependentObjectsStillExist, match="account_balances") as refused:
            migrate(each_database, folder)
        assert "view mine" in str(refused.value.diag.message_detail)


def test_nobody_is_waited_for_where_nothing_is_new(each_database: str) -> None:
    """A second desk can start while the first one's writer is stopped in the middle of a transaction."""
    with connect(each_database) as writer, writer.transaction():
        for table in ("account", "orders", "positions", "trades", "ledger_entries", "market_data"):
            writer.execute(f"LOCK TABLE {table} IN ROW EXCLUSIVE MODE")
        writer.execute("SELECT count(*) FROM analytics.account_balances")
        assert migrate(f"{each_database}&options=-c%20lock_timeout%3D2s") == []


def test_several_that_migrate_one_database_at_once_queue(each_empty_database: str) -> None:
    with ThreadPoolExecutor(3) as threads:
        applied = list(threads.map(migrate, [each_empty_database] * 3))
    assert sorted(map(len, applied))[:2] == [0, 0]
    assert max(map(len, applied)) == len(list((shipped_folder("sql") / "migrations").glob("*.sql")))


def test_several_databases_of_one_new_server_are_migrated_at_once() -> None:
    """The roles belong to the server, which no lock of one database guards."""
    programs = find_programs(15)
    if programs is None:
        pytest.skip("PostgreSQL 15 is not installed in /usr/lib/postgresql (Debian: apt-get install postgresql-15)")
    with running_server(programs) as server, ExitStack() as stack, ThreadPoolExecutor(4) as threads:
        urls = [stack.enter_context(fresh_database(server)) for _ in range(4)]
        assert all(threads.map(migrate, urls))
