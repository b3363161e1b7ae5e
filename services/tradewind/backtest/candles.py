"""The bars that were traded, thinned to what a plot can show."""

from dataclasses import dataclass

import numpy as np

from tradewind.backtest.simulator import History
from tradewind.domain.bars import from_micros
from tradewind.domain.money import PRICE_SCALE


@dataclass(frozen=True)
class Candles:
    """One symbol's bars in the currency, closes in ISO 8601; `bars` of them went into each candle."""

    time: list[str]
    open: list[float]
    high: list[float]
    low: list[float]
    close: list[float]
    bars: int


def candles_of(history: History, most: int) -> dict[str, Candles]:
    """Return at most so many candles of each symbol that has a bar; several bars become one, named by the last."""
    return {
        symbol: _candles(history, i, most) for i, symbol in enumerate(history.symbols) if history.present[:, i].any()
    }


def _candles(history: History, column: int, most: int) -> Candles:
    here = np.flatnonzero(history.present[:, column])
    bars = -(-len(here) // most)
    firsts = np.arange(0, len(here), bars)
    lasts = np.minimum(firsts + bars, len(here)) - 1
    open_, high, low, close = (getattr(history, name)[here, column] for name in ("open", "high", "low", "close"))
    return Candles(
        time=[from_micros(micros).isoformat() for micros in history.time[here[lasts]].tolist()],
        open=(open_[firsts] / PRICE_SCALE).tolist(),
        high=(np.maximum.reduceat(high, firsts) / PRICE_SCALE).tolist(),
        low=(np.minimum.reduceat(low, firsts) / PRICE_SCALE).tolist(),
        close=(close[lasts] / PRICE_SCALE).tolist(),
        bars=bars,
    )
