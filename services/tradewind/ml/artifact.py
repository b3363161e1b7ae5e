"""Trained models on disk: a Keras file and a JSON card, written together or not at all."""

import hashlib
import json
import os
import shutil
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from tradewind.ml.backend import import_tensorflow
from tradewind.ml.dataset import Scaler
from tradewind.ml.evaluation import Evaluation

_NETWORK: Final = "network.keras"
_CARD: Final = "model.json"


class BrokenArtifactError(ValueError):
    """A model's folder that is not whole."""

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(f"{folder}: {reason}")
        self.folder = folder


@dataclass(frozen=True)
class ModelCard:
    """All that is known of a trained network but its weights.

    Attributes:
        model_version: names it.
        trained_through: close of the last bar that training saw.
        data_fingerprint: of those bars.
        feature_fingerprint: of the features' definition.
        parameters: those that shaped it.
        scaler: fitted on its training part.
        evaluation: on its validation part.
    """

    model_version: str
    trained_through: datetime
    data_fingerprint: str
    feature_fingerprint: str
    parameters: dict[str, int | float]
    scaler: Scaler
    evaluation: Evaluation


def artifact_folder(data_dir: Path, strategy_id: str, model_version: str) -> Path:
    """Return where a model lies."""
    return data_dir / "models" / strategy_id / model_version


def save_artifact(folder: Path, card: ModelCard, network: Any) -> None:
    """Write a model's folder: into a folder beside it first, then renamed; one that is there is replaced."""
    partial = folder.with_name(f".{folder.name}.{os.getpid()}")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    network.save(partial / _NETWORK)
    document = asdict(card) | {
        "trained_through": card.trained_through.isoformat(),
        "network_sha256": _sha256(partial / _NETWORK),
    }
    (partial / _CARD).write_text(json.dumps(document, indent=2), encoding="utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    partial.rename(folder)


def load_card(folder: Path) -> ModelCard:
    """Read a model's card and check its network file against it.

    Raises:
        BrokenArtifactError: a file is missing, unreadable or not the one that was written.
    """
    try:
        document = json.loads((folder / _CARD).read_text(encoding="utf-8"))
        if document.pop("network_sha256") != _sha256(folder / _NETWORK):
            raise BrokenArtifactError(folder, f"{_NETWORK} is not the file that training wrote")
        scaler = document.pop("scaler")
        return ModelCard(
            trained_through=datetime.fromisoformat(document.pop("trained_through")),
            scaler=Scaler(tuple(scaler["mean"]), tuple(scaler["deviation"]), scaler["return_deviation"]),
            evaluation=Evaluation(**document.pop("evaluation")),
            **document,
        )
    except OSError as error:
        raise BrokenArtifactError(folder, f"{error.filename}: {error.strerror}") from None
    except (KeyError, TypeError, json.JSONDecodeError) as error:
        raise BrokenArtifactError(folder, f"{_CARD}: {error!r}") from None


def load_network(folder: Path) -> Any:
    """Load a model's Keras network. Keras' safe mode runs no code from the file."""
    _, keras = import_tensorflow()
    return keras.saving.load_model(folder / _NETWORK, compile=False, safe_mode=True)


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
