"""Every statement of sql/ is one that PostgreSQL takes, on the oldest supported version and on the newest."""

import re
from pathlib import Path

import psycopg
import pytest
from tests.postgres import fresh_database

from tradewind.paths import shipped_folder
from tradewind.store.database import connect
from tradewind.store.migrate import migrate

SQL = shipped_folder("sql")
QUERIES = sorted((SQL / "queries").glob("*.sql"))
_PARAMETER = re.compile(r"%\((\w+)\)s")
# A column of the checked function's trigger, where it has one: its transition tables are named there.
_CHECK = """
    SELECT DISTINCT ON (p.oid, r.lineno, r.message) p.oid::regprocedure || ':' || coalesce(r.lineno, 0), r.message
    FROM pg_proc p
    JOIN pg_language l ON l.oid = p.prolang AND l.lanname = 'plpgsql'
    LEFT JOIN LATERAL (
        SELECT * FROM pg_trigger t WHERE t.tgfoid = p.oid ORDER BY t.tgoldtable IS NULL, t.tgnewtable IS NULL LIMIT 1
    ) t ON true
    CROSS JOIN LATERAL checking.plpgsql_check_function_tb(
        p.oid, coalesce(t.tgrelid, 0), oldtable => t.tgoldtable, newtable => t.tgnewtable, security_warnings => true
    ) r
    WHERE p.pronamespace = 'public'::regnamespace AND r.level IN ('error', 'security')
"""


def numbered(text: str) -> bytes:
    """A query as the server gets it: `%(name)s` becomes `$1`, the same number for the same name."""
    names: list[str] = []

    def place(match: re.Match[str]) -> str:
        if match[1] not in names:
            names.append(match[1])
        return f"${names.index(match[1]) + 1}"

    found = _PARAMETER.sub(place, text)
    return (found.replace("%%", "%") if names else found).encode()


def is_sequence(text: str) -> bool:
    """Whether a file holds several statements, which can't be prepared as one."""
    return len([part for part in re.sub(r"--.*|'[^']*'", "", text).split(";") if part.strip()]) > 1


def test_every_query_is_one_that_the_server_can_prepare(each_database: str) -> None:
    refused = []
    with connect(each_database) as connection:
        for file in QUERIES:
            text = file.read_text()
            if is_sequence(text) or "$$" in text:
                with connection.transaction(force_rollback=True):
                    connection.execute(text)
                continue
            result = connection.pgconn.prepare(b"", numbered(text))
            if result.status != psycopg.pq.ExecStatus.COMMAND_OK:
                refused.append((file.stem, result.error_message.decode()))
    assert refused == []
    assert len(QUERIES) > 40


def test_every_query_is_used() -> None:
    code = "".join(file.read_text() for file in SQL.parent.glob("services/tradewind/**/*.py"))
    assert [file.stem for file in QUERIES if f'"{file.stem}"' not in code] == []


def test_sql_lies_in_the_folders_that_are_applied() -> None:
    folders = {"migrations", "functions", "triggers", "views", "roles", "queries"}
    assert {path.name for path in SQL.iterdir()} == folders
    assert {path.suffix for path in SQL.rglob("*") if path.is_file()} == {".sql"}
    views = {path.stem: path.read_text() for path in (SQL / "views").glob("*.sql")}
    assert [name for name, text in views.items() if f"CREATE VIEW analytics.{name} AS\n" not in text] == []


def test_functions_compile_without_a_warning(each_database: str) -> None:
    with connect(each_database) as connection, connection.transaction(force_rollback=True):
        connection.execute("SET LOCAL check_function_bodies = on; SET LOCAL plpgsql.extra_errors = 'all'")
        for kind in ("functions", "triggers"):
            for file in sorted((SQL / kind).glob("*.sql")):
                connection.execute(file.read_bytes())


def test_function_bodies_hold_no_error_that_a_checker_finds(postgres_15_url: str) -> None:
    """What plpgsql alone finds only when a line runs: names that are not there, types that don't fit, open SQL."""
    with fresh_database(postgres_15_url) as url, connect(url) as connection:
        migrate(url)
        known = connection.execute("SELECT FROM pg_available_extensions WHERE name = 'plpgsql_check'").fetchone()
        if known is None:
            pytest.skip("plpgsql_check is not installed (Debian: apt-get install postgresql-15-plpgsql-check)")
        connection.execute("CREATE SCHEMA checking; CREATE EXTENSION plpgsql_check SCHEMA checking")
        assert connection.execute(_CHECK).fetchall() == []
        connection.execute(
            "CREATE FUNCTION mistaken() RETURNS void LANGUAGE plpgsql AS 'BEGIN UPDATE account SET csh = 1; END'"
        )
        assert connection.execute(_CHECK).fetchall() == [
            ("mistaken():1", 'column "csh" of relation "account" does not exist')
        ]


@pytest.mark.parametrize("file", sorted((SQL / "functions").glob("*.sql")), ids=lambda file: file.stem)
def test_functions_say_what_they_are_for(file: Path) -> None:
    assert file.read_text().startswith("-- ")
