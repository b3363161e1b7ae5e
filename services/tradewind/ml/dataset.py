"""Training data: windows of features with the return that followed, split in time, scaled by the training part."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from tradewind.domain.bars import Bar, session_of, to_micros
from tradewind.signals.features import LOOK_BACK, features_of
from tradewind.signals.rule import Floats
from tradewind.signals.series import CLOSE, series_of

VALIDATION_SHARE: Final = 0.2
LEAST_SAMPLES: Final = 50
_CLIP: Final = 5.0
"""Scaled features are cut off at this many deviations."""

Instants = NDArray[np.int64]
Bars = Mapping[str, Sequence[Bar]]
"""Bars by symbol, ascending."""


class TooFewBarsError(ValueError):
    """Not enough bars before the cut to train and validate on."""

    def __init__(self, training: int, validation: int) -> None:
        super().__init__(
            f"{training} training and {validation} validation samples before the cut, {LEAST_SAMPLES} of each needed: "
            "let the feed begin earlier, or lower lookback"
        )
        self.training = training
        self.validation = validation


@dataclass(frozen=True)
class Samples:
    """What a network learns from: n windows, oldest first within a symbol.

    Attributes:
        windows: features, unscaled, shape (n, lookback, features).
        returns: log return of the close over the horizon after the window's last bar, shape (n,).
        first: close of the first bar that a window's features saw, microseconds, shape (n,).
        at: close of the window's last bar, microseconds, shape (n,).
        target: close of the bar that the return ends at, microseconds, shape (n,).
    """

    windows: Floats
    returns: Floats
    first: Instants
    at: Instants
    target: Instants

    def __len__(self) -> int:
        return len(self.returns)

    def where(self, mask: NDArray[np.bool_]) -> "Samples":
        """Return the samples that the mask picks."""
        return Samples(self.windows[mask], self.returns[mask], self.first[mask], self.at[mask], self.target[mask])


def bars_through(bars: Bars, through: datetime) -> dict[str, list[Bar]]:
    """Return the bars that close not after `through`."""
    return {symbol: [bar for bar in rows if bar.close_time <= through] for symbol, rows in bars.items()}


def samples_of(bars: Bars, lookback: int, horizon: int) -> Samples:
    """Return the samples of all symbols, one symbol after the other; windows never cross symbols."""
    parts = [_samples_of_symbol(bars[symbol], lookback, horizon) for symbol in sorted(bars)]
    joined = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    return Samples(*joined)


def _samples_of_symbol(
    bars: Sequence[Bar], lookback: int, horizon: int
) -> tuple[Floats, Floats, Instants, Instants, Instants]:
    series = series_of(bars)
    features = features_of(series)
    count = max(len(features) - lookback + 1 - horizon, 0)
    if count == 0:
        windows = np.empty((0, lookback, features.shape[1]))
    else:
        windows = sliding_window_view(features, lookback, axis=0).transpose(0, 2, 1)[:count]
    closes = np.array([to_micros(bar.close_time) for bar in bars], dtype=np.int64)
    last = np.arange(count) + LOOK_BACK + lookback - 1
    returns = np.log(series[last + horizon, CLOSE] / series[last, CLOSE])
    return windows, returns, closes[last - lookback + 1 - LOOK_BACK], closes[last], closes[last + horizon]


@dataclass(frozen=True)
class LearningPart:
    """Which of the bars before the cut a model learns from; windows may reach back before its first one.

    Args:
        first: the session (day number) that its first sample is of.
        validation: the session that its validation part begins with.
        without: sessions that it does not learn from: no sample is of one, nor has a return that spans one.
    """

    first: int
    validation: int
    without: tuple[int, ...] = ()

    def of(self, samples: Samples) -> Samples:
        """Return the samples that count."""
        at, target = _sessions(samples.at), _sessions(samples.target)
        days = np.array(sorted(self.without), np.int64)
        spanned = np.searchsorted(days, target, side="right") - np.searchsorted(days, at)
        return samples.where((at >= self.first) & (spanned == 0))


def _sessions(closes: Instants) -> Instants:
    sessions: Instants = session_of(closes)  # type: ignore[arg-type, assignment]  # the same arithmetic, on all at once
    return sessions


def split(samples: Samples, part: LearningPart | None = None) -> tuple[Samples, Samples]:
    """Return the training part and the validation part: the last fifth of the instants, or what `part` says.

    Between them lies a gap of look-back and horizon: no training target ends after a validation window begins.

    Raises:
        TooFewBarsError: too few samples in either part.
    """
    chosen = samples if part is None else part.of(samples)
    instants = np.unique(chosen.at)
    if len(instants) == 0:
        raise TooFewBarsError(0, 0)
    if part is None:
        validates = chosen.at >= instants[int(len(instants) * (1 - VALIDATION_SHARE))]
    else:
        validates = _sessions(chosen.at) >= part.validation
    validation = chosen.where(validates)
    if len(validation) == 0:
        raise TooFewBarsError(len(chosen), 0)
    samples = chosen
    training = samples.where(samples.target < validation.first.min())
    if min(len(training), len(validation)) < LEAST_SAMPLES:
        raise TooFewBarsError(len(training), len(validation))
    return training, validation


@dataclass(frozen=True)
class Scaler:
    """Brings features and returns to the scale that the network works in; fitted on the training part alone."""

    mean: tuple[float, ...]
    deviation: tuple[float, ...]
    return_deviation: float

    @classmethod
    def fit(cls, training: Samples) -> "Scaler":
        """Return the scaler of a training part."""
        flat = training.windows.reshape(-1, training.windows.shape[-1])
        deviation = np.maximum(flat.std(axis=0), 1e-9)
        return_deviation = max(float(training.returns.std()), 1e-9)
        return cls(tuple(flat.mean(axis=0).tolist()), tuple(deviation.tolist()), return_deviation)

    def scale(self, windows: Floats) -> NDArray[np.float32]:
        """Return windows scaled and cut off, in single precision."""
        scaled: Floats = np.clip((windows - np.array(self.mean)) / np.array(self.deviation), -_CLIP, _CLIP)
        return scaled.astype(np.float32)


def by_instant(bars: Bars) -> dict[datetime, dict[str, Bar]]:
    """Return bars by the instant that they close at, ascending, and by symbol."""
    instants: dict[datetime, dict[str, Bar]] = {}
    for symbol, rows in bars.items():
        for bar in rows:
            instants.setdefault(bar.close_time, {})[symbol] = bar
    return {instant: instants[instant] for instant in sorted(instants)}
