"""A PostgreSQL that somebody else runs, as a desk sees it: on the network, with users and passwords."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg
from psycopg import sql
from tests.postgres import find_programs

from tradewind.desk.postgres_programs import SYSTEM_USER, find_binaries, prepare_user

PASSWORD = "correct-horse"


class ForeignPostgres:
    """PostgreSQL 15 where the system has it, else the embedded one's programs; on 127.0.0.1, by password only.

    Use it as a context. `postgres` is its superuser, and `desk` owns the database `desk`.
    """

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="tw-foreign-"))
        self._data = self._folder / "data"
        self._programs = find_programs(15) or find_binaries()
        self._user: str | None = None
        self._process: subprocess.Popen[bytes] | None = None
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])

    def __enter__(self) -> Self:
        if os.geteuid() == 0:
            self._user = _system_user(self._programs, self._folder)
            shutil.chown(self._folder, self._user)
        password = self._folder / "password"
        password.write_text(PASSWORD)
        password.chmod(0o644)
        self._run(
            "initdb", "-U", "postgres", "-A", "scram-sha-256", "--pwfile", str(password), "-E", "UTF8", "-D", self._data
        )
        self.start()
        with self.connect() as connection:
            self.add_user("desk", "CREATEROLE")
            connection.execute("CREATE DATABASE desk OWNER desk")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()
        shutil.rmtree(self._folder)

    def url(self, user: str = "desk", password: str = PASSWORD, database: str = "desk") -> str:
        return f"postgresql://{user}:{password}@127.0.0.1:{self.port}/{database}"

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        """A superuser's connection."""
        return psycopg.connect(self.url("postgres", database=database), autocommit=True)

    def add_user(self, name: str, rights: str = "") -> None:
        with self.connect() as connection:
            command = sql.SQL("CREATE ROLE {} LOGIN {} PASSWORD {}")
            connection.execute(command.format(sql.Identifier(name), sql.SQL(rights), sql.Literal(PASSWORD)))

    def start(self) -> None:
        """Start it and wait until it answers."""
        deadline = time.monotonic() + 60
        while True:
            if self._process is None or self._process.poll() is not None:
                self._process = self._spawn()  # after a kill it refuses as long as an old session is not gone
            try:
                with self.connect():
                    return
            except psycopg.OperationalError:
                assert time.monotonic() < deadline, (self._folder / "log").read_text()
                time.sleep(0.1)

    def kill(self) -> None:
        """End the server at once, as a crash does; its sessions end when they notice."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    def _spawn(self) -> subprocess.Popen[bytes]:
        command: list[str | Path] = [self._programs / "postgres", "-D", self._data, "-h", "127.0.0.1", "-k", ""]
        with (self._folder / "log").open("ab") as log:
            return subprocess.Popen(
                [*command, "-p", str(self.port), "-c", "fsync=off"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                user=self._user,
                start_new_session=True,
            )

    def _run(self, program: str, *arguments: str | Path) -> None:
        command = [self._programs / program, *arguments]
        subprocess.run(command, user=self._user, cwd="/", check=True, stdout=subprocess.DEVNULL)


def _system_user(programs: Path, folder: Path) -> str:
    """Whom the server runs as under root, which PostgreSQL refuses to run as."""
    if programs == find_binaries():
        prepare_user(programs, folder / "data")
        return SYSTEM_USER
    return pwd.getpwnam("postgres").pw_name
