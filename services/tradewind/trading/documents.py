"""What the trading service's routes answer with, as JSON. Money, prices, quantities and rates are decimal text."""

from datetime import date, datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import Field

from tradewind.runtime.documents import Document, example

Status = Literal[
    "INITIALIZED", "DENIED", "SUBMITTED", "ACCEPTED", "REJECTED", "TRIGGERED", "PENDING_UPDATE", "PENDING_CANCEL",
    "PARTIALLY_FILLED", "FILLED", "CANCELED", "EXPIRED",
]  # fmt: skip
OrderSide = Literal["BUY", "SELL"]
SignalSide = Literal["BUY", "SELL", "HOLD"]
OrderOrigin = Literal["SIGNAL", "COMMAND", "STOP_LOSS", "TAKE_PROFIT", "TRAILING_STOP"]
OrderReason = Literal[
    "NOTIONAL_EXCEEDS_FREE_BALANCE", "NOTIONAL_EXCEEDS_MAX_PER_ORDER", "POSITION_EXCEEDS_MAXIMUM",
    "CONCENTRATION_EXCEEDS_MAXIMUM", "REDUCE_ONLY_WOULD_INCREASE_POSITION", "RATE_LIMIT_EXCEEDED",
    "DAILY_LOSS_LIMIT_REACHED", "TRADING_HALTED", "SIGNAL_TOO_OLD", "CANCELED_BY_REQUEST", "CORPORATE_ACTION",
    "POSITION_EXITED", "COOLDOWN_ACTIVE", "TIME_IN_FORCE",
]  # fmt: skip
State = Literal["ACTIVE", "REDUCING", "HALTED"]
StateSide = Literal["MANIFEST", "PERSON", "AUTOMATIC", "FAULT"]

Number = Annotated[str, Field(pattern=r"^-?\d+(\.\d+)?$")]
"""A decimal number as text."""
Cursor = Annotated[
    str | None, Field(description="Give it as `cursor` for the next page; null on the last one. It means nothing else.")
]

STRATEGY_ID: Final = "default.sma-cross.0c8d5b5e-55f0-5c3f-8f5c-1c8a4f2f9a63"
ORDER_ID: Final = "7d1f3c1e-6a0b-4d6e-9a53-0f2c5f2c7d11"


ORDER: Final[dict[str, Any]] = {
    "client_order_id": ORDER_ID, "symbol": "AAPL", "side": "BUY", "origin": "COMMAND", "signal_id": None,
    "quantity": "10.00000000", "filled_qty": "10.00000000", "leaves_qty": "0.00000000", "avg_px": "68.5137",
    "status": "FILLED", "limit_price": None, "trigger_price": None, "triggered_at": None,
    "stop_price": "60.0000", "target_price": "80.0000", "replaces": None, "replaced_by": None,
    "decided_at": "2006-03-01T21:00:00Z", "decision_px": "68.5000", "reserved": "0.0000", "reason": None,
    "reason_value": None, "reason_limit": None, "created_at": "2026-01-02T09:30:00.000001Z",
    "updated_at": "2026-01-02T09:30:05.000001Z",
}  # fmt: skip


class OrderDocument(Document):
    """One order and what became of it."""

    model_config = example(**ORDER)

    client_order_id: UUID
    symbol: str
    side: OrderSide
    origin: OrderOrigin
    signal_id: UUID | None = Field(description="The signal that made it.")
    quantity: Number
    filled_qty: Number
    leaves_qty: Number = Field(description="What may still be filled.")
    avg_px: Number | None = Field(description="Average price of its fills.")
    status: Status
    limit_price: Number | None = Field(description="The worst price at which it fills.")
    trigger_price: Number | None = Field(description="The stop price that it waits for.")
    triggered_at: datetime | None = Field(description="Close of the bar that reached that price.")
    stop_price: Number | None = Field(description="The bracket's stop.")
    target_price: Number | None = Field(description="The bracket's target.")
    replaces: UUID | None = Field(description="The order that this one took the place of.")
    replaced_by: UUID | None = Field(description="The order that took this one's place.")
    decided_at: datetime | None = Field(description="Close of the bar at whose instant it was decided; null before.")
    decision_px: Number | None = Field(description="Its limit, else the price that it waits for, else the close.")
    reserved: Number = Field(description="Cash kept for it.")
    reason: OrderReason | None = Field(description="Why it was denied, canceled or expired.")
    reason_value: Number | None = Field(description="What the reason measured: money, a quantity, a count or seconds.")
    reason_limit: Number | None = Field(description="The limit that it was measured against.")
    created_at: datetime
    updated_at: datetime


class OrdersDocument(Document):
    """A page of orders, the newest first."""

    model_config = example(strategy_id=STRATEGY_ID, orders=[ORDER], next="WyJjcmVhdGVkIl0")

    strategy_id: str
    orders: list[OrderDocument]
    next: Cursor


POSITION: Final[dict[str, Any]] = {
    "symbol": "AAPL", "quantity": "10.00000000", "cost": "685.1370", "mark": "69.0000", "market_value": "690.0000",
    "stop_price": "60.0000", "target_price": "80.0000", "avg_px": "68.5137", "realized_pnl_gross": "0.0000",
    "fees": "0.3426", "realized_pnl": "-0.3426", "unrealized_pnl": "4.8630",
}  # fmt: skip


