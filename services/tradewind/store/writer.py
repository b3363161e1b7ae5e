"""The single writer: one process at a time writes for an owner, and one that lost its turn can write nothing."""

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final, Self

import psycopg
import structlog

from tradewind.store.database import Connection, connect
from tradewind.store.errors import EpochOverError, TurnOverError
from tradewind.store.heartbeat import Heartbeat
from tradewind.store.queries import query

log = structlog.get_logger(__name__)
SILENT_SECONDS: Final = 5.0
"""Without a beat for this long the turn of a writer may be taken."""
_RETRY_SECONDS: Final = 0.3


class Writer:
    """A session advisory lock says who writes, an epoch checked in every transaction makes sure of it.

    Lock and transactions use the same connection: who loses one loses both. A heartbeat beside it tells contenders that
    the process lives; one that is stopped or cut off while it holds the lock loses its database session to them.
    """

    def __init__(self, database_url: str, owner: str) -> None:
        self.owner = owner
        self.epoch = 0
        self._database_url = database_url
        self._heartbeat: Heartbeat | None = None
        self._leads = threading.Event()
        self.connection: Connection = connect(database_url)
        self.connection.execute(query("wait_in_transaction"))

    def acquire(self, stop: threading.Event, on_wait: Callable[[str], None]) -> bool:
        """Wait until this process is the writer; return False when `stop` was set before. `on_wait` hears why."""
        silence = _Silence()
        while (epoch := self._take_turn()) is None:
            reason, ended = self._watch(silence)
            on_wait(reason)
            if not ended and stop.wait(_RETRY_SECONDS):
                return False
        self.epoch = epoch
        self._heartbeat = Heartbeat(self._database_url, self.owner, epoch)
        self._leads.set()
        return True

    def wait_for_turn(self, stop: threading.Event) -> bool:
        """Wait until another thread's `acquire` has made this process the writer; False when `stop` was set before."""
        while not self._leads.wait(_RETRY_SECONDS):
            if stop.is_set():
                return False
        return True

    def check(self) -> None:
        """Say whether the turn to write is known to be over; costs nothing.

        Raises:
            TurnOverError: another process has the turn, or the session that held the lock has ended.
        """
        if self._heartbeat is not None and self._heartbeat.over:
            raise TurnOverError(self.owner, self.epoch)

    def keep(self, stop: threading.Event) -> None:
        """Stay the writer, without anything to write, until `stop` is set.

        Raises:
            TurnOverError: as `check`.
        """
        while not stop.wait(_RETRY_SECONDS):
            self.check()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Open a transaction that first checks the epoch.

        Raises:
            EpochOverError: another process has taken over.
        """
        with self._until_epoch_over(), self.connection.transaction():
            self._check_epoch()
            yield self.connection

    @contextmanager
    def pipeline(self) -> Iterator[Connection]:
        """Open a transaction as `transaction` does; nothing is waited for but what the caller fetches, and the commit.

        What a statement objects to may be raised by a later one, or at the end; nothing is committed then.

        Raises:
            EpochOverError: another process has taken over.
        """
        try:
            # psycopg's own transactions wait for the answers to BEGIN, to what follows, and to COMMIT one by one.
            with self._until_epoch_over(), self.connection.pipeline():
                self.connection.execute("BEGIN", prepare=False)
                self._check_epoch()
                yield self.connection
                self.connection.execute("COMMIT", prepare=False)
        except BaseException:
            if not self.connection.closed:
                self.connection.rollback()
            raise

    @contextmanager
    def _until_epoch_over(self) -> Iterator[None]:
        try:
            yield
        except psycopg.errors.Error as error:
            if error.sqlstate == "TW001":
                raise EpochOverError(self.owner, self.epoch) from None
            raise

    def _check_epoch(self) -> None:
        self.connection.execute(query("check_epoch"), {"owner": self.owner, "epoch": self.epoch})

    def close(self) -> None:
        """Give the lock back."""
        if self._heartbeat is not None:
            self._heartbeat.stop()
        self.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _take_turn(self) -> int | None:
        holder = f"{socket.gethostname()}:{os.getpid()}"
        row = self.connection.execute(query("take_turn"), {"owner": self.owner, "holder": holder}).fetchone()
        assert row is not None
        return None if row[0] is None else int(row[0])

    def _watch(self, silence: "_Silence") -> tuple[str, bool]:
        """Return who leads, and whether its session was ended because nothing was heard of it."""
        row = self.connection.execute(query("who_writes"), {"owner": self.owner}).fetchone()
        if row is None:
            return f"another process writes for {self.owner}", False
        holder, epoch, since, beat_at, silent = row
        reason = f"another process writes for {self.owner}: {holder}, since {since.isoformat()}, epoch {epoch}"
        if silence.seconds(epoch, beat_at) < SILENT_SECONDS:
            return reason, False
        seconds = silent.total_seconds()
        reason = f"{reason}; not heard of for {seconds:.0f} s"
        try:
            answer = self.connection.execute(query("end_writer_sessions"), {"owner": self.owner}).fetchone()
        except psycopg.errors.InsufficientPrivilege as error:
            return f"{reason}, and its session can't be ended: {error.diag.message_primary}", False
        assert answer is not None
        if answer[0]:
            log.warning("ended a silent writer's session", owner=self.owner, holder=holder, epoch=epoch, silent=seconds)
        return reason, bool(answer[0])


class _Silence:
    """For how long a contender has itself looked at a leader and heard nothing.

    A pause between two looks counts as a short one: after a whole machine was suspended, its leader gets the time to
    beat again.
    """

    def __init__(self) -> None:
        self._heard: tuple[int, datetime] | None = None
        self._looked = 0.0
        self._seconds = 0.0

    def seconds(self, epoch: int, beat_at: datetime) -> float:
        """Return the seconds since the last beat that this contender has watched."""
        now = time.monotonic()
        if self._heard != (epoch, beat_at):
            self._heard = (epoch, beat_at)
            self._seconds = 0.0
        else:
            self._seconds += min(now - self._looked, 2 * _RETRY_SECONDS)
        self._looked = now
        return self._seconds
