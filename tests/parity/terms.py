"""What the oracle reads and writes, in the words and the plain decimals of docs/backtesting.md."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal


@dataclass(frozen=True)
class Terms:
    """What a strategy may do; rates are fractions, None is off."""

    fraction: Decimal
    max_position: Decimal | None
    max_concentration: Decimal | None
    stop_loss: Decimal | None
    take_profit: Decimal | None
    max_daily_loss: Decimal | None
    fee: Decimal
    slippage: Decimal
    lot: Decimal
    max_signal_age: timedelta
    max_order_notional: Decimal | None = None
    orders_per_minute: int | None = None
    max_participation: Decimal | None = None
    slippage_points: Decimal = Decimal(0)  # slippageTicks x tick
    fee_per_unit: Decimal = Decimal(0)
    fee_per_order: Decimal = Decimal(0)
    min_fee: Decimal = Decimal(0)
    trailing_stop: Decimal | None = None
    cool_down: timedelta = timedelta(0)
    notional: Decimal | None = None  # of a purchase, in place of the fraction
    order_type: str = "Market"
    time_in_force: str = "GTC"
    limit_offset: Decimal = Decimal(0)
    stop_offset: Decimal = Decimal(0)
    tick: Decimal = Decimal("0.0001")
    allow_short: bool = False
    borrow_rate: Decimal = Decimal(0)
    reverse: bool = False
    target_volatility: Decimal | None = None  # of a year of 252 bars; the fraction is the cap
    kelly: Decimal | None = None  # part of Kelly's share; the fraction is the cap
    kelly_trades: int = 20


@dataclass(frozen=True)
class Bracket:
    """The exits that a person's order carries."""

    stop: Decimal | None = None
    target: Decimal | None = None


@dataclass(frozen=True)
class Quote:
    """One symbol's bar at one instant, with its signal: BUY, SELL, HOLD."""

    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal
    signal: str


@dataclass(frozen=True)
class Wishes:
    """What a person asks about one symbol: an order (side, quantity) with its bracket, the end of the working one."""

    order: tuple[str, Decimal] | None = None
    bracket: Bracket = Bracket()
    cancel: bool = False


@dataclass(frozen=True)
class Action:
    """A corporate action of one symbol: a split (units made out of units) and what one unit then earns."""

    split: tuple[int, int] | None = None
    dividend: Decimal = Decimal(0)


@dataclass(frozen=True)
class Day:
    """One instant: who has a bar, what people want, what companies do, and the state that manifest and person set."""

    time: datetime
    quotes: Mapping[str, Quote]
    wishes: Mapping[str, Wishes] = field(default_factory=dict)
    actions: Mapping[str, Action] = field(default_factory=dict)
    state: str = "ACTIVE"


@dataclass(frozen=True)
class Happening:
    """One thing that happened to an order."""

    time: datetime
    kind: str  # ACCEPTED, DENIED, TRIGGERED, PARTIALLY_FILLED, FILLED, CANCELED or EXPIRED
    symbol: str
    origin: str  # SIGNAL, COMMAND, STOP_LOSS, TAKE_PROFIT or TRAILING_STOP
    decided: datetime
    side: str
    quantity: Decimal
    price: Decimal
    fee: Decimal
    realized: Decimal
    code: str | None
    value: Decimal
    limit: Decimal
