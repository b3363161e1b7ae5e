"""Bars to learn from, made up but plausible, equal in every run."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from tradewind.domain.bars import Bar

MakeBars = Callable[[str, int, int], list[Bar]]
START = datetime(2020, 1, 1, 21, tzinfo=UTC)


@pytest.fixture(scope="session")
def make_bars() -> MakeBars:
    """make_bars(symbol, count, seed): daily bars of a random walk."""

    def make(symbol: str, count: int, seed: int) -> list[Bar]:
        random = np.random.default_rng(seed)
        closes = 100 * np.exp(np.cumsum(random.normal(0, 0.015, count)))
        opens = closes * np.exp(random.normal(0, 0.004, count))
        highs = np.maximum(opens, closes) * (1 + np.abs(random.normal(0, 0.004, count)))
        lows = np.minimum(opens, closes) * (1 - np.abs(random.normal(0, 0.004, count)))
        volumes = random.lognormal(14, 0.3, count)
        rows = np.rint(np.stack([opens, highs, lows, closes], axis=1) * 10_000).astype(int).tolist()
        return [
            Bar(symbol, "1d", START + timedelta(days=i), open_, high, low, close, int(volume) * 100_000_000)
            for i, ((open_, high, low, close), volume) in enumerate(zip(rows, volumes, strict=True))
        ]

    return make
