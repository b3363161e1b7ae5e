"""The policy: what a prediction or a rule's step becomes. Floats turn into 10^-8 integers here, once, and stay so."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from tradewind.domain.money import RATE_SCALE
from tradewind.domain.orders import Side


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Expected returns, 10^-8, from which on (buy) and down from which (sell) the policy acts."""

    buy: int
    sell: int


@dataclass(frozen=True, slots=True)
class Anomaly:
    """What the anomaly guard says of a bar. Score and threshold in 10^-8, higher is stranger."""

    score: int
    threshold: int
    features: Mapping[str, int]
    """The features that stand out most, each with its distance from the training median in robust deviations, 10^-8."""

    @property
    def anomalous(self) -> bool:
        """Whether the bar is stranger than the guard lets pass."""
        return self.score > self.threshold


@dataclass(frozen=True, slots=True)
class Decision:
    """A side and why. Expected return and confidence in 10^-8, None where nothing was predicted."""

    side: Side
    reason: str
    expected_return: int | None = None
    confidence: int | None = None


def ratio_units(value: float) -> int:
    """Return a ratio in 10^-8, rounded half away from zero.

    Raises:
        ValueError: the value is not finite.
    """
    if not math.isfinite(value):
        raise ValueError(f"{value} is not a finite ratio")
    return int((Decimal(value) * RATE_SCALE).to_integral_value(ROUND_HALF_UP))


def decide_on_prediction(expected_return: float, confidence: float, thresholds: Thresholds) -> Decision:
    """Return what an expected log return over the model's horizon calls for.

    Raises:
        ValueError: the prediction is not finite.
    """
    expected, sure = ratio_units(expected_return), ratio_units(confidence)
    if expected >= thresholds.buy:
        side, why = Side.BUY, f"is at least buyThreshold {_percent(thresholds.buy)}"
    elif expected <= thresholds.sell:
        side, why = Side.SELL, f"is at most sellThreshold {_percent(thresholds.sell)}"
    else:
        side, why = Side.HOLD, f"lies between {_percent(thresholds.sell)} and {_percent(thresholds.buy)}"
    return Decision(side, f"expected return {_percent(expected)} {why}", expected, sure)


def decide_on_step(rule: str, step: int) -> Decision:
    """Return what a rule strategy's step calls for: 1 BUY, -1 SELL, 0 HOLD."""
    side = Side(step)
    return Decision(side, f"{rule} gives no signal" if side is Side.HOLD else f"{rule} says {side.name}")


def wait_for_history(bars: int, needed: int) -> Decision:
    """Return HOLD for a bar with too few bars before it."""
    return Decision(Side.HOLD, f"{bars} of {needed} bars needed so far")


def guard(decision: Decision, anomaly: Anomaly | None) -> Decision:
    """Return the decision, or HOLD with the reason where the guard finds the bar anomalous."""
    if anomaly is None or not anomaly.anomalous:
        return decision
    told = ", ".join(f"{name} {units / RATE_SCALE:+.1f}" for name, units in anomaly.features.items())
    scores = f"score {anomaly.score / RATE_SCALE:.4f} above {anomaly.threshold / RATE_SCALE:.4f}"
    reason = f"anomalous bar ({scores}; {told}), instead of {decision.side.name}"
    return Decision(Side.HOLD, reason, decision.expected_return, decision.confidence)


def _percent(units: int) -> str:
    return f"{100 * units / RATE_SCALE:+.3f}%"
