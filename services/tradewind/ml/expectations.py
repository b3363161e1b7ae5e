"""What a model says of the bars after those that it learned from; trials decide on that, each in its way."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from tradewind.domain.bars import to_micros
from tradewind.domain.money import parse_rate
from tradewind.manifest.resources import StrategySpec
from tradewind.ml.anomaly import fit_detector
from tradewind.ml.artifact import artifact_folder, load_network
from tradewind.ml.dataset import Bars, LearningPart, by_instant
from tradewind.ml.engine import LstmDecider
from tradewind.ml.lstm import OnEpoch, Predictor
from tradewind.ml.train import train_lstm
from tradewind.signals.expectations import NOTHING, Booleans, Expectations
from tradewind.signals.features import LOOK_BACK, features_of
from tradewind.signals.lstm_parameters import LstmParameters
from tradewind.signals.rule import Integers
from tradewind.signals.series import series_of


@dataclass(frozen=True)
class Lesson:
    """What a model learns from, and of which bars it is asked afterwards.

    Args:
        through: the close of the last bar that it learns from.
        after: it is asked of the bars that close after this one: the same, or earlier, where what it says of its own
            validation part is wanted.
        until: and not after this one.
        part: which of the bars up to `through` it learns from; None for all of them.
    """

    through: datetime
    after: datetime
    until: datetime
    part: LearningPart | None = None


def expectations_of(
    spec: StrategySpec,
    bars: Bars,
    parameters: LstmParameters | None,
    lesson: Lesson,
    data_dir: Path,
    strategy_id: str,
    on_epoch: OnEpoch,
) -> dict[str, tuple[Integers, Expectations]]:
    """Train, or find the same model trained before, and return by symbol (closes in microseconds, what is expected).

    Args:
        spec: the strategy, whose symbols and anomaly guard count.
        bars: by symbol, ascending.
        parameters: the LSTM's; None for a rule, of whose bars only the guard says something.
        lesson: what is learned, and asked.
        data_dir: where models are kept.
        strategy_id: whose.
        on_epoch: hears of training's progress.

    Raises:
        TooFewBarsError, TooFewBarsForGuardError: too little to learn from.
    """
    asked = {
        symbol: [place for place, bar in enumerate(bars[symbol]) if lesson.after < bar.close_time <= lesson.until]
        for symbol in spec.symbols
    }
    expected = {} if parameters is None else _expected(spec, bars, parameters, lesson, data_dir, strategy_id, on_epoch)
    strange = _strange(spec, bars, lesson.through)
    found = {}
    for symbol, places in asked.items():
        closes = [bars[symbol][place].close_time for place in places]
        returns = np.array([expected.get((symbol, close), NOTHING) for close in closes], np.int64)
        here = Expectations(returns, strange[symbol][places])
        found[symbol] = np.array([to_micros(close) for close in closes], np.int64), here
    return found


def _expected(
    spec: StrategySpec,
    bars: Bars,
    parameters: LstmParameters,
    lesson: Lesson,
    data_dir: Path,
    strategy_id: str,
    on_epoch: OnEpoch,
) -> dict[tuple[str, datetime], int]:
    """Return the expected returns, 10^-8, bit by bit those of the live engine with this model."""
    chosen = {symbol: bars[symbol] for symbol in spec.symbols}
    card = train_lstm(chosen, lesson.through, parameters, data_dir, strategy_id, on_epoch, lesson.part)
    network = load_network(artifact_folder(data_dir, strategy_id, card.model_version))
    predictor = Predictor(network, card.scaler, len(spec.symbols))
    decider = LstmDecider(predictor, card.evaluation.residual_deviation, parameters, spec.symbols)
    expected = {}
    for instant, here in by_instant(chosen).items():
        if instant <= lesson.after:
            decider.learn(here)
        elif instant <= lesson.until:
            for symbol, decision in decider.decide(here).items():
                if decision.expected_return is not None:
                    expected[symbol, instant] = decision.expected_return
    return expected


def _strange(spec: StrategySpec, bars: Bars, through: datetime) -> Mapping[str, Booleans]:
    """Return of each symbol which bars the guard holds for anomalous, bool[its bars]; it is fitted up to `through`."""
    guard = spec.signal.anomaly_guard
    strange = {symbol: np.zeros(len(bars[symbol]), np.bool_) for symbol in spec.symbols}
    if guard is None:
        return strange
    detector = fit_detector({s: bars[s] for s in spec.symbols}, through, parse_rate(guard.contamination))
    for symbol, rows in strange.items():
        judged = detector.judge(features_of(series_of(bars[symbol])))
        rows[LOOK_BACK:] = [anomaly.anomalous for anomaly in judged]
    return strange
