"""Partitions: no row is refused, rows find their place, old parts are detached, and queries touch what they need."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from tests.postgres import fresh_database

from tradewind.domain.bars import Bar
from tradewind.store.database import Connection, connect
from tradewind.store.journal import frozen
from tradewind.store.maintenance import AHEAD, PartitionChange, maintain_partitions
from tradewind.store.market_data import insert_bars, read_bars
from tradewind.store.queries import query

NOW = datetime.now(UTC)
TABLES = ("market_data", "portfolio_snapshots")


def bars_at(*times: datetime, symbol: str = "IBM") -> list[Bar]:
    return [Bar(symbol, "1d", time, 100_0000, 110_0000, 90_0000, 105_0000, 10**8) for time in times]


def open_account(connection: Connection, strategy_id: str = "default.test.1") -> str:
    connection.execute(
        "INSERT INTO strategies (strategy_id, uid, feed_id, manifest, max_position, max_concentration, max_daily_loss, "
        "fee_rate, slippage) VALUES (%s, gen_random_uuid(), 'feed', '{}', 0, 0, 0, 0, 0)",
        [strategy_id],
    )
    connection.execute(
        "INSERT INTO account (strategy_id, currency, initial_cash, cash, marked_equity, session_equity, peak_equity) "
        "VALUES (%s, 'USD', 100, 100, 100, 100, 100)",
        [strategy_id],
    )
    return strategy_id


def add_snapshots(connection: Connection, strategy_id: str, first: datetime, step: timedelta, count: int) -> None:
    connection.execute(
        "INSERT INTO portfolio_snapshots SELECT %s, %s + n * %s, 100, 0, 0, 100, 0, 0, 0 FROM generate_series(0, %s) n",
        [strategy_id, first, step, count - 1],
    )


def places(connection: Connection, table: str) -> dict[str, int]:
    """How many rows lie in each partition that has any."""
    return dict(
        connection.execute(f"SELECT tableoid::regclass::text, count(*) FROM {table} GROUP BY 1 ORDER BY 1").fetchall()
    )


def partitions(connection: Connection, table: str) -> list[str]:
    rows = connection.execute("SELECT partition_name FROM list_partitions(%s) ORDER BY lower_bound", [table])
    return [row[0].removeprefix(f"{table}_") for row in rows]


def test_no_row_is_refused_whenever_it_is_from(each_database: str) -> None:
    times = [datetime(year, 6, 1, tzinfo=UTC) for year in (1901, 1999, 2005, 2015, 2021, 2150)]
    with connect(each_database) as connection:
        assert insert_bars(connection, "FILE", bars_at(*times)) == len(times)
        assert insert_bars(connection, "FILE", bars_at(*times)) == 0
        assert places(connection, "market_data") == {
            "market_data_2000s": 1,
            "market_data_2010s": 1,
            "market_data_default": 4,
        }
        add_snapshots(connection, open_account(connection), times[0], timedelta(days=36500), 2)
        assert places(connection, "portfolio_snapshots") == {
            "portfolio_snapshots_2000s": 1,
            "portfolio_snapshots_default": 1,
        }


def test_rows_move_from_default_to_a_partition_of_their_own(each_database: str) -> None:
    times = [datetime(1999, 6, 1, tzinfo=UTC), datetime(2021, 1, 1, tzinfo=UTC), datetime(2021, 12, 31, 23, tzinfo=UTC)]
    with connect(each_database) as connection:
        insert_bars(connection, "FILE", bars_at(*times))
        add_snapshots(connection, open_account(connection), times[1], timedelta(hours=1), 3)
        before = read_bars(connection, "FILE", "IBM", "1d")
        done = maintain_partitions(connection)
        assert {change for change in done if change.moved} == {
            PartitionChange("market_data_1990s", "MADE", 1),
            PartitionChange("market_data_2021", "MADE", 2),
            PartitionChange("portfolio_snapshots_2021", "MADE", 3),
        }
        assert read_bars(connection, "FILE", "IBM", "1d") == before
        assert places(connection, "market_data") == {"market_data_1990s": 1, "market_data_2021": 2}
        assert places(connection, "portfolio_snapshots") == {"portfolio_snapshots_2021": 3}
        assert maintain_partitions(connection) == []
        # The keys hold across the move, in the new partition too.
        assert insert_bars(connection, "FILE", bars_at(*times)) == 0
        with pytest.raises(psycopg.errors.UniqueViolation):
            add_snapshots(connection, "default.test.1", times[1], timedelta(hours=1), 1)
        with pytest.raises(psycopg.errors.ForeignKeyViolation):
            add_snapshots(connection, "nobody", times[1], timedelta(hours=1), 1)
        with pytest.raises(psycopg.errors.CheckViolation):
            connection.execute("UPDATE portfolio_snapshots SET cash = 99")


def test_there_are_partitions_for_the_time_ahead(each_database: str) -> None:
    with connect(each_database) as connection:
        maintain_partitions(connection)
        coming = [str(year) for year in range(NOW.year, (NOW + AHEAD).year + 1)]
        for table in TABLES:
            assert partitions(connection, table) == ["2000s", "2010s", *coming]
        insert_bars(connection, "FILE", bars_at(NOW, NOW + timedelta(days=365)))
        assert "market_data_default" not in places(connection, "market_data")


def test_old_partitions_are_detached_and_keep_their_rows(each_database: str) -> None:
    with connect(each_database) as connection:
        insert_bars(connection, "FILE", bars_at(datetime(2005, 6, 1, tzinfo=UTC), NOW))
        done = maintain_partitions(connection, keep=timedelta(days=3 * 366))
        assert [change.partition for change in done if change.action == "DETACHED"] == [
            "portfolio_snapshots_2000s",
            "portfolio_snapshots_2010s",
            "market_data_2000s",
            "market_data_2010s",
        ]
        assert [bar.close_time for bar in read_bars(connection, "FILE", "IBM", "1d")] == [NOW]
        assert connection.execute("SELECT count(*) FROM market_data_2000s").fetchone() == (1,)
        assert maintain_partitions(connection, keep=timedelta(days=3 * 366)) == []

        # Bars of that time that come again are taken, stay in DEFAULT while they count as old, and get a partition
        # beside the detached one otherwise.
        insert_bars(connection, "FILE", bars_at(datetime(2006, 6, 1, tzinfo=UTC)))
        assert maintain_partitions(connection, keep=timedelta(days=3 * 366)) == []
        assert maintain_partitions(connection) == [PartitionChange("market_data_2000s_2", "MADE", 1)]


def test_partitions_of_other_bounds_are_left_alone(each_database: str) -> None:
    with connect(each_database) as connection:
        connection.execute(
            "CREATE TABLE by_hand PARTITION OF market_data "
            "FOR VALUES FROM ('2021-01-01 00:00:00+00') TO ('2021-02-01 00:00:00+00')"
        )
        times = [datetime(2021, month, 10, tzinfo=UTC) for month in (1, 2)]
        insert_bars(connection, "FILE", bars_at(*times, datetime(2022, 1, 1, tzinfo=UTC)))
        maintain_partitions(connection)
        assert places(connection, "market_data") == {"by_hand": 1, "market_data_2022": 1, "market_data_default": 1}


@pytest.mark.parametrize(
    ("ahead", "keep"),
    [(timedelta(days=3700), None), (timedelta(days=-1), None), (timedelta(0), timedelta(days=300))],
)
def test_what_would_ruin_the_tables_is_refused(each_database: str, ahead: timedelta, keep: timedelta | None) -> None:
    with connect(each_database) as connection, pytest.raises(psycopg.Error) as refused:
        maintain_partitions(connection, ahead, keep)
    assert refused.value.sqlstate == "TW009"


def test_only_one_maintains_at_a_time(each_database: str) -> None:
    with connect(each_database) as first, connect(each_database) as second:
        with first.transaction():
            assert first.execute("SELECT count(*) > 0 FROM maintain_partitions('1 year')").fetchone() == (True,)
            assert maintain_partitions(second) == []
        assert maintain_partitions(second) == []
        assert len(partitions(second, "market_data")) > 2


@contextmanager
def in_thread(work: Any) -> Iterator[threading.Thread]:
    thread = threading.Thread(target=work)
    thread.start()
    yield thread
    thread.join(20)
    assert not thread.is_alive()


def test_a_busy_table_is_not_waited_for_and_nothing_is_half_done(each_database: str) -> None:
    with connect(each_database) as writer, connect(each_database) as connection:
        insert_bars(connection, "FILE", bars_at(datetime(2021, 6, 1, tzinfo=UTC)))
        with writer.transaction():
            insert_bars(writer, "FILE", bars_at(datetime(2021, 6, 2, tzinfo=UTC)))
            with pytest.raises(psycopg.errors.LockNotAvailable):
                maintain_partitions(connection)
        assert places(connection, "market_data") == {"market_data_default": 2}
        maintain_partitions(connection)
        assert places(connection, "market_data") == {"market_data_2021": 2}


def test_a_reader_of_one_moment_sees_it_whole_while_rows_want_to_move(each_database: str) -> None:
    times = [datetime(2021, 6, day, tzinfo=UTC) for day in range(1, 11)]
    with connect(each_database) as reader, connect(each_database) as connection:
        insert_bars(connection, "FILE", bars_at(*times))
        with frozen(reader):
            with pytest.raises(psycopg.errors.LockNotAvailable):
                maintain_partitions(connection)
            assert len(read_bars(reader, "FILE", "IBM", "1d", times[0], times[-1])) == 9
        maintain_partitions(connection)
        with frozen(reader):
            assert len(read_bars(reader, "FILE", "IBM", "1d", times[0], times[-1])) == 9


def test_writers_go_on_while_rows_move(each_database: str) -> None:
    """Bars and snapshots are written in one transaction while maintenance runs again and again: none is lost."""
    with connect(each_database) as connection:
        strategy = open_account(connection)
        stop = threading.Event()
        written = 0

        def write() -> None:
            nonlocal written
            with connect(each_database) as writer:
                while not stop.is_set():
                    at = datetime(2020 + written % 6, 3, 1, tzinfo=UTC) + timedelta(minutes=written)
                    with writer.transaction():
                        writer.execute("UPDATE account SET fills = fills + 1")
                        add_snapshots(writer, strategy, at, timedelta(0), 1)
                        insert_bars(writer, "FILE", bars_at(at))
                    written += 1

        with in_thread(write):
            moved: list[PartitionChange] = []
            try:
                while written < 60 or not moved:
                    moved += [change for change in maintain_partitions(connection) if change.moved]
            finally:
                stop.set()
        maintain_partitions(connection)
        for table in TABLES:
            found = places(connection, table)
            assert sum(found.values()) == written
            assert f"{table}_default" not in found


def plan_of(connection: Connection, text: str, parameters: dict[str, object]) -> list[dict[str, Any]]:
    """The nodes of a query's plan that read a table, as executed."""
    row = connection.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {text}", parameters).fetchone()
    assert row is not None
    document = row[0] if isinstance(row[0], list) else json.loads(row[0])
    waiting, nodes = [document[0]["Plan"]], []
    while waiting:
        node = waiting.pop()
        waiting += node.get("Plans", [])
        if "Relation Name" in node or node["Node Type"] == "Bitmap Index Scan":
            nodes.append(node)
    return nodes


