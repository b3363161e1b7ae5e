"""The ledger: books are restored from it, and what the rule book made of an instant is booked in one call."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, Literal
from uuid import UUID

import msgspec
import psycopg

from tradewind.domain.bars import CorporateAction, Split, session_of, to_micros
from tradewind.domain.identity import action_id, signal_id, trade_id
from tradewind.domain.orders import OrderEvent, OrderStatus, Origin, Reason, Side, TradingState
from tradewind.domain.rules import codes
from tradewind.domain.rules.book import Book, new_book
from tradewind.store import units
from tradewind.store.database import Connection
from tradewind.store.errors import LedgerDisagreesError
from tradewind.store.queries import query

_ORIGINS: Final = {origin.value: getattr(codes, origin.value) for origin in Origin}
_MICROSECONDS: Final = Decimal(1_000_000)
_FILLS: Final = frozenset({OrderStatus.FILLED, OrderStatus.PARTIALLY_FILLED})
_IN_UNITS: Final = frozenset({Reason.REDUCE_ONLY_WOULD_INCREASE_POSITION})
_DURATIONS: Final = frozenset({Reason.SIGNAL_TOO_OLD, Reason.COOLDOWN_ACTIVE})
_COUNTS: Final = frozenset({Reason.RATE_LIMIT_EXCEEDED, Reason.TRADING_HALTED})


@dataclass(frozen=True, slots=True)
class WaitingCommand:
    """A person's order, or the wish to cancel one, that no instant has taken up yet.

    Quantity in 10^-8 units; stop and target price units, 0 for none. A CANCEL has side HOLD and no quantity.
    """

    client_order_id: UUID
    kind: Literal["ORDER", "CANCEL"]
    symbol: str
    side: Side
    quantity: int
    stop: int
    target: int


@dataclass(frozen=True)
class Booking:
    """What the rule book made of one instant: events in order, those before the marks and the decisions after them.

    `peaks` are those of the symbols that are marked, price units, 0 for none; None without a trailing stop.
    `borrowed_days` is for how many days shorts owe their borrow rate, 0 where they owe nothing.
    `volatilities` are every symbol's last close, variance and returns, as `Book` has them, of those that have a close;
    None without a volatility to aim at.
    `commands` are those that the instant took up, with True for those that came in time.
    """

    instant: datetime
    session: int
    trading_state: TradingState
    bars: Sequence[str]
    signals: Sequence[str]
    marks: Mapping[str, int]
    peaks: Mapping[str, int] | None
    volatilities: Mapping[str, tuple[int, int, int]] | None
    actions: Sequence[CorporateAction]
    borrowed_days: int
    venue: Sequence[OrderEvent]
    decisions: Sequence[OrderEvent]
    commands: Sequence[tuple[WaitingCommand, bool]]


class Ledger:
    """One strategy's ledger, in the caller's transactions.

    Args:
        strategy_id: whose ledger.
        uid: the strategy's UID, which signal ids are made from.
        interval: of the strategy's bars.
        symbols: in ascending order.
    """

    def __init__(self, strategy_id: str, uid: UUID, interval: str, symbols: Sequence[str]) -> None:
        self._strategy_id = strategy_id
        self._uid = uid
        self._interval = interval
        self._symbols = symbols

    def restore(self, connection: Connection) -> tuple[Book, dict[str, UUID]]:
        """Return the books as the ledger holds them, and the client_order_id of each symbol's working order."""
        account = self._rows(connection, "read_books")[0]
        book = new_book(len(self._symbols), account[5])
        book.account[:] = [*account[:8], 0 if account[8] is None else getattr(codes, account[8]), *account[9:]]
        index = {symbol: i for i, symbol in enumerate(self._symbols)}
        for symbol, *numbers in self._rows(connection, "read_held"):
            i = index[symbol]
            book.quantity[i], book.cost[i], book.mark[i], book.stop[i], book.target[i], *rest = numbers
            book.peak[i], book.stopped_at[i], book.earned[i] = rest
        for symbol, *numbers in self._rows(connection, "read_volatilities"):
            i = index[symbol]
            book.mark[i], book.variance[i], book.returns[i] = numbers
        working: dict[str, UUID] = {}
        for client_order_id, symbol, side, left, reserved, decided_at, origin, *rest in self._rows(
            connection, "read_working_orders"
        ):
            i = index[symbol]
            first_met = rest.pop()
            working[symbol] = client_order_id
            book.order_side[i] = Side[side].value
            book.order_quantity[i] = left
            book.order_reserved[i] = reserved
            book.order_time[i] = to_micros(decided_at)
            book.order_origin[i] = _ORIGINS[origin]
            book.order_fills[i], book.order_filled[i], book.order_notional[i], *prices = rest
            book.order_stop[i], book.order_target[i], book.order_limit[i], book.order_trigger[i] = prices
            book.order_session[i] = -1 if first_met is None else session_of(to_micros(first_met))
        return book, working

    def lock(self, connection: Connection) -> Callable[[], tuple[TradingState, list[WaitingCommand]]]:
        """Keep everybody else off the account until the transaction ends.

        Returns what gives the manifest's and person's trading state, the cancels that wait, and the oldest waiting
        order of each symbol; called in a pipeline it waits for the database.
        """
        begun = connection.execute(query("begin_decision"), {"strategy_id": self._strategy_id})

        def read() -> tuple[TradingState, list[WaitingCommand]]:
            row = begun.fetchone()
            assert row is not None
            state, waiting = row
            return TradingState[state], [
                WaitingCommand(UUID(named), kind, symbol, Side[side or "HOLD"], quantity or 0, stop, target)
                for named, kind, symbol, side, quantity, stop, target in waiting or ()
            ]

        return read

    def book_instant(self, connection: Connection, epoch: int, booking: Booking, account: Sequence[int]) -> None:
        """Book an instant with one call of the stored procedure, which checks every rule again.

        Args:
            connection: in the writer's transaction; in pipeline mode errors come later, within `disagreements`.
            epoch: the writer's.
            booking: what happened.
            account: the account as the rule book has it afterwards.
        """
        instant = booking.instant
        connection.execute(
            query("book_instant"),
            {
                "strategy_id": self._strategy_id,
                "epoch": epoch,
                "instant": instant,
                "session": booking.session,
                "trading_state": booking.trading_state.name,
                "bars": list(booking.bars),
                "signals": list(booking.signals),
                "symbols": list(booking.marks),
                "marks": list(booking.marks.values()),
                "actions": _document([*self._borrow(booking), *map(self._action, booking.actions)]),
                "venue": _document([self._event(event) for event in booking.venue]),
                "decisions": _document([self._event(event) for event in booking.decisions]),
                "commands": _document(
                    [
                        {"id": c.client_order_id, "kind": c.kind, "outcome": "TAKEN" if in_time else "TOO_LATE"}
                        for c, in_time in booking.commands
                    ]
                ),
                "account": list(account),
                "peaks": None if booking.peaks is None else [booking.peaks[symbol] for symbol in booking.marks],
                "volatilities": _document(
                    [
                        {"symbol": symbol, "close": close, "variance": variance, "returns": returns}
                        for symbol, (close, variance, returns) in (booking.volatilities or {}).items()
                    ]
                ),
            },
        )

    def _borrow(self, booking: Booking) -> list[dict[str, object]]:
        if booking.borrowed_days == 0:
            return []
        posting = action_id(self._uid, "BORROW", "", self._interval, booking.instant)
        return [{"posting": posting, "borrow_days": booking.borrowed_days}]

    def _action(self, action: CorporateAction) -> dict[str, object]:
        kind = "SPLIT" if isinstance(action, Split) else "DIVIDEND"
        posting = action_id(self._uid, kind, action.symbol, self._interval, action.close_time)
        numbers: dict[str, object]
        if isinstance(action, Split):
            numbers = {"numerator": action.numerator, "denominator": action.denominator}
        else:
            numbers = {"dividend": action.amount}
        return {"posting": posting, "symbol": action.symbol, **numbers}

    def _event(self, event: OrderEvent) -> dict[str, object]:
        row: dict[str, object] = {"kind": event.kind.value, "id": event.client_order_id, "symbol": event.symbol}
        if event.kind in _FILLS:
            row["fee"], row["realized"] = event.fee, event.realized_pnl_gross
            row["trade"] = trade_id(event.client_order_id, event.fill)
        else:
            row["side"], row["origin"] = event.side.name, event.origin.value
            if event.origin is Origin.SIGNAL:
                row["signal"] = signal_id(self._uid, event.symbol, self._interval, event.decided)
        row["quantity"], row["price"] = event.quantity, event.price
        if event.limit_price:
            row["limit_price"] = event.limit_price
        if event.trigger_price:
            row["trigger_price"] = event.trigger_price
        if event.reason is not None:
            row["reason"] = event.reason.value
            row["value"], row["limit"] = (str(number) for number in _numbers(event))
        return row

    def _rows(self, connection: Connection, name: str) -> list[tuple[Any, ...]]:
        return connection.execute(query(name), {"strategy_id": self._strategy_id}).fetchall()


