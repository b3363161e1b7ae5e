"""The queue belongs to the backtest service, and a row of a backtest can't contradict itself."""

from uuid import uuid4

import psycopg
import pytest

from tradewind.store.backtests import WantedBacktest, begin_backtest, list_orphans, queue_backtest, requeue_backtest
from tradewind.store.database import connect
from tradewind.store.roles import service_url

WANTED = WantedBacktest("any", "SWEEP", {"kind": "Backtest"})


def test_the_service_may_queue_and_recover(each_database: str) -> None:
    with connect(service_url(each_database, "backtest")) as connection:
        backtest = queue_backtest(connection, WANTED, 10)
        assert list_orphans(connection) == []
        assert begin_backtest(connection, backtest, 1)
        assert not begin_backtest(connection, backtest, 1)
        requeue_backtest(connection, backtest, 1, lost=True)
        requeue_backtest(connection, backtest, 1, lost=True)  # heard of twice
        assert begin_backtest(connection, backtest, 2)
        requeue_backtest(connection, backtest, 2, lost=False)
        assert begin_backtest(connection, backtest, 3)
        requeue_backtest(connection, backtest, 3, lost=True)
        row = connection.execute("SELECT state, attempt, lost, error FROM backtests").fetchone()
        assert row is not None
        assert row[:3] == ("FAILED", 3, 1)
        assert "lost twice" in row[3]


def test_what_is_in_no_queue_is_found(each_database: str) -> None:
    with connect(each_database) as connection:
        backtest = queue_backtest(connection, WANTED, 10)
        connection.execute("SET search_path TO procrastinate, public")
        connection.execute("DELETE FROM procrastinate_jobs")
        assert list_orphans(connection) == [(backtest, 1)]


@pytest.mark.parametrize(
    "wrong",
    [
        "state = 'SLEEPING'",
        "state = 'SUCCEEDED', started_at = now(), finished_at = now()",
        "state = 'FAILED', started_at = now(), finished_at = now()",
        "state = 'RUNNING'",
        "state = 'CANCELED'",
        "started_at = now()",
        "finished_at = now()",
        "done = 2, total = 1",
        "lost = 1",
        "error = 'no'",
        "traceback = 'no'",
        "document = '{}'",
        "key = 'a'",
        "manifest = '[]'",
        "kind = 'OTHER'",
        "name = ''",
        "state = 'RUNNING', started_at = requested_at - interval '1 second'",
    ],
)
def test_no_row_contradicts_itself(database_url: str, wrong: str) -> None:
    with connect(database_url) as connection:
        connection.execute(
            "INSERT INTO backtests (id, name, kind, manifest, state) VALUES (%s, 'a', 'BACKTEST', '{}', 'QUEUED')",
            [uuid4()],
        )
        with pytest.raises(psycopg.errors.CheckViolation):
            connection.execute(f"UPDATE backtests SET {wrong}".encode())