@pytest.fixture(scope="module")
def twenty_years(each_server: str, each_template: str) -> Iterator[Connection]:
    """Daily bars and snapshots since 2000 of a few symbols and desks, and minute bars of this year."""
    days = (NOW - datetime(2000, 1, 3, tzinfo=UTC)).days
    with fresh_database(each_server, each_template) as url, connect(url) as connection:
        for strategy in ("default.a.1", "default.b.2", "default.c.3"):
            add_snapshots(
                connection,
                open_account(connection, strategy),
                datetime(2003, 1, 1, tzinfo=UTC),
                timedelta(days=1),
                8000,
            )
        for interval, first, step, count in (
            ("1d", datetime(2000, 1, 3, 21, tzinfo=UTC), timedelta(days=1), days),
            ("1m", datetime(NOW.year, 1, 1, tzinfo=UTC), timedelta(minutes=1), 20_000),
        ):
            connection.execute(
                "INSERT INTO market_data (source, symbol, interval, close_time, open, high, low, close, volume) "
                "SELECT 'FILE', s.symbol, %s, %s + n * %s, 1, 1, 1, 1, 1 "
                "FROM generate_series(0, %s) n, (VALUES ('AAPL'), ('IBM'), ('MSFT')) AS s (symbol)",
                [interval, first, step, count - 1],
            )
        maintain_partitions(connection)
        connection.execute("ANALYZE market_data, portfolio_snapshots")
        yield connection


