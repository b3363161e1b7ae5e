"""Which instants are complete, and what took part in them: read from the journal alone."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from tradewind.domain.bars import session_of, to_micros
from tradewind.domain.orders import Side
from tradewind.domain.rules.book import Instant
from tradewind.store.inbox import InboxRow
from tradewind.store.ledger import WaitingCommand


@dataclass(frozen=True)
class Gathered:
    """What has arrived for one instant."""

    time: datetime
    bars: Mapping[str, InboxRow] = field(default_factory=dict)
    signals: Mapping[str, Side] = field(default_factory=dict)
    missing: frozenset[str] = frozenset()

    def is_complete(self, symbols: Sequence[str]) -> bool:
        """Whether every symbol has delivered its bar and its signal, or the word that there is none."""
        return all(s in self.missing or (s in self.bars and s in self.signals) for s in symbols)

    def to_rules(self, symbols: Sequence[str], commands: Mapping[str, WaitingCommand]) -> Instant:
        """Return the instant as the rule book reads it."""
        size = len(symbols)
        time = to_micros(self.time)
        instant = Instant(time, session_of(time), *([0] * size for _ in range(8)))
        for i, symbol in enumerate(symbols):
            bar = self.bars.get(symbol)
            if bar is None:
                continue
            assert bar.open is not None
            assert bar.high is not None
            assert bar.low is not None
            assert bar.close is not None
            instant.present[i] = 1
            instant.open[i] = bar.open
            instant.high[i] = bar.high
            instant.low[i] = bar.low
            instant.close[i] = bar.close
            instant.side[i] = self.signals.get(symbol, Side.HOLD).value
            if symbol in commands:
                instant.command_side[i] = commands[symbol].side.value
                instant.command_quantity[i] = commands[symbol].quantity
        return instant


def complete_instants(rows: Sequence[InboxRow], symbols: Sequence[str]) -> Iterator[Gathered]:
    """Yield the oldest instants, strictly in order, up to the first that still waits for something."""
    for time, arrived in groupby(rows, key=lambda row: row.instant):
        gathered = _gather(time, list(arrived))
        if not gathered.is_complete(symbols):
            return
        yield gathered


def _gather(time: datetime, rows: Sequence[InboxRow]) -> Gathered:
    missing = frozenset(row.symbol for row in rows if row.kind == "MISSING")
    bars = {row.symbol: row for row in rows if row.kind == "BAR" and row.symbol not in missing}
    signals = {row.symbol: row.side for row in rows if row.kind == "SIGNAL" and row.side is not None}
    return Gathered(time, bars, {s: side for s, side in signals.items() if s in bars}, missing)
