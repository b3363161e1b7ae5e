"""Divergence: replays the journal with the rule book in the background, and measures how far the ledger is from it.

With the paper broker zero is the only healthy value; with a real one it is the cost of reality.
"""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import structlog
from prometheus_client import Counter, Gauge

from tradewind.domain.bars import Split, session_of, to_micros
from tradewind.domain.money import MONEY_SCALE, QUANTITY_SCALE
from tradewind.domain.orders import OrderStatus, Side
from tradewind.domain.rules.book import CASH, Book, Instant, new_book, new_events, new_instant
from tradewind.domain.rules.instant import run_instant
from tradewind.manifest.resources import TradingStrategy
from tradewind.store.database import Connection, connect
from tradewind.store.journal import Journal, frozen, read_decided, read_journal, read_window
from tradewind.store.ledger import Ledger
from tradewind.trading.names import OrderNames

log = structlog.get_logger(__name__)
CASH_DIFFERENCE = Gauge("tradewind_divergence_cash_money", "Ledger's cash less the replay's, in the account's currency")
POSITION_DIFFERENCE = Gauge("tradewind_divergence_position_units", "Ledger's position less the replay's", ["symbol"])
ORDER_DIFFERENCES = Counter("tradewind_divergence_orders_total", "Orders and fills that are not on both sides alike")
CHECKED = Gauge("tradewind_divergence_checked_timestamp_seconds", "Close of the last instant that was compared")
BEHIND = Gauge(
    "tradewind_divergence_instants_behind",
    "Decided instants that the replay has still to compare; it counts up to 10,000",
)
FAILURES = Counter("tradewind_divergence_failures_total", "Times that the replay itself failed and began afresh")
_PAUSE_SECONDS: Final = 2.0
_AGAIN_SECONDS: Final = 10.0
_MOST_INSTANTS: Final = 200
_SHARE: Final = 0.1
"""Of one core that the replay takes at most: trading comes first."""
_FILLS: Final = frozenset({OrderStatus.FILLED, OrderStatus.PARTIALLY_FILLED})


@dataclass(frozen=True, slots=True)
class Difference:
    """Ledger less replay: cash in money units, positions in 10^-8 units by symbol, orders and fills that differ."""

    through: datetime
    cash: int
    positions: dict[str, int]
    orders: int

    @property
    def is_zero(self) -> bool:
        """Whether ledger and replay are equal."""
        return not (self.cash or self.orders or any(self.positions.values()))


