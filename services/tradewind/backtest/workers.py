"""Spreads work over processes, so that a worker's end is known together with what it was at."""

import contextlib
import multiprocessing
import os
import signal
import traceback
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Any, Final, Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

_CONTEXT: Final = multiprocessing.get_context("spawn")
"""A fork would copy locks and threads of libraries that don't survive it."""
_GRACE: Final = 5.0
"""Seconds that a terminated worker has before it is killed."""


class WorkError(RuntimeError):
    """An item that failed or ended its worker: its place among the items, and the worker's traceback or exit status."""

    def __init__(self, place: int, detail: str) -> None:
        super().__init__(detail)
        self.place = place
        self.detail = detail


@dataclass(frozen=True)
class Job(Generic[Item, Result]):
    """What workers do: `open` once each, then `work` on one item after the other; both are functions of a module."""

    open: Callable[[], Any]
    work: Callable[[Any, Item], Result]


def cores() -> int:
    """Return how many processors this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity is not None else os.cpu_count() or 1


def crew_of(most: int | None) -> int | None:
    """Return how many workers `most` allows, at most one for each core; None, as many as there are, for no bound."""
    return None if most is None else min(most, cores())


def spread(job: Job[Item, Result], items: Sequence[Item], workers: int) -> Generator[tuple[int, Result], None, None]:
    """Yield (place, result) of every item as it is done, in whatever order; leave the iterator to end the workers.

    Raises:
        WorkError: an item raised, or its worker died of it; the other workers are ended.
    """
    with contextlib.ExitStack() as stack:
        crew = [stack.enter_context(_Worker(job)) for _ in range(min(workers, len(items)))]
        waiting = iter(range(len(items)))
        busy: dict[Connection, _Worker] = {}
        for worker in crew:
            worker.give(next(waiting), items)
            busy[worker.connection] = worker
        while busy:
            ready = set(wait(list(busy)))
            for connection in [each for each in busy if each in ready]:
                worker = busy.pop(connection)
                place, result = worker.result()
                following = next(waiting, None)
                if following is not None:
                    worker.give(following, items)
                    busy[worker.connection] = worker
                yield place, result


class _Worker:
    """One process, with one item at a time."""

    def __init__(self, job: Job[Any, Any]) -> None:
        self.connection, self._far = _CONTEXT.Pipe()
        self._process: SpawnProcess = _CONTEXT.Process(target=_serve, args=(self._far, job), daemon=True)
        self._place = -1

    def __enter__(self) -> "_Worker":
        # Ctrl-C reaches the whole process group; the parent ends its workers itself. What is blocked here is blocked in
        # the worker from its very start, and reaches the parent as soon as the block ends.
        # (The tracker unblocks it as it starts, so it starts before.)
        resource_tracker.ensure_running()
        before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
        try:
            self._process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        self._far.close()
        return self

    def __exit__(self, *error: object) -> None:
        self.connection.close()
        self._process.terminate()
        self._process.join(_GRACE)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._process.close()

    def give(self, place: int, items: Sequence[Any]) -> None:
        self._place = place
        # A worker that is dead already is noticed when its result is asked for.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.connection.send(items[place])

    def result(self) -> tuple[int, Any]:
        try:
            worked, answer = self.connection.recv()
        except (EOFError, ConnectionResetError):
            self._process.join()
            raise WorkError(self._place, f"its process ended with status {self._process.exitcode}") from None
        if not worked:
            raise WorkError(self._place, answer)
        return self._place, answer


def _serve(connection: Connection, job: Job[Any, Any]) -> None:
    opened = None
    while True:
        try:
            item = connection.recv()
        except EOFError:
            return
        try:
            opened = job.open() if opened is None else opened
            answer = (True, job.work(opened, item))
        except Exception:
            answer = (False, traceback.format_exc())
        connection.send(answer)
