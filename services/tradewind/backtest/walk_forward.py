"""Walk-forward: in each fold parameters are picked on the past, and judged on the sessions that follow."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tradewind.backtest.baseline import buy_and_hold
from tradewind.backtest.folds import Fold, make_folds
from tradewind.backtest.market import Market, Outcome, run_trial, window_of
from tradewind.backtest.sharpe import deflated_sharpe, probabilistic_sharpe
from tradewind.backtest.summaries import OBJECTIVES, Summary, session_returns, summarise
from tradewind.backtest.sweep import Progress, Span, best_of, no_progress, run_trials
from tradewind.backtest.trained import Given, Trained, TrialSides
from tradewind.backtest.trials import Trial, Trials
from tradewind.domain.bars import from_micros
from tradewind.domain.money import MONEY_SCALE, to_decimal
from tradewind.manifest.resources import StrategySpec
from tradewind.manifest.trials import WalkForward


class EmptyAccountError(ArithmeticError):
    """A fold that left nothing to trade with."""

    def __init__(self, number: int, equity: int) -> None:
        super().__init__(f"walk-forward: fold {number} ends with an equity of {to_decimal(equity, MONEY_SCALE)}")
        self.number = number


@dataclass(frozen=True)
class JudgedFold:
    """A fold with the trial that was picked, how it did where it was picked, and how it did afterwards."""

    fold: Fold
    picked_on: range
    """The sessions that trials were compared on: all of the training, or its last fifth where models are trained."""
    picked: Trial
    in_sample: Summary
    out_of_sample: Summary


@dataclass(frozen=True)
class WalkForwardResult:
    """What a walk-forward found.

    Args:
        asked: the folds as the manifest has them.
        objective: what parameters were picked by, as the manifest names it.
        sessions: the day numbers that folds count in.
        folds: in order of time.
        skipped: combinations that the rule refused.
        trial_sharpes: of every combination in every fold's training, a session, where it is defined.
        trials: how many of them there were, defined or not.
        stitched: the out-of-sample runs, one after the other.
        cash: what the first of them began with, money units.
        summary: of the stitched run.
        baseline: of buy-and-hold over the same instants.
    """

    asked: WalkForward
    objective: str
    sessions: Sequence[int]
    folds: Sequence[JudgedFold]
    skipped: int
    trial_sharpes: Sequence[float]
    trials: int
    stitched: Outcome
    cash: int
    summary: Summary
    baseline: Summary

    def document(self) -> dict[str, Any]:
        """Return the walk-forward as JSON's types: amounts as text, ratios as numbers, undefined as null."""
        returns = np.array(session_returns(self.stitched, self.cash))
        points = zip(self.stitched.time.tolist(), self.stitched.equity.tolist(), strict=True)
        return {
            "mode": self.asked.mode.lower(),
            "objective": OBJECTIVES[self.objective],
            "purge": self.asked.purge,
            "embargo": self.asked.embargo,
            "folds": [self._fold(judged) for judged in self.folds],
            "skipped": self.skipped,
            "trials": self.trials,
            "probabilistic_sharpe": probabilistic_sharpe(returns),
            "deflated_sharpe": deflated_sharpe(returns, self.trial_sharpes),
            "metrics": self.summary.document(),
            "baseline": self.baseline.document(),
            "equity": [
                {"time": from_micros(time).isoformat(), "equity": str(to_decimal(equity, MONEY_SCALE))}
                for time, equity in points
            ],
        }

    def _fold(self, judged: JudgedFold) -> dict[str, Any]:
        return {
            "number": judged.fold.number,
            "train": self._days(judged.fold.train),
            "picked_on": self._days(judged.picked_on),
            "test": self._days(judged.fold.test),
            "parameters": dict(judged.picked.given),
            "in_sample": judged.in_sample.document(),
            "out_of_sample": judged.out_of_sample.document(),
        }

    def _days(self, places: range) -> dict[str, Any]:
        first, last = (_day(self.sessions[place]) for place in (places[0], places[-1]))
        return {"from": first, "to": last, "sessions": len(places)}


def _day(number: int) -> str:
    return str(np.datetime64(number, "D"))


def run_walk_forward(
    spec: StrategySpec,
    market: Market,
    asked: WalkForward,
    objective: str,
    trials: Trials,
    progress: Progress = no_progress,
    workers: int | None = None,
    given: Given | None = None,
) -> WalkForwardResult:
    """Pick the best trial of every fold's training, and run it on the fold's test.

    A training run begins with the strategy's initial cash. A test begins in cash with the equity that the test before
    ended with: what was held then counts at its mark, without the cost of a sale. Rules see all bars since the market's
    first, those of training too; their signals before the test are not traded in it.

    Where models were trained for each fold (`given`), trials are compared on the last fifth of the training, which no
    model was fitted to.

    Raises:
        FoldError: the data has no room for a fold.
        TrialError: a trial failed.
        EmptyAccountError: a test ended with nothing to go on with.
    """
    sessions: list[int] = market.sessions.tolist()
    folds = make_folds(len(sessions), asked)

    def instants(places: range) -> range:
        return market.instants(sessions[places[0]], sessions[places[-1]])

    picked_on = [fold.judged if isinstance(given, Trained) else fold.train for fold in folds]
    spans = [
        Span(instants(places), fold.counted[places.start - fold.train.start :])
        for fold, places in zip(folds, picked_on, strict=True)
    ]
    trained = run_trials(spec, market, trials.tried, spans, progress, workers, given)
    year, cash = spec.instruments[0].sessions_per_year, spec.initial_cash
    judged: list[JudgedFold] = []
    outcomes: list[Outcome] = []
    sides = TrialSides(spec.signal.model, market, given)
    for place, fold in enumerate(folds):
        best = best_of([summaries[place].objective(objective) for summaries in trained])
        picked = trials.tried[best]
        if cash <= 0:
            raise EmptyAccountError(fold.number - 1, cash)
        outcome = run_trial(market, sides.of(picked, place).sides, picked.rules, cash, instants(fold.test))
        judged.append(JudgedFold(fold, picked_on[place], picked, trained[best][place], summarise(outcome, cash, year)))
        outcomes.append(outcome)
        cash = int(outcome.equity[-1])
    stitched = _stitch(outcomes)
    sharpes = [summary.session_sharpe for summaries in trained for summary in summaries]
    return WalkForwardResult(
        asked=asked,
        objective=objective,
        sessions=sessions,
        folds=judged,
        skipped=trials.skipped,
        trial_sharpes=[each for each in sharpes if each is not None],
        trials=len(sharpes),
        stitched=stitched,
        cash=spec.initial_cash,
        summary=summarise(stitched, spec.initial_cash, year),
        baseline=_held(spec, market, instants(range(folds[0].test.start, folds[-1].test.stop)), year),
    )


def _stitch(outcomes: Sequence[Outcome]) -> Outcome:
    return Outcome(
        time=np.concatenate([outcome.time for outcome in outcomes]),
        session=np.concatenate([outcome.session for outcome in outcomes]),
        equity=np.concatenate([outcome.equity for outcome in outcomes]),
        fills=sum(outcome.fills for outcome in outcomes),
    )


def _held(spec: StrategySpec, market: Market, instants: range, sessions_per_year: int) -> Summary:
    history = window_of(market.history, instants, np.zeros_like(market.history.side))
    curve = buy_and_hold(history, spec.rules(), spec.initial_cash)
    equity = np.array([point.equity for point in curve], np.int64)
    return summarise(Outcome(history.time, history.session, equity, 0), spec.initial_cash, sessions_per_year)
