"""The one way from a bar's integer units into the floats that signals see, live and in batch alike."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from tradewind.domain.bars import Bar
from tradewind.domain.money import PRICE_SCALE, QUANTITY_SCALE
from tradewind.signals.rule import Floats

OPEN: Final = 0
HIGH: Final = 1
LOW: Final = 2
CLOSE: Final = 3
VOLUME: Final = 4
COLUMNS: Final = 5
EVERY_COLUMN: Final = (OPEN, HIGH, LOW, CLOSE, VOLUME)

SCALES: Final = np.array([PRICE_SCALE, PRICE_SCALE, PRICE_SCALE, PRICE_SCALE, QUANTITY_SCALE], dtype=np.float64)


def series_of(bars: Sequence[Bar]) -> Floats:
    """Return bars as an array of shape (bars, 5): open, high, low, close in the currency, volume in units."""
    units = [(bar.open, bar.high, bar.low, bar.close, bar.volume) for bar in bars]
    return series_of_units(np.array(units, dtype=np.int64).reshape(-1, COLUMNS))


def series_of_units(units: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> Floats:
    """Return integer units of shape (..., 5) as floats: rounded to a double first, divided second.

    A volume may pass 2^53 units, so the order matters: Python's own integer division would give other bits.
    """
    return units.astype(np.float64) / SCALES


def series_of_columns(
    columns: Sequence[np.ndarray[tuple[int], np.dtype[np.int64]]], which: Sequence[int] = EVERY_COLUMN
) -> Floats:
    """Return `series_of_units` of columns, float64[bars, len(which)]; `which` says which of the five they are."""
    series = np.empty((len(columns[0]), len(which)))
    for i, (column, kind) in enumerate(zip(columns, which, strict=True)):
        np.divide(column, SCALES[kind], out=series[:, i])
    return series


def row_of(bar: Bar) -> tuple[float, float, float, float, float]:
    """Return one bar's row of `series_of`, bit by bit the same."""
    price = float(PRICE_SCALE)
    volume = float(bar.volume) / float(QUANTITY_SCALE)
    return bar.open / price, bar.high / price, bar.low / price, bar.close / price, volume
