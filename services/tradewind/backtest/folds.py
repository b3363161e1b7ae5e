"""Folds of a walk-forward: which sessions train, which test, and which do neither."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tradewind.manifest.trials import WalkForward

Booleans = NDArray[np.bool_]
VALIDATION_SHARE: Final = 0.2
"""Of a fold's training: where models that are trained on what comes before are compared."""


class FoldError(ValueError):
    """Folds that the data has no room for, or that leave nothing to train on."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"spec.walkForward: {reason}")


@dataclass(frozen=True)
class Fold:
    """One fold. The ranges are places in the ascending list of the data's sessions.

    Args:
        number: from 1.
        train: what is run to pick the parameters.
        embargoed: sessions within `train` whose returns don't count, since they follow an earlier test.
        test: what they are judged on; it follows `train` after the purge.
    """

    number: int
    train: range
    embargoed: frozenset[int]
    test: range

    @property
    def counted(self) -> Booleans:
        """Which sessions of `train` count, bool[len(train)]."""
        return np.array([place not in self.embargoed for place in self.train], np.bool_)

    @property
    def judged(self) -> range:
        """The last fifth of `train`, two sessions at least: where models that are trained on the rest are compared."""
        return range(self.train.stop - max(2, math.ceil(VALIDATION_SHARE * len(self.train))), self.train.stop)


def require_judged(folds: Sequence[Fold]) -> None:
    """Check that folds leave something to compare trained models on.

    Raises:
        FoldError: one has fewer than two sessions that count in the last fifth of its training.
    """
    for fold in folds:
        if (
            len(fold.judged) - len(fold.embargoed.intersection(fold.judged)) < 2
            or fold.judged.start <= fold.train.start
        ):
            raise FoldError(
                f"fold {fold.number} has fewer than two sessions that count in the last fifth of its training, where "
                "trained models are compared: let train be longer, or embargo shorter"
            )


def make_folds(sessions: int, asked: WalkForward) -> tuple[Fold, ...]:
    """Return the folds over this many sessions, ascending; the tests follow each other without a gap up to the end.

    The last test may be shorter than asked, the others are not.

    Raises:
        FoldError: there is no room for one whole fold, or embargoes leave a fold nothing to train on.
    """
    needed = asked.train + asked.purge + asked.test
    if needed > sessions:
        parts = f"train {asked.train} + purge {asked.purge} + test {asked.test}"
        raise FoldError(f"one fold needs {parts} = {needed} sessions, and the data has {sessions}")
    folds: list[Fold] = []
    for number, first in enumerate(range(asked.train + asked.purge, sessions, asked.test), start=1):
        end = first - asked.purge
        train = range(end - asked.train if asked.mode == "Rolling" else 0, end)
        embargoed = _embargoed([fold.test for fold in folds], asked.embargo, train)
        if len(embargoed) > len(train) - 2:
            raise FoldError(f"embargo {asked.embargo} leaves fold {number} fewer than two sessions to train on")
        folds.append(Fold(number, train, embargoed, range(first, min(first + asked.test, sessions))))
    return tuple(folds)


def _embargoed(tests: Sequence[range], embargo: int, train: range) -> frozenset[int]:
    return frozenset(
        place for test in tests for place in range(max(test.stop, train.start), min(test.stop + embargo, train.stop))
    )
