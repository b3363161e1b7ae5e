"""Sweeps: every trial run over the same market, on all cores, with the same results however many there are."""

import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from threading import Event
from typing import Any, Final

from tradewind.backtest.folds import Booleans
from tradewind.backtest.jumps import Stretch, may_jump
from tradewind.backtest.market import Market, open_market, run_trial, save_market
from tradewind.backtest.summaries import OBJECTIVES, Summary, summarise, summarise_marks
from tradewind.backtest.trained import Given, TrialSides
from tradewind.backtest.trials import Trial, Trials
from tradewind.backtest.workers import Job, WorkError, cores, spread
from tradewind.manifest.resources import StrategySpec
from tradewind.manifest.trials import Sweep
from tradewind.signals.catalog import RULES
from tradewind.signals.lstm_parameters import LSTM
from tradewind.signals.rule import VectorisedRule

_ALONE: Final = 2.0
"""Seconds that trials run in this process before others are started for what is left: about what starting takes."""
_BATCH: Final = 16
"""How many trials a thread takes at a time."""

Progress = Callable[[int, int], None]
"""progress(done, total), after every trial."""


def no_progress(done: int, total: int) -> None:
    """Hear of progress and say nothing."""


class TrialError(RuntimeError):
    """A trial that could not be run: names its combination, and keeps what its process said."""

    def __init__(self, given: Mapping[str, str], detail: str) -> None:
        combination = ", ".join(f"{name} {value}" for name, value in given.items()) or "the strategy as it is"
        super().__init__(f"the trial of {combination} failed: {detail.strip()}")
        self.given = given
        self.detail = detail


@dataclass(frozen=True)
class Span:
    """Some instants of a market that a trial runs over; `counted` says which of its sessions count, None for all."""

    instants: range
    counted: Booleans | None = None


@dataclass(frozen=True)
class Common:
    """What all trials have in common, but for the market."""

    model: str
    cash: int
    sessions_per_year: int
    spans: Sequence[Span]
    given: Given | None = None


class _Runner:
    """Runs trials one after the other."""

    def __init__(self, market: Market, common: Common) -> None:
        self._market = market
        self._common = common
        self._stretches = [Stretch.of(market, span.instants) for span in common.spans]
        self._sides = TrialSides(common.model, market, common.given)

    def run(self, trial: Trial) -> list[Summary]:
        """Return the trial's summary of each span."""
        cash, year = self._common.cash, self._common.sessions_per_year
        may = may_jump(trial.rules, len(self._market.history.symbols))
        summaries = []
        for place, (span, stretch) in enumerate(zip(self._common.spans, self._stretches, strict=True)):
            sides, signals, whole = self._sides.of(trial, place)
            if may and whole:
                # What fails is run again bar by bar, which names the instant.
                with suppress(ArithmeticError, ValueError):
                    marks = stretch.run(sides, signals, trial.rules, cash)
                    summaries.append(summarise_marks(marks, cash, year, span.counted))
                    continue
            outcome = run_trial(self._market, sides, trial.rules, cash, span.instants)
            summaries.append(summarise(outcome, cash, year, span.counted))
        return summaries

    def run_named(self, trial: Trial) -> list[Summary]:
        """Run a trial; whatever it raises becomes a TrialError."""
        try:
            return self.run(trial)
        except Exception as error:
            raise TrialError(trial.given, "; ".join([str(error), *getattr(error, "__notes__", [])])) from error


def run_trials(
    spec: StrategySpec,
    market: Market,
    trials: Sequence[Trial],
    spans: Sequence[Span],
    progress: Progress = no_progress,
    workers: int | None = None,
    given: Given | None = None,
) -> list[list[Summary]]:
    """Run every trial over every span; return the summaries by trial and span.

    Args:
        spec: the strategy that is varied.
        market: its bars.
        trials: what to try.
        spans: over which instants; each run begins with the strategy's initial cash.
        progress: hears of every trial done.
        workers: how many threads, or processes for a vectorised rule; 1 is this one, None as many as there are cores.
        given: signals that are not the rule's own, or not alone; what is trained for a place is for that span.

    Raises:
        TrialError: one of them failed; all are ended.
    """
    common = Common(spec.signal.model, spec.initial_cash, spec.instruments[0].sessions_per_year, spans, given)
    crew = cores() if workers is None else workers
    # What is compiled runs without the interpreter's lock. A vectorised rule is Python, which would hold it, and may
    # keep things between calls; processes that take seconds to start are worth it where this one has not done by then.
    by_process = common.model != LSTM and isinstance(RULES[common.model], VectorisedRule)
    alone = _ALONE if by_process and workers is None else 0.0
    here = trials if crew == 1 or alone or not by_process else ()
    runner = _Runner(market, common)
    done: list[list[Summary]] = []
    started = time.perf_counter()
    for trial in here:
        if done and crew > 1 and time.perf_counter() - started >= alone:
            break
        done.append(runner.run_named(trial))
        if len(done) == 1:
            # The first one may have compiled the rules, which is no measure of the others.
            started = time.perf_counter()
        progress(len(done), len(trials))
    work = _spread if by_process else _share
    return done + work(common, market, trials[len(done) :], lambda n: progress(len(done) + n, len(trials)), crew)


