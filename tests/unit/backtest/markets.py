"""Made-up markets for tests of trials: random walks that may lack bars."""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from tradewind.domain.bars import Bar
from tradewind.manifest.feed import Replay
from tradewind.manifest.load import parse_resource
from tradewind.manifest.resources import StrategySpec, TradingStrategy

START: Final = datetime(2020, 1, 1, 21, tzinfo=UTC)


def walk(symbol: str, days: int, seed: int, missing: float = 0.0) -> list[Bar]:
    """Return bars of a random walk; each is missing with a probability."""
    generator = random.Random(f"{symbol} {seed}")
    close = 500_000
    bars = []
    for day in range(days):
        open_ = max(100, close + generator.randint(-5_000, 5_000))
        close = max(100, open_ + generator.randint(-15_000, 15_000))
        high, low = max(open_, close) + generator.randint(0, 4_000), min(open_, close) - generator.randint(0, 90)
        if generator.random() >= missing:
            bars.append(Bar(symbol, "1d", START + timedelta(days=day), open_, high, low, close, 10**13))
    return bars


def strategy(days: int, warm_up: int, symbols: tuple[str, ...] = ("AAA", "BBB")) -> StrategySpec:
    """Return a strategy over that many days, the first of which only warm up."""
    first = START.date()
    replay = Replay(from_=first, trade_from=first + timedelta(days=warm_up), to=first + timedelta(days=days - 1))
    document = {
        "apiVersion": "tradewind.dev/v1alpha1",
        "kind": "TradingStrategy",
        "metadata": {"name": "made-up"},
        "spec": {
            "symbols": list(symbols),
            "feed": {"source": "Replay", "interval": "1d", "replay": replay.model_dump(mode="json", by_alias=True)},
            "signal": {"model": "SMACross", "parameters": {"fast": "2", "slow": "5"}},
            "risk": {"stopLoss": "5%", "takeProfit": "10%"},
            "account": {"initialCash": "100000"},
            "broker": {"type": "Paper"},
        },
    }
    resource = parse_resource(document, Path("made-up"))
    assert isinstance(resource, TradingStrategy)
    return resource.spec
