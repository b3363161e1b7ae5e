"""What the routes of risk and of the trading state are asked and answer, as JSON."""

from datetime import date, datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import Field

from tradewind.runtime.documents import Document, example
from tradewind.trading.documents import ORDER_ID, STRATEGY_ID, Cursor, Number, OrderSide, State, StateSide

Why = Annotated[
    str,
    # PostgreSQL refuses NUL in text, and a log keeps one line an event.
    Field(min_length=1, max_length=500, pattern=r"^[^\x00-\x1f\x7f]*$", description="Why, for whoever asks later."),
]


SIDES: Final[list[dict[str, Any]]] = [
    {"side": "MANIFEST", "state": "ACTIVE", "reason": None, "since": None},
    {"side": "PERSON", "state": "HALTED", "reason": "the feed looks wrong", "since": "2026-01-02T09:30:00Z"},
    {"side": "AUTOMATIC", "state": "ACTIVE", "reason": "a new session begins", "since": "2026-01-01T09:30:00Z"},
    {"side": "FAULT", "state": "ACTIVE", "reason": None, "since": None},
]


class SideDocument(Document):
    """What one side wants of the desk; only that side changes it."""

    model_config = example(**SIDES[1])

    side: StateSide = Field(description="FAULT: rule book and ledger came apart, and nothing is decided any more.")
    state: State
    reason: str | None
    since: datetime | None = Field(description="When this side changed last; null if it never did.")


class TradingStateDocument(Document):
    """The trading state in force, the strictest of all sides, and each side's own."""

    model_config = example(strategy_id=STRATEGY_ID, effective="HALTED", sides=SIDES)

    strategy_id: str
    effective: State = Field(
        description="ACTIVE trades; REDUCING only closes; HALTED does what exits and a person's own closing orders do."
    )
    sides: list[SideDocument]


class TradingStateRequest(Document):
    """What a person wants of the desk, or its manifest where an operator says so. No other side is loosened by it."""

    model_config = example(state="HALTED", reason="the feed looks wrong")

    state: State
    reason: Why
    side: Literal["PERSON", "MANIFEST"] = Field(
        default="PERSON", description="Whose side it is: MANIFEST is for the operator, which speaks for the manifest."
    )


CHANGE: Final[dict[str, Any]] = {
    "change_id": 7, "side": "AUTOMATIC", "state": "REDUCING",
    "reason": "DAILY_LOSS_LIMIT_REACHED: lost 3012.5000 of at most 3000.0000", "instant": "2006-03-02T21:00:00Z",
    "changed_at": "2026-01-02T09:30:04.260001Z",
}  # fmt: skip


class ChangeDocument(Document):
    """One change of one side of the trading state."""

    model_config = example(**CHANGE)

    change_id: int
    side: StateSide
    state: State
    reason: str
    instant: datetime | None = Field(description="The instant that changed it; null where a person or a manifest did.")
    changed_at: datetime


class ChangesDocument(Document):
    """A page of the trading state's history, the newest first."""

    model_config = example(strategy_id=STRATEGY_ID, changes=[CHANGE], next=None)

    strategy_id: str
    changes: list[ChangeDocument]
    next: Cursor


class FlattenRequest(Document):
    """Why the desk is to get out of everything."""

    model_config = example(reason="closing the book before the announcement")

    reason: Why


NAMED: Final[dict[str, Any]] = {
    "client_order_id": ORDER_ID, "symbol": "AAPL", "side": "SELL", "quantity": "10.00000000"
}  # fmt: skip


class NamedOrder(Document):
    """An order that flattening touched or made, and what it had left to fill then."""

    model_config = example(**NAMED)

    client_order_id: UUID
    symbol: str
    side: OrderSide
    quantity: Number


class FlattenedDocument(Document):
    """What was done to get out of everything. The orders themselves say how far that has come."""

    model_config = example(
        strategy_id=STRATEGY_ID, person_state_before="ACTIVE", person_state="REDUCING",
        canceled=[{**NAMED, "client_order_id": "1b2f8d8e-5d5b-4c0e-8f64-6d1c0d5b7a10", "side": "BUY"}], withdrawn=[],
        left_to_work=[], sales=[NAMED],
    )  # fmt: skip

    strategy_id: str
    person_state_before: State
    person_state: State = Field(description="A person's side of the trading state from then on.")
    canceled: list[NamedOrder] = Field(description="Working orders, PENDING_CANCEL until the next instant.")
    withdrawn: list[NamedOrder] = Field(description="Orders that no instant had taken up: CANCELED at once.")
    left_to_work: list[NamedOrder] = Field(description="Sales of all that was held, on their way already.")
    sales: list[NamedOrder] = Field(description="Orders that close all that was held, for the next instant to take up.")


