"""Least privilege: each role may do what its service does, and nothing else."""

import re
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict
from tests.integration.store.test_partitions import open_account
from tests.postgres import fresh_database, with_database

from tradewind.manifest.plan import Service
from tradewind.paths import shipped_folder
from tradewind.store.database import Connection, connect, open_pool
from tradewind.store.errors import RolesMissingError
from tradewind.store.migrate import migrate
from tradewind.store.roles import ROLES, UnknownServiceError, service_url

SERVICES = ("ingestion", "ml", "trading", "backtest")
LEDGER = (
    "account",
    "positions",
    "orders",
    "trades",
    "ledger_entries",
    "portfolio_snapshots",
    "trading_state_changes",
    "instants",
    "commands",
    "idempotency_keys",
    "strategies",
    "volatilities",
)
"""Tables that procedures alone write, and that trading and backtest alone read."""
MAY: dict[str, dict[str, str]] = {
    "account": {"trading": "read", "backtest": "read"},
    "positions": {"trading": "read", "backtest": "read"},
    "orders": {"trading": "read", "backtest": "read"},
    "trades": {"trading": "read", "backtest": "read"},
    "ledger_entries": {"trading": "read"},
    "portfolio_snapshots": {"trading": "read", "backtest": "read"},
    "trading_state_changes": {"trading": "read"},
    "instants": {"trading": "read", "backtest": "read"},
    "commands": {"trading": "read"},
    "idempotency_keys": {"trading": "read"},
    "strategies": {"trading": "read", "backtest": "read"},
    "volatilities": {"trading": "read"},
    "inbox": {"trading": "read add", "backtest": "read"},
    "trading_signals": {"ml": "read add", "trading": "read", "backtest": "read"},
    "anomalies": {"ml": "read add"},
    "models": {"ml": "read add"},
    "market_data": {"ingestion": "read add", "ml": "read", "trading": "read", "backtest": "read"},
    "corporate_actions": {"ingestion": "read add", "ml": "read", "trading": "read", "backtest": "read"},
    "outbox": dict.fromkeys(("ingestion", "ml", "trading"), "read add"),
    "relays": dict.fromkeys(("ingestion", "ml", "trading"), "read add"),
    "watermarks": dict.fromkeys(("ingestion", "ml", "trading"), "read add"),
    "offsets": dict.fromkeys(("ml", "trading"), "read add"),
    "backtests": {"backtest": "read add"},
    "epochs": {},
    "writers": {},
    "schema_migrations": {},
}
"""Who may read a table, and add rows to it. Nobody deletes; columns that may be changed are in CHANGE."""
CHANGE = {
    "outbox.published_at": {"ingestion", "ml", "trading"},
    "relays.broker": {"ingestion", "ml", "trading"},
    "watermarks.instant": {"ingestion", "ml", "trading"},
    "offsets.next_offset": {"ml", "trading"},
    **{
        f"backtests.{column}": {"backtest"}
        for column in (
            "state",
            "attempt",
            "lost",
            "done",
            "total",
            "document",
            "error",
            "traceback",
            "started_at",
            "finished_at",
        )
    },
}


def as_service(url: str, service: str) -> Connection:
    return connect(service_url(url, service))


def tables(connection: Connection) -> list[str]:
    rows = connection.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') "
        "AND NOT relispartition ORDER BY 1"
    )
    return [row[0] for row in rows]


def may(connection: Connection, service: str, table: str, privilege: str) -> bool:
    row = connection.execute("SELECT has_table_privilege(%s, %s, %s)", [ROLES[service], table, privilege]).fetchone()
    assert row is not None
    return bool(row[0])


def test_there_is_a_role_for_each_service_of_a_plan() -> None:
    assert set(SERVICES) == set(Service.__args__)  # type: ignore[attr-defined]
    assert set(ROLES) == {*SERVICES, "analytics"}


def test_each_role_may_do_what_is_listed_and_nothing_else(each_database: str) -> None:
    with connect(each_database) as connection:
        assert tables(connection) == sorted(MAY)
        for table, who in MAY.items():
            for service in ROLES:
                allowed = who.get(service, "").split()
                assert may(connection, service, table, "SELECT") == ("read" in allowed), (service, table)
                assert may(connection, service, table, "INSERT") == ("add" in allowed), (service, table)
                for privilege in ("UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"):
                    assert not may(connection, service, table, privilege), (service, table, privilege)
        changeable = connection.execute(
            "SELECT a.attrelid::regclass || '.' || a.attname, r.name FROM pg_attribute a "
            "JOIN pg_class c ON c.oid = a.attrelid AND c.relnamespace = 'public'::regnamespace "
            "CROSS JOIN unnest(%s::text[]) AS r (name) WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 "
            "AND NOT a.attisdropped AND has_column_privilege(r.name, a.attrelid, a.attnum, 'UPDATE')",
            [list(ROLES.values())],
        ).fetchall()
    assert sorted(changeable) == sorted((column, ROLES[s]) for column, who in CHANGE.items() for s in who)


