"""Publishes instants at a steady pace, and hears when each has been committed."""

import threading
import time
from datetime import datetime
from typing import Final, Self

from tests.benchmarks.desk import Desk
from tests.benchmarks.market import Sent, instant, time_of

from tradewind.store.database import connect

_CHANNEL: Final = "committed"


class Pacer:
    """A thread that publishes the bars and signals of one instant after another, `rate` instants a second."""

    def __init__(self, desk: Desk, rate: float, instants: int) -> None:
        # Made ahead, so that publishing costs little of the time that is measured.
        self._messages: list[list[Sent]] = [instant(desk.strategy, number) for number in range(instants)]
        self._producer = desk.producer()
        self._rate = rate
        self._stop = threading.Event()
        self.due: dict[datetime, float] = {}
        """When each instant was to be published; if the publisher lags, that counts as well."""
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        self._producer.flush(10)

    def _run(self) -> None:
        began = time.monotonic()
        for number, messages in enumerate(self._messages):
            due = began + number / self._rate
            if self._stop.wait(max(0.0, due - time.monotonic())):
                return
            self.due[time_of(number)] = due
            for message in messages:
                self._producer.produce(message.topic, key=message.key, value=message.value)
            self._producer.poll(0)


class Commits:
    """A thread that hears of each committed instant by PostgreSQL's own notification: it is sent after the commit.

    With `orders_only`, of those instants only that placed an order.
    """

    def __init__(self, desk: Desk, orders_only: bool = False) -> None:
        told = "NEW.decided_at" if orders_only else "NEW.instant"
        self._connection = connect(desk.database_url)
        self._connection.execute(
            f"""
            CREATE FUNCTION tell_committed() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                PERFORM pg_notify('{_CHANNEL}', concat({told}, ' ', (SELECT max(epoch) FROM epochs)));
                RETURN NULL;
            END $$
            """.encode()
        )
        self._connection.execute(
            f"CREATE TRIGGER tell_committed AFTER INSERT ON {'orders' if orders_only else 'instants'} "
            "FOR EACH ROW EXECUTE FUNCTION tell_committed()".encode()
        )
        self._connection.execute(f"LISTEN {_CHANNEL}".encode())
        self._stop = threading.Event()
        self.heard: dict[datetime, tuple[float, int]] = {}
        """When each instant's commit was heard of, and by which epoch it was decided."""
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    @property
    def decided(self) -> int:
        """How many instants were heard of."""
        return len(self.heard)

    def first_of_later(self, epoch: int) -> float | None:
        """Return when the first commit under a later epoch was heard of, None while there is none."""
        return min((at for at, by in list(self.heard.values()) if by > epoch), default=None)

    def close(self) -> None:
        """Hear no more."""
        self._stop.set()
        self._thread.join()
        self._connection.close()

    def _run(self) -> None:
        while not self._stop.is_set():
            for notice in self._connection.notifies(timeout=0.5):
                heard = time.monotonic()
                at, _, epoch = notice.payload.rpartition(" ")
                self.heard[datetime.fromisoformat(at)] = heard, int(epoch)
