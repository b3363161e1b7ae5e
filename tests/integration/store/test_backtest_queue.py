"""The queue belongs to the backtest service, and a row of a backtest can't contradict itself."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import psycopg
import pytest

from tradewind.backtest.maintenance import keep_backtests
from tradewind.store.backtests import WantedBacktest, begin_backtest, list_orphans, queue_backtest, requeue_backtest
from tradewind.store.database import Connection, connect
from tradewind.store.maintenance import MaintenanceFailedError, prune_backtests
from tradewind.store.queue import forget_jobs
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


INSERT = """
    INSERT INTO backtests (id, name, kind, manifest, state, document, error, requested_at, started_at, finished_at)
    VALUES (%(id)s, %(name)s, 'SWEEP', '{}', %(state)s, %(document)s, %(error)s, %(at)s, %(started)s, %(finished)s)
"""
INSERT_JOB = """
    INSERT INTO procrastinate.procrastinate_jobs (queue_name, task_name, args, status)
    VALUES ('backtests', 'run_backtest', %s, %s) RETURNING id
"""


def put(connection: Connection, state: str, age: timedelta) -> str:
    """Store a backtest that was asked for, and has ended where it has, so long ago; return its name."""
    at, name = datetime.now(UTC) - age, f"{state} {age.days}"
    ended, began = state in ("SUCCEEDED", "FAILED", "CANCELED"), state != "QUEUED"
    row = {
        "id": uuid4(),
        "name": name,
        "state": state,
        "document": "{}" if state == "SUCCEEDED" else None,
        "error": "no" if state == "FAILED" else None,
        "at": at,
        "started": at if began else None,
        "finished": at if ended else None,
    }
    connection.execute(INSERT, row)
    return name


def test_what_ended_long_ago_goes_and_the_rest_stays(each_database: str) -> None:
    old, young = timedelta(days=91), timedelta(days=89)
    with connect(each_database) as owner:
        for state in ("SUCCEEDED", "FAILED", "CANCELED"):
            put(owner, state, old)
        stay = [put(owner, state, old) for state in ("QUEUED", "RUNNING")]
        stay += [put(owner, state, young) for state in ("SUCCEEDED", "FAILED", "CANCELED")]
        service = service_url(each_database, "backtest")
        with connect(service) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DELETE FROM backtests")
        assert keep_backtests(service, timedelta(0)) == {"backtests": 0}
        with connect(service) as connection:
            assert prune_backtests(connection, timedelta(days=90), batch=2) == 3
        assert sorted(row[0] for row in owner.execute("SELECT name FROM backtests")) == sorted(stay)
        assert keep_backtests(service, timedelta(days=1)) == {"backtests": 3}
        with pytest.raises(MaintenanceFailedError, match="less than a day ago") as refused:
            keep_backtests(service, timedelta(hours=23))
        assert refused.value.sqlstate == "TW009"
        with (
            connect(service_url(each_database, "trading")) as trading,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            prune_backtests(trading, timedelta(days=90))


def test_old_jobs_of_the_queue_go_too(each_database: str) -> None:
    with connect(each_database) as owner:
        owner.execute("SET search_path TO procrastinate, public")
        for status, days in (("failed", 91), ("failed", 89), ("succeeded", 91), ("cancelled", 91), ("todo", 91)):
            row = owner.execute(INSERT_JOB, ["{}", "todo"]).fetchone()
            assert row is not None
            at = datetime.now(UTC) - timedelta(days=days)
            owner.execute("UPDATE procrastinate_jobs SET status = %s WHERE id = %s", [status, row[0]])
            owner.execute("UPDATE procrastinate_events SET at = %s WHERE job_id = %s", [at, row[0]])
        forget_jobs(service_url(each_database, "backtest"), timedelta(days=90))
        left = owner.execute("SELECT status::text FROM procrastinate_jobs ORDER BY id").fetchall()
        assert [status for (status,) in left] == ["failed", "todo"]


def test_a_database_that_is_gone_is_said_so() -> None:
    with pytest.raises(MaintenanceFailedError, match="maintenance failed"):
        keep_backtests("postgresql://nobody@/nothing?host=/nowhere", timedelta(days=90))


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
