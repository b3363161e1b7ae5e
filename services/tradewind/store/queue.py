"""The queue in which backtests wait, shared by all services of a database: procrastinate's, in its own schema."""

import asyncio
import logging
import threading
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import psycopg
import structlog
from procrastinate import App, PsycopgConnector, SyncPsycopgConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Status

from tradewind.store.database import Connection, connection_arguments
from tradewind.store.queries import query

log = structlog.get_logger(__name__)
_QUEUE: Final = "backtests"
_TASK: Final = "run_backtest"
_POLL_SECONDS: Final = 15.0
"""How often the queue is looked at besides its notifications."""
_AGAIN_SECONDS: Final = 2.0

Run = Callable[[UUID, int, threading.Event], None]
"""run(backtest, attempt, stop): do the work, or give it back soon after `stop` is set."""
Recover = Callable[[Sequence[tuple[UUID, int]]], None]
"""recover(lost): see to it that these are run again, and what else is needed from time to time."""

# It tells of every step at INFO.
logging.getLogger("procrastinate").setLevel(logging.WARNING)
_DEFERRING: Final = App(connector=SyncPsycopgConnector())
"""Queues through connections of its callers alone."""


def defer(connection: Connection, backtest: UUID, attempt: int) -> None:
    """Put a backtest's attempt in the queue, in the caller's transaction."""
    connection.execute(query("look_for_queue"))
    _DEFERRING.configure_task(_TASK, queue=_QUEUE, connection=connection, allow_unknown=True).defer(
        backtest=str(backtest), attempt=attempt
    )
    connection.execute(query("look_for_tables"))


def forget_jobs(database_url: str, keep: timedelta) -> None:
    """Delete jobs that ended longer than `keep` ago; what a worker has done is gone at once, so that there are few.

    Raises:
        psycopg.Error: the server refused or was gone.
    """

    async def forget() -> None:
        app = App(connector=_connector(database_url))
        async with app.open_async():
            await app.job_manager.delete_old_jobs(
                nb_hours=int(keep / timedelta(hours=1)),
                queue=_QUEUE,
                include_failed=True,
                include_cancelled=True,
                include_aborted=True,
            )

    try:
        asyncio.run(forget())
    except ConnectorException as error:
        if isinstance(error.__cause__, psycopg.Error):
            raise error.__cause__ from error
        raise


def _connector(database_url: str) -> PsycopgConnector:
    arguments = connection_arguments(database_url, "-c search_path=procrastinate")
    del arguments["autocommit"]  # the library says itself where it wants that
    return PsycopgConnector(conninfo=database_url, kwargs=arguments, min_size=1, max_size=4, timeout=10.0)


class QueueWorker:
    """The worker that takes backtests from the queue while the service lives.

    Args:
        database_url: of the queue's database.
        run: does one of them, in a thread.
        recover: hears, every now and then, of the (backtest, attempt) whose service was lost.
        concurrency: how many run at once.
        lost_seconds: a service that was silent for so long is lost.
    """

    name = "queue"

    def __init__(self, database_url: str, run: Run, recover: Recover, concurrency: int, lost_seconds: float) -> None:
        self._url = database_url
        self._run = run
        self._recover = recover
        self._concurrency = concurrency
        self._lost_seconds = lost_seconds

    def run(self, stop: threading.Event) -> None:
        """Work until `stop` is set; where the database is away, wait until it is back."""
        asyncio.run(self._run_until(stop))

    async def _run_until(self, stop: threading.Event) -> None:
        stopped = asyncio.create_task(asyncio.to_thread(stop.wait))
        while not stop.is_set():
            working = asyncio.create_task(self._work(stop))
            await asyncio.wait({stopped, working}, return_when=asyncio.FIRST_COMPLETED)
            if not working.done():
                working.cancel()
            try:
                await working
            except asyncio.CancelledError:
                pass
            except Exception as error:
                log.warning("the queue of backtests is away", error=str(error.__cause__ or error))
            await asyncio.wait({stopped}, timeout=_AGAIN_SECONDS)

    async def _work(self, stop: threading.Event) -> None:
        app = App(connector=_connector(self._url))

        @app.task(name=_TASK, queue=_QUEUE)
        def work(backtest: str, attempt: int) -> None:
            self._run(UUID(backtest), attempt, stop)

        async with app.open_async():
            looking = asyncio.create_task(self._look_for_lost(app))
            try:
                await app.run_worker_async(
                    queues=[_QUEUE],
                    concurrency=self._concurrency,
                    fetch_job_polling_interval=_POLL_SECONDS,
                    abort_job_polling_interval=_POLL_SECONDS,
                    delete_jobs="always",
                    install_signal_handlers=False,
                    update_heartbeat_interval=self._lost_seconds / 4,
                    stalled_worker_timeout=self._lost_seconds,
                )
            finally:
                looking.cancel()

    async def _look_for_lost(self, app: App) -> None:
        """Give back what services had taken that are gone, and forget that they had."""
        while True:
            await asyncio.sleep(self._lost_seconds / 2)
            try:
                stalled = app.job_manager.get_stalled_jobs(queue=_QUEUE, seconds_since_heartbeat=self._lost_seconds)
                lost = list(await stalled)
                given: list[dict[str, Any]] = [job.task_kwargs for job in lost]
                named = [(UUID(each["backtest"]), int(each["attempt"])) for each in given]
                await asyncio.to_thread(self._recover, named)
                for job in lost:
                    assert job.id is not None
                    await app.job_manager.finish_job_by_id_async(job.id, Status.FAILED, delete_job=True)
            except Exception as error:
                # The database is away, or another service was faster with the same: the next look tells.
                log.warning("a look for lost backtests failed", error=str(error.__cause__ or error))
