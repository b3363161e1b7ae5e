"""What the database says of writers, and whose sessions it ends."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import LiteralString

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from tradewind.store.database import WRITER_LOST, Connection, connect
from tradewind.store.errors import EpochOverError
from tradewind.store.watermarks import advance_watermark, read_watermark
from tradewind.store.writer import Writer

NOW = datetime(2024, 1, 2, 21, tzinfo=UTC)
FUNCTIONS = ("take_turn(text, text)", "beat(text, bigint)", "who_writes(text)", "end_writer_sessions(text)")


@pytest.fixture
def database_url(each_database: str) -> str:
    """A migrated database on each supported server."""
    return each_database


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    with connect(database_url) as connection:
        yield connection


@pytest.fixture
def leader(database_url: str) -> Iterator[Connection]:
    """A session that has taken a turn, and does nothing."""
    with connect(database_url) as leader:
        assert leader.execute("SELECT take_turn('owner', 'host:1')").fetchone() == (1,)
        yield leader


def value(connection: Connection, statement: LiteralString) -> object:
    row = connection.execute(statement).fetchone()
    assert row is not None
    return row[0]


def lives(session: Connection) -> bool:
    try:
        session.execute("SELECT 1")
    except psycopg.OperationalError:
        return False
    return True


def end_session(connection: Connection) -> None:
    """End the leader's session, and wait until it has ended."""
    assert (
        value(connection, "SELECT pg_terminate_backend(backend_pid, 5000) FROM writers WHERE owner = 'owner'") is True
    )


def let_be_silent(connection: Connection) -> None:
    """Make leader and beat look old: six seconds pass for the server, and none for the test."""
    connection.execute("UPDATE writers SET beat_at = clock_timestamp() - interval '6 seconds'")
    connection.execute(
        # The function's view of the sessions, without the last change of state.
        """
        CREATE OR REPLACE VIEW public.pg_stat_activity WITH (security_invoker) AS
        SELECT pid, backend_start, state_change - interval '6 seconds' AS state_change FROM pg_catalog.pg_stat_activity
        """
    )
    connection.execute("GRANT SELECT ON public.pg_stat_activity TO PUBLIC")
    connection.execute("ALTER FUNCTION end_writer_sessions(text) SET search_path = public, pg_catalog, pg_temp")


def test_a_turn_is_taken_once_until_its_session_ends(leader: Connection, connection: Connection) -> None:
    assert value(connection, "SELECT take_turn('owner', 'host:2')") is None
    assert value(connection, "SELECT take_turn('another owner', 'host:2')") == 1
    end_session(connection)
    assert value(connection, "SELECT take_turn('owner', 'host:2')") == 2
    described = connection.execute(
        "SELECT holder, epoch, backend_pid = pg_backend_pid() FROM writers WHERE owner = 'owner'"
    ).fetchone()
    assert described == ("host:2", 2, True)
    assert value(connection, "SELECT epoch FROM epochs WHERE owner = 'owner'") == 2


def test_a_beat_tells_whether_the_turn_goes_on(leader: Connection, connection: Connection) -> None:
    before = value(connection, "SELECT beat_at FROM writers")
    assert value(connection, "SELECT beat('owner', 1)") is True
    assert value(connection, "SELECT beat_at FROM writers") > before  # type: ignore[operator]
    assert value(connection, "SELECT beat('owner', 2)") is False
    assert value(connection, "SELECT beat('nobody', 1)") is False
    connection.execute("SELECT raise_epoch('owner', 'somebody without the lock')")
    assert value(connection, "SELECT beat('owner', 1)") is False
    connection.execute("UPDATE epochs SET epoch = 1")
    assert value(connection, "SELECT beat('owner', 1)") is True
    end_session(connection)
    assert value(connection, "SELECT beat('owner', 1)") is False


def test_only_a_session_that_is_silent_by_the_servers_clock_is_ended(
    leader: Connection, connection: Connection
) -> None:
    assert value(connection, "SELECT end_writer_sessions('owner')") == 0
    connection.execute("UPDATE writers SET beat_at = clock_timestamp() - interval '1 hour'")
    assert lives(leader)
    assert value(connection, "SELECT end_writer_sessions('owner')") == 0, "it has just said something"
    let_be_silent(connection)
    assert value(connection, "SELECT end_writer_sessions('nobody')") == 0
    assert value(connection, "SELECT end_writer_sessions('owner')") == 1
    assert not lives(leader)
    assert value(connection, "SELECT end_writer_sessions('owner')") == 0


def test_a_beat_just_in_time_saves_a_quiet_session(leader: Connection, connection: Connection) -> None:
    let_be_silent(connection)
    assert value(connection, "SELECT beat('owner', 1)") is True
    assert value(connection, "SELECT end_writer_sessions('owner')") == 0
    assert lives(leader)


def test_another_session_that_has_got_the_pid_since_is_spared(leader: Connection, connection: Connection) -> None:
    let_be_silent(connection)
    connection.execute("UPDATE writers SET backend_start = backend_start - interval '1 second'")
    assert value(connection, "SELECT end_writer_sessions('owner')") == 0
    connection.execute("UPDATE writers SET backend_start = NULL")
    assert value(connection, "SELECT end_writer_sessions('owner')") == 0
    assert lives(leader)


