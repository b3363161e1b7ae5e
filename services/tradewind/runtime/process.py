"""The life of a service process: an HTTP server in the main thread, workers beside it, one clean way out."""

import asyncio
import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Sequence
from types import FrameType
from typing import Final, Protocol

import structlog
import uvicorn
from fastapi import FastAPI

from tradewind.runtime.settings import ServiceSettings

log = structlog.get_logger(__name__)
_LOOK_SECONDS: Final = 1.0
_WORKERS_END_SECONDS: Final = 8.0
"""How long workers may take to end once they are to; whoever supervises the process kills it after ten."""
_LAST_SECONDS: Final = 10.0
"""How long a process may take to end once its parent is gone."""


class Worker(Protocol):
    """Work that goes on beside the HTTP server until `stop` is set."""

    @property
    def name(self) -> str:
        """Names the thread."""
        ...

    def run(self, stop: threading.Event) -> None:
        """Work until `stop` is set. An exception ends the whole process with status 1, to be started afresh."""
        ...


class _Server(uvicorn.Server):
    """Ends as soon as it is asked to, and looks up once a second meanwhile.

    uvicorn itself looks ten times a second whether it is to end: with many services on a machine, most of them idle,
    that is where much of its time would go.
    """

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._asked = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def ask_to_exit(self) -> None:
        """End soon; any thread and any signal handler may ask."""
        self.should_exit = True
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # it has ended meanwhile
                self._loop.call_soon_threadsafe(self._asked.set)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Hear a signal."""
        super().handle_exit(sig, frame)
        self.ask_to_exit()

    async def main_loop(self) -> None:
        """Wait until it is asked to exit; every tenth of uvicorn's ticks keeps the Date header true."""
        self._loop = asyncio.get_running_loop()
        while not await self.on_tick(0):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._asked.wait(), _LOOK_SECONDS)


def serve(app: FastAPI, settings: ServiceSettings, workers: Sequence[Worker]) -> int:
    """Run until SIGTERM or SIGINT, or until a worker fails; return the exit status."""
    stop = threading.Event()
    failed = threading.Event()
    server = _Server(
        uvicorn.Config(app, host=settings.host, port=settings.port, log_config=None, timeout_graceful_shutdown=3)
    )

    def work(worker: Worker) -> None:
        try:
            worker.run(stop)
        except Exception:
            log.exception("worker failed", worker=worker.name)
            failed.set()
            server.ask_to_exit()

    threads = [threading.Thread(target=work, args=(worker,), name=worker.name) for worker in workers]

    def end(*_: object) -> None:
        stop.set()
        server.ask_to_exit()

    for number in (signal.SIGTERM, signal.SIGINT):
        # uvicorn listens only while it runs, and then raises the signal again: before and after, this handler hears it.
        signal.signal(number, end)
    if settings.exit_with_parent:
        threading.Thread(target=_follow_parent, name="follow-parent", daemon=True).start()
    for thread in threads:
        thread.start()
    try:
        server.run()
    finally:
        stop.set()
        _join(threads)
    return 1 if failed.is_set() or not server.started else 0


def _join(threads: Sequence[threading.Thread]) -> None:
    """Wait for the workers; make an end where one hangs, so that the process is started afresh and is no mute one."""
    deadline = time.monotonic() + _WORKERS_END_SECONDS
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))
    if hanging := [thread.name for thread in threads if thread.is_alive()]:
        log.error("workers do not end", workers=hanging)
        os._exit(1)


def _follow_parent() -> None:
    """Wait for the end of standard input, which the parent holds open, then ask this process to stop, and make it."""
    while os.read(sys.stdin.fileno(), 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_LAST_SECONDS)
    # What hangs by now (a client of a broker that died together with the parent) has no one left who would kill it.
    os._exit(1)
