"""Circuit breakers: a peer that keeps failing is left alone for a while instead of being asked again and again."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import structlog
from prometheus_client import Counter, Gauge
from pybreaker import STATE_CLOSED, STATE_HALF_OPEN, STATE_OPEN, CircuitBreaker, CircuitBreakerError
from pybreaker import CircuitBreakerListener as Listener

log = structlog.get_logger(__name__)
BREAKER_STATE = Gauge("tradewind_breaker_state", "1 for the state that a circuit breaker is in", ["breaker", "state"])
BREAKER_REFUSED = Counter(
    "tradewind_breaker_refused_total", "Calls that a circuit breaker kept from a peer that fails", ["breaker"]
)
_STATES: Final = (STATE_CLOSED, STATE_HALF_OPEN, STATE_OPEN)


class BreakerOpenError(Exception):
    """A peer was not asked, because it has failed too often."""

    def __init__(self, peer: str, failures: int, seconds: float, last: Exception | None) -> None:
        super().__init__(f"{peer} failed {failures} times in a row and is left alone for {seconds:.1f} s more: {last}")
        self.peer = peer
        self.failures = failures
        self.seconds = seconds
        self.last = last


class Breaker:
    """Guards the calls of one peer. Its state is exported as a metric.

    After `most` failures in a row the peer is left alone for `pause` seconds; then one call tries it again, and its
    outcome closes the breaker or leaves the peer alone once more. Other exceptions than `failure` say nothing of the
    peer.

    Args:
        peer: names it, in the metric and in errors.
        failure: what a call raises when the peer is at fault.
        most: failures in a row.
        pause: seconds.
    """

    def __init__(self, peer: str, failure: type[Exception], most: int = 3, pause: float = 5.0) -> None:
        self._peer = peer
        self._failure = failure
        self._pause = pause
        self._watch = _Watch(peer)
        self._breaker = CircuitBreaker(
            fail_max=most,
            reset_timeout=pause,
            exclude=[lambda error: not isinstance(error, failure)],
            listeners=[self._watch],
            name=peer,
            throw_new_error_on_trip=False,
        )

    @property
    def state(self) -> str:
        """Whether calls pass: closed (they do), open (they don't), half-open (one does, to try)."""
        return self._breaker.current_state

    @contextmanager
    def guarding(self) -> Iterator[None]:
        """Guard the calls in the block.

        Raises:
            BreakerOpenError: the peer is left alone; the block did not begin.
        """
        left = self._watch.opened + self._pause - time.monotonic()
        if self.state == STATE_OPEN and left <= 0:
            # The library goes by the wall clock, which may have been set back.
            self._breaker.half_open()
        began = False
        try:
            with self._breaker.calling():
                began = True
                yield
        except CircuitBreakerError:
            if began:
                raise  # another breaker's, within the block
            BREAKER_REFUSED.labels(self._peer).inc()
            raise BreakerOpenError(self._peer, self._breaker.fail_counter, max(left, 0.0), self._watch.last) from None


class _Watch(Listener):
    """Exports a breaker's state, and remembers its last failure and since when it is open (monotonic seconds)."""

    def __init__(self, peer: str) -> None:
        self._peer = peer
        self.opened = 0.0
        self.last: Exception | None = None
        self._export(STATE_CLOSED)

    def failure(self, cb: CircuitBreaker, exc: BaseException) -> None:
        """Remember why."""
        self.last = exc if isinstance(exc, Exception) else self.last

    def state_change(self, cb: CircuitBreaker, old_state: Any, new_state: Any) -> None:
        """Export the state and say it."""
        if new_state.name == STATE_OPEN:
            self.opened = time.monotonic()
        self._export(new_state.name)
        log.warning("a circuit breaker moved", peer=self._peer, state=new_state.name, last=str(self.last))

    def _export(self, now: str) -> None:
        for state in _STATES:
            BREAKER_STATE.labels(self._peer, state).set(state == now)
