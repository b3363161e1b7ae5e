"""No query of the API reads a large table from end to end: plans and counts on a database with enough rows."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.benchmarks.api_queries import API_QUERIES, NO_ORDER, SYMBOLS, ApiQuery, fill
from tests.integration.trading.paper import PaperDesk, strategy_with
from tests.postgres import fresh_database

from tradewind.manifest.owners import trading_owner
from tradewind.manifest.plan import plan_strategy
from tradewind.store.database import Connection, connect
from tradewind.store.journal import read_decided, read_journal, read_window
from tradewind.store.queries import query
from tradewind.store.strategies import register_strategy

INSTANTS = 10_000
LARGE = ("orders", "trades", "inbox", "instants", "ledger_entries", "portfolio_snapshots", "market_data")
STORE = Path(__file__).resolve().parents[3] / "services" / "tradewind" / "store"


@pytest.fixture(scope="module")
def url(postgres_url: str, template_database: str) -> Iterator[str]:
    with fresh_database(postgres_url, template_database) as url:
        strategy, other = strategy_with(), strategy_with(symbols=["AAPL"])
        other = other.model_copy(update={"metadata": other.metadata.model_copy(update={"name": "another"})})
        with connect(url) as connection:
            for one in (strategy, other):
                register_strategy(connection, one, plan_strategy(one))
            fill(connection, str(strategy.id), INSTANTS)
        yield url


@pytest.fixture
def connection(url: str) -> Iterator[Connection]:
    with connect(url) as connection:
        yield connection


def parameters_of(connection: Connection, asked: ApiQuery) -> dict[str, Any]:
    strategy_id = str(strategy_with().id)
    newest = connection.execute(
        "SELECT client_order_id FROM orders WHERE strategy_id = %s ORDER BY created_at DESC LIMIT 1", [strategy_id]
    ).fetchone()
    assert newest is not None
    given = {key: newest[0] if value == NO_ORDER else value for key, value in asked.parameters.items()}
    return {"strategy_id": strategy_id, "owner": trading_owner(strategy_id), **given}


def is_large(relation: str) -> bool:
    return any(re.fullmatch(rf"{name}(_\d+s?|_default)?", relation) for name in LARGE)


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", []):
        yield from nodes(child)


@contextmanager
def reading_at_most(connection: Connection, rows: int) -> Iterator[None]:
    """Fail where more rows of a large table are read in this transaction, which is rolled back."""
    counts = b"""SELECT relname, seq_tup_read, coalesce(idx_tup_fetch, 0) + coalesce(n_tup_ins, 0)
        FROM pg_stat_xact_user_tables"""
    with connection.transaction(force_rollback=True):
        before = {name: (scanned, fetched) for name, scanned, fetched in connection.execute(counts)}
        yield
        for name, scanned, fetched in connection.execute(counts):
            if is_large(name):
                was = before.get(name, (0, 0))
                assert scanned == was[0], f"{name} is read from end to end"
                assert fetched - was[1] <= rows, f"{fetched - was[1]} rows of {name} are read"


@pytest.mark.parametrize("asked", [q for q in API_QUERIES if not q.asks], ids=lambda q: q.what)
def test_every_plan_uses_an_index(connection: Connection, asked: ApiQuery) -> None:
    explained = connection.execute(
        f"EXPLAIN (FORMAT JSON) {query(asked.name)}".encode(), parameters_of(connection, asked), prepare=False
    ).fetchone()
    assert explained is not None
    plan = explained[0][0]["Plan"]
    scanned = [n["Relation Name"] for n in nodes(plan) if n["Node Type"] == "Seq Scan" and is_large(n["Relation Name"])]
    assert scanned == [], plan


@pytest.mark.parametrize("asked", API_QUERIES, ids=lambda q: q.what)
def test_no_query_reads_much_more_than_it_gives(connection: Connection, asked: ApiQuery) -> None:
    """Counted by the server; what functions do within is counted as well."""
    given = parameters_of(connection, asked)
    with reading_at_most(connection, asked.reads * given.get("limit", 100)):
        connection.execute(query(asked.name), given, prepare=False).fetchall()


def test_a_replay_reads_no_more_than_its_window(connection: Connection) -> None:
    strategy = strategy_with()
    strategy_id, interval = str(strategy.id), strategy.spec.feed.interval
    after, through = connection.execute(
        "SELECT min(instant), max(instant) FROM"
        " (SELECT instant FROM instants WHERE strategy_id = %s ORDER BY instant DESC LIMIT 51) last",
        [strategy_id],
    ).fetchall()[0]
    with reading_at_most(connection, 51 * 2 * SYMBOLS):
        assert read_window(connection, strategy_id, after, 200) == (through, 50)
        journal = read_journal(connection, strategy_id, interval, after, through)
        assert len(journal.instants) == 50
        assert read_decided(connection, strategy_id, after, through)


@pytest.mark.parametrize("asked", [q for q in API_QUERIES if not q.asks], ids=lambda q: q.what)
def test_no_query_walks_an_index_to_where_it_begins(connection: Connection, asked: ApiQuery) -> None:
    """Rows that an index passes over are counted nowhere; the blocks that hold them are."""
    given = parameters_of(connection, asked)
    connection.execute(query(asked.name), given, prepare=False)  # functions and their tables are looked up once
    explained = connection.execute(
        f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {query(asked.name)}".encode(), given, prepare=False
    ).fetchone()
    assert explained is not None
    plan = explained[0][0]["Plan"]
    touched = plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
    assert touched <= asked.blocks * given.get("limit", 10) + 100, f"{touched} blocks: {plan}"


def test_every_query_of_the_api_is_asked_here() -> None:
    text = (STORE / "desk.py").read_text() + (STORE / "listings.py").read_text()
    used = set(re.findall(r'(?:query\(|read_rows\(connection, |_page\(\s*connection, )"(\w+)"', text))
    used |= {"list_orders", "list_decided_orders"}
    assert used - {"wait_briefly", "lock_account"} <= {asked.name for asked in API_QUERIES}
    assert len(used) > 15


def test_the_routes_answer_from_the_large_database(url: str) -> None:
    with PaperDesk(url) as desk:
        for path in ("/orders", "/trades", "/signals", "/trading-state/history"):
            answer = desk.client.get(path, params={"limit": 1000})
            assert answer.status_code == 200, answer.text
            rows = next(value for value in answer.json().values() if isinstance(value, list))
            assert len(rows) == 1000
            assert answer.json()["next"] is not None
