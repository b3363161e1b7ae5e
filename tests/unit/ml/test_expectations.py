"""What a fold's model says knows nothing of what comes after its training, nor of what the embargo leaves out."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from tradewind.domain.bars import Bar, session_of, to_micros
from tradewind.manifest.load import load_strategy
from tradewind.manifest.resources import StrategySpec
from tradewind.manifest.signal import AnomalyGuard
from tradewind.ml.dataset import LearningPart, TooFewBarsError, samples_of, split
from tradewind.ml.expectations import Lesson, expectations_of
from tradewind.signals.expectations import NOTHING, Expectations
from tradewind.signals.lstm_parameters import read_lstm_parameters
from tradewind.signals.rule import Integers

# Keras turns its tensors into arrays the way NumPy 1 wanted it.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy keyword")

MakeBars = Callable[[str, int, int], list[Bar]]
GIVEN: Final = {"lookback": "5", "units": "4", "epochs": "2"}
TINY: Final = read_lstm_parameters(GIVEN)
TRAINED, JUDGED, TESTED = 300, 240, 340
"""How many bars a fold's training ends with, where its validation part begins, and where its test ends."""


def spec() -> StrategySpec:
    example = load_strategy(Path(__file__).resolve().parents[3] / "examples" / "quickstart.yaml").spec
    signal = example.signal.model_copy(update={"parameters": GIVEN, "anomaly_guard": AnomalyGuard(contamination="5%")})
    return example.model_copy(update={"symbols": ("A", "B"), "signal": signal})


@pytest.fixture(scope="module")
def bars(make_bars: MakeBars) -> dict[str, list[Bar]]:
    return {"A": make_bars("A", TESTED + 20, 1), "B": make_bars("B", TESTED + 20, 2)}


def session(bar: Bar) -> int:
    return session_of(to_micros(bar.close_time))


def lesson(bars: dict[str, list[Bar]], without: tuple[int, ...] = ()) -> Lesson:
    rows = bars["A"]
    part = LearningPart(session(rows[40]), session(rows[JUDGED]), without)
    return Lesson(rows[TRAINED - 1].close_time, rows[JUDGED - 1].close_time, rows[TESTED - 1].close_time, part)


def said(bars: dict[str, list[Bar]], asked: Lesson, folder: Path) -> dict[str, tuple[Integers, Expectations]]:
    return expectations_of(spec(), bars, TINY, asked, folder, "s", lambda *_: None)


def test_a_fold_s_model_is_blind_for_what_comes_after_its_training(bars: dict[str, list[Bar]], tmp_path: Path) -> None:
    before = said(bars, lesson(bars), tmp_path / "one")
    other = {
        s: rows[:TRAINED] + [replace(b, volume=1, close=b.high) for b in rows[TRAINED:]] for s, rows in bars.items()
    }
    after = said(other, lesson(bars), tmp_path / "other")
    one, another = ([path.name for path in (tmp_path / name).rglob("LSTM-*")] for name in ("one", "other"))
    assert one == another != [], "a model's name is made of the bars that it saw"
    for symbol, (closes, expected) in before.items():
        assert closes.tolist() == [to_micros(bar.close_time) for bar in bars[symbol][JUDGED:TESTED]]
        assert (expected.returns != NOTHING).all()
        seen = TRAINED - JUDGED
        assert after[symbol][1].returns[:seen].tolist() == expected.returns[:seen].tolist()
        assert after[symbol][1].strange[:seen].tolist() == expected.strange[:seen].tolist()
        assert after[symbol][1].returns[seen:].tolist() != expected.returns[seen:].tolist()


def test_what_the_embargo_leaves_out_teaches_nothing(bars: dict[str, list[Bar]]) -> None:
    horizon, embargoed = 3, range(100, 105)
    samples = samples_of({s: rows[:TRAINED] for s, rows in bars.items()}, 5, horizon)
    part = LearningPart(
        session(bars["A"][40]), session(bars["A"][JUDGED]), tuple(session(bars["A"][n]) for n in embargoed)
    )
    training, validation = split(samples, part)
    place = {to_micros(bar.close_time): n for n, bar in enumerate(bars["A"])}
    taught = {(place[at], place[end]) for at, end in zip(training.at.tolist(), training.target.tolist(), strict=True)}
    assert min(at for at, _ in taught) == 40
    assert not any(at <= n <= end for at, end in taught for n in embargoed)
    assert {at for at, _ in taught} >= {96, 105}
    assert max(end for _, end in taught) < place[int(validation.first.min())]
    assert (place[int(validation.at.min())], place[int(validation.target.max())]) == (JUDGED, TRAINED - 1)


def test_a_part_makes_another_model_and_too_small_a_one_none(bars: dict[str, list[Bar]], tmp_path: Path) -> None:
    said(bars, lesson(bars), tmp_path)
    said(bars, lesson(bars), tmp_path)
    said(bars, lesson(bars, without=(session(bars["A"][100]),)), tmp_path)
    assert len([path for path in tmp_path.rglob("*") if path.is_dir() and path.name.startswith("LSTM-")]) == 2
    rows = bars["A"]
    late = replace(lesson(bars), part=LearningPart(session(rows[JUDGED - 20]), session(rows[JUDGED])))
    with pytest.raises(TooFewBarsError):
        said(bars, late, tmp_path)


def test_of_a_rule_only_the_guard_says_something(bars: dict[str, list[Bar]], tmp_path: Path) -> None:
    found = expectations_of(spec(), bars, None, lesson(bars), tmp_path, "s", lambda *_: None)
    assert all((expected.returns == NOTHING).all() for _, expected in found.values())
    assert np.concatenate([expected.strange for _, expected in found.values()]).any()
