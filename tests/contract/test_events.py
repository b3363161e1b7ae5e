"""The JSON of every event, held by golden files: what a reader of an older version must still understand."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from tradewind.bus.events import (
    ANOMALIES,
    MARKET_DATA,
    ORDER_EVENTS,
    TRADING_SIGNALS,
    AnomalyFound,
    BarClosed,
    BarMissing,
    DividendPaid,
    Event,
    InstantDecided,
    MalformedMessageError,
    OrderChange,
    SharesSplit,
    SignalGiven,
    decode,
    encode,
    key_of,
)

GOLDEN = Path(__file__).parent / "golden"
AT = datetime(2013, 3, 1, 21, tzinfo=UTC)
BAR = BarClosed(
    symbol="AAPL",
    interval="1d",
    close_time=AT,
    feed_id="replay.default.quickstart.uid",
    source="REPLAY",
    open=4_380_000,
    high=4_381_799,
    low=4_299_800,
    close=4_304_700,
    volume=1_973_030_000_000_000,
)
EVENTS: dict[str, tuple[str, Event]] = {
    "bar": (MARKET_DATA, BAR),
    "missing": (MARKET_DATA, BarMissing(symbol="AAPL", interval="1d", close_time=AT, feed_id=BAR.feed_id)),
    "split": (
        MARKET_DATA,
        SharesSplit(symbol="AAPL", interval="1d", close_time=AT, feed_id=BAR.feed_id, numerator=2, denominator=1),
    ),
    "dividend": (
        MARKET_DATA,
        DividendPaid(symbol="AAPL", interval="1d", close_time=AT, feed_id=BAR.feed_id, amount=26_500),
    ),
    "decided": (
        ORDER_EVENTS,
        InstantDecided(
            strategy_id="default.quickstart.uid",
            close_time=AT,
            cash=798_123_456,
            equity=1_000_123_456,
            orders=[
                OrderChange(
                    client_order_id=UUID("00000000-0000-5000-8000-000000000002"),
                    symbol="AAPL",
                    side="SELL",
                    origin="STOP_LOSS",
                    status="PARTIALLY_FILLED",
                    quantity=4_600_000_000,
                    price=4_304_700,
                    fee=99_008,
                    realized_pnl_gross=-1_234_567,
                    reason=None,
                )
            ],
        ),
    ),
    "signal": (
        TRADING_SIGNALS,
        SignalGiven(
            symbol="AAPL",
            interval="1d",
            close_time=AT,
            strategy_id="default.quickstart.uid",
            signal_id=UUID("00000000-0000-5000-8000-000000000001"),
            side="BUY",
            expected_return=123_456,
            confidence=60_000_000,
            model_version="lstm-0123456789ab",
            reason="expected 0.12% is above the threshold 0.10%",
        ),
    ),
    "anomaly": (
        ANOMALIES,
        AnomalyFound(
            symbol="AAPL",
            interval="1d",
            close_time=AT,
            strategy_id="default.quickstart.uid",
            score=65_000_000,
            threshold=60_000_000,
            model_version="isolation-forest-0123456789ab",
            features={"return_1": -550_000_000},
        ),
    ),
}


@pytest.mark.parametrize("name", EVENTS)
def test_an_event_is_written_and_read_as_its_golden_file_says(name: str) -> None:
    topic, event = EVENTS[name]
    golden = (GOLDEN / f"{name}.v1.json").read_bytes()
    assert msgspec.json.format(encode(event), indent=2) + b"\n" == golden
    assert decode(topic, golden) == event


def test_keys_keep_a_symbol_in_order_within_its_feed_or_strategy() -> None:
    assert key_of(BAR) == "replay.default.quickstart.uid/AAPL"
    assert key_of(EVENTS["split"][1]) == key_of(BAR)
    assert key_of(EVENTS["signal"][1]) == "default.quickstart.uid/AAPL"
    assert key_of(EVENTS["decided"][1]) == "default.quickstart.uid"


@pytest.mark.parametrize(
    ("topic", "was", "becomes", "reason"),
    [
        (MARKET_DATA, b'"high":4381799', b'"high":1', "does not hold"),
        (MARKET_DATA, b'"open":4380000', b'"open":0', ">= 1"),
        (MARKET_DATA, b'"open":4380000', b'"open":"4380000"', "Expected `int`"),
        (MARKET_DATA, b'"open":4380000', b'"open":43.8', "Expected `int`"),
        (MARKET_DATA, b'"volume"', b'"turnover"', "unknown field `turnover`"),
        (MARKET_DATA, b"21:00:00Z", b"21:00:00", "timezone"),
        (MARKET_DATA, b"21:00:00Z", b"21:00:00+01:00", "UTC"),
        (MARKET_DATA, b'"schema_version":1', b'"schema_version":2', "Invalid enum value 2"),
        (MARKET_DATA, b'"type":"bar"', b'"type":"signal"', "Invalid value 'signal'"),
        (TRADING_SIGNALS, b"", b"", "Invalid value 'bar'"),
    ],
)
def test_what_is_not_an_event_of_its_topic_is_refused(topic: str, was: bytes, becomes: bytes, reason: str) -> None:
    value = encode(BAR)
    assert was in value
    with pytest.raises(MalformedMessageError, match=reason):
        decode(topic, value.replace(was, becomes))


def test_a_message_without_a_value_is_refused() -> None:
    with pytest.raises(MalformedMessageError, match="no value"):
        decode(MARKET_DATA, None)