def test_a_symbols_bars_of_a_hundred_days_touch_one_or_two_partitions_by_index(twenty_years: Connection) -> None:
    through = datetime(NOW.year, 2, 1, tzinfo=UTC)
    nodes = plan_of(
        twenty_years,
        query("read_bars"),
        {
            "source": "FILE",
            "symbol": "IBM",
            "interval": "1d",
            "after": through - timedelta(days=100),
            "through": through,
        },
    )
    assert sum(node["Actual Rows"] for node in nodes if "Relation Name" in node) == 100
    assert {node["Relation Name"] for node in nodes if "Relation Name" in node} <= {
        f"market_data_{NOW.year - 1}",
        f"market_data_{NOW.year}",
    }
    assert "Seq Scan" not in {node["Node Type"] for node in nodes}


def test_a_symbols_last_bars_are_read_by_index_alone(twenty_years: Connection) -> None:
    """Without a bound every partition is asked for its newest, and no more rows are read than are wanted."""
    text = query("read_last_close").replace("LIMIT 1", "LIMIT 100")
    nodes = plan_of(twenty_years, text, {"source": "FILE", "symbol": "IBM", "interval": "1d"})
    assert {node["Node Type"] for node in nodes} <= {"Index Scan", "Index Only Scan", "Bitmap Index Scan"}
    assert sum(node["Actual Rows"] for node in nodes) <= 100 + len(nodes)
    assert len(nodes) == len(partitions(twenty_years, "market_data")) + 1


