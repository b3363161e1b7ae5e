from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tradewind.domain.bars import Bar
from tradewind.ml.artifact import BrokenArtifactError, ModelCard, artifact_folder, load_card, load_network
from tradewind.ml.dataset import bars_through, samples_of
from tradewind.ml.lstm import Predictor
from tradewind.ml.train import is_current, lstm_version, train_lstm
from tradewind.signals.lstm_parameters import read_lstm_parameters

# Keras turns its tensors into arrays the way NumPy 1 wanted it.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy keyword")

MakeBars = Callable[[str, int, int], list[Bar]]
TINY = read_lstm_parameters({"lookback": "5", "units": "4", "epochs": "2"})
BEFORE_CUT = 320


@dataclass(frozen=True)
class Trained:
    """A model and where it lies."""

    card: ModelCard
    data_dir: Path

    @property
    def folder(self) -> Path:
        return artifact_folder(self.data_dir, "s", self.card.model_version)

    @property
    def network(self) -> Any:
        return load_network(self.folder)


def quiet(*_: object) -> None:
    """Hear of an epoch."""


@pytest.fixture(scope="module")
def bars(make_bars: MakeBars) -> dict[str, list[Bar]]:
    return {"A": make_bars("A", BEFORE_CUT + 10, 1), "B": make_bars("B", BEFORE_CUT + 10, 2)}


@pytest.fixture(scope="module")
def trained(bars: dict[str, list[Bar]], tmp_path_factory: pytest.TempPathFactory) -> Trained:
    data_dir = tmp_path_factory.mktemp("trained")
    return Trained(train_lstm(bars, bars["A"][BEFORE_CUT - 1].close_time, TINY, data_dir, "s", quiet), data_dir)


def test_equal_bars_before_the_cut_and_seed_give_equal_weights_whatever_comes_after(
    trained: Trained, bars: dict[str, list[Bar]], tmp_path: Path
) -> None:
    future = {s: rows[:BEFORE_CUT] + [replace(bar, volume=1) for bar in rows[BEFORE_CUT:]] for s, rows in bars.items()}
    again = Trained(train_lstm(future, trained.card.trained_through, TINY, tmp_path, "s", quiet), tmp_path)
    assert again.card == trained.card
    assert again.card.trained_through == bars["A"][BEFORE_CUT - 1].close_time
    weights = zip(trained.network.get_weights(), again.network.get_weights(), strict=True)
    assert all(np.array_equal(left, right) for left, right in weights)


def test_a_window_gets_the_same_bits_in_every_row_and_company(trained: Trained, bars: dict[str, list[Bar]]) -> None:
    windows = samples_of(bars, TINY.lookback, TINY.horizon).windows[:51]
    predictor = Predictor(trained.network, trained.card.scaler, rows=2)
    many = predictor.predict_many(windows)
    assert many.shape == (51,)
    assert many.std() > 0
    for i in range(0, 51, 7):
        assert predictor.predict(windows[[i, 50 - i]])[0] == many[i]
        assert predictor.predict(windows[[50 - i, i]])[1] == many[i]


def test_the_same_model_is_not_trained_twice(trained: Trained, bars: dict[str, list[Bar]]) -> None:
    epochs: list[object] = []
    through = trained.card.trained_through
    card = train_lstm(bars, through, TINY, trained.data_dir, "s", lambda *args: epochs.append(args))
    assert card == trained.card
    assert epochs == []


def test_a_model_of_other_parameters_is_not_current(trained: Trained) -> None:
    assert is_current(trained.card, TINY)
    assert is_current(trained.card, replace(TINY, buy_threshold=0.5))
    assert not is_current(trained.card, replace(TINY, seed=8))
    assert not is_current(replace(trained.card, feature_fingerprint="other"), TINY)


@pytest.mark.parametrize(
    ("file", "content", "reason"),
    [
        ("network.keras", "half a file", r"network\.keras is not the file that training wrote"),
        ("model.json", "{}", "network_sha256"),
        ("model.json", "{", "JSONDecodeError"),
    ],
)
def test_a_broken_artifact_is_noticed(trained: Trained, tmp_path: Path, file: str, content: str, reason: str) -> None:
    for source in trained.folder.iterdir():
        (tmp_path / source.name).write_bytes(source.read_bytes())
    assert load_card(tmp_path) == trained.card
    (tmp_path / file).write_text(content)
    with pytest.raises(BrokenArtifactError, match=reason):
        load_card(tmp_path)


def test_a_folder_that_is_not_there_is_a_broken_artifact(tmp_path: Path) -> None:
    with pytest.raises(BrokenArtifactError, match="No such file"):
        load_card(tmp_path / "nothing")


def test_data_parameters_and_cut_make_the_version(bars: dict[str, list[Bar]]) -> None:
    version = lstm_version(bars, TINY)
    assert version.startswith("LSTM-")
    assert lstm_version({symbol: list(rows) for symbol, rows in bars.items()}, TINY) == version
    assert lstm_version(bars_through(bars, bars["A"][-2].close_time), TINY) != version
    assert lstm_version({"A": bars["A"]}, TINY) != version
    assert lstm_version(bars, replace(TINY, units=8)) != version
    assert lstm_version(bars, replace(TINY, buy_threshold=0.5)) == version
