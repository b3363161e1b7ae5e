"""The embedded PostgreSQL, started as the desk starts it."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tradewind.desk.postgres import EmbeddedPostgres
from tradewind.desk.postgres_programs import PostgresError
from tradewind.store.database import connect


@pytest.fixture
def place() -> Iterator[Path]:
    """A short path: pytest's own are too long for a socket, and closed to other users."""
    folder = Path(tempfile.mkdtemp(prefix="tw-"))
    yield folder
    shutil.rmtree(folder)


@contextmanager
def guarded(place: Path) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "tradewind.desk.postgres", str(place / "postgres"), str(place / "log")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as guard:
        yield guard
        guard.kill()


def address(guard: subprocess.Popen[bytes]) -> str:
    assert guard.stdout is not None
    return str(json.loads(guard.stdout.readline())["database_url"])


def server_pid(place: Path) -> int:
    return int((place / "postgres" / "postmaster.pid").read_text().split()[0])


def wait_until_gone(pid: int) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        # A process whose parent is gone too is a zombie until the system's first process has noticed.
        if Path(f"/proc/{pid}/stat").exists() and ") Z " in Path(f"/proc/{pid}/stat").read_text():
            return
        time.sleep(0.02)
    pytest.fail(f"process {pid} still lives")


def write_number(url: str, number: int) -> None:
    with connect(url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS numbers (number integer)")
        connection.execute("INSERT INTO numbers VALUES (%s)", (number,))


def read_numbers(url: str) -> list[int]:
    with connect(url) as connection:
        return [row[0] for row in connection.execute("SELECT number FROM numbers ORDER BY number")]


def test_what_is_written_is_there_after_a_restart_and_nothing_runs_in_between(place: Path) -> None:
    with EmbeddedPostgres(place / "postgres", place / "log") as server:
        write_number(server.url, 1)
        pid = server_pid(place)
    wait_until_gone(pid)
    with EmbeddedPostgres(place / "postgres", place / "log") as server:
        assert read_numbers(server.url) == [1]


@pytest.mark.parametrize("name", ["with space, comma $HOME \"and' quotes", "long" * 30])
def test_any_path_will_do(place: Path, name: str) -> None:
    folder = place / name
    folder.mkdir()
    with EmbeddedPostgres(folder / "postgres", folder / "log") as server:
        write_number(server.url, 7)
        assert read_numbers(server.url) == [7]


def test_it_is_postgresql_18_in_utc_with_settings_of_its_own(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPORT", "1")
    monkeypatch.setenv("PGDATA", "/nowhere")
    monkeypatch.setenv("LC_ALL", "xx_XX.UTF-8")
    with EmbeddedPostgres(place / "postgres", place / "log") as server, connect(server.url) as connection:
        row = connection.execute(
            "SELECT current_setting('server_version_num')::int / 10000, current_setting('server_encoding'), "
            "current_setting('listen_addresses'), current_setting('log_timezone')"
        ).fetchone()
    assert row == (18, "UTF8", "", "UTC")


def test_the_server_ends_when_the_parent_of_its_guard_dies(place: Path) -> None:
    with guarded(place) as guard:
        write_number(address(guard), 1)
        pid = server_pid(place)
        assert guard.stdin is not None
        guard.stdin.close()
        assert guard.wait(10) == 0
    wait_until_gone(pid)
    assert not (place / "postgres" / "postmaster.pid").exists()


def test_a_server_left_over_from_a_killed_guard_is_replaced(place: Path) -> None:
    with guarded(place) as guard:
        write_number(address(guard), 1)
        pid = server_pid(place)
        guard.kill()
    os.kill(pid, 0)
    with guarded(place) as guard:
        assert read_numbers(address(guard)) == [1]
        assert server_pid(place) != pid
        wait_until_gone(pid)
        guard.terminate()
        assert guard.wait(10) == 0


def test_a_killed_server_ends_its_guard_and_recovers_next_time(place: Path) -> None:
    with guarded(place) as guard:
        write_number(address(guard), 1)
        os.kill(server_pid(place), signal.SIGKILL)
        assert guard.wait(10) == 1
    with EmbeddedPostgres(place / "postgres", place / "log") as server:
        assert read_numbers(server.url) == [1]


def test_a_stale_pid_file_does_not_matter_even_if_the_pid_lives(place: Path) -> None:
    with EmbeddedPostgres(place / "postgres", place / "log") as server:
        write_number(server.url, 1)
        text = (place / "postgres" / "postmaster.pid").read_text()
    lines = [str(os.getpid()), *text.splitlines()[1:]]
    (place / "postgres" / "postmaster.pid").write_text("\n".join(lines) + "\n")
    with EmbeddedPostgres(place / "postgres", place / "log") as server:
        assert read_numbers(server.url) == [1]


def test_a_setup_that_was_cut_short_is_begun_again(place: Path) -> None:
    (place / "postgres.new").mkdir()
    (place / "postgres.new" / "PG_VERSION").write_text("18\n")
    with EmbeddedPostgres(place / "postgres", place / "log") as server:
        write_number(server.url, 1)
    assert not (place / "postgres.new").exists()


def test_a_server_that_does_not_start_says_what_its_log_says(place: Path) -> None:
    with EmbeddedPostgres(place / "postgres", place / "log"):
        pass
    with (place / "postgres" / "postgresql.conf").open("a") as settings:
        settings.write("no_such_setting = 1\n")
    with pytest.raises(PostgresError, match="no_such_setting"):
        EmbeddedPostgres(place / "postgres", place / "log").__enter__()