def test_a_desks_last_snapshots_touch_one_or_two_partitions_by_index(twenty_years: Connection) -> None:
    through = datetime(2023, 1, 20, tzinfo=UTC)
    nodes = plan_of(
        twenty_years,
        "SELECT instant, equity FROM portfolio_snapshots WHERE strategy_id = %(strategy_id)s "
        "AND instant > %(after)s AND instant <= %(through)s ORDER BY instant",
        {"strategy_id": "default.b.2", "after": through - timedelta(days=60), "through": through},
    )
    assert {node["Relation Name"] for node in nodes if "Relation Name" in node} == {
        "portfolio_snapshots_2022",
        "portfolio_snapshots_2023",
    }
    assert "Seq Scan" not in {node["Node Type"] for node in nodes}


def test_an_hour_across_all_symbols_is_found_by_its_time(twenty_years: Connection) -> None:
    first = datetime(NOW.year, 1, 3, tzinfo=UTC)
    nodes = plan_of(
        twenty_years,
        "SELECT symbol, close FROM market_data WHERE close_time > %(first)s AND close_time <= %(last)s",
        {"first": first, "last": first + timedelta(hours=1)},
    )
    assert {node["Relation Name"] for node in nodes if "Relation Name" in node} == {f"market_data_{NOW.year}"}
    # PostgreSQL 18 may skip through the primary key instead of asking BRIN.
    assert {node["Node Type"] for node in nodes} in ({"Bitmap Heap Scan", "Bitmap Index Scan"}, {"Index Scan"})