class LimitsDocument(Document):
    """The strategy's limits; null is switched off. Rates are shares of the equity."""

    model_config = example(
        max_position="0.25000000", max_concentration="0.40000000", max_daily_loss="0.03000000",
        max_order_notional=None, orders_per_minute=None,
    )  # fmt: skip

    max_position: Number | None = Field(description="Money put into one symbol.")
    max_concentration: Number | None = Field(description="One symbol's marked value.")
    max_daily_loss: Number | None = Field(description="The session's loss that stops purchases until the next one.")
    max_order_notional: Number | None = Field(description="The most that one purchase may be worth.")
    orders_per_minute: int | None = Field(description="Orders in one minute of bar time.")


class CashUse(Document):
    """What an order that opens a position can be funded with."""

    model_config = example(cash="99314.5204", reserved="0.0000", margin="0.0000", free_cash="99314.5204")

    cash: Number
    reserved: Number
    margin: Number = Field(description="What short positions hold of the cash.")
    free_cash: Number


POSITION_USE: Final[dict[str, Any]] = {
    "symbol": "AAPL", "cost": "685.1370", "position_limit": "25001.1301", "position_use": "0.02740424",
    "market_value": "690.0000", "concentration_limit": "40001.8082", "concentration_use": "0.01724922",
}  # fmt: skip


class PositionUse(Document):
    """How much of the limits on one symbol is in use; a use is a share of its limit."""

    model_config = example(**POSITION_USE)

    symbol: str
    cost: Number
    position_limit: Number | None
    position_use: Number | None
    market_value: Number
    concentration_limit: Number | None
    concentration_use: Number | None


SESSION: Final[dict[str, Any]] = {
    "day": "2006-03-02", "equity": "100000.0000", "loss": "-4.5204", "limit": "3000.0000", "use": "0.00000000"
}  # fmt: skip


class SessionUse(Document):
    """The session of the last instant; a gain is a negative loss."""

    model_config = example(**SESSION)

    day: date | None
    equity: Number = Field(description="Before the session.")
    loss: Number
    limit: Number | None
    use: Number | None


class MinuteUse(Document):
    """The orders in the minute of bar time of the last instant."""

    model_config = example(minute="2006-03-02T21:00:00Z", orders=1, limit=10, use="0.10000000")

    minute: datetime | None
    orders: int
    limit: int | None
    use: Number | None


class DrawdownDocument(Document):
    """The fall of marked equity from its peak, a share of the peak: never positive."""

    model_config = example(peak_equity="100124.0000", drawdown="-0.00119332", max_drawdown="-0.00120000")

    peak_equity: Number
    drawdown: Number
    max_drawdown: Number


WAITING: Final[dict[str, Any]] = {
    "instant": "2006-03-03T21:00:00Z", "since": "2026-01-02T09:30:05.100001Z",
    "symbols": [{"symbol": "IBM", "lacks": ["BAR", "SIGNAL"]}],
}  # fmt: skip


class WaitingSymbol(Document):
    """What an instant still lacks of one symbol."""

    model_config = example(symbol="IBM", lacks=["BAR", "SIGNAL"])

    symbol: str
    lacks: list[Literal["BAR", "SIGNAL"]]


class WaitingDocument(Document):
    """The instant that is decided next, and what it waits for; no symbols where it is complete."""

    model_config = example(**WAITING)

    instant: datetime
    since: datetime = Field(description="When the first word of it arrived.")
    symbols: list[WaitingSymbol]


class RiskDocument(Document):
    """The limits, how much of each is in use, who has stopped what, and what the desk waits for."""

    model_config = example(
        strategy_id=STRATEGY_ID, equity="100004.5204",
        limits={"max_position": "0.25000000", "max_concentration": "0.40000000", "max_daily_loss": "0.03000000",
                "max_order_notional": None, "orders_per_minute": None},
        cash={"cash": "99314.5204", "reserved": "0.0000", "margin": "0.0000", "free_cash": "99314.5204"},
        positions=[POSITION_USE],
        session=SESSION, minute={"minute": "2006-03-02T21:00:00Z", "orders": 0, "limit": None, "use": None},
        drawdown={"peak_equity": "100124.0000", "drawdown": "-0.00119332", "max_drawdown": "-0.00120000"},
        trading_state={"strategy_id": STRATEGY_ID, "effective": "HALTED", "sides": SIDES}, waiting=WAITING,
    )  # fmt: skip

    strategy_id: str
    equity: Number = Field(description="At the last instant's marks: what the limits are shares of.")
    limits: LimitsDocument
    cash: CashUse
    positions: list[PositionUse] = Field(description="The symbols held now.")
    session: SessionUse
    minute: MinuteUse
    drawdown: DrawdownDocument
    trading_state: TradingStateDocument
    waiting: WaitingDocument | None = Field(description="Null where nothing has arrived that is not decided.")
