"""Trains the models that a sweep or a walk-forward needs, each on what its fold may know."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tradewind.backtest.folds import make_folds, require_judged
from tradewind.backtest.trials import SweepError, Trials, is_trained, training_of
from tradewind.desk.errors import DeskError
from tradewind.desk.reporter import Reporter
from tradewind.manifest.resources import StrategySpec, TradingStrategy
from tradewind.manifest.trials import WalkForward
from tradewind.signals.lstm_parameters import LSTM, lstm_of

if TYPE_CHECKING:
    from tradewind.backtest.market import Market
    from tradewind.backtest.trained import Trained
    from tradewind.ml.dataset import Bars
    from tradewind.ml.expectations import Lesson

MOST_TRAININGS: Final = 1_000
"""Models that one sweep or walk-forward may train; each takes seconds to minutes."""


def check_training(spec: StrategySpec, walk_forward: WalkForward | None, trials: Trials, sessions: int) -> None:
    """Check that what has to be trained for the trials is not too much, and leaves something to compare models on.

    Raises:
        SweepError: more than MOST_TRAININGS models.
        FoldError: see `make_folds` and `require_judged`.
    """
    if not is_trained(spec):
        return
    models = len({training_of(spec.signal.model, trial.parameters) for trial in trials.tried})
    folds = 1
    if walk_forward is not None:
        made = make_folds(sessions, walk_forward)
        require_judged(made)
        folds = len(made)
    if models * folds > MOST_TRAININGS:
        parts = f"{models} combinations of what shapes a model x {folds} folds"
        raise SweepError(
            "sweep",
            f"{parts} = {models * folds} trainings, at most {MOST_TRAININGS}: try fewer values of lookback and its "
            "like; thresholds, risk., sizing. and execution. need no training of their own",
        )


def train_for_trials(
    strategy: TradingStrategy,
    walk_forward: WalkForward | None,
    trials: Trials,
    bars: "Bars",
    market: "Market",
    data_dir: Path,
    reporter: Reporter,
) -> "Trained":
    """Return what models trained for each fold, or once for all, say of a market.

    Raises:
        DeskError: too few bars to learn from.
    """
    # Imported here: they bring numba, and TensorFlow where a model is trained.
    from tradewind.backtest.trained import Trained, expected_on
    from tradewind.ml.anomaly import TooFewBarsForGuardError
    from tradewind.ml.dataset import TooFewBarsError
    from tradewind.ml.expectations import expectations_of

    spec = strategy.spec
    kinds = {training_of(spec.signal.model, trial.parameters): trial.parameters for trial in trials.tried}
    lessons = list(lessons_of(spec, walk_forward, market))
    said = {}
    for place, lesson in enumerate(lessons):
        for number, (kind, parameters) in enumerate(kinds.items()):
            done = place * len(kinds) + number
            reporter.show("training models", done, len(lessons) * len(kinds))
            chosen = lstm_of(parameters) if spec.signal.model == LSTM else None
            try:
                given = expectations_of(spec, bars, chosen, lesson, data_dir, str(strategy.id), _quiet)
            except (TooFewBarsError, TooFewBarsForGuardError) as error:
                where = "" if walk_forward is None else f"fold {place + 1} of spec.walkForward: "
                more = "" if walk_forward is None else ", or give walkForward.train more sessions"
                raise DeskError(f"the backtest can't be run: {where}{error}{more}") from error
            said[place, kind] = expected_on(market, given)
    reporter.show("training models", len(said), len(said))
    return Trained(said)


def _quiet(epoch: int, epochs: int, loss: float, validation_loss: float) -> None:
    """Hear of an epoch of one of many trainings."""


def lessons_of(spec: StrategySpec, asked: WalkForward | None, market: "Market") -> "Iterator[Lesson]":
    """Yield what each fold's models learn from, and are asked of; without folds, as a desk that starts at tradeFrom."""
    from tradewind.domain.bars import from_micros
    from tradewind.ml.dataset import LearningPart
    from tradewind.ml.expectations import Lesson
    from tradewind.ml.models import training_cut

    time, sessions = market.history.time, market.sessions.tolist()
    if asked is None:
        cut = training_cut(spec)
        yield Lesson(cut, cut, from_micros(int(time[-1])))
        return
    for fold in make_folds(len(sessions), asked):
        trained = market.instants(sessions[fold.train[0]], sessions[fold.train[-1]])
        judged = market.instants(sessions[fold.judged[0]], sessions[fold.judged[-1]])
        tested = market.instants(sessions[fold.test[0]], sessions[fold.test[-1]])
        yield Lesson(
            through=from_micros(int(time[trained[-1]])),
            after=from_micros(int(time[judged[0] - 1])),
            until=from_micros(int(time[tested[-1]])),
            part=LearningPart(
                first=sessions[fold.train[0]],
                validation=sessions[fold.judged[0]],
                without=tuple(sessions[place] for place in sorted(fold.embargoed)),
            ),
        )
