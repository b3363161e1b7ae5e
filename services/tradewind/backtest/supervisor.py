"""Runs queued backtests, each in a process of its own, so that the end of one ends nothing else."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from tradewind.store.backtests import begin_backtest, fail_backtest, list_orphans, requeue_backtest, runs_still
from tradewind.store.database import DATABASE_AWAY, Pool

_LOOK_SECONDS: Final = 0.25
_AWAY_SECONDS: Final = 1.0


class Supervisor:
    """Starts the process of a backtest, and ends it when nobody wants it any more."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def run(self, backtest: UUID, attempt: int, stop: threading.Event) -> None:
        """Run an attempt to its end; where `stop` is set before, end it and queue it again.

        A process that ends without a result (killed, or out of memory) has failed, and it alone.
        """
        with self._pool.connection() as connection:
            if not begin_backtest(connection, backtest, attempt):
                return  # canceled, or another attempt has its place
        command = [sys.executable, "-m", "tradewind.backtest.runner", str(backtest), str(attempt)]
        # Its standard input is held open: its end tells the process that this one has died.
        with subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True) as process:
            try:
                self._watch(process, backtest, attempt, stop)
            finally:
                _end(process)
        self._settle(process.returncode, backtest, attempt, stop)

    def recover(self, lost: Sequence[tuple[UUID, int]]) -> None:
        """Queue attempts again whose service was lost, and those that are in no queue; what was lost twice fails."""
        with self._pool.connection() as connection:
            for backtest, attempt in [*lost, *list_orphans(connection)]:
                requeue_backtest(connection, backtest, attempt, lost=True)

    def _watch(self, process: "subprocess.Popen[bytes]", backtest: UUID, attempt: int, stop: threading.Event) -> None:
        while process.poll() is None and not stop.wait(_LOOK_SECONDS):
            # While the database is away it can't be canceled either.
            with contextlib.suppress(DATABASE_AWAY), self._pool.connection() as connection:
                if not runs_still(connection, backtest, attempt):
                    return

    def _settle(self, status: int, backtest: UUID, attempt: int, stop: threading.Event) -> None:
        """Say what became of an attempt whose process left it running; where the database is away, wait for it."""
        while True:
            try:
                with self._pool.connection() as connection:
                    if not runs_still(connection, backtest, attempt):
                        return
                    if stop.is_set():
                        requeue_backtest(connection, backtest, attempt, lost=False)
                    else:
                        fail_backtest(connection, backtest, attempt, _end_of(status))
                    return
            except DATABASE_AWAY:
                if stop.wait(_AWAY_SECONDS):
                    raise


def _end(process: "subprocess.Popen[bytes]") -> None:
    # The whole group: a sweep has processes of its own, which outlive one that was killed.
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _end_of(status: int) -> str:
    if status >= 0:
        return f"its process ended with status {status}"
    name = signal.Signals(-status).name
    reason = ", as one is that needs more memory than there is" if name == "SIGKILL" else ""
    return f"its process was ended by {name}{reason}"