class PositionDocument(Document):
    """What is or was held of one symbol."""

    model_config = example(**POSITION)

    symbol: str
    quantity: Number
    cost: Number
    mark: Number = Field(description="Its last close.")
    market_value: Number
    stop_price: Number | None = Field(description="A bracket's stop, in place of the strategy's.")
    target_price: Number | None = Field(description="A bracket's target, in place of the strategy's.")
    avg_px: Number | None = Field(description="Cost over quantity; null where nothing is held.")
    realized_pnl_gross: Number
    fees: Number
    realized_pnl: Number = Field(description="Net of fees.")
    unrealized_pnl: Number = Field(description="At the mark, before fees.")


class PositionsDocument(Document):
    """Every position that is or was held."""

    model_config = example(strategy_id=STRATEGY_ID, positions=[POSITION])

    strategy_id: str
    positions: list[PositionDocument]


class PortfolioDocument(Document):
    """What the account is worth and has earned, and what is held now."""

    model_config = example(
        strategy_id=STRATEGY_ID, equity="100004.5204", cash="99314.5204", portfolio_value="690.0000",
        realized_pnl_gross="0.0000", fees="0.3426", unrealized_pnl="4.8630", total_return="0.00004520",
        max_drawdown="-0.00120000", fills=1, open_positions=1, positions=[POSITION],
    )  # fmt: skip

    strategy_id: str
    equity: Number
    cash: Number
    portfolio_value: Number
    realized_pnl_gross: Number
    fees: Number
    unrealized_pnl: Number
    total_return: Number = Field(description="A share of the initial cash.")
    max_drawdown: Number | None = Field(description="The deepest fall from a peak of marked equity, a share of it.")
    fills: int
    open_positions: int
    positions: list[PositionDocument]


class AccountDocument(Document):
    """Cash, reserve, profit and fees."""

    model_config = example(
        strategy_id=STRATEGY_ID, currency="USD", initial_cash="100000.0000", cash="99314.5204", reserved="0.0000",
        margin="0.0000", free_cash="99314.5204", portfolio_value="690.0000", equity="100004.5204",
        marked_equity="100004.5204", realized_pnl_gross="0.0000", fees="0.3426", realized_pnl="-0.3426",
        session_day="2006-03-02", session_equity="100000.0000", trading_state="ACTIVE", fault=None, fills=1,
    )  # fmt: skip

    strategy_id: str
    currency: str
    initial_cash: Number
    cash: Number
    reserved: Number = Field(description="Kept for orders that work.")
    margin: Number = Field(description="What short positions hold of the cash.")
    free_cash: Number = Field(description="Cash that no order has reserved and no short position holds.")
    portfolio_value: Number
    equity: Number = Field(description="Cash and the positions' value now.")
    marked_equity: Number = Field(description="Equity at the last instant's marks: what limits are shares of.")
    realized_pnl_gross: Number
    fees: Number
    realized_pnl: Number = Field(description="Net of fees.")
    session_day: date | None = Field(description="The session of the last instant; null before the first.")
    session_equity: Number = Field(description="Equity before that session.")
    trading_state: State = Field(description="The one in force; GET /trading-state says whose it is.")
    fault: str | None = Field(description="Why nothing is decided any more; null while all is well.")
    fills: int


TRADE: Final[dict[str, Any]] = {
    "trade_id": "0d6c5e5e-0b0f-5b7b-8f64-6d1c0d5b7a10", "client_order_id": ORDER_ID, "symbol": "AAPL", "side": "BUY",
    "last_qty": "10.00000000", "last_px": "68.5137", "notional": "685.1370", "fee": "0.3426",
    "realized_pnl_gross": "0.0000", "instant": "2006-03-02T21:00:00Z",
}  # fmt: skip


class TradeDocument(Document):
    """One fill."""

    model_config = example(**TRADE)

    trade_id: UUID
    client_order_id: UUID
    symbol: str
    side: OrderSide
    last_qty: Number
    last_px: Number
    notional: Number
    fee: Number
    realized_pnl_gross: Number
    instant: datetime = Field(description="Close of the bar that filled it.")


class TradesDocument(Document):
    """A page of fills, the newest first."""

    model_config = example(strategy_id=STRATEGY_ID, trades=[TRADE], next=None)

    strategy_id: str
    trades: list[TradeDocument]
    next: Cursor


SIGNAL: Final[dict[str, Any]] = {
    "signal_id": "5c0a8f1e-3c5b-5f0e-9d53-0f2c5f2c7d11", "symbol": "IBM", "instant": "2006-03-01T21:00:00Z",
    "side": "BUY", "late": False, "took_part": True, "received_at": "2026-01-02T09:30:04.250001Z",
    "decided_at": "2026-01-02T09:30:04.260001Z", "client_order_id": "9b2f8d8e-5d5b-5c0e-8f64-6d1c0d5b7a10",
    "order_status": "FILLED", "order_reason": None,
}  # fmt: skip


class SignalDocument(Document):
    """One signal that the desk received, and what became of it."""

    model_config = example(**SIGNAL)

    signal_id: UUID
    symbol: str
    instant: datetime = Field(description="Close of the bar that it is for.")
    side: SignalSide
    late: bool = Field(description="It came after its instant was decided: kept, never traded.")
    took_part: bool = Field(description="Its instant was decided with it.")
    received_at: datetime
    decided_at: datetime | None = Field(description="When its instant was decided; null while it waits.")
    client_order_id: UUID | None = Field(description="The order that it made.")
    order_status: Status | None
    order_reason: OrderReason | None


class SignalsDocument(Document):
    """A page of signals, the newest first."""

    model_config = example(strategy_id=STRATEGY_ID, signals=[SIGNAL], next=None)

    strategy_id: str
    signals: list[SignalDocument]
    next: Cursor