def test_nothing_is_open_to_everybody(each_database: str) -> None:
    with connect(each_database) as connection:
        open_functions = connection.execute(
            "SELECT p.oid::regprocedure FROM pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a "
            "WHERE p.pronamespace = 'public'::regnamespace AND a.grantee = 0"
        ).fetchall()
        open_tables = connection.execute(
            "SELECT c.oid::regclass FROM pg_class c, aclexplode(c.relacl) a "
            "WHERE c.relnamespace IN ('public'::regnamespace, 'analytics'::regnamespace) AND a.grantee = 0"
        ).fetchall()
        open_schemas = connection.execute(
            "SELECT n.nspname, a.privilege_type FROM pg_namespace n, aclexplode(n.nspacl) a "
            "WHERE n.nspname IN ('public', 'analytics') AND a.grantee = 0"
        ).fetchall()
    assert open_functions == []
    assert open_tables == []
    assert open_schemas == [("public", "USAGE")]


def test_functions_with_their_owners_rights_look_for_names_in_a_fixed_place(each_database: str) -> None:
    with connect(each_database) as connection:
        rows = connection.execute(
            "SELECT oid::regprocedure::text, coalesce(proconfig, '{}') FROM pg_proc "
            "WHERE pronamespace = 'public'::regnamespace AND prosecdef"
        ).fetchall()
    assert len(rows) > 10
    assert [name for name, config in rows if "search_path=pg_catalog, public, pg_temp" not in config] == []


def test_every_table_view_and_function_is_named_in_a_role_file(each_database: str) -> None:
    text = "".join(file.read_text() for file in (shipped_folder("sql") / "roles").glob("*.sql"))
    named = set(re.findall(r"\w+", text))
    with connect(each_database) as connection:
        things = connection.execute(
            "SELECT 'function ' || proname, proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace "
            "UNION ALL SELECT 'table or view ' || relname, relname FROM pg_class WHERE relkind IN ('r', 'p', 'v') "
            "AND relnamespace IN ('public'::regnamespace, 'analytics'::regnamespace) AND NOT relispartition ORDER BY 1"
        ).fetchall()
    assert [what for what, name in things if name not in named] == []


FORBIDDEN = [
    *(("trading", f"UPDATE {table} SET strategy_id = strategy_id") for table in LEDGER),
    *(("trading", f"DELETE FROM {table}") for table in LEDGER),
    *((service, f"SELECT * FROM {table}") for table in LEDGER for service in ("ingestion", "ml")),
    ("trading", "INSERT INTO orders DEFAULT VALUES"),
    ("trading", "INSERT INTO trades DEFAULT VALUES"),
    ("trading", "INSERT INTO ledger_entries DEFAULT VALUES"),
    ("trading", "UPDATE account SET cash = cash + 1"),
    ("trading", "UPDATE inbox SET late = false"),
    ("trading", "SELECT submit_order(NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)"),
    ("trading", "SELECT raise_epoch('trading-service.x', 'me')"),
    ("trading", "UPDATE epochs SET epoch = 1"),
    ("trading", "INSERT INTO market_data DEFAULT VALUES"),
    ("trading", "SELECT * FROM market_data_2000s"),
    ("trading", "SELECT * FROM anomalies"),
    ("trading", "SELECT * FROM schema_migrations"),
    ("trading", "DELETE FROM outbox"),
    ("trading", "UPDATE outbox SET value = ''"),
    ("trading", "CREATE TABLE mine (n int)"),
    ("trading", "CREATE FUNCTION mul_div(text) RETURNS int LANGUAGE sql AS 'SELECT 1'"),
    ("trading", "ALTER TABLE account DISABLE TRIGGER ALL"),
    ("ml", f"SELECT book_instant(NULL, 1, NULL, 1{', NULL' * 12})"),
    ("ml", "SELECT * FROM inbox"),
    ("ml", "DELETE FROM models"),
    ("ml", "UPDATE trading_signals SET side = 'BUY'"),
    ("ml", "INSERT INTO market_data DEFAULT VALUES"),
    ("ingestion", "SELECT * FROM trading_signals"),
    ("ingestion", "UPDATE market_data SET close = 1"),
    ("ingestion", "SELECT maintain_partitions('1 year')"),
    ("ingestion", "SELECT * FROM offsets"),
    ("backtest", "UPDATE watermarks SET instant = now()"),
    ("backtest", "SELECT * FROM outbox"),
    ("backtest", "SELECT take_turn('trading-service.x', 'me')"),
    ("backtest", "INSERT INTO market_data DEFAULT VALUES"),
    ("analytics", "SELECT * FROM account"),
    ("analytics", "SELECT * FROM market_data"),
    ("analytics", "SELECT get_portfolio_stats('x')"),
    ("analytics", "SELECT * FROM public.orders"),
]


