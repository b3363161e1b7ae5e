"""What waits to be reconciled: each resource once, by several workers, with a growing pause after failures."""

import asyncio
import heapq
import time
from collections.abc import Awaitable, Callable
from typing import Final

import structlog

from tradewind_operator.errors import ApiError, NotLeadingError, StalledError, WaitError
from tradewind_operator.metrics import DELAYED, QUEUE, RECONCILE_SECONDS, RECONCILES
from tradewind_operator.names import Key

log = structlog.get_logger(__name__)
FIRST_PAUSE: Final = 0.25
LONGEST_PAUSE: Final = 300.0

Reconcile = Callable[[Key], Awaitable[float | None]]
"""Brings one resource to what it should be; returns in how many seconds to look again, None for not before something
happens."""


class WorkQueue:
    """Keys that wait. A key that is added while it is worked on is worked on once more; no key by two at once."""

    def __init__(self, reconcile: Reconcile, clock: Callable[[], float] = time.monotonic) -> None:
        self._reconcile = reconcile
        self._clock = clock
        self._ready: dict[Key, None] = {}
        self._working: set[Key] = set()
        self._again: set[Key] = set()
        self._due: dict[Key, float] = {}
        self._heap: list[tuple[float, Key]] = []
        self._failures: dict[Key, int] = {}
        self._wake = asyncio.Event()
        self._room = asyncio.Event()
        QUEUE.set_function(lambda: len(self._ready) + len(self._working))
        DELAYED.set_function(lambda: len(self._due))

    def add(self, key: Key) -> None:
        """Reconcile a resource as soon as may be: what it fails of may have changed, so its pause is over."""
        if key in self._working:
            self._again.add(key)
            return
        self._due.pop(key, None)
        self._ready[key] = None
        self._room.set()

    def add_later(self, key: Key, seconds: float) -> None:
        """Reconcile a resource after a while, or earlier where it waits for an earlier time already."""
        when = self._clock() + seconds
        if key in self._ready or self._due.get(key, when + 1) <= when:
            return
        self._due[key] = when
        heapq.heappush(self._heap, (when, key))
        self._wake.set()

    def forget(self, key: Key) -> None:
        """Forget the failures of a resource that is gone."""
        self._failures.pop(key, None)

    @property
    def idle(self) -> bool:
        """Whether nothing is worked on and nothing waits for now."""
        return not self._ready and not self._working

    async def run(self, workers: int) -> None:
        """Work until canceled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._keep_time(), name="queue-clock")
            for number in range(workers):
                group.create_task(self._work(), name=f"worker-{number}")

    async def _keep_time(self) -> None:
        while True:
            now = self._clock()
            while self._heap and self._heap[0][0] <= now:
                when, key = heapq.heappop(self._heap)
                if self._due.get(key) == when:
                    del self._due[key]
                    self.add(key)
            self._wake.clear()
            pause = min(30.0, self._heap[0][0] - now) if self._heap else 30.0
            try:
                async with asyncio.timeout(max(0.01, pause)):
                    await self._wake.wait()
            except TimeoutError:
                pass

    async def _work(self) -> None:
        while True:
            while not self._ready:
                self._room.clear()
                await self._room.wait()
            key = next(iter(self._ready))
            del self._ready[key]
            self._working.add(key)
            try:
                await self._work_on(key)
            finally:
                self._working.discard(key)
                if key in self._again:
                    self._again.discard(key)
                    self.add(key)

    async def _work_on(self, key: Key) -> None:
        started = time.perf_counter()
        result = "done"
        try:
            again = await self._reconcile(key)
        except WaitError as error:
            result = "waits"
            self.add_later(key, error.seconds)
        except StalledError:
            result = "stalled"  # told in its status; only a change of the resource, or of what it needs, can mend it
            self._failures.pop(key, None)
        except NotLeadingError:
            result = "not_leading"
            self.add_later(key, 5.0)
        except Exception as error:
            result = "failed"
            pause = self._pause(key, error)
            expected = isinstance(error, ApiError) or type(error).__name__ == "ApiAwayError"
            log.warning(
                "a reconcile failed", kind=key[0], name=key[1], error=str(error), again_in=round(pause, 2),
                exc_info=not expected,
            )  # fmt: skip
            self.add_later(key, pause)
        else:
            self._failures.pop(key, None)
            if again is not None:
                self.add_later(key, again)
        finally:
            RECONCILES.labels(key[0], result).inc()
            RECONCILE_SECONDS.labels(key[0]).observe(time.perf_counter() - started)

    def _pause(self, key: Key, error: Exception) -> float:
        failures = self._failures[key] = self._failures.get(key, 0) + 1
        asked = error.retry_after if isinstance(error, ApiError) else None
        return max(asked or 0.0, min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(failures - 1, 20)))