class Divergence:
    """A worker beside the desk: its books come from the journal alone, the ledger is only compared."""

    name = "divergence"

    def __init__(self, database_url: str, strategy: TradingStrategy) -> None:
        self._database_url = database_url
        self._strategy_id = str(strategy.id)
        self._interval = strategy.spec.feed.interval
        self._symbols = strategy.spec.symbols
        self._rules = strategy.spec.rules()
        self._ledger = Ledger(self._strategy_id, strategy.id.uid, self._interval, self._symbols)
        self._uid = strategy.id.uid
        self._initial_cash = strategy.spec.initial_cash
        self._begin()

    def run(self, stop: threading.Event) -> None:
        """Compare until `stop` is set. A failure is told and begun afresh: trading goes on without it."""
        while not stop.is_set():
            try:
                with connect(self._database_url) as connection:
                    self._follow(connection, stop)
            except Exception:
                log.exception("the replay failed; beginning afresh", seconds=_AGAIN_SECONDS)
                FAILURES.inc()
                self._begin()
                stop.wait(_AGAIN_SECONDS)

    def _begin(self) -> None:
        self._names = OrderNames(self._uid, self._interval, self._symbols)
        self._book: Book = new_book(len(self._symbols), self._initial_cash)
        self._through: datetime | None = None

    def _follow(self, connection: Connection, stop: threading.Event) -> None:
        while not stop.is_set():
            started = time.perf_counter()
            found = self.check(connection)
            spent = time.perf_counter() - started
            if found is not None and not found.is_zero:
                log.error("ledger and replay differ", **_told(found))
            caught_up = found is not None or self._through is None
            stop.wait(max(_PAUSE_SECONDS if caught_up else 0.0, spent * (1 / _SHARE - 1)))

    def check(self, connection: Connection) -> Difference | None:
        """Replay what was decided since the last time and compare; None while there is more to replay."""
        with frozen(connection):
            last, behind = read_window(connection, self._strategy_id, self._through, _MOST_INSTANTS)
            if last is None:
                return None if self._through is None else self._compare(connection, self._through, 0)
            journal = read_journal(connection, self._strategy_id, self._interval, self._through, last)
            decided = read_decided(connection, self._strategy_id, self._through, last)
            differences = len(decided ^ self._replay(journal))
            ORDER_DIFFERENCES.inc(differences)
            self._through = last
            left = behind - len(journal.instants)
            BEHIND.set(left)
            return None if left else self._compare(connection, last, differences)

    def _replay(self, journal: Journal) -> set[tuple[object, ...]]:
        """Run the journal's instants; return what was decided and filled, as `read_decided` gives it."""
        seen: set[tuple[object, ...]] = set()
        rows = new_events(len(self._symbols))
        for moment, instant, commands in _instants(journal, self._symbols):
            count = run_instant(self._rules, self._book, instant, rows, 0)
            for row in rows[:count]:
                event = self._names.to_event(row, moment, commands)
                if event.kind in _FILLS:
                    seen.add((event.client_order_id, "FILL", event.quantity, event.price))
                elif event.decided == moment and event.kind in (OrderStatus.ACCEPTED, OrderStatus.DENIED):
                    reason = None if event.reason is None else event.reason.value
                    seen.add((event.client_order_id, reason, event.quantity, event.price))
        return seen

    def _compare(self, connection: Connection, through: datetime, orders: int) -> Difference:
        book, _ = self._ledger.restore(connection)
        found = Difference(
            through=through,
            cash=book.account[CASH] - self._book.account[CASH],
            positions={s: book.quantity[i] - self._book.quantity[i] for i, s in enumerate(self._symbols)},
            orders=orders,
        )
        CASH_DIFFERENCE.set(found.cash / MONEY_SCALE)
        for symbol, quantity in found.positions.items():
            POSITION_DIFFERENCE.labels(symbol).set(quantity / QUANTITY_SCALE)
        CHECKED.set(through.timestamp())
        BEHIND.set(0)
        return found


def _instants(journal: Journal, symbols: tuple[str, ...]) -> Iterator[tuple[datetime, Instant, dict[str, UUID]]]:
    """Yield each journaled instant as the rule book reads it, with the ids of the persons' orders that it took up."""
    index = {symbol: i for i, symbol in enumerate(symbols)}
    bars = {(symbol, bar.close_time): bar for symbol, rows in journal.bars.items() for bar in rows}
    for moment, state in journal.instants.items():
        instant = new_instant(to_micros(moment), session_of(to_micros(moment)), len(symbols), state.value)
        for symbol, i in index.items():
            bar = bars.get((symbol, moment))
            if bar is None:
                continue
            instant.present[i], instant.volume[i] = 1, bar.volume
            instant.open[i], instant.high[i], instant.low[i], instant.close[i] = bar.open, bar.high, bar.low, bar.close
            instant.side[i] = journal.sides.get((symbol, moment), Side.HOLD).value
        commands: dict[str, UUID] = {}
        for command in journal.commands:
            if command.instant != moment:
                continue
            i = index[command.symbol]
            if command.side is Side.HOLD:
                instant.cancel[i] = 1
                continue
            commands[command.symbol] = command.client_order_id
            instant.command_side[i], instant.command_quantity[i] = command.side.value, command.quantity
            instant.command_stop[i], instant.command_target[i] = command.stop, command.target
        for action in journal.actions:
            if action.close_time != moment:
                continue
            i = index[action.symbol]
            if isinstance(action, Split):
                instant.split_numerator[i], instant.split_denominator[i] = action.numerator, action.denominator
            else:
                instant.dividend[i] = action.amount
        yield moment, instant, commands


def _told(found: Difference) -> dict[str, object]:
    held = {symbol: quantity for symbol, quantity in found.positions.items() if quantity}
    return {"through": found.through.isoformat(), "cash": found.cash, "positions": held, "orders": found.orders}