@pytest.fixture(scope="module")
def open_desk(each_server: str, each_template: str) -> Iterator[str]:
    """A database with an account in it, so that a row-level refusal can't be taken for one of the role."""
    with fresh_database(each_server, each_template) as url:
        with connect(url) as connection:
            open_account(connection)
        yield url


@pytest.mark.parametrize(("service", "statement"), FORBIDDEN)
def test_what_a_service_does_not_do_is_refused(open_desk: str, service: str, statement: str) -> None:
    with as_service(open_desk, service) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement)


def test_analysts_only_read_even_where_they_switch_reading_only_off(open_desk: str) -> None:
    with as_service(open_desk, "analytics") as connection:
        assert connection.execute("SELECT count(*) FROM analytics.account_balances").fetchone() == (1,)
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            connection.execute("CREATE TEMP TABLE mine (n int)")
        connection.execute("SET default_transaction_read_only = off")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("UPDATE analytics.bars SET close = 1")


def test_a_grant_that_is_in_no_file_is_taken_back(each_database: str) -> None:
    with connect(each_database) as connection:
        connection.execute("GRANT ALL ON account TO tradewind_ml, PUBLIC")
        connection.execute("GRANT EXECUTE ON FUNCTION raise_epoch TO tradewind_ml, PUBLIC")
        migrate(each_database)
        for privilege in ("SELECT", "UPDATE", "DELETE"):
            assert not may(connection, "ml", "account", privilege)
        row = connection.execute("SELECT has_function_privilege('tradewind_ml', 'raise_epoch'::regproc, 'EXECUTE')")
        assert row.fetchone() == (False,)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://desk:p%40ss@db.example:5433/ledger",
        "postgresql://desk@/ledger?host=/run/my+sql%20here&port=5432",
        "postgresql://desk@/ledger?options=-c%20statement_timeout%3D5s&host=/run",
        "host=/run dbname=ledger user=desk options='-c statement_timeout=5s'",
    ],
)
def test_a_services_url_is_the_databases_with_a_role(url: str) -> None:
    before, after = conninfo_to_dict(url), conninfo_to_dict(service_url(url, "trading"))
    options = str(after.pop("options"))
    assert options == f"{before.pop('options', '')} -c role=tradewind_trading".strip()
    assert after == before
    # Asked for again, the last role counts.
    assert str(conninfo_to_dict(service_url(service_url(url, "trading"), "ml"))["options"]).endswith("tradewind_ml")


def test_a_session_has_the_role_in_utc_with_the_urls_own_options(each_database: str) -> None:
    url = f"{each_database}&options=-c%20statement_timeout%3D7s"
    question = (
        "SELECT current_user::text, current_setting('timezone'), current_setting('statement_timeout'), "
        "current_setting('default_transaction_read_only')"
    )
    for service in ROLES:
        with as_service(url, service) as connection, open_pool(service_url(url, service), 1) as pool:
            row = connection.execute(question).fetchone()
            assert row == (ROLES[service], "UTC", "7s", "on" if service == "analytics" else "off")
            with pool.connection() as pooled:
                assert pooled.execute(question).fetchone() == row


def test_an_unknown_service_is_refused() -> None:
    with pytest.raises(UnknownServiceError, match="there is no role for 'desk'"):
        service_url("postgresql://localhost/x", "desk")


@pytest.fixture
def login(each_server: str) -> Iterator[Connection]:
    """A superuser's connection; the login `somebody`, its database and its roles are gone afterwards."""
    with connect(each_server) as connection:
        connection.execute("CREATE ROLE somebody LOGIN")
        connection.execute("CREATE DATABASE somebodys OWNER somebody")
        yield connection
        connection.execute("DROP DATABASE somebodys WITH (FORCE)")
        connection.execute("DROP ROLE somebody")


def somebodys(server: str) -> str:
    return with_database(server, "somebodys").replace("postgres@", "somebody@")


def test_a_login_that_may_not_take_the_roles_is_told_what_to_do(
    each_server: str, each_template: str, login: Connection
) -> None:
    with pytest.raises(RolesMissingError) as missing:
        migrate(somebodys(each_server))
    assert missing.value.statements == [f"GRANT {role} TO somebody;" for role in sorted(ROLES.values())]
    with connect(somebodys(each_server)) as connection:
        assert tables(connection) == []

    for statement in missing.value.statements:
        login.execute(statement)
    assert migrate(somebodys(each_server))[0] == "0001_platform"
    with as_service(somebodys(each_server), "trading") as connection:
        assert connection.execute("SELECT count(*) FROM account").fetchone() == (0,)


def test_a_role_that_is_not_there_is_in_what_to_do(tmp_path: Path, each_server: str, login: Connection) -> None:
    with connect(each_server) as connection, connection.transaction(force_rollback=True):
        statements = connection.execute(
            (shipped_folder("sql") / "queries" / "missing_roles.sql").read_text(), {"roles": ["tradewind_none"]}
        ).fetchall()
    assert statements == [("CREATE ROLE tradewind_none NOLOGIN; GRANT tradewind_none TO postgres;",)]
