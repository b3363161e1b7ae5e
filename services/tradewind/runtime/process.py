"""The life of a service process: an HTTP server in the main thread, workers beside it, one clean way out."""

import os
import signal
import sys
import threading
import time
from collections.abc import Sequence
from typing import Final, Protocol

import structlog
import uvicorn
from fastapi import FastAPI

from tradewind.runtime.settings import ServiceSettings

log = structlog.get_logger(__name__)
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


def serve(app: FastAPI, settings: ServiceSettings, workers: Sequence[Worker]) -> int:
    """Run until SIGTERM or SIGINT, or until a worker fails; return the exit status."""
    stop = threading.Event()
    failed = threading.Event()
    server = uvicorn.Server(
        uvicorn.Config(app, host=settings.host, port=settings.port, log_config=None, timeout_graceful_shutdown=3)
    )

    def work(worker: Worker) -> None:
        try:
            worker.run(stop)
        except Exception:
            log.exception("worker failed", worker=worker.name)
            failed.set()
            server.should_exit = True

    threads = [threading.Thread(target=work, args=(worker,), name=worker.name) for worker in workers]

    def end(*_: object) -> None:
        stop.set()
        server.should_exit = True

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
        for thread in threads:
            thread.join()
    return 1 if failed.is_set() or not server.started else 0


def _follow_parent() -> None:
    """Wait for the end of standard input, which the parent holds open, then ask this process to stop, and make it."""
    while os.read(sys.stdin.fileno(), 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_LAST_SECONDS)
    # What hangs by now (a client of a broker that died together with the parent) has no one left who would kill it.
    os._exit(1)
