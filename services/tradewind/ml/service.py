"""The signal service's worker: prepares the models, then turns bars into signals until it is stopped."""

import threading

from prometheus_client import Gauge

from tradewind.manifest.owners import feed_owner
from tradewind.ml.current import CurrentModels
from tradewind.ml.settings import MlSettings
from tradewind.runtime.health import Health
from tradewind.runtime.reader import Reader
from tradewind.runtime.relay import Relay
from tradewind.store.watermarks import read_watermark
from tradewind.store.writer import Writer

EPOCH = Gauge("tradewind_epoch", "The writer's epoch")
_POLL_SECONDS = 0.2
_HISTORY_SECONDS = 0.1


class SignalService:
    """A worker: the strategy's only writer of signals."""

    name = "signal-service"

    def __init__(
        self,
        settings: MlSettings,
        writer: Writer,
        reader: Reader,
        current: CurrentModels,
        relay: Relay,
        health: Health,
    ) -> None:
        self._settings = settings
        self._writer = writer
        self._reader = reader
        self._current = current
        self._relay = relay
        self._health = health

    def run(self, stop: threading.Event) -> None:
        """Signal every bar until `stop` is set."""
        if not self._writer.acquire(stop, self._wait):
            return
        self._health.met("writer")
        EPOCH.set(self._writer.epoch)
        try:
            if self._wait_for_history(stop) and self._current.prepare(self._writer.connection, stop):
                self._signal(stop)
        finally:
            stop.set()
            self._current.close()

    def _wait(self, reason: str) -> None:
        self._health.unmet("writer", reason)
        # A leader that imports is silent like a dead one, so a contender does it before it leads.
        self._current.warm_up()

    def _wait_for_history(self, stop: threading.Event) -> bool:
        """Wait until the feed has handed out its first instant: the history before it is stored by then."""
        owner = feed_owner(self._settings.feed_id)
        while not stop.is_set():
            if read_watermark(self._writer.connection, owner) is not None:
                return True
            self._health.unmet("model", "waiting for the feed's history")
            stop.wait(_HISTORY_SECONDS)
        return False

    def _signal(self, stop: threading.Event) -> None:
        self._reader.start()
        self._health.met("reader")
        while not stop.is_set():
            if self._reader.read(_POLL_SECONDS):
                self._relay.wake()
