"""A database of an older version, upgraded: its schema is a fresh one's, and its rows mean what they meant."""

from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.integration.store.catalog import differences, read_catalog
from tests.integration.trading.test_decide import journal_of_sample, run_desk, sma_cross
from tests.postgres import fresh_database

from tradewind.domain.orders import OrderStatus
from tradewind.manifest.owners import trading_owner
from tradewind.manifest.plan import plan_strategy
from tradewind.store.database import connect
from tradewind.store.migrate import migrate
from tradewind.store.strategies import register_strategy
from tradewind.store.watermarks import read_watermark

LANDED = sorted((Path(__file__).parent / "landed").glob("*.sql"))

# Columns that a later version has given up, with what holds their meaning now.
GIVEN_UP = {
    "account.loss_reached": "automatic_halt",
    "account.trading_state": "fault",
    "account.halt_reason": "fault",
}


@pytest.fixture(params=LANDED, ids=lambda file: file.stem)
def landed(request: pytest.FixtureRequest, each_empty_database: str) -> str:
    """The URL of a database as an older version left it."""
    with psycopg.connect(each_empty_database, autocommit=True) as connection:
        connection.execute(request.param.read_bytes())
    return each_empty_database


def read_rows(
    url: str, columns: dict[str, list[str]] | None = None
) -> dict[str, tuple[list[str], list[tuple[Any, ...]]]]:
    """Every table's columns and rows; of `columns`, those that are still there."""
    with connect(url) as connection:
        tables = [
            row[0]
            for row in connection.execute(
                "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') "
                "AND NOT relispartition AND relname <> 'schema_migrations'"
            )
        ]
        found = {}
        for table in tables:
            have = [
                row[0]
                for row in connection.execute(
                    "SELECT attname FROM pg_attribute "
                    "WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attname",
                    [table],
                )
            ]
            wanted = have if columns is None else [name for name in columns.get(table, []) if name in have]
            if wanted:
                names = ", ".join(f'"{name}"' for name in wanted)
                found[table] = (wanted, connection.execute(f"SELECT {names} FROM {table} ORDER BY {names}").fetchall())
        return found


def test_an_upgraded_schema_equals_a_fresh_one(landed: str, each_server: str) -> None:
    migrate(landed)
    with fresh_database(each_server) as fresh:
        migrate(fresh)
        with connect(landed) as ours, connect(fresh) as theirs:
            upgraded, new = read_catalog(ours), read_catalog(theirs)
    assert differences(upgraded, new) == []
    assert len(new["table"]) > 20
    assert len(new["function"]) > 20


def test_a_difference_is_named(each_database: str) -> None:
    with connect(each_database) as connection:
        before = read_catalog(connection)
        connection.execute("ALTER TABLE orders ALTER reserved DROP DEFAULT")
        connection.execute("GRANT DELETE ON orders TO tradewind_trading")
        connection.execute("DROP FUNCTION agree")
        found = differences(read_catalog(connection), before)
    assert [line.split(":")[0] for line in found] == [
        "table orders",
        "column orders.reserved",
        "function agree(text,text,text)",
    ]


def test_what_rows_hold_is_kept(landed: str) -> None:
    before = read_rows(landed)
    migrate(landed)
    after = read_rows(landed, {table: names for table, (names, _) in before.items()})
    lost = [f"{table}.{name}" for table, (names, _) in before.items() for name in names if name not in after[table][0]]
    assert sorted(lost) == sorted(GIVEN_UP)
    for table, (names, rows) in before.items():
        kept = [i for i, name in enumerate(names) if f"{table}.{name}" not in GIVEN_UP]
        assert sorted(map(repr, after[table][1])) == sorted(repr(tuple(row[i] for i in kept)) for row in rows), table


def test_what_was_given_up_keeps_its_meaning(landed: str) -> None:
    with connect(landed) as connection:
        before = connection.execute("SELECT strategy_id, loss_reached, halt_reason FROM account ORDER BY 1").fetchall()
        commands = connection.execute("SELECT client_order_id, instant IS NOT NULL FROM commands ORDER BY 1").fetchall()
    migrate(landed)
    with connect(landed) as connection:
        after = connection.execute(
            "SELECT strategy_id, automatic_halt = 'DAILY_LOSS_LIMIT_REACHED' IS TRUE, fault FROM account ORDER BY 1"
        ).fetchall()
        taken = connection.execute("SELECT client_order_id, outcome FROM commands ORDER BY 1").fetchall()
    assert [(strategy, reached is True, reason) for strategy, reached, reason in after] == before
    assert taken == [(order, "TAKEN" if decided else None) for order, decided in commands]
    assert {reason is None for _, _, reason in before} == {True, False}
    assert {decided for _, decided in commands} == {True, False}


def test_every_balance_is_the_sum_of_its_postings(landed: str) -> None:
    migrate(landed)
    with connect(landed) as connection:
        account = connection.execute(
            "SELECT a.strategy_id, a.cash, a.fees, -a.realized_pnl_gross, -a.initial_cash FROM account a ORDER BY 1"
        ).fetchall()
        posted = connection.execute(
            "SELECT strategy_id, sum(amount) FILTER (WHERE ledger_account = 'CASH'), "
            "sum(amount) FILTER (WHERE ledger_account = 'FEES'), "
            "coalesce(sum(amount) FILTER (WHERE ledger_account IN ('REALIZED_PNL', 'DIVIDENDS')), 0), "
            "sum(amount) FILTER (WHERE ledger_account = 'CAPITAL') "
            "FROM ledger_entries GROUP BY strategy_id ORDER BY 1"
        ).fetchall()
        positions = connection.execute(
            "SELECT strategy_id, symbol, quantity, cost FROM positions ORDER BY 1, 2"
        ).fetchall()
        held = connection.execute(
            "SELECT strategy_id, symbol, sum(quantity), sum(amount) FROM ledger_entries "
            "WHERE ledger_account = 'POSITIONS' GROUP BY 1, 2 ORDER BY 1, 2"
        ).fetchall()
        odd = connection.execute(
            "SELECT posting FROM ledger_entries GROUP BY posting HAVING sum(amount) <> 0"
        ).fetchall()
    assert posted == account
    assert held == positions
    assert len(positions) == 8
    assert odd == []


def test_an_upgraded_desk_trades_on_where_it_stood(landed: str) -> None:
    """The sample's next days: the rule book, restored from the upgraded ledger, and the procedures agree on each."""
    migrate(landed)
    strategy = sma_cross()
    strategy_id, owner = str(strategy.id), trading_owner(str(strategy.id))
    with connect(landed) as connection:
        register_strategy(connection, strategy, plan_strategy(strategy))
        decided = read_watermark(connection, owner)
        assert decided is not None
        coming = [row for row in journal_of_sample(strategy) if row.instant > decided]
        events = [event for each in run_desk(connection, strategy, coming[: 8 * 60]) for event in each.events]
        row = connection.execute(
            "SELECT agrees FROM analytics.account_balances WHERE strategy_id = %s", [strategy_id]
        ).fetchone()
        waiting = connection.execute("SELECT count(*) FROM commands WHERE outcome IS NULL").fetchone()
    assert row == (True,)
    assert waiting == (0,)
    assert sum(event.kind is OrderStatus.FILLED for event in events) > 5
