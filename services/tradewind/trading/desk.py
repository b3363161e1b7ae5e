"""The trading desk's worker: receive, decide, and halt where a decision fails."""

import threading
import time
from collections.abc import Sequence

import structlog

from tradewind.bus.events import MARKET_DATA, TRADING_SIGNALS
from tradewind.domain.orders import OrderStatus
from tradewind.runtime.health import Health
from tradewind.runtime.reader import Reader
from tradewind.runtime.relay import Relay
from tradewind.store.database import WRITER_LOST
from tradewind.store.ledger import disagreements, read_fault, record_fault
from tradewind.store.writer import Writer
from tradewind.trading.decide import Decided, Decider, DecisionFailedError
from tradewind.trading.intake import Intake
from tradewind.trading.latency import SignalLatency
from tradewind.trading.metrics import DECIDE_SECONDS, EPOCH, INSTANTS, ORDER_EVENTS

log = structlog.get_logger(__name__)
TOPICS = (MARKET_DATA, TRADING_SIGNALS)
_POLL_SECONDS = 0.2
_LOOK_SECONDS = 1.0


class TradingDesk:
    """A worker: the strategy's single writer."""

    name = "trading-desk"

    def __init__(
        self,
        writer: Writer,
        reader: Reader,
        intake: Intake,
        decider: Decider,
        relay: Relay,
        health: Health,
        strategy_id: str,
        latency: SignalLatency | None = None,
    ) -> None:
        self._writer = writer
        self._reader = reader
        self._intake = intake
        self._decider = decider
        self._relay = relay
        self._health = health
        self._strategy_id = strategy_id
        self._latency = latency
        self._halted = False
        self._look_again = 0.0

    def run(self, stop: threading.Event) -> None:
        """Receive and decide until `stop` is set."""
        if not self._writer.acquire(stop, lambda reason: self._health.unmet("writer", reason)):
            return
        self._health.met("writer")
        EPOCH.set(self._writer.epoch)
        self._reader.start()
        self._health.met("reader")
        self._look_for_fault()
        self._decider.restore(self._writer.connection)
        # Who led before may have died between a commit and the broker.
        self._decider.broker.submit(self._decider.working())
        while not stop.is_set():
            self._intake.begin(decides=not self._halted)
            self._reader.read(_POLL_SECONDS)
            if self._intake.decided:
                self._follow_up(self._intake.decided, self._intake.seconds)
            while not self._halted and not stop.is_set() and self._decide():
                pass
            if not self._halted and time.monotonic() >= self._look_again:
                self._look_for_fault()

    def _look_for_fault(self) -> None:
        self._look_again = time.monotonic() + _LOOK_SECONDS
        fault = read_fault(self._writer.connection, self._strategy_id)
        if fault is not None:
            self._halt(fault)

    def _decide(self) -> bool:
        """Decide what is complete; return whether there may be more.

        Where an instant fails, those before it are decided one by one, and trading halts at the one that fails.
        """
        try:
            return self._decide_batch(None)
        except DecisionFailedError as error:
            log.warning("a batch of decisions failed; deciding one by one", error=str(error))
        try:
            while self._decide_batch(1):
                pass
        except DecisionFailedError as error:
            log.exception("a decision failed")
            with self._writer.transaction() as connection:
                record_fault(connection, self._strategy_id, str(error))
            self._halt(str(error))
        return False

    def _decide_batch(self, most: int | None) -> bool:
        if not self._decider.may_decide():
            return False
        started = time.perf_counter()
        decided: list[Decided] = []
        try:
            with disagreements(), self._writer.pipeline() as connection:
                decided = self._decider.decide(connection, self._writer.epoch, most)
        except WRITER_LOST:
            raise
        except Exception as error:
            self._decider.forget()
            if decided:  # the database objected to what was on its way
                raise DecisionFailedError(decided[0].time, error) from error
            raise
        if not decided:
            return False
        self._follow_up(decided, time.perf_counter() - started)
        return True

    def _follow_up(self, decided: Sequence[Decided], seconds: float) -> None:
        """Do what comes after the commit of decisions."""
        if self._latency is not None:
            self._latency.note(decided)
        self._relay.wake()
        self._hand_over(decided)
        DECIDE_SECONDS.observe(seconds)
        INSTANTS.inc(len(decided))
        for instant in decided:
            for event in instant.events:
                ORDER_EVENTS.labels(event.kind.value, event.origin.value, event.reason or "").inc()

    def _hand_over(self, decided: Sequence[Decided]) -> None:
        accepted = {e.client_order_id for d in decided for e in d.events if e.kind is OrderStatus.ACCEPTED}
        self._decider.broker.submit(
            [ticket for ticket in self._decider.working() if ticket.client_order_id in accepted]
        )
        self._decider.broker.cancel([order for d in decided for order in d.cancels])

    def _halt(self, reason: str) -> None:
        self._halted = True
        self._decider.forget()
        log.error("trading is halted", reason=reason)
        self._health.unmet("trading", f"HALTED: {reason}")
