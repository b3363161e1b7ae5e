"""Features: what a model sees of a bar. Each is causal: a row depends on its own bar and the LOOK_BACK bars before it.

One definition serves batch and live: the features of the last bar, computed from the bounded window alone, have the
same bits as in the whole series. Hence sums run over shifted slices and logarithms go through the C library one by
one: NumPy's vector kernels may round the last bit differently where an array ends.
"""

import hashlib
import math
from typing import Final

import numpy as np

from tradewind.signals.rule import Floats
from tradewind.signals.series import CLOSE, HIGH, LOW, OPEN, VOLUME

_MONTH: Final = 21
_WEEK: Final = 5
_RSI: Final = 14

LOOK_BACK: Final = _MONTH
"""Bars before a bar that its features need."""

FEATURES: Final = (
    "return_1",  # log return of the close over one bar
    "return_5",  # over five
    "return_21",  # over twenty-one
    "volatility_21",  # root mean square of the last twenty-one one-bar log returns
    "range",  # log of high over low
    "gap",  # log of open over the close before
    "close_location",  # where the close lies between low (-0.5) and high (0.5)
    "volume_score",  # log volume's distance from its mean of twenty-one bars, in their standard deviations
    "rsi_14",  # Cutler's relative strength index of fourteen bars, from -1 (only losses) to 1 (only gains)
)
_DEFINITION: Final = 1
"""Raised whenever a formula changes, so that a model never meets features other than those it was trained on."""

FINGERPRINT: Final = hashlib.sha256(f"{_DEFINITION}|{LOOK_BACK}|{','.join(FEATURES)}".encode()).hexdigest()[:16]


def features_of(series: Floats) -> Floats:
    """Return the features of every bar that has LOOK_BACK bars before it.

    Args:
        series: bars of one symbol in ascending order, shape (n, 5), as `series_of` gives them.

    Returns:
        Shape (max(n - LOOK_BACK, 0), len(FEATURES)); its last row is the last bar's.
    """
    rows = len(series) - LOOK_BACK
    if rows <= 0:
        return np.empty((0, len(FEATURES)))
    log_open, log_high, log_low, log_close = (_log(series[:, column]) for column in (OPEN, HIGH, LOW, CLOSE))
    log_volume = _log(series[:, VOLUME] + 1.0)
    returns = log_close[1:] - log_close[:-1]
    spread = series[:, HIGH] - series[:, LOW]
    location = np.divide(series[:, CLOSE] - series[:, LOW], spread, out=np.full_like(spread, 0.5), where=spread > 0)
    mean = _sum_of_last(log_volume, _MONTH, rows) / _MONTH
    deviation = np.sqrt(_sum_of_squares(log_volume, mean, rows) / _MONTH)
    gains = _sum_of_last(np.maximum(returns, 0.0), _RSI, rows)
    moves = _sum_of_last(np.abs(returns), _RSI, rows)
    columns = (
        returns[-rows:],
        log_close[-rows:] - log_close[-rows - _WEEK : -_WEEK],
        log_close[-rows:] - log_close[-rows - _MONTH : -_MONTH],
        np.sqrt(_sum_of_last(returns * returns, _MONTH, rows) / _MONTH),
        (log_high - log_low)[-rows:],
        log_open[-rows:] - log_close[-rows - 1 : -1],
        location[-rows:] - 0.5,
        _quotient(log_volume[-rows:] - mean, deviation),
        _quotient(2.0 * gains - moves, moves),
    )
    return np.stack(columns, axis=1)


def _log(values: Floats) -> Floats:
    return np.array([math.log(value) for value in values])


def _sum_of_last(values: Floats, count: int, rows: int) -> Floats:
    """Return for each of the last `rows` values the sum of it and the `count` - 1 before it, newest first."""
    total = np.zeros(rows)
    for back in range(count):
        total += values[len(values) - rows - back : len(values) - back]
    return total


def _sum_of_squares(values: Floats, mean: Floats, rows: int) -> Floats:
    total = np.zeros(rows)
    for back in range(_MONTH):
        distance = values[len(values) - rows - back : len(values) - back] - mean
        total += distance * distance
    return total


def _quotient(numerator: Floats, denominator: Floats) -> Floats:
    """Return the quotient, and 0 where nothing moved."""
    still = denominator < 1e-12
    return np.where(still, 0.0, numerator / np.where(still, 1.0, denominator))
