"""Events: what travels on the topics. A golden file in tests/contract holds each one's JSON."""

from datetime import datetime, timedelta
from typing import Annotated, Final, Literal
from uuid import UUID

import msgspec

from tradewind.domain.money import AMOUNT_MAX, INT64_MAX

SCHEMA_VERSION: Final = 1

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=253)]
Price = Annotated[int, msgspec.Meta(gt=0, le=AMOUNT_MAX)]
"""10^-4 of the currency."""
Volume = Annotated[int, msgspec.Meta(ge=0, le=INT64_MAX)]
"""10^-8 of a unit."""
Signed = Annotated[int, msgspec.Meta(ge=-INT64_MAX, le=INT64_MAX)]
"""A ratio in 10^-8."""
Instant = Annotated[datetime, msgspec.Meta(tz=True)]


class _Event(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="type"):
    symbol: Name
    interval: Name
    close_time: Instant
    schema_version: Literal[1] = SCHEMA_VERSION

    def __post_init__(self) -> None:
        if self.close_time.utcoffset() != timedelta(0):
            raise ValueError("close_time must be in UTC")


class BarClosed(_Event, frozen=True, kw_only=True, tag="bar"):
    """A bar has closed."""

    feed_id: Name
    source: Name
    open: Price
    high: Price
    low: Price
    close: Price
    volume: Volume

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.low <= min(self.open, self.close) <= max(self.open, self.close) <= self.high:
            raise ValueError("low <= open, close <= high does not hold")


class BarMissing(_Event, frozen=True, kw_only=True, tag="missing"):
    """The feed knows that a symbol in session has no bar at this instant."""

    feed_id: Name


class SharesSplit(_Event, frozen=True, kw_only=True, tag="split"):
    """A symbol's units are split before the open of the bar that closes at close_time; published before that bar."""

    feed_id: Name
    numerator: Annotated[int, msgspec.Meta(gt=0, le=1_000_000)]
    denominator: Annotated[int, msgspec.Meta(gt=0, le=1_000_000)]


class DividendPaid(_Event, frozen=True, kw_only=True, tag="dividend"):
    """Every unit held earns money before the open of the bar that closes at close_time; published before that bar."""

    feed_id: Name
    amount: Price


class SignalGiven(_Event, frozen=True, kw_only=True, tag="signal"):
    """A strategy's opinion on a bar. Ratios in 10^-8; None where the model gives none."""

    strategy_id: Name
    signal_id: UUID
    side: Literal["BUY", "SELL", "HOLD"]
    expected_return: Signed | None
    confidence: Annotated[int, msgspec.Meta(ge=0, le=100_000_000)] | None
    model_version: Name
    reason: str


class AnomalyFound(_Event, frozen=True, kw_only=True, tag="anomaly"):
    """A bar unlike those that the anomaly guard was trained on. The score is in 10^-8, higher is stranger."""

    strategy_id: Name
    score: Signed
    threshold: Signed
    model_version: Name
    features: dict[str, Signed]
    """The features that stand out most, each with its distance from the training median in robust deviations."""


class OrderChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What happened to an order. Quantity in 10^-8; price, fee and P&L in 10^-4; of a fill where status says so."""

    client_order_id: UUID
    symbol: Name
    side: Literal["BUY", "SELL"]
    origin: Name
    status: Name
    quantity: int
    price: int
    fee: int
    realized_pnl_gross: int
    reason: str | None


class InstantDecided(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="type", tag="decided"
):
    """What a desk did at an instant, after the fact: for people and programs that follow it. Money in 10^-4."""

    strategy_id: Name
    close_time: Instant
    cash: int
    equity: int
    orders: list[OrderChange]
    schema_version: Literal[1] = SCHEMA_VERSION


MarketDataEvent = BarClosed | BarMissing | SharesSplit | DividendPaid
Event = MarketDataEvent | SignalGiven | AnomalyFound | InstantDecided

MARKET_DATA: Final = "market_data"
TRADING_SIGNALS: Final = "trading_signals"
ANOMALIES: Final = "anomalies"
ORDER_EVENTS: Final = "order_events"
TOPICS: Final = (MARKET_DATA, TRADING_SIGNALS, ANOMALIES, ORDER_EVENTS)

_encoder = msgspec.json.Encoder()
_decoders: Final[dict[str, msgspec.json.Decoder[Event]]] = {
    MARKET_DATA: msgspec.json.Decoder(MarketDataEvent),
    TRADING_SIGNALS: msgspec.json.Decoder(SignalGiven),
    ANOMALIES: msgspec.json.Decoder(AnomalyFound),
    ORDER_EVENTS: msgspec.json.Decoder(InstantDecided),
}


class MalformedMessageError(ValueError):
    """A message that is not an event of its topic."""

    def __init__(self, topic: str, reason: str) -> None:
        super().__init__(f"{topic}: {reason}")
        self.topic = topic
        self.reason = reason


def encode(event: Event) -> bytes:
    """Return an event as JSON."""
    return _encoder.encode(event)


def decode(topic: str, value: bytes | None) -> Event:
    """Return the event that a message of the topic carries.

    Raises:
        MalformedMessageError: not JSON, not of the topic's types, a wrong schema version or an impossible value.
    """
    if value is None:
        raise MalformedMessageError(topic, "the message has no value")
    try:
        return _decoders[topic].decode(value)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise MalformedMessageError(topic, str(error)) from None


def key_of(event: Event) -> str:
    """Return the key that keeps an event's symbol in order within its feed or strategy; a desk's instants, the desk."""
    if isinstance(event, InstantDecided):
        return event.strategy_id
    if isinstance(event, MarketDataEvent):
        return f"{event.feed_id}/{event.symbol}"
    return f"{event.strategy_id}/{event.symbol}"


def dead_letter_topic(topic: str) -> str:
    """Return where a topic's dead letters go."""
    return f"{topic}.dlq"
