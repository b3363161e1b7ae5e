"""A circuit breaker: it leaves a failing peer alone, tries it again, and says what it does."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pybreaker
import pytest
from prometheus_client import REGISTRY

from tradewind.runtime.resilience import Breaker, BreakerOpenError


class PeerError(Exception):
    """The peer's fault."""


class Clock:
    """Stands in for both clocks of the breaker."""

    def __init__(self) -> None:
        self.monotonic = 1000.0
        self.wall = datetime(2024, 1, 2, tzinfo=UTC)

    def pass_(self, seconds: float, wall: float | None = None) -> None:
        self.monotonic += seconds
        self.wall += timedelta(seconds=seconds if wall is None else wall)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()

    class Wall(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return clock.wall

    monkeypatch.setattr(pybreaker, "datetime", Wall)
    monkeypatch.setattr("tradewind.runtime.resilience.time.monotonic", lambda: clock.monotonic)
    return clock


def fail(breaker: Breaker, error: type[Exception] = PeerError) -> None:
    with pytest.raises(error), breaker.guarding():
        raise error("it did not work")


def exported(peer: str) -> dict[str, float]:
    states = ("closed", "half-open", "open")
    found = {s: REGISTRY.get_sample_value("tradewind_breaker_state", {"breaker": peer, "state": s}) for s in states}
    assert None not in found.values()
    return {state: value for state, value in found.items() if value}


def test_it_opens_after_failures_in_a_row_and_tries_again_after_its_pause(clock: Clock) -> None:
    peer = uuid4().hex
    breaker = Breaker(peer, PeerError, most=3, pause=5.0)
    assert exported(peer) == {"closed": 1.0}
    fail(breaker)
    fail(breaker)
    with breaker.guarding():
        pass
    for _ in range(3):
        fail(breaker)
    assert (breaker.state, exported(peer)) == ("open", {"open": 1.0})
    clock.pass_(4.0)
    left_alone = pytest.raises(BreakerOpenError, match=r"failed 3 times in a row .* 1\.0 s more: it did not work")
    with left_alone, breaker.guarding():
        raise AssertionError("the peer was asked")
    assert REGISTRY.get_sample_value("tradewind_breaker_refused_total", {"breaker": peer}) == 1.0
    clock.pass_(1.0)
    fail(breaker)
    assert breaker.state == "open"
    clock.pass_(5.0)
    with breaker.guarding():
        assert exported(peer) == {"half-open": 1.0}
    assert (breaker.state, exported(peer)) == ("closed", {"closed": 1.0})


def test_errors_that_are_not_the_peers_do_not_count(clock: Clock) -> None:
    breaker = Breaker(uuid4().hex, PeerError, most=2)
    for _ in range(5):
        fail(breaker, ValueError)
    assert breaker.state == "closed"


def test_a_wall_clock_that_is_set_back_does_not_keep_it_open(clock: Clock) -> None:
    breaker = Breaker(uuid4().hex, PeerError, most=1, pause=5.0)
    fail(breaker)
    clock.pass_(6.0, wall=-86_400.0)
    with breaker.guarding():
        pass
    assert breaker.state == "closed"


def test_a_wall_clock_that_jumps_ahead_at_most_tries_early(clock: Clock) -> None:
    breaker = Breaker(uuid4().hex, PeerError, most=1, pause=5.0)
    fail(breaker)
    clock.pass_(1.0, wall=86_400.0)
    fail(breaker)
    assert breaker.state == "open"
