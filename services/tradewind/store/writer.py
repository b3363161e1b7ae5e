"""The single writer: one process at a time writes for an owner, and one that lost its turn can write nothing."""

import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Self

import psycopg

from tradewind.store.database import Connection, connect
from tradewind.store.errors import EpochOverError
from tradewind.store.queries import query

_RETRY_SECONDS = 0.2


class Writer:
    """A session advisory lock says who writes, an epoch checked in every transaction makes sure of it.

    Lock and transactions use the same connection: who loses one loses both.
    """

    def __init__(self, database_url: str, owner: str) -> None:
        self.owner = owner
        self.epoch = 0
        self.connection: Connection = connect(database_url)

    def acquire(self, stop: threading.Event, on_wait: Callable[[str], None]) -> bool:
        """Wait until this process is the writer; return False when `stop` was set before. `on_wait` hears why."""
        while not self._try_lock():
            on_wait(f"another process writes for {self.owner}")
            if stop.wait(_RETRY_SECONDS):
                return False
        holder = f"{socket.gethostname()}:{os.getpid()}"
        row = self.connection.execute(query("raise_epoch"), {"owner": self.owner, "holder": holder}).fetchone()
        assert row is not None
        self.epoch = row[0]
        return True

    def _try_lock(self) -> bool:
        row = self.connection.execute(query("try_lock"), {"owner": self.owner}).fetchone()
        assert row is not None
        return bool(row[0])

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Open a transaction that first checks the epoch.

        Raises:
            EpochOverError: another process has taken over.
        """
        with self.connection.transaction():
            try:
                self.connection.execute(query("check_epoch"), {"owner": self.owner, "epoch": self.epoch})
            except psycopg.errors.Error as error:
                if error.sqlstate == "TW001":
                    raise EpochOverError(self.owner, self.epoch) from None
                raise
            yield self.connection

    def close(self) -> None:
        """Give the lock back."""
        self.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
