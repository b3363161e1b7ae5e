"""Sweeps and walk-forwards on the command line: what is refused before anything runs, and what is shown."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner

from tradewind.desk.cli import app
from tradewind.desk.trials import show_folds, show_trials

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
Edit = Callable[[str, str], Path]


def _of_an_lstm(text: str) -> str:
    text = text.replace('model: SMACross, parameters: {fast: "10", slow: "50"}', "model: LSTM")
    return text.replace("      slow: {from: 20, to: 100, step: 20}\n", "").replace(
        "      fast: {values: [5, 10, 20]}", "      epochs: {values: [1, 2]}"
    )


@pytest.fixture
def edited(tmp_path: Path) -> Edit:
    """The walk-forward example with one text replaced by another."""

    def edit(old: str, new: str) -> Path:
        text = (EXAMPLES / "walk-forward.yaml").read_text()
        assert old in text
        if "epochs" in new or "train: 2" in new:
            text = _of_an_lstm(text)
        manifest = tmp_path / "edited.yaml"
        if "epochs" in new:
            old = old.replace("fast: {values: [5, 10, 20]}", "epochs: {values: [1, 2]}")
        manifest.write_text(text.replace(old, new))
        return manifest

    return edit


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("      fast:", "      speed:", "spec.sweep.parameters.speed: is unknown; known are fast, slow"),
        (
            "fast: {values: [5, 10, 20]}",
            "fast: {values: [0]}",
            "spec.sweep.parameters.fast: '0' is not between 1 and 1000",
        ),
        (
            "fast: {values: [5, 10, 20]}",
            "fast: {values: [0.5]}",
            "spec.sweep.parameters.fast.values.0: Input should be a valid string",
        ),
        (
            "fast: {values: [5, 10, 20]}",
            "fast: {values: [200]}",
            "spec.sweep.parameters: the rule refuses all of the 10 combinations",
        ),
        (
            "  walkForward:",
            "  suspend: true\n  walkForward:",
            "spec.suspend: Backtest sma-cross-walk-forward is suspended",
        ),
        ("risk.stopLoss", "risk.patience", "spec.sweep.parameters.risk.patience: Extra inputs are not permitted"),
        ('["3%", "5%"]', '["300%"]', "spec.sweep.parameters.risk.stopLoss: '300%' is not above 0% and at most 100%"),
        (
            "train: 504",
            "train: 5040",
            "spec.walkForward: one fold needs train 5040 + purge 1 + test 126 = 5167 sessions, and the data has 1763",
        ),
        ("embargo: 5", "embargo: 5000", "spec.walkForward: embargo 5000 leaves fold 6 fewer than two sessions"),
        (
            'model: SMACross, parameters: {fast: "10", slow: "50"}',
            "model: LSTM",
            "spec.sweep.parameters.fast: is unknown",
        ),
        ("train: 504", "train: 2", "of its training, where trained models are compared"),
        (
            "fast: {values: [5, 10, 20]}",
            "epochs: {from: 1, to: 500, step: 1}",
            "500 combinations of what shapes a model x 10 folds",
        ),
    ],
)
def test_what_can_not_be_tried_is_told_and_starts_nothing(
    old: str, new: str, said: str, edited: Edit, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    result = CliRunner().invoke(app, ["backtest", "-f", str(edited(old, new)), "--data-dir", str(data)])
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stdout == ""
    assert not data.exists()


def test_only_rules_are_checked_for_look_ahead(tmp_path: Path) -> None:
    arguments = ["check-lookahead", "-f", str(EXAMPLES / "quickstart.yaml"), "--data-dir", str(tmp_path / "data")]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 2
    assert "quickstart.yaml: spec.signal.model: LSTM is trained, not a rule; only rules are checked" in result.stderr
    assert not (tmp_path / "data").exists()


def shown(show: Callable[[Console, dict[str, Any]], None], document: dict[str, Any]) -> str:
    console = Console(file=io.StringIO(), width=120)
    show(console, document)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def summary(sharpe: float | None, total_return: float = 0.1) -> dict[str, Any]:
    ratios = {"cagr": None, "sharpe": sharpe, "sortino": None, "max_drawdown": -0.25, "calmar": 1.0, "fills": 7}
    return {"total_return": total_return, **ratios}


def test_trials_are_shown_best_first_and_the_undefined_last() -> None:
    trials = [
        {"parameters": {"fast": str(place)}, "objective": sharpe, "metrics": summary(sharpe)}
        for place, sharpe in enumerate([None, -1.0, 2.0, *[0.5] * 8, 1.0])
    ]
    text = shown(
        show_trials,
        {"objective": "sharpe", "search": "random", "seed": 9, "combinations": 99, "skipped": 3, "trials": trials},
    )
    order = [line.split()[1] for line in text.splitlines() if line.startswith("fast")]
    assert order == ["2", "11", *map(str, range(3, 11))]
    assert "12 of 99 combinations tried, drawn with seed 9; 3 refused by the rule." in text
    assert "2.00 +10.00%  -25.00%" in text


def test_folds_are_shown_with_what_they_were_in_and_out_of_sample() -> None:
    fold = {
        "number": 1,
        "train": {"from": "2006-03-01", "to": "2008-02-29", "sessions": 504},
        "test": {"from": "2008-03-04", "to": "2008-08-29", "sessions": 126},
        "parameters": {"fast": "5", "slow": "20"},
        "in_sample": summary(2.5),
        "out_of_sample": summary(None, -0.031),
    }
    document = {
        "mode": "anchored",
        "objective": "sharpe",
        "folds": [fold],
        "skipped": 2,
        "trials": 28,
        "probabilistic_sharpe": 0.8125,
        "deflated_sharpe": None,
        "metrics": summary(0.4),
        "baseline": summary(0.7, 0.2),
    }
    text = " ".join(shown(show_folds, document).split())
    assert "1 2008-03-04 fast 5, slow 20 2.50 n/a -3.10%" in text
    assert "return +10.00% (buy and hold +20.00%), Sharpe 0.40 (0.70), max drawdown -25.00% (-25.00%)." in text
    assert "28 trials (2 combinations refused by the rule): probability that the Sharpe is above 0: 81.2%" in text
    assert "by chance: n/a." in text
