"""Databases of this package's tests: SQL is tested on the embedded PostgreSQL and on the oldest supported one."""

from collections.abc import Iterator

import psycopg
import pytest
from tests.postgres import fresh_database, with_database

from tradewind.store.migrate import migrate

_TEMPLATE = "tradewind_store_template"


@pytest.fixture(scope="session", params=["postgres_url", "postgres_15_url"], ids=["embedded", "15"])
def each_server(request: pytest.FixtureRequest) -> str:
    """The URL of each server in turn."""
    return str(request.getfixturevalue(request.param))


@pytest.fixture
def each_empty_database(each_server: str) -> Iterator[str]:
    """The URL of a fresh, empty database on each server in turn."""
    with fresh_database(each_server) as url:
        yield url


@pytest.fixture(scope="session")
def each_template(each_server: str) -> str:
    """The name of a migrated database to copy, on each server in turn."""
    with psycopg.connect(each_server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {_TEMPLATE}")
    migrate(with_database(each_server, _TEMPLATE))
    return _TEMPLATE


@pytest.fixture
def each_database(each_server: str, each_template: str) -> Iterator[str]:
    """The URL of a fresh, migrated database on each server in turn."""
    with fresh_database(each_server, each_template) as url:
        yield url
