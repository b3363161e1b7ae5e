"""Runs vectorised rules, in batch and live, and holds them to what they promise."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from tradewind.signals.parameters import SignalError
from tradewind.signals.rule import Floats, Integers, Rule, VectorisedRule


class RuleFailedError(SignalError):
    """A rule that failed on bars, or answered what is no side. Where its own code raised, that error is the cause."""

    def __init__(self, model: str, reason: str) -> None:
        super().__init__(f"spec.signal.model: {model} {reason}")
        self.model = model


@contextmanager
def failures_of(rule: Rule) -> Iterator[None]:
    """Turn whatever a rule's code raises into RuleFailedError, the rule's own error and traceback kept as its cause."""
    try:
        yield
    except RuleFailedError:
        raise
    except Exception as error:  # whatever a stranger's rule raises
        raise RuleFailedError(rule.name, f"failed: {type(error).__name__}: {error}") from error


def vectorised_sides(rule: VectorisedRule, parameters: Floats, bars: Floats) -> Integers:
    """Return the sides of all bars of one symbol, int64[T]; a bar with fewer than look-back bars before it holds.

    Args:
        rule: whose sides.
        parameters: as its `read` gives them.
        bars: float64[T, 5], ascending; the rule gets a copy.

    Raises:
        RuleFailedError: it raised, or its answer is not T sides of -1, 0 and 1.
    """
    with failures_of(rule):
        given = np.asarray(rule.signals(bars.copy(), parameters.copy()))
        waits = int(rule.look_back(parameters))
    if given.shape != (len(bars),) or given.dtype.kind != "i":
        raise RuleFailedError(rule.name, f"gives {given.dtype} of shape {given.shape} for {len(bars)} bars")
    sides = given.astype(np.int64)
    if np.any(np.abs(sides) > 1):
        raise RuleFailedError(rule.name, f"gives {sides[np.abs(sides) > 1][0]}, which is no side")
    sides[:waits] = 0
    return sides