@pytest.fixture
def new_role(connection: Connection, database_url: str) -> Iterator[Callable[[str], str]]:
    """Makes a login that may do nothing but call the writer's functions, and returns its URL."""
    suffix = database_url.rsplit("test_", 1)[1][:12]
    connection.execute("REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC")
    names: list[str] = []

    def create(name: str) -> str:
        names.append(f"{name}_{suffix}")
        role = sql.Identifier(names[-1])
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(role))
        for function in FUNCTIONS:
            connection.execute(sql.SQL("GRANT EXECUTE ON FUNCTION {} TO {}").format(sql.SQL(function), role))
        return database_url.replace("postgres@", f"{names[-1]}@")

    yield create
    for name in names:
        connection.execute(sql.SQL("REASSIGN OWNED BY {} TO CURRENT_USER").format(sql.Identifier(name)))
        connection.execute(sql.SQL("DROP OWNED BY {}").format(sql.Identifier(name)))
        connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))


@pytest.fixture
def least_role(new_role: Callable[[str], str]) -> str:
    return new_role("least")


def own_everything(connection: Connection, role: str) -> None:
    """Let an ordinary role own the writer's tables and functions, as where nobody is superuser."""
    owner = sql.Identifier(role)
    for table in ("writers", "epochs"):
        connection.execute(sql.SQL("ALTER TABLE {} OWNER TO {}").format(sql.Identifier(table), owner))
    for function in (*FUNCTIONS, "raise_epoch(text, text)"):
        connection.execute(sql.SQL("ALTER FUNCTION {} OWNER TO {}").format(sql.SQL(function), owner))


def test_a_role_that_may_only_call_the_functions_can_lead_and_take_over(
    least_role: str, connection: Connection
) -> None:
    with connect(least_role) as first, connect(least_role) as second:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            first.execute("SELECT FROM writers")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            first.execute("UPDATE epochs SET epoch = 7")
        assert value(first, "SELECT take_turn('owner', 'host:1')") == 1
        assert value(first, "SELECT beat('owner', 1)") is True
        assert value(second, "SELECT take_turn('owner', 'host:2')") is None
        assert value(second, "SELECT holder FROM who_writes('owner')") == "host:1"
        let_be_silent(connection)
        assert value(second, "SELECT end_writer_sessions('owner')") == 1
        assert value(second, "SELECT take_turn('owner', 'host:2')") == 2


def test_where_nobody_is_superuser_the_owner_of_the_functions_ends_the_sessions_that_it_may(
    new_role: Callable[[str], str], connection: Connection
) -> None:
    owner_url, other_url = new_role("owner"), new_role("other")
    owner, other = (conninfo_to_dict(url)["user"] for url in (owner_url, other_url))
    own_everything(connection, str(owner))
    with connect(owner_url) as first, connect(owner_url) as second, connect(other_url) as third:
        assert value(first, "SELECT take_turn('owner', 'host:1')") == 1
        assert value(third, "SELECT take_turn('another owner', 'host:3')") == 1
        let_be_silent(connection)
        assert value(second, "SELECT end_writer_sessions('owner')") == 1
        assert value(second, "SELECT end_writer_sessions('another owner')") == 0, "its start can't be seen"
        assert value(second, "SELECT backend_start IS NULL FROM writers WHERE owner = 'another owner'") is True
        assert value(third, "SELECT beat('another owner', 1)") is True
    connection.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(str(other)), sql.Identifier(str(owner))))
    with connect(other_url) as third, connect(owner_url) as second:
        assert value(third, "SELECT take_turn('another owner', 'host:3')") == 2
        connection.execute("UPDATE writers SET beat_at = clock_timestamp() - interval '6 seconds'")
        assert value(second, "SELECT end_writer_sessions('another owner')") == 1


def test_a_stopped_transaction_of_another_session_than_the_writers_ends_by_itself(database_url: str) -> None:
    with ExitStack() as stack:
        stopped = stack.enter_context(connect(database_url))
        assert value(stopped, "SHOW idle_in_transaction_session_timeout") == "5s"
        writer = stack.enter_context(Writer(database_url, "owner"))
        assert value(writer.connection, "SHOW idle_in_transaction_session_timeout") == "0"


def test_a_writer_whose_session_is_ended_in_mid_transaction_has_written_nothing(
    database_url: str, connection: Connection
) -> None:
    with Writer(database_url, "owner") as writer:
        assert writer.acquire(threading.Event(), lambda _: None)
        with pytest.raises(WRITER_LOST), writer.transaction() as transaction:  # noqa: PT012
            advance_watermark(transaction, "owner", NOW)
            connection.execute("SELECT pg_terminate_backend(backend_pid, 2000) FROM writers")
            advance_watermark(transaction, "owner", NOW)
        assert read_watermark(connection, "owner") is None


def write(writer: Writer, then: Callable[[Connection], object]) -> None:
    with writer.pipeline() as inside:
        advance_watermark(inside, "owner", NOW)
        then(inside)


def interrupt(_: Connection) -> None:
    raise InterruptedError


def test_a_pipeline_commits_all_or_nothing_and_leaves_the_connection_usable(
    database_url: str, connection: Connection
) -> None:
    with Writer(database_url, "owner") as writer:
        assert writer.acquire(threading.Event(), lambda _: None)
        with pytest.raises(psycopg.errors.DivisionByZero):
            write(writer, lambda inside: inside.execute("SELECT 1 / 0"))
        assert read_watermark(connection, "owner") is None
        with pytest.raises(InterruptedError):
            write(writer, interrupt)
        assert read_watermark(connection, "owner") is None
        assert writer.connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
        write(writer, lambda _: None)
        assert read_watermark(connection, "owner") == NOW


def test_a_pipeline_writes_nothing_under_an_old_epoch(database_url: str, connection: Connection) -> None:
    with Writer(database_url, "owner") as writer:
        assert writer.acquire(threading.Event(), lambda _: None)
        writer.epoch -= 1
        with pytest.raises(EpochOverError):
            write(writer, lambda _: None)
        assert read_watermark(connection, "owner") is None
