"""Which desk is asked next: what is urgent first, nobody starved, and no more than so many times a second."""

import asyncio
import time
from collections import Counter

from tests.operator_process import Desks as AnsweringDesks

from tradewind_operator.desks import Desks, Wanted


def wanted(answering: AnsweringDesks, name: str, state: str = "ACTIVE") -> Wanted:
    return Wanted(
        trading=answering.url.format(name=f"{name}-trading"), ml=answering.url.format(name=f"{name}-ml"), state=state
    )


def test_a_state_goes_before_a_full_round_and_dead_desks_hide_nobody() -> None:
    answering = AnsweringDesks()

    async def check() -> Counter[str]:
        changed: Counter[str] = Counter()
        desks = Desks(lambda name: changed.update([name]), per_second=20)
        for number in range(15):
            answering.desk(f"dead{number}").up = False
            desks.want(f"dead{number}", wanted(answering, f"dead{number}"))
        for number in range(5):
            desks.want(f"live{number}", wanted(answering, f"live{number}"), "ACTIVE")
        task = asyncio.create_task(desks.run())
        await asyncio.sleep(0.5)
        started = time.monotonic()
        desks.want("live3", wanted(answering, "live3", "HALTED"), "ACTIVE")
        while answering.desk("live3").manifest != "HALTED":
            await asyncio.sleep(0.01)
            assert time.monotonic() - started < 2
        await asyncio.sleep(max(0.0, 9 - (time.monotonic() - started)))
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert desks.view("live3").effective == "HALTED"
        return changed

    try:
        changed = asyncio.run(check())
        # Each was reached though fifteen dead ones were wanted urgently all the time.
        assert all(changed[f"live{number}"] for number in range(5))
        asked = sum(desk.requests for desk in answering.by_name.values())
        assert asked <= 20 * 9.5 + 60
    finally:
        answering.close()


def test_after_a_start_only_desks_that_may_lack_the_state_are_urgent() -> None:
    answering = AnsweringDesks()
    try:
        desks = Desks(lambda _: None, per_second=20)
        cases = [
            ("has", "ACTIVE", "ACTIVE"), ("stricter", "ACTIVE", "HALTED"), ("lacks", "HALTED", "ACTIVE"),
            ("new", "ACTIVE", None),
        ]  # fmt: skip
        for name, state, known in cases:
            desks.want(name, wanted(answering, name, state), known)
        assert list(desks._urgent) == ["lacks", "new"]
    finally:
        answering.close()
