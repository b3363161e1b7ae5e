"""Says plainly whether a model predicts better than no model."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from tradewind.signals.rule import Floats

EDGE: Final = "edge"
NO_EDGE: Final = "no edge"
_ONE_SIDED_95: Final = 1.645


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How predictions did on the validation part, which training saw only to know when to stop.

    Attributes:
        samples: predictions that were judged.
        instants: distinct instants among them: symbols move together, so only these count as independent.
        rmse_ratio: root mean square error over that of persistence, which predicts a return of 0; below 1 is better.
        directional_accuracy: share of returns other than 0 whose sign was right; None when there are none.
        majority_class: what always guessing the more frequent sign would have reached.
        residual_deviation: root mean square error, as a log return.
        verdict: "edge" when both beat their baselines, the direction with 95% certainty; else "no edge".
        summary: the verdict and its numbers in words.
    """

    samples: int
    instants: int
    rmse_ratio: float
    directional_accuracy: float | None
    majority_class: float | None
    residual_deviation: float
    verdict: str
    summary: str


def evaluate(predicted: Floats, returns: Floats, instants: int) -> Evaluation:
    """Judge predicted log returns, shape (n,), by the ones that came, shape (n,)."""
    error = _root_mean_square(predicted - returns)
    ratio = error / max(_root_mean_square(returns), 1e-12)
    moved = returns != 0
    accuracy = majority = None
    certain = False
    if moved.any():
        ups = float(np.mean(returns[moved] > 0))
        majority = max(ups, 1 - ups)
        accuracy = float(np.mean(np.sign(predicted[moved]) == np.sign(returns[moved])))
        certain = accuracy - majority > _ONE_SIDED_95 * math.sqrt(max(majority * (1 - majority), 1e-12) / instants)
    verdict = EDGE if ratio < 1 and certain else NO_EDGE
    summary = f"{verdict}: error {ratio:.3f} times that of predicting no change"
    if accuracy is not None and majority is not None:
        summary += f", direction right in {accuracy:.1%} against {majority:.1%} for always guessing the same"
    return Evaluation(len(returns), instants, ratio, accuracy, majority, error, verdict, summary)


def confidence_of(predicted: float, residual_deviation: float) -> float:
    """Return the probability that the sign of a predicted return is right, from 0.5 to 1.

    It holds if residuals are normal around 0 with the deviation seen in validation. Real ones have fatter tails, so
    it is an estimate, not a promise; on daily bars an honest one lies little above a half.
    """
    if residual_deviation <= 0:
        return 0.5
    return 0.5 * (1 + math.erf(abs(predicted) / (residual_deviation * math.sqrt(2))))


def _root_mean_square(values: Floats) -> float:
    return float(np.sqrt(np.mean(values * values)))
