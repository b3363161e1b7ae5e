"""The models in use: loaded or trained at start, replaced after a retraining."""

import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final

import structlog

from tradewind.manifest.resources import StrategySpec
from tradewind.ml.artifact import BrokenArtifactError, ModelCard, artifact_folder, load_card
from tradewind.ml.backend import import_tensorflow
from tradewind.ml.history import stored_history
from tradewind.ml.models import Models, load_models, lstm_parameters, training_cut
from tradewind.ml.settings import MlSettings
from tradewind.ml.train import is_current
from tradewind.ml.trainer import TrainingFailedError, run_trainer
from tradewind.runtime.health import Health
from tradewind.store.database import Connection, connect
from tradewind.store.models import read_latest_model
from tradewind.store.signals import read_last_signalled

log = structlog.get_logger(__name__)
_READY: Final = "model"


class RetrainingRunsError(RuntimeError):
    """A retraining is running already."""


class NotTrainableError(RuntimeError):
    """The strategy's signal is a rule: there is nothing to train."""


class CurrentModels:
    """Thread-safe holder of the models in use.

    Args:
        settings: where models and bars are.
        spec: what is to be trained.
        health: its condition "model" is met once there are models.
    """

    def __init__(self, settings: MlSettings, spec: StrategySpec, health: Health) -> None:
        self._settings = settings
        self._spec = spec
        self._health = health
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._models: Models | None = None
        self._retraining: threading.Thread | None = None

    @property
    def models(self) -> Models | None:
        """The models in use, None while there are none yet."""
        with self._lock:
            return self._models

    def warm_up(self) -> None:
        """Import what a neural model needs: it takes seconds, and for most of them no other thread runs."""
        if lstm_parameters(self._spec) is not None:
            import_tensorflow()

    def prepare(self, connection: Connection, stop: threading.Event) -> bool:
        """Load the registry's latest model, or train the first; return False when `stop` was set before.

        Raises:
            TrainingFailedError, TooFewBarsForGuardError: too little history, or the trainer died.
        """
        self._stop = stop
        card = self._recorded(connection)
        if card is None and lstm_parameters(self._spec) is not None:
            self._say_progress("training")
            # Meanwhile this process imports what it will need, which takes seconds.
            importing = threading.Thread(target=import_tensorflow, name="import-tensorflow")
            importing.start()
            try:
                card = self._train(training_cut(self._spec), stop, self._say_progress)
            finally:
                importing.join()
            if card is None:
                return False
        self._use(self._load(connection, card))
        return True

    def retrain(self) -> datetime:
        """Start a retraining on the bars up to the last signalled one; return that bar's close.

        Raises:
            NotTrainableError: the signal is a rule.
            RetrainingRunsError: one is running, or the first training is.
        """
        if lstm_parameters(self._spec) is None:
            raise NotTrainableError(f"{self._spec.signal.model} is a rule: there is nothing to train")
        with connect(self._settings.database_url) as connection:
            signalled = read_last_signalled(connection, self._settings.strategy_id, self._spec.feed.interval)
        through = max([training_cut(self._spec), *signalled.values()])
        with self._lock:
            if self._models is None or (self._retraining is not None and self._retraining.is_alive()):
                raise RetrainingRunsError("training is running already")
            self._retraining = threading.Thread(target=self._retrain, args=(through,), name="retraining")
            self._retraining.start()
        return through

    def close(self) -> None:
        """Wait for a running retraining to end, which it does soon after `stop` was set."""
        if self._retraining is not None:
            self._retraining.join()

    def _retrain(self, through: datetime) -> None:
        try:
            card = self._train(through, self._stop, lambda _: None)
            if card is not None:
                with connect(self._settings.database_url) as connection:
                    self._use(self._load(connection, card))
        except TrainingFailedError as error:
            log.error("retraining failed; the model in use stays", error=str(error))
        except Exception:  # a thread's own end: nobody else would log it
            log.exception("retraining failed; the model in use stays")

    def _say_progress(self, progress: str) -> None:
        self._health.unmet(_READY, progress)

    def _train(self, through: datetime, stop: threading.Event, say: Callable[[str], None]) -> ModelCard | None:
        version = run_trainer(through, stop, say)
        return None if version is None else load_card(self._folder(version))

    def _recorded(self, connection: Connection) -> ModelCard | None:
        """Return the registry's latest model where it is whole and this code's, else None."""
        record = read_latest_model(connection, self._settings.strategy_id)
        parameters = lstm_parameters(self._spec)
        if record is None or parameters is None:
            return None
        try:
            card = load_card(self._folder(record.model_version))
        except BrokenArtifactError as error:
            log.warning("a recorded model can't be used; training again", reason=str(error))
            return None
        return card if is_current(card, parameters) else None

    def _load(self, connection: Connection, card: ModelCard | None) -> Models:
        through = training_cut(self._spec) if card is None else card.trained_through
        guarded = self._spec.signal.anomaly_guard is not None
        bars = stored_history(connection, self._spec, through) if guarded else {}
        return load_models(self._spec, bars, card, self._settings.data_dir, self._settings.strategy_id)

    def _use(self, models: Models) -> None:
        with self._lock:
            self._models = models
        self._health.met(_READY)
        evaluation = None if models.network is None else models.network.card.evaluation.summary
        log.info("model in use", model_version=models.model_version, evaluation=evaluation)

    def _folder(self, model_version: str) -> Path:
        return artifact_folder(self._settings.data_dir, self._settings.strategy_id, model_version)
