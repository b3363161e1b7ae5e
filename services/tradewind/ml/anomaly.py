"""The anomaly guard: an Isolation Forest over one bar's features, fitted on the bars before the cut.

Nothing is stored of it: fitted again from the same bars it is the same forest, in a second, and no pickle is loaded.
"""

from datetime import datetime
from importlib.metadata import version
from typing import Any, Final

import numpy as np

from tradewind.domain.money import RATE_SCALE
from tradewind.ml.dataset import LEAST_SAMPLES, Bars, bars_through
from tradewind.ml.fingerprint import data_fingerprint, version_of
from tradewind.signals.features import FEATURES, FINGERPRINT, features_of
from tradewind.signals.policy import Anomaly, ratio_units
from tradewind.signals.rule import Floats
from tradewind.signals.series import series_of

_SEED: Final = 7
_TREES: Final = 100
_TOLD: Final = 3
_NORMAL_MAD: Final = 1.4826
"""A normal deviation is this many median absolute deviations."""


class TooFewBarsForGuardError(ValueError):
    """Not enough bars before the cut to say what is normal."""

    def __init__(self, bars: int) -> None:
        super().__init__(f"{bars} bars with features before the cut, the anomaly guard needs {LEAST_SAMPLES}")
        self.bars = bars


class AnomalyDetector:
    """Judges a bar by its features. All symbols share one forest: the features are free of price and size."""

    def __init__(self, features: Floats, contamination: int, model_version: str) -> None:
        """Fit on features of shape (bars, features); contamination in 10^-8.

        Raises:
            TooFewBarsForGuardError: fewer than 50 bars.
        """
        if len(features) < LEAST_SAMPLES:
            raise TooFewBarsForGuardError(len(features))
        self.model_version = model_version
        self._median = np.median(features, axis=0)
        self._deviation = np.maximum(_NORMAL_MAD * np.median(np.abs(features - self._median), axis=0), 1e-9)
        self._forest = _fit(features, contamination / RATE_SCALE)
        self.threshold = ratio_units(-float(self._forest.offset_))

    def judge(self, features: Floats) -> list[Anomaly]:
        """Judge bars by their features, shape (bars, features)."""
        if len(features) == 0:
            return []
        scores = -self._forest.score_samples(features)
        deviations = (features - self._median) / self._deviation
        return [
            Anomaly(ratio_units(float(score)), self.threshold, _most_deviating(row))
            for score, row in zip(scores, deviations, strict=True)
        ]


def fit_detector(bars: Bars, through: datetime, contamination: int) -> AnomalyDetector:
    """Fit the guard on the bars that close not after `through`.

    Raises:
        TooFewBarsForGuardError: fewer than 50 of them have features.
    """
    seen = bars_through(bars, through)
    features = np.concatenate([features_of(series_of(seen[symbol])) for symbol in sorted(seen)])
    model_version = version_of(
        "IsolationForest",
        data=data_fingerprint(seen),
        features=FINGERPRINT,
        contamination=contamination,
        trees=_TREES,
        seed=_SEED,
        library=version("scikit-learn"),
    )
    return AnomalyDetector(features, contamination, model_version)


def _fit(features: Floats, contamination: float) -> Any:
    from sklearn.ensemble import IsolationForest  # only a strategy with a guard needs it

    forest = IsolationForest(n_estimators=_TREES, contamination=contamination, random_state=_SEED)
    return forest.fit(features)


def _most_deviating(deviations: Floats) -> dict[str, int]:
    order = np.argsort(-np.abs(deviations), kind="stable")[:_TOLD]
    return {FEATURES[i]: ratio_units(float(deviations[i])) for i in order}
