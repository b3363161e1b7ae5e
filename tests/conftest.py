"""What tests of several packages share: a real PostgreSQL, a fresh database each, a broker that speaks Kafka."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from tests.api_server import ApiServer, running_api_server
from tests.brokers import KitBroker, access_from, running_kit
from tests.postgres import find_programs, running_server

from tradewind.backtest.compile_cache import use_cache
from tradewind.bus.access import KafkaAccess
from tradewind.bus.topics import ensure_topics
from tradewind.desk.postgres import EmbeddedPostgres
from tradewind.paths import shipped_folder
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
def postgres_15_url() -> Iterator[str]:
    """The URL of the system's PostgreSQL 15, the oldest supported, for as long as the test session lives."""
    programs = find_programs(15)
    if programs is None:
        pytest.skip("PostgreSQL 15 is not installed in /usr/lib/postgresql (Debian: apt-get install postgresql-15)")
    with running_server(programs) as url:
        yield url


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


@pytest.fixture(scope="session")
def embedded_kafka() -> Iterator[KafkaAccess]:
    """An embedded broker in a process of its own."""
    command = [sys.executable, "-m", "tradewind.bus.embedded"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        yield KafkaAccess(**json.loads(process.stdout.readline()))
        process.terminate()


@pytest.fixture(scope="session")
def real_kafka() -> Iterator[KafkaAccess]:
    """A real Apache Kafka with the platform's topics: the environment's, else the test kit's, else a skip."""
    if "KAFKA_BOOTSTRAP_SERVERS" in os.environ:
        access = access_from(os.environ)
        ensure_topics(access)
        yield access
        return
    with running_kit() as kit:
        ensure_topics(kit.access)
        yield kit.access


@pytest.fixture(scope="session")
def breakable_kafka() -> Iterator[KitBroker]:
    """A real broker that tests may kill, pause and take topics from; each leaves it running."""
    with running_kit() as kit:
        yield kit


@pytest.fixture(scope="session")
def three_brokers() -> Iterator[KitBroker]:
    """A real cluster of three brokers, as `breakable_kafka`."""
    with running_kit("--brokers", "3") as kit:
        yield kit


@pytest.fixture(scope="session")
def kafka(embedded_kafka: KafkaAccess) -> KafkaAccess:
    """The broker that most tests use; a module that wants both overrides this fixture."""
    return embedded_kafka


@pytest.fixture(scope="session")
def api_server() -> Iterator[ApiServer]:
    """A real Kubernetes API, empty at first, that lives as long as the test session; no pod runs there."""
    with running_api_server() as server:
        yield server


@pytest.fixture(scope="session")
def crds(api_server: ApiServer) -> ApiServer:
    """The API server with crds/ in it, as `kubectl apply` brings them."""
    api_server.kubectl("apply", "-f", str(shipped_folder("crds")))
    api_server.kubectl("wait", "--for=condition=Established", "crd", "--all", "--timeout=30s")
    return api_server
