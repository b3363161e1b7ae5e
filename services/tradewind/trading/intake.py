"""Intake: what arrives is journaled and, where that completes instants, decided in the same transaction."""

import time
from collections.abc import Sequence

from tradewind.bus.events import Event
from tradewind.store.database import Connection, commit_lightly
from tradewind.store.writer import Writer
from tradewind.trading.arrivals import Arrivals
from tradewind.trading.decide import Decided, Decider
from tradewind.trading.receive import Receiver, WrongSignalError


class Intake:
    """What a reader does with a batch of events.

    After a rollback it only journals, until `begin`: what was taken in together is then taken in message by message,
    and decided by transactions of their own, which say at which instant a decision fails.

    Args:
        writer: whose transactions these are.
        receiver: journals events.
        decider: decides instants.
        arrivals: the journal of both.
    """

    def __init__(self, writer: Writer, receiver: Receiver, decider: Decider, arrivals: Arrivals) -> None:
        self._writer = writer
        self._receiver = receiver
        self._decider = decider
        self._arrivals = arrivals
        self._decides = False
        self._decided: list[Decided] = []
        self._started = 0.0

    def begin(self, decides: bool) -> None:
        """Begin a batch, and say whether it may be decided on."""
        self._decides = decides
        self._decided = []

    def __call__(self, connection: Connection, events: Sequence[Event]) -> None:
        """Journal the events and decide what they complete, in the caller's transaction.

        Where nothing is decided its commit needn't wait for the disk: offsets and journal are lost together and read
        again, and what is decided on them is never kept without them.

        Raises:
            WrongSignalError: a signal's id is not the one that its bar gives.
            DecisionFailedError: an instant could not be decided.
        """
        self._started = time.perf_counter()
        self._receiver(connection, events)
        if self._decides and self._decider.could_decide():
            self._decided = self._decider.decide(connection, self._writer.epoch)
        if not self._decided:
            commit_lightly(connection)

    def rolled_back(self) -> None:
        """Drop what the transaction left in memory."""
        self._decides = False
        self._decided = []
        self._decider.forget()
        self._arrivals.forget()

    def lacks(self, events: Sequence[Event]) -> bool:
        """Return whether no instant is complete with these events, as far as is known."""
        if not (self._decides and self._arrivals.known):
            return False
        try:
            rows = self._receiver.rows(events)
        except WrongSignalError:
            return False
        return bool(rows) and not self._arrivals.could_be_complete(rows)

    @property
    def decided(self) -> Sequence[Decided]:
        """What the batch decided; to be asked after its commit."""
        return self._decided

    @property
    def seconds(self) -> float:
        """How long ago the last batch came in."""
        return time.perf_counter() - self._started
