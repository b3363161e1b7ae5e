"""Training: from bars before the cut to a model on disk. No database in here: a backtest trains the same way."""

from dataclasses import asdict
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import numpy as np

from tradewind.ml.artifact import BrokenArtifactError, ModelCard, artifact_folder, load_card, save_artifact
from tradewind.ml.dataset import Bars, LearningPart, Scaler, bars_through, samples_of, split
from tradewind.ml.evaluation import evaluate
from tradewind.ml.fingerprint import data_fingerprint, version_of
from tradewind.ml.lstm import DEFINITION, OnEpoch, Predictor, train_network
from tradewind.signals.features import FINGERPRINT
from tradewind.signals.lstm_parameters import LSTM, LstmParameters


def lstm_version(seen: Bars, parameters: LstmParameters, part: LearningPart | None = None) -> str:
    """Return the version of the model that these training bars and parameters make."""
    chosen = {} if part is None else {"part": asdict(part)}
    return version_of(
        LSTM,
        data=data_fingerprint(seen),
        features=FINGERPRINT,
        parameters=parameters.training(),
        definition=DEFINITION,
        libraries=[version("tensorflow"), version("keras")],
        **chosen,
    )


def is_current(card: ModelCard, parameters: LstmParameters) -> bool:
    """Return whether this code and these parameters can use a model trained earlier."""
    return card.feature_fingerprint == FINGERPRINT and card.parameters == parameters.training()


def train_lstm(
    bars: Bars,
    through: datetime,
    parameters: LstmParameters,
    data_dir: Path,
    strategy_id: str,
    on_epoch: OnEpoch,
    part: LearningPart | None = None,
) -> ModelCard:
    """Train on the bars that close not after `through`, or find that just this model was trained before.

    `part` says which of them count; all do without it.

    Raises:
        TooFewBarsError: not enough of them.
    """
    seen = bars_through(bars, through)
    model_version = lstm_version(seen, parameters, part)
    folder = artifact_folder(data_dir, strategy_id, model_version)
    try:
        return load_card(folder)
    except BrokenArtifactError:
        pass  # not trained yet, or not whole: trained now
    training, validation = split(samples_of(seen, parameters.lookback, parameters.horizon), part)
    scaler = Scaler.fit(training)
    network = train_network(training, validation, scaler, parameters, on_epoch)
    predicted = Predictor(network, scaler, len(seen)).predict_many(validation.windows)
    card = ModelCard(
        model_version=model_version,
        trained_through=max(rows[-1].close_time for rows in seen.values() if rows),
        data_fingerprint=data_fingerprint(seen),
        feature_fingerprint=FINGERPRINT,
        parameters=parameters.training(),
        scaler=scaler,
        evaluation=evaluate(predicted, validation.returns, len(np.unique(validation.at))),
    )
    save_artifact(folder, card, network)
    return card
