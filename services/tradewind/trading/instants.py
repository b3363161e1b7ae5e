"""Which instants are complete, and what took part in them: read from the journal alone."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from tradewind.domain.bars import CorporateAction, Dividend, Split, session_of, to_micros
from tradewind.domain.orders import Side, TradingState
from tradewind.domain.rules.book import Instant, new_instant
from tradewind.store.inbox import InboxRow
from tradewind.store.ledger import WaitingCommand


@dataclass(frozen=True)
class Gathered:
    """What has arrived for one instant."""

    time: datetime
    bars: Mapping[str, InboxRow] = field(default_factory=dict)
    signals: Mapping[str, Side] = field(default_factory=dict)
    missing: frozenset[str] = frozenset()
    actions: Sequence[CorporateAction] = ()

    def waits_for(self, symbols: Sequence[str]) -> list[str]:
        """Return the symbols that have not delivered bar and signal, nor the word that there is no bar."""
        return [s for s in symbols if s not in self.missing and not (s in self.bars and s in self.signals)]

    def to_rules(
        self,
        symbols: Sequence[str],
        commands: Sequence[WaitingCommand] = (),
        working: Mapping[str, object] | None = None,
        state: TradingState = TradingState.ACTIVE,
    ) -> Instant:
        """Return the instant as the rule book reads it.

        A cancel counts where its order is the symbol's working one; an order of a symbol without a bar waits on.
        """
        time = to_micros(self.time)
        instant = new_instant(time, session_of(time), len(symbols), state.value)
        index = {symbol: i for i, symbol in enumerate(symbols)}
        for symbol, bar in self.bars.items():
            _lay_bar(instant, index[symbol], bar)
            instant.side[index[symbol]] = self.signals.get(symbol, Side.HOLD).value
        for action in self.actions:
            i = index[action.symbol]
            if isinstance(action, Split):
                instant.split_numerator[i], instant.split_denominator[i] = action.numerator, action.denominator
            else:
                instant.dividend[i] = action.amount
        for command in commands:
            i = index[command.symbol]
            if command.kind == "CANCEL":
                if (working or {}).get(command.symbol) == command.client_order_id:
                    instant.cancel[i] = 1
            elif instant.present[i]:
                instant.command_side[i] = command.side.value
                instant.command_quantity[i] = command.quantity
                instant.command_stop[i], instant.command_target[i] = command.stop, command.target
        return instant


def complete_instants(rows: Sequence[InboxRow], symbols: Sequence[str]) -> Iterator[Gathered]:
    """Yield the oldest instants, strictly in order, up to the first that still waits for something."""
    for gathered in gather_instants(rows):
        if gathered.waits_for(symbols):
            return
        yield gathered


def gather_instants(rows: Sequence[InboxRow]) -> Iterator[Gathered]:
    """Yield what has arrived, instant by instant."""
    for time, arrived in groupby(rows, key=lambda row: row.instant):
        yield _gather(time, list(arrived))


def _gather(time: datetime, rows: Sequence[InboxRow]) -> Gathered:
    missing = frozenset(row.symbol for row in rows if row.kind == "MISSING")
    bars = {row.symbol: row for row in rows if row.kind == "BAR" and row.symbol not in missing}
    signals = {row.symbol: row.side for row in rows if row.kind == "SIGNAL" and row.side is not None}
    actions = sorted((_action(row) for row in rows if row.kind in ("SPLIT", "DIVIDEND")), key=_order)
    return Gathered(time, bars, {s: side for s, side in signals.items() if s in bars}, missing, actions)


def _order(action: CorporateAction) -> tuple[str, bool]:
    return action.symbol, isinstance(action, Dividend)  # a split first: a dividend is for the units after it


def _action(row: InboxRow) -> CorporateAction:
    if row.kind == "DIVIDEND":
        assert row.amount is not None
        return Dividend(row.symbol, row.instant, row.amount)
    assert row.numerator is not None
    assert row.denominator is not None
    return Split(row.symbol, row.instant, row.numerator, row.denominator)


def _lay_bar(instant: Instant, i: int, bar: InboxRow) -> None:
    assert bar.open is not None
    assert bar.high is not None
    assert bar.low is not None
    assert bar.close is not None
    instant.present[i] = 1
    instant.open[i] = bar.open
    instant.high[i] = bar.high
    instant.low[i] = bar.low
    instant.close[i] = bar.close
    instant.volume[i] = bar.volume or 0
