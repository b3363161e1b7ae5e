"""The trainer, a process of its own: `python -m tradewind.ml.training --through INSTANT`.

It reads bars from the database, trains, writes the artifact and records it. Each epoch is one JSON line on standard
output, {"epoch": ..., "epochs": ..., ...}; the last line is {"model_version": ...} or {"error": ...}. It ends when its
standard input closes: its parent has died.
"""

import argparse
import json
import os
import sys
import threading
from dataclasses import asdict
from datetime import datetime
from typing import Any

from tradewind.manifest.load import load_strategy
from tradewind.ml.artifact import ModelCard, artifact_folder
from tradewind.ml.dataset import TooFewBarsError
from tradewind.ml.history import stored_history
from tradewind.ml.models import lstm_parameters
from tradewind.ml.settings import MlSettings
from tradewind.ml.train import train_lstm
from tradewind.runtime.logs import configure_logs
from tradewind.store.database import connect
from tradewind.store.models import ModelRecord, add_model


def main() -> int:
    """Train once; return the exit status."""
    parser = argparse.ArgumentParser(description="Train the LSTM of one strategy on stored bars.")
    parser.add_argument("--through", type=datetime.fromisoformat, required=True, help="close of the last bar to learn")
    through: datetime = parser.parse_args().through
    settings = MlSettings()
    configure_logs("ml-trainer", settings.log_format, settings.log_level)
    threading.Thread(target=_end_with_parent, name="end-with-parent", daemon=True).start()
    spec = load_strategy(settings.manifest).spec
    parameters = lstm_parameters(spec)
    if parameters is None:
        _say(error=f"{spec.signal.model} is a rule: there is nothing to train")
        return 2
    with connect(settings.database_url) as connection:
        bars = stored_history(connection, spec, through)
        try:
            card = train_lstm(bars, through, parameters, settings.data_dir, settings.strategy_id, _say_epoch)
        except TooFewBarsError as error:
            _say(error=str(error))
            return 1
        add_model(connection, settings.strategy_id, record_of(card, settings))
    _say(model_version=card.model_version)
    return 0


def record_of(card: ModelCard, settings: MlSettings) -> ModelRecord:
    """Return the registry's row of a trained model."""
    folder = artifact_folder(settings.data_dir, settings.strategy_id, card.model_version)
    return ModelRecord(
        model_version=card.model_version,
        trained_through=card.trained_through,
        data_fingerprint=card.data_fingerprint,
        artifact=str(folder.relative_to(settings.data_dir)),
        parameters=dict(card.parameters),
        metrics=asdict(card.evaluation),
    )


def _say_epoch(epoch: int, epochs: int, loss: float, validation_loss: float) -> None:
    _say(epoch=epoch, epochs=epochs, loss=round(loss, 6), validation_loss=round(validation_loss, 6))


def _say(**line: Any) -> None:
    print(json.dumps(line), flush=True)


def _end_with_parent() -> None:
    while os.read(sys.stdin.fileno(), 4096):
        pass
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main())