@contextmanager
def disagreements() -> Iterator[None]:
    """Translate the stored procedures' objection into an error with both sides.

    Raises:
        LedgerDisagreesError: rule book and ledger came to different results.
    """
    try:
        yield
    except psycopg.Error as error:
        if error.sqlstate != "TW010":
            raise
        said = error.diag
        raise LedgerDisagreesError(said.message_primary or "", said.message_detail, said.message_hint) from None


def read_fault(connection: Connection, strategy_id: str) -> str | None:
    """Return why the strategy decides nothing any more, None while it does."""
    row = connection.execute(query("read_fault"), {"strategy_id": strategy_id}).fetchone()
    return None if row is None else row[0]


def record_fault(connection: Connection, strategy_id: str, reason: str) -> None:
    """Stop the strategy's decisions for good and say why."""
    connection.execute(query("record_fault"), {"strategy_id": strategy_id, "reason": reason})


def _document(rows: Sequence[Mapping[str, object]]) -> str | None:
    return msgspec.json.encode(rows).decode() if rows else None


def _numbers(event: OrderEvent) -> tuple[Decimal, Decimal]:
    """Return the numbers behind an event's reason: quantities, seconds, counts or money."""
    if event.reason in _IN_UNITS:
        return units.quantity(event.value), units.quantity(event.limit)
    if event.reason in _DURATIONS:
        return Decimal(event.value) / _MICROSECONDS, Decimal(event.limit) / _MICROSECONDS
    if event.reason in _COUNTS:
        return Decimal(event.value), Decimal(event.limit)
    return units.money(event.value), units.money(event.limit)
