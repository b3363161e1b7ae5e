"""How far a strategy's decisions have come, asked again and again by someone who waits for them."""

from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Self

import psycopg

from tradewind.store.database import Connection, connect
from tradewind.store.ledger import read_fault
from tradewind.store.watermarks import read_watermark


@dataclass(frozen=True, slots=True)
class Progress:
    """The last instant that was decided (None before the first), and why trading is halted (None while it is not)."""

    decided: datetime | None
    halted: str | None


class ProgressReader:
    """Asks one database for one strategy's progress; a connection that is lost is opened again at the next question."""

    def __init__(self, database_url: str, owner: str, strategy_id: str) -> None:
        self._database_url = database_url
        self._owner = owner
        self._strategy_id = strategy_id
        self._connection: Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def read(self) -> Progress | None:
        """Return the progress; None while the database does not answer."""
        try:
            if self._connection is None:
                self._connection = connect(self._database_url)
            decided = read_watermark(self._connection, self._owner)
            return Progress(decided, read_fault(self._connection, self._strategy_id))
        except psycopg.OperationalError:
            self._close()
            return None

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
