"""What a process does by turns: it works while it is the writer, waits before, and ends when its turn is over."""

import threading

from tradewind.runtime.process import Worker
from tradewind.store.writer import Writer


class TurnWatch:
    """A worker that fails once its writer's turn is over, whatever the other workers wait for.

    The process ends with it, to be started again as a contender.
    """

    name = "turn-watch"

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    def run(self, stop: threading.Event) -> None:
        """Watch until `stop` is set.

        Raises:
            TurnOverError: the turn is over.
        """
        self._writer.keep(stop)


class InTurn:
    """A worker that begins once its writer has the turn: what a contender did beside the leader would be done twice."""

    def __init__(self, writer: Writer, worker: Worker) -> None:
        self._writer = writer
        self._worker = worker

    @property
    def name(self) -> str:
        """The name of the worker that waits."""
        return self._worker.name

    def run(self, stop: threading.Event) -> None:
        """Wait for the turn, then work until `stop` is set."""
        if self._writer.wait_for_turn(stop):
            self._worker.run(stop)
