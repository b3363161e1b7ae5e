"""How one run of many did, from arrays; the formulas are those of `metrics`."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np

from tradewind.backtest.blocks import Integers
from tradewind.backtest.folds import Booleans
from tradewind.backtest.market import Outcome
from tradewind.backtest.metrics import cagr, calmar, sortino
from tradewind.backtest.sharpe import session_sharpe

OBJECTIVES: Final[Mapping[str, str]] = {
    "Sharpe": "sharpe",
    "TotalReturn": "total_return",
    "Calmar": "calmar",
    "Sortino": "sortino",
}
"""The manifest's objectives by the names that summaries and documents have for them."""


@dataclass(frozen=True)
class Summary:
    """How one run did; ratios as in `metrics.Metrics`, undefined is None. `session_sharpe` is not annualised."""

    total_return: float
    cagr: float | None
    sharpe: float | None
    sortino: float | None
    max_drawdown: float
    calmar: float | None
    fills: int
    session_sharpe: float | None

    def objective(self, name: str) -> float | None:
        """Return what a manifest's objective looks at."""
        value: float | None = getattr(self, OBJECTIVES[name])
        return value

    def document(self) -> dict[str, Any]:
        """Return the summary as JSON's types."""
        names = ("total_return", "cagr", "sharpe", "sortino", "max_drawdown", "calmar", "fills")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True)
class Marks:
    """What a summary is made of.

    Args:
        days: the sessions' day numbers, ascending.
        equity: the last marked equity of each, money units.
        fall: the deepest fall of all marks, as `deepest_fall` gives it.
        fills: how many there were.
    """

    days: Sequence[int]
    equity: Sequence[int]
    fall: float
    fills: int


def session_marks(outcome: Outcome) -> tuple[list[int], list[int]]:
    """Return (day numbers, the last marked equity of each), ascending."""
    last = np.append(np.flatnonzero(np.diff(outcome.session)), len(outcome.session) - 1)
    return outcome.session[last].tolist(), outcome.equity[last].tolist()


def session_returns(outcome: Outcome, cash: int) -> list[float]:
    """Return each session's return of a run that began with this cash."""
    return [after / before - 1 for before, after in pairwise([cash, *session_marks(outcome)[1]])]


def summarise(outcome: Outcome, cash: int, sessions_per_year: int, counted: Booleans | None = None) -> Summary:
    """Return how a run did that began with this cash.

    Args:
        outcome: at least one instant.
        cash: what the account began with, money units.
        sessions_per_year: of the calendar.
        counted: which of the sessions count; the others' returns are left out as if the equity stood still. The growth
            a year is of the calendar days from the first session to the last in any case.
    """
    days, equity = session_marks(outcome)
    marks = Marks(days, equity, deepest_fall(cash, outcome.equity), outcome.fills)
    return summarise_marks(marks, cash, sessions_per_year, counted)


def summarise_marks(marks: Marks, cash: int, sessions_per_year: int, counted: Booleans | None = None) -> Summary:
    """Return `summarise` of what a run came to."""
    returns = np.array([after / before - 1 for before, after in pairwise([cash, *marks.equity])])
    last, fall = marks.equity[-1], marks.fall
    if counted is not None and not counted.all():
        returns = returns[counted]
        equity = np.rint(cash * np.cumprod(1 + returns)).astype(np.int64)
        last, fall = int(equity[-1]), deepest_fall(cash, equity)
    grown = cagr(cash, last, marks.days[-1] - marks.days[0])
    ratio = session_sharpe(returns)
    return Summary(
        total_return=last / cash - 1,
        cagr=grown,
        sharpe=None if ratio is None else ratio * math.sqrt(sessions_per_year),
        sortino=sortino(returns, sessions_per_year),
        max_drawdown=fall,
        calmar=calmar(grown, fall),
        fills=marks.fills,
        session_sharpe=ratio,
    )


def deepest_fall(cash: int, equity: Integers) -> float:
    """Return `metrics.max_drawdown` of an array."""
    peak = np.maximum(np.maximum.accumulate(equity), cash)
    return min(float(np.min(equity / peak - 1)), 0.0)
