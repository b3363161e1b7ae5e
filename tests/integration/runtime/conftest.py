"""What the tests of readers and relays share."""

import threading
from collections.abc import Iterator
from uuid import uuid4

import pytest

from tradewind.store.writer import Writer


@pytest.fixture
def writer(database_url: str) -> Iterator[Writer]:
    with Writer(database_url, f"owner-{uuid4()}") as writer:
        assert writer.acquire(threading.Event(), lambda _: None)
        yield writer
