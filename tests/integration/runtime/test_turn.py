"""Workers that work by turns, against a real PostgreSQL."""

import threading
from collections.abc import Iterator

import psycopg
import pytest

from tradewind.runtime.turn import InTurn, TurnWatch
from tradewind.store.errors import TurnOverError
from tradewind.store.writer import Writer


class Counted:
    """A worker that says when it has begun."""

    name = "counted"

    def __init__(self) -> None:
        self.begun = threading.Event()

    def run(self, stop: threading.Event) -> None:
        self.begun.set()
        stop.wait()


@pytest.fixture
def writer(database_url: str) -> Iterator[Writer]:
    with Writer(database_url, "owner") as writer:
        yield writer


def test_a_worker_begins_with_its_writers_turn(writer: Writer) -> None:
    worker, stop = Counted(), threading.Event()
    waiting = InTurn(writer, worker)
    assert waiting.name == "counted"
    thread = threading.Thread(target=waiting.run, args=(stop,))
    thread.start()
    try:
        assert not worker.begun.wait(0.5)
        assert writer.acquire(stop, lambda _: None)
        assert worker.begun.wait(5)
    finally:
        stop.set()
        thread.join()


def test_a_contender_that_is_stopped_never_begins(writer: Writer) -> None:
    worker, stop = Counted(), threading.Event()
    stop.set()
    InTurn(writer, worker).run(stop)
    assert not worker.begun.is_set()


def test_the_watch_fails_when_the_turn_is_over(writer: Writer, database_url: str) -> None:
    stop = threading.Event()
    assert writer.acquire(stop, lambda _: None)
    with psycopg.connect(database_url) as other:
        other.execute("SELECT raise_epoch('owner', 'somebody else')")
    with pytest.raises(TurnOverError, match="that began with epoch 1 is over"):
        TurnWatch(writer).run(stop)
