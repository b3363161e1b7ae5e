"""The queue: each key once, no key twice at once, pauses that grow for the one that fails and for no other."""

import asyncio
from collections import Counter

from tradewind_operator.errors import ApiError, StalledError, WaitError
from tradewind_operator.names import Key
from tradewind_operator.queue import WorkQueue


def key(name: str) -> Key:
    return ("TradingStrategy", name)


async def run_for(queue: WorkQueue, seconds: float, workers: int = 3) -> None:
    task = asyncio.create_task(queue.run(workers))
    await asyncio.sleep(seconds)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def test_a_key_is_worked_on_by_one_worker_at_a_time_and_once_more_if_it_came_meanwhile() -> None:
    async def check() -> None:
        working, most, runs = 0, 0, 0

        async def reconcile(_: Key) -> None:
            nonlocal working, most, runs
            working += 1
            most = max(most, working)
            runs += 1
            await asyncio.sleep(0.02)
            working -= 1

        queue = WorkQueue(reconcile)
        for _ in range(10):
            queue.add(key("a"))
        task = asyncio.create_task(queue.run(4))
        await asyncio.sleep(0.01)
        for _ in range(10):
            queue.add(key("a"))
        await asyncio.sleep(0.1)
        task.cancel()
        assert (most, runs) == (1, 2)
        assert queue.idle

    asyncio.run(check())


def test_one_that_fails_pauses_longer_and_longer_and_delays_no_other() -> None:
    async def check() -> None:
        runs: Counter[str] = Counter()

        async def reconcile(given: Key) -> None:
            runs[given[1]] += 1
            if given[1] == "bad":
                raise ApiError(500, "InternalError", "no", "get")

        queue = WorkQueue(reconcile)
        queue.add(key("bad"))
        for number in range(50):
            queue.add(key(f"good{number}"))
        await run_for(queue, 1.2)
        assert all(runs[f"good{number}"] == 1 for number in range(50))
        assert 2 <= runs["bad"] <= 4  # after 0, 0.25, 0.75 s

    asyncio.run(check())


def test_what_only_a_person_can_mend_is_not_tried_again_and_an_event_ends_a_pause() -> None:
    async def check() -> None:
        runs: Counter[str] = Counter()

        async def reconcile(given: Key) -> float | None:
            runs[given[1]] += 1
            if given[1] == "stalled":
                raise StalledError("InvalidSpec", "no")
            if given[1] == "waits":
                raise WaitError("Replacing", "soon", 0.05)
            return 30.0

        queue = WorkQueue(reconcile)
        for name in ("stalled", "waits", "later"):
            queue.add(key(name))
        task = asyncio.create_task(queue.run(2))
        await asyncio.sleep(0.3)
        queue.add(key("later"))
        await asyncio.sleep(0.05)
        task.cancel()
        assert runs["stalled"] == 1
        assert runs["waits"] >= 3
        assert runs["later"] == 2

    asyncio.run(check())
