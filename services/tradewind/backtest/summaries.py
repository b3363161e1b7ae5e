"""How one run of many did, from arrays; the formulas are those of `metrics`."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np

from tradewind.backtest.compiler import Integers
from tradewind.backtest.folds import Booleans
from tradewind.backtest.market import Outcome
from tradewind.backtest.metrics import cagr, calmar, sharpe, sortino

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
    returns = session_returns(outcome, cash)
    equity = outcome.equity
    if counted is not None and not counted.all():
        returns = [each for each, counts in zip(returns, counted.tolist(), strict=True) if counts]
        equity = np.rint(cash * np.cumprod(1 + np.array(returns))).astype(np.int64)
    grown = cagr(cash, int(equity[-1]), int(outcome.session[-1] - outcome.session[0]))
    fall = deepest_fall(cash, equity)
    return Summary(
        total_return=int(equity[-1]) / cash - 1,
        cagr=grown,
        sharpe=sharpe(returns, sessions_per_year),
        sortino=sortino(returns, sessions_per_year),
        max_drawdown=fall,
        calmar=calmar(grown, fall),
        fills=outcome.fills,
        session_sharpe=sharpe(returns, 1),
    )


def deepest_fall(cash: int, equity: Integers) -> float:
    """Return `metrics.max_drawdown` of an array."""
    peak = np.maximum(np.maximum.accumulate(equity), cash)
    return min(float(np.min(equity / peak - 1)), 0.0)
