"""A database that somebody else runs: what is wrong with it is said before anything starts."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.foreign import PASSWORD, ForeignPostgres
from tests.integration.desk.running import SMA_CROSS, Up, wait_for

from tradewind.store.errors import DatabaseUnusableError
from tradewind.store.server import check_server


@pytest.fixture(scope="module")
def server() -> Iterator[ForeignPostgres]:
    with ForeignPostgres() as running:
        running.add_user("stranger")
        running.add_user("reader")
        running.add_user("owner")
        with running.connect() as connection:
            connection.execute("CREATE DATABASE owned OWNER owner")
            connection.execute("GRANT CREATE ON DATABASE desk TO reader")
            connection.execute("ALTER ROLE reader SET default_transaction_read_only = on")
        yield running


def refusal(url: str, data_dir: Path) -> str:
    """What `tradewind up` says on standard error, having started nothing."""
    command = [sys.executable, "-m", "tradewind.desk", "up", "-f", str(SMA_CROSS), f"--data-dir={data_dir}"]
    done = subprocess.run([*command, f"--database-url={url}"], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2, done.stderr
    assert not (data_dir / "run" / "status.json").exists()
    assert not (data_dir / "postgres").exists()
    assert not list(data_dir.glob("logs/*"))
    assert "Traceback" not in done.stderr
    assert PASSWORD not in done.stderr
    return done.stderr


def test_a_server_that_does_not_answer_is_named(tmp_path: Path) -> None:
    said = refusal(f"postgresql://desk:{PASSWORD}@127.0.0.1:1/desk", tmp_path)
    assert "the database desk@127.0.0.1:1/desk can't be used: " in said
    assert "Connection refused; start it, or set host and port right" in said


def test_a_wrong_password_is_told(server: ForeignPostgres, tmp_path: Path) -> None:
    said = refusal(server.url(password="wrong-password"), tmp_path)
    assert f"the database desk@127.0.0.1:{server.port}/desk can't be used: " in said
    assert 'password authentication failed for user "desk"; set user, password and database right' in said
    assert "wrong-password" not in said


def test_a_database_that_is_not_there_is_told(server: ForeignPostgres, tmp_path: Path) -> None:
    assert 'database "nowhere" does not exist; set user' in refusal(server.url(database="nowhere"), tmp_path)


def test_a_user_who_may_create_nothing_is_told_what_is_missing(server: ForeignPostgres, tmp_path: Path) -> None:
    said = refusal(server.url("stranger"), tmp_path)
    assert f"the database stranger@127.0.0.1:{server.port}/desk can't be used: permission denied" in said
    assert "let this user own the database and create roles, or name another user" in said


def test_an_owner_who_may_create_no_roles_is_told_what_an_administrator_has_to_run(
    server: ForeignPostgres, tmp_path: Path
) -> None:
    said = refusal(server.url("owner", database="owned"), tmp_path)
    assert "Let an administrator of the server run:" in said
    assert "tradewind_trading" in said


def test_a_server_that_takes_no_writes_is_told(server: ForeignPostgres, tmp_path: Path) -> None:
    said = refusal(server.url("reader"), tmp_path)
    assert "in a read-only transaction; name a server that can be written, not a standby" in said


def test_the_version_of_a_server_that_is_too_old_is_told(server: ForeignPostgres) -> None:
    check_server(server.url())
    with server.connect() as connection:
        version = str(connection.info.server_version // 10_000)
    with pytest.raises(
        DatabaseUnusableError, match=rf"it is PostgreSQL {version}\.\d+, and Tradewind needs 99 or newer"
    ):
        check_server(server.url(), least=99)


def test_a_desk_runs_on_it_starts_no_postgresql_and_keeps_the_password_to_itself(server: ForeignPostgres) -> None:
    with Up([SMA_CROSS], "--database-url", server.url()) as desk:
        desk.wait_until_ready()
        processes = desk.processes()
        assert "postgres" not in processes
        assert desk.overview()["database"] == f"desk@127.0.0.1:{server.port}/desk"
        assert f"desk@127.0.0.1:{server.port}/desk" in desk.status()
        pids = [desk.process.pid, *(shown["process"]["pid"] for shown in processes.values())]
        shown = [desk.said(), desk.status(), desk.status("--json")]
        shown += [path.read_text() for path in desk.data_dir.glob("[rl]*/*")]
        shown += [Path(f"/proc/{pid}/cmdline").read_text() for pid in pids]
        assert not any(PASSWORD in text for text in shown)
        desk.process.send_signal(signal.SIGINT)
        assert desk.process.wait(30) == 0
        assert not (desk.data_dir / "postgres").exists()
    with server.connect("desk") as connection:
        assert connection.execute("SELECT count(*) FROM strategies").fetchone() == (1,)


def test_a_database_that_dies_and_comes_back_is_taken_up_again(server: ForeignPostgres) -> None:
    with Up([SMA_CROSS], environment={"TRADEWIND_DATABASE_URL": server.url()}) as desk:
        desk.wait_until_ready()
        server.kill()

        def ready() -> list[bool]:
            return [shown["readiness"]["ready"] for shown in desk.processes().values() if shown["readiness"]]

        wait_for(lambda: not any(ready()), "that every service misses it")
        server.start()
        wait_for(lambda: all(ready()), "that every service is ready again")
        assert desk.process.poll() is None


def test_a_second_desk_with_the_same_strategy_waits_and_takes_over_when_the_first_dies(server: ForeignPostgres) -> None:
    with Up([SMA_CROSS], "--database-url", server.url()) as first:
        first.wait_until_ready()
        with Up([SMA_CROSS], "--database-url", server.url()) as second:
            second.wait_until_said("sma-cross/trading is not ready: writer: another process writes for trading-service")
            waiting = second.processes()
            assert not waiting["sma-cross/trading"]["readiness"]["ready"]
            assert waiting["sma-cross/backtest"]["readiness"]["ready"]
            ports = [shown["process"]["port"] for desk in (first, second) for shown in desk.processes().values()]
            ports = [port for port in ports if port is not None]
            assert len(set(ports)) == 8
            first.process.kill()
            second.wait_until_ready()
