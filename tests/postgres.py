"""PostgreSQL servers of the system, beside the embedded one: SQL is tested on the oldest supported version as well."""

import os
import pwd
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg import sql

_SYSTEM = Path("/usr/lib/postgresql")
"""Where Debian and its kin keep one folder a major version."""
_UNPRIVILEGED = "postgres"
"""Whom the server runs as under root: the package makes this user."""


class ServerNotStartedError(RuntimeError):
    """A server of the system could not be set up or started."""


def find_programs(major: int) -> Path | None:
    """Return the folder of the system's PostgreSQL programs of one major version; None where it is not installed."""
    folder = _SYSTEM / str(major) / "bin"
    return folder if (folder / "initdb").is_file() and (folder / "pg_ctl").is_file() else None


@contextmanager
def running_server(programs: Path, *settings: str) -> Iterator[str]:
    """Run a server of these programs on a folder of its own, give its URL, and stop and remove it at the end.

    Args:
        programs: the folder of `initdb` and `pg_ctl`.
        settings: more of the server's, such as `track_functions=all`.

    Raises:
        ServerNotStartedError: it says why.
    """
    user = _UNPRIVILEGED if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="tw-pg-"))
    try:
        if user is not None:
            shutil.chown(folder, user, pwd.getpwnam(user).pw_gid)
        data, log = folder / "data", folder / "log"
        _run(user, programs / "initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "-D", data)
        options = ["-h", "", "-p", "5432", "-k", str(folder), "-c", "timezone=UTC", "-c", "log_timezone=UTC"]
        # What tests wrote needn't outlive a crash of the machine.
        options += ["-c", "fsync=off", *(word for setting in settings for word in ("-c", setting))]
        quoted = " ".join(f"'{option}'" for option in options)
        _run(user, programs / "pg_ctl", "start", "-w", "-D", data, "-l", log, "-o", quoted, log=log)
        try:
            yield f"postgresql://postgres@/postgres?host={folder}&port=5432"
        finally:
            _run(user, programs / "pg_ctl", "stop", "-w", "-m", "immediate", "-D", data)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def with_database(url: str, name: str) -> str:
    """Return the URL of another database of the same server."""
    return re.sub(r"/[^/?]*\?", f"/{name}?", url, count=1)


@contextmanager
def fresh_database(server_url: str, template: str | None = None) -> Iterator[str]:
    """Give the URL of a new database, a copy of `template` or empty, and drop it at the end."""
    name = f"test_{uuid4().hex}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        connection.execute(create.format(sql.Identifier(name), sql.Identifier(template or "template1")))
        try:
            yield with_database(server_url, name)
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _run(user: str | None, *command: str | Path, log: Path | None = None) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    # To a file: pg_ctl hands its output on to the server, and a pipe would never close.
    with tempfile.TemporaryFile("w+") as said:
        done = subprocess.run(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            cwd="/",
            env=environment,
            user=user,
            group=user,
            extra_groups=None if user is None else [],
            check=False,
        )
        if done.returncode != 0:
            said.seek(0)
            why = said.read() + (log.read_text() if log is not None and log.exists() else "")
            raise ServerNotStartedError(f"{' '.join(map(str, command))} ended with {done.returncode}:\n{why}")