def _share(
    common: Common, market: Market, trials: Sequence[Trial], tell: Callable[[int], None], workers: int
) -> list[list[Summary]]:
    """Run trials by threads, each with a runner of its own, some trials at a time."""
    size = max(1, min(_BATCH, len(trials) // (4 * workers)))
    batches = [trials[place : place + size] for place in range(0, len(trials), size)]
    runners: SimpleQueue[_Runner] = SimpleQueue()
    for _ in range(min(workers, len(batches))):
        runners.put(_Runner(market, common))
    ended = Event()

    def run(batch: Sequence[Trial]) -> list[list[Summary]]:
        runner = runners.get()
        try:
            return [runner.run_named(trial) for trial in batch if not ended.is_set()]
        finally:
            runners.put(runner)

    if not batches:
        return []
    pool = ThreadPoolExecutor(runners.qsize(), "sweep")
    try:
        futures = [pool.submit(run, batch) for batch in batches]
        told = 0
        for future in as_completed(futures):
            for _ in future.result():
                told += 1
                tell(told)
        return [summaries for future in futures for summaries in future.result()]
    finally:
        # Whatever happens, the threads end after the trial that they are at.
        ended.set()
        pool.shutdown(cancel_futures=True)


def _spread(
    common: Common, market: Market, trials: Sequence[Trial], tell: Callable[[int], None], workers: int
) -> list[list[Summary]]:
    if not trials:
        return []
    results: dict[int, list[Summary]] = {}
    with tempfile.TemporaryDirectory(prefix="tradewind-sweep-") as name:
        folder = Path(name)
        save_market(market, folder)
        opening = partial(_open, folder, market.history.symbols, market.first, common)
        job: Job[Trial, list[Summary]] = Job(opening, _Runner.run)
        # Closed here, whatever happens: that ends the workers.
        with closing(spread(job, trials, workers)) as finished:
            try:
                for place, result in finished:
                    results[place] = result
                    tell(len(results))
            except WorkError as error:
                raise TrialError(trials[error.place].given, error.detail) from None
    return [results[place] for place in range(len(trials))]


def _open(folder: Path, symbols: tuple[str, ...], first: int, common: Common) -> _Runner:
    return _Runner(open_market(folder, symbols, first), common)


def best_of(objectives: Sequence[float | None]) -> int:
    """Return the place of the greatest objective: of equal ones the first, and undefined is less than any."""
    ranks = [-float("inf") if objective is None else objective for objective in objectives]
    return ranks.index(max(ranks))


@dataclass(frozen=True)
class SweepResult:
    """What a sweep found; `summaries` are by trial."""

    sweep: Sweep
    trials: Trials
    summaries: Sequence[Summary]

    @property
    def best(self) -> int:
        """The place of the best trial."""
        return best_of([summary.objective(self.sweep.objective) for summary in self.summaries])

    def document(self) -> dict[str, Any]:
        """Return the sweep as JSON's types; trials in the grid's order."""
        sweep = self.sweep
        trials = [
            {
                "parameters": dict(trial.given),
                "objective": summary.objective(sweep.objective),
                "metrics": summary.document(),
            }
            for trial, summary in zip(self.trials.tried, self.summaries, strict=True)
        ]
        return {
            "parameters": {name: list(values.chosen()) for name, values in sweep.parameters.items()},
            "objective": OBJECTIVES[sweep.objective],
            "search": sweep.search.lower(),
            "seed": sweep.seed,
            "combinations": sweep.combinations,
            "skipped": self.trials.skipped,
            "trials": trials,
            "best": trials[self.best],
        }


def run_sweep(
    spec: StrategySpec,
    market: Market,
    sweep: Sweep,
    trials: Trials,
    progress: Progress = no_progress,
    workers: int | None = None,
    given: Given | None = None,
) -> SweepResult:
    """Run the trials of a sweep over everything that the market trades; parameters as `run_trials` has them.

    Raises:
        TrialError: one of them failed.
    """
    span = Span(range(market.first, len(market.history.time)))
    summaries = run_trials(spec, market, trials.tried, [span], progress, workers, given)
    return SweepResult(sweep, trials, [each[0] for each in summaries])
