"""What has arrived for instants that are not decided yet: the journal's end, kept in memory between transactions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import Final

from tradewind.manifest.resources import TradingStrategy
from tradewind.store.database import Connection
from tradewind.store.inbox import InboxRow, Kind, insert_inbox, read_inbox
from tradewind.store.watermarks import read_watermark
from tradewind.trading.instants import Gathered, complete_instants, gather_instants

_MOST_ROWS: Final = 400
"""Bars and signals of one transaction: the plan's 200 signals."""
_MOST_KEPT: Final = 10_000
_ROWS_PER_SYMBOL: Final = 5
_WEIGHTS: Final[dict[Kind, int]] = {"MISSING": 2, "BAR": 1, "SIGNAL": 1, "SPLIT": 0, "DIVIDEND": 0}
"""A symbol is complete with its bar and its signal, or with the word that there is none."""


@dataclass(frozen=True)
class Waiting:
    """The oldest instant that is not complete, and the symbols that it waits for."""

    time: datetime
    symbols: Sequence[str]


@dataclass(slots=True)
class _Pending:
    """One instant's rows; it can't be complete while `weight` is below two for each symbol."""

    rows: list[InboxRow] = field(default_factory=list)
    weight: int = 0

    def add(self, row: InboxRow) -> None:
        self.rows.append(row)
        self.weight += _WEIGHTS[row.kind]


class Arrivals:
    """Journals rows, and gives the oldest complete instants of the journal.

    Only its owner adds to the journal, and so what was new of it is the journal's end, which needn't be read again. In
    any doubt (at the start, after a rollback, when a row was late or not new) the memory is dropped and read afresh. It
    keeps the oldest rows only; later ones are read when those are decided.
    """

    def __init__(self, strategy: TradingStrategy, owner: str) -> None:
        self._strategy_id = str(strategy.id)
        self._owner = owner
        self._symbols = strategy.spec.symbols
        self._least = 2 * len(self._symbols)
        self._kept = max(_MOST_KEPT, _ROWS_PER_SYMBOL * len(self._symbols) + 1)
        self._pending: dict[datetime, _Pending] | None = None
        self._through: datetime | None = None
        """Rows of later instants are left to the journal; None where everything is in memory."""
        self._count = 0
        self._added: list[tuple[Callable[[], int], Sequence[InboxRow]]] = []

    def add(self, connection: Connection, rows: Sequence[InboxRow]) -> None:
        """Journal rows, in the caller's transaction; call `forget` where it is rolled back."""
        count_new = insert_inbox(connection, self._strategy_id, self._owner, rows)
        if self._pending is not None:
            self._added.append((count_new, rows))

    def forget(self) -> None:
        """Drop the memory: it is not what the journal holds, or may not be."""
        self._pending = None
        self._added.clear()

    def may_be_complete(self) -> bool:
        """Return whether some instant may be complete; to be asked outside of transactions."""
        self._settle()
        if self._pending is None:
            return True
        return bool(self._pending) and self._pending[min(self._pending)].weight >= self._least

    @property
    def known(self) -> bool:
        """Whether the journal's end is in memory."""
        return self._pending is not None

    def could_be_complete(self, coming: Sequence[InboxRow] = ()) -> bool:
        """Return whether the oldest instant may be complete with what was journaled in this transaction and is coming.

        Nothing is waited for: rows count as new and in time. False where the journal must be read to know.
        """
        if self._pending is None:
            return False
        rows = [*chain.from_iterable(rows for _, rows in self._added), *coming]
        oldest = min(chain(self._pending, (row.instant for row in rows)), default=None)
        if oldest is None:
            return False
        weight = sum(_WEIGHTS[row.kind] for row in rows if row.instant == oldest)
        if oldest in self._pending:
            weight += self._pending[oldest].weight
        return weight >= self._least

    def oldest(self, connection: Connection, most: int | None = None) -> list[Gathered]:
        """Return the oldest complete instants: `most` at the most, and what one transaction may hold."""
        self._settle()
        if self._pending is None:
            self._read(connection)
        assert self._pending is not None
        found: list[Gathered] = []
        rows = 0
        for time in sorted(self._pending):
            pending = self._pending[time]
            rows += len(pending.rows)
            if pending.weight < self._least or len(found) == most or (found and rows > _MOST_ROWS):
                break
            complete = list(complete_instants(pending.rows, self._symbols))
            if not complete:
                break
            found += complete
        return found

    def decided(self, times: Sequence[datetime]) -> None:
        """Let go of instants that were decided."""
        assert self._pending is not None
        for time in times:
            self._count -= len(self._pending.pop(time).rows)
        if not self._pending and self._through is not None:
            self._pending = None

    @property
    def waiting(self) -> Waiting | None:
        """The oldest instant in memory that is not complete."""
        for time in sorted(self._pending or {}):
            assert self._pending is not None
            for gathered in gather_instants(self._pending[time].rows):
                if symbols := gathered.waits_for(self._symbols):
                    return Waiting(time, symbols)
        return None

    def _settle(self) -> None:
        """Take in what was journaled since."""
        for count_new, rows in self._added:
            if self._pending is None or count_new() < len(rows):
                self.forget()
                return
            self._keep(rows)
        self._added.clear()

    def _keep(self, rows: Sequence[InboxRow]) -> None:
        assert self._pending is not None
        for row in rows:
            if self._through is None or row.instant <= self._through:
                pending = self._pending.get(row.instant)
                if pending is None:
                    pending = self._pending[row.instant] = _Pending()
                pending.add(row)
                self._count += 1
        if self._count > 2 * self._kept:
            self._leave_latest()

    def _leave_latest(self) -> None:
        assert self._pending is not None
        times = sorted(self._pending)
        while len(times) > 1 and self._count > self._kept:
            self._count -= len(self._pending.pop(times.pop()).rows)
        self._through = times[-1]

    def _read(self, connection: Connection) -> None:
        rows = read_inbox(connection, self._strategy_id, read_watermark(connection, self._owner), self._kept)
        self._pending, self._count, self._through = {}, 0, None
        if len(rows) == self._kept:
            rows = [row for row in rows if row.instant != rows[-1].instant]  # the last one may be cut in two
            self._through = rows[-1].instant
        self._keep(rows)
