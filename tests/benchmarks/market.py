"""What the benchmarks trade: symbols about 100, and signals by turns, of which more than half become orders."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, Literal
from uuid import uuid4

import yaml

from tradewind.bus.events import MARKET_DATA, TRADING_SIGNALS, BarClosed, Event, SignalGiven, encode, key_of
from tradewind.domain.identity import signal_id
from tradewind.manifest.load import load_strategy
from tradewind.manifest.plan import feed_id_of
from tradewind.manifest.resources import TradingStrategy

START: Final = datetime(1990, 1, 1, 21, tzinfo=UTC)
_TURNS: Final = 30
_TRADES: Final = 16
"""Of so many turns a symbol is bought and sold in these, by turns; in the others its signal is HOLD."""

_SPEC: Final[dict[str, Any]] = {
    "feed": {
        "source": "Replay",
        "interval": "1d",
        "replay": {"from": "1989-01-01", "tradeFrom": "1990-01-01", "to": "2090-01-01"},
    },
    "signal": {"model": "SMACross", "parameters": {"fast": "10", "slow": "50"}},
    "sizing": {"fraction": "0.5%"},
    "risk": {"maxPosition": "25%", "maxConcentration": "40%"},
    # Costs that hundreds of thousands of orders do not ruin it with.
    "account": {"currency": "USD", "initialCash": "10000000"},
    "broker": {"type": "Paper", "fee": "0.001%", "slippage": "0.001%"},
}


@dataclass(frozen=True, slots=True)
class Sent:
    """One message of the feed."""

    topic: str
    key: bytes
    value: bytes


def write_strategy(path: Path, symbols: int) -> TradingStrategy:
    """Write the manifest of a strategy of its own with so many symbols, and return it as the services load it."""
    document = {
        "apiVersion": "tradewind.dev/v1alpha1",
        "kind": "TradingStrategy",
        "metadata": {"name": f"bench-{uuid4().hex[:12]}"},
        "spec": {"symbols": [f"S{i:03d}" for i in range(symbols)], **_SPEC},
    }
    path.write_text(yaml.safe_dump(document), encoding="utf-8")
    return load_strategy(path)


def time_of(number: int) -> datetime:
    """Return the close time of the instant of this number."""
    return START + timedelta(days=number)


def number_of(time: datetime | None) -> int:
    """Return how many instants there are up to this one, that one included; None stands before the first."""
    return 0 if time is None else (time - START).days + 1


def instant(strategy: TradingStrategy, number: int) -> list[Sent]:
    """Return the bar and the signal of each symbol at the instant of this number."""
    return [_sent(event) for event in _events(strategy, number)]


def _events(strategy: TradingStrategy, number: int) -> Iterator[Event]:
    at, feed = time_of(number), feed_id_of(strategy)
    for i, symbol in enumerate(strategy.spec.symbols):
        price = 1_000_000 + (number * 7 + i * 13) % 100 * 100
        yield BarClosed(
            feed_id=feed, source="BENCH", symbol=symbol, interval="1d", close_time=at, open=price, high=price + 500,
            low=price - 500, close=price + 100, volume=10**12,
        )  # fmt: skip
        yield SignalGiven(
            strategy_id=str(strategy.id), signal_id=signal_id(strategy.id.uid, symbol, "1d", at), symbol=symbol,
            interval="1d", close_time=at, side=_side(number + 7 * i), expected_return=None, confidence=None,
            model_version="bench", reason="bench",
        )  # fmt: skip


def _side(number: int) -> Literal["BUY", "SELL", "HOLD"]:
    turn = number % _TURNS
    if turn >= _TRADES:
        return "HOLD"
    return "SELL" if turn % 2 else "BUY"


def _sent(event: Event) -> Sent:
    topic = TRADING_SIGNALS if isinstance(event, SignalGiven) else MARKET_DATA
    return Sent(topic, key_of(event).encode(), encode(event))
