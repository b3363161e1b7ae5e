"""The writer's heartbeat: says every second that the process lives, and hears when its turn is over."""

import threading
from typing import Final

import structlog

from tradewind.store.database import connect
from tradewind.store.queries import query

log = structlog.get_logger(__name__)
BEAT_SECONDS: Final = 1.0


class Heartbeat:
    """A thread with a connection of its own, so that no transaction holds a beat up.

    Its failure ends nobody's turn: a lost connection is opened again, and statements of the writer's own session count
    as signs of life as well.
    """

    def __init__(self, database_url: str, owner: str, epoch: int) -> None:
        self._database_url = database_url
        self._parameters = {"owner": owner, "epoch": epoch}
        self._stop = threading.Event()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"heartbeat of {owner}", daemon=True)
        self._thread.start()

    @property
    def over(self) -> bool:
        """Whether the database has said that the turn is over."""
        return self._over.is_set()

    def stop(self) -> None:
        """Beat no more."""
        self._stop.set()
        self._thread.join(2 * BEAT_SECONDS)

    def _run(self) -> None:
        while not self._stop.is_set() and not self.over:
            try:
                self._beat()
            except Exception as error:
                log.warning("the heartbeat failed; it is tried again", error=str(error), **self._parameters)
                self._stop.wait(BEAT_SECONDS)

    def _beat(self) -> None:
        with connect(self._database_url) as connection:
            connection.execute(query("beat_lightly"))
            while not self._stop.wait(BEAT_SECONDS):
                row = connection.execute(query("beat"), self._parameters).fetchone()
                assert row is not None
                if not row[0]:
                    self._over.set()
                    return
