"""What tests of several packages share: a real PostgreSQL, a fresh database each, a broker that speaks Kafka."""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from tradewind.backtest.compile_cache import use_cache
from tradewind.desk.postgres import EmbeddedPostgres
from tradewind.store.migrate import migrate

# Before any test imports numba; the folder is named by the hash of what is compiled.
use_cache(Path(__file__).resolve().parents[1] / ".pytest_cache" / "compiled")

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The URL of an embedded PostgreSQL that lives as long as the test session."""
    folder = Path(tempfile.mkdtemp(prefix="tradewind-tests-"))
    with EmbeddedPostgres(folder / "pg", folder / "postgres.log") as server:
        yield server.url
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def template_database(postgres_url: str) -> str:
    """The name of a migrated database to copy."""
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE tradewind_template")
    migrate(postgres_url.replace("/postgres?", "/tradewind_template?"))
    return "tradewind_template"


@pytest.fixture
def database_url(postgres_url: str, template_database: str) -> Iterator[str]:
    """The URL of a fresh, migrated database."""
    name = f"test_{uuid4().hex}"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template_database))
        )
        yield postgres_url.replace("/postgres?", f"/{name}?")
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@dataclass(frozen=True)
class Kafka:
    """An embedded broker."""

    bootstrap_servers: str
    generation: str


@pytest.fixture(scope="session")
def kafka() -> Iterator[Kafka]:
    """An embedded broker in a process of its own."""
    command = [sys.executable, "-m", "tradewind.bus.embedded"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        yield Kafka(**json.loads(process.stdout.readline()))
        process.terminate()
