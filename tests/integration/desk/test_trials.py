"""Sweeps, walk-forwards and the look-ahead check as processes, on the real bars."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from tradewind.backtest import rule_signals
from tradewind.backtest.blocks import Integers
from tradewind.desk import lookahead
from tradewind.desk.cli import app
from tradewind.signals.rule import Floats, RuleStrategy

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory, so that the rule book is compiled once."""
    return tmp_path_factory.mktemp("data")


def tradewind(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tradewind.desk", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=200)


def alive_in_group(group: int) -> list[str]:
    """The processes of a group that have not ended; who ended may still wait to be noticed."""
    alive = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            name, _, rest = stat.read_text().rpartition(")")
            state, _, of_group = rest.split()[:3]
            if int(of_group) == group and state != "Z":
                alive.append(name)
    return alive


def test_a_walk_forward_is_in_the_json(data: Path) -> None:
    done = tradewind("backtest", "-f", EXAMPLES / "walk-forward.yaml", f"--data-dir={data}", "--json")
    assert done.returncode == 0, done.stderr
    printed = json.loads(done.stdout)
    found = printed["walk_forward"]
    assert "sweep" not in printed
    assert (found["skipped"], found["trials"]) == (2, 28 * len(found["folds"]))
    assert len(found["folds"]) == 10
    assert 0 < found["deflated_sharpe"] < found["probabilistic_sharpe"] < 1
    assert {point["time"] for point in found["equity"]} < {point["time"] for point in printed["equity"]}
    assert "trying parameters 28/28" in done.stderr


def test_a_sweep_is_in_the_json_and_its_best_is_a_backtest_of_its_own(data: Path, tmp_path: Path) -> None:
    done = tradewind("backtest", "-f", EXAMPLES / "sweep.yaml", f"--data-dir={data}", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)["sweep"]
    assert len(found["trials"]) + found["skipped"] == 30
    best = found["best"]
    assert best["objective"] == max(trial["objective"] for trial in found["trials"])
    manifest = tmp_path / "best.yaml"
    given = json.dumps({**best["parameters"]})
    text = (EXAMPLES / "sma-cross.yaml").read_text().replace('{fast: "10", slow: "50"}', given)
    manifest.write_text(text.replace(', maxDailyLoss: "3%"', ""))
    alone = tradewind("backtest", "-f", manifest, f"--data-dir={data}", "--json")
    metrics = json.loads(alone.stdout)["metrics"]
    assert {name: metrics[name] for name in ("calmar", "sharpe", "total_return")} == {
        name: best["metrics"][name] for name in ("calmar", "sharpe", "total_return")
    }


LSTM = """
apiVersion: tradewind.dev/v1alpha1
kind: Backtest
metadata: {name: lstm}
spec:
  strategy:
    symbols: [AAPL, IBM]
    feed: {source: Replay, interval: 1d, replay: {from: "2005-03-01", tradeFrom: "2006-03-01", to: "2008-03-03"}}
    signal:
      model: LSTM
      parameters: {lookback: "5", units: "4", epochs: "2", buyThreshold: "0.01%", sellThreshold: "-0.01%"}
      anomalyGuard: {contamination: "2%"}
    risk: {maxPosition: "40%", stopLoss: "5%"}
    account: {currency: USD, initialCash: "100000"}
    broker: {type: Paper, fee: "0.05%", slippage: "0.02%"}
"""
SWEPT = """
  sweep:
    parameters:
      buyThreshold: {values: ["0.01%", "0.1%"]}
      epochs: {values: [2, 3]}
      risk.stopLoss: {values: ["5%", "1%"]}
"""
FOLDS = "  walkForward: {train: 300, test: 120, purge: 1, embargo: 5}"


def test_a_model_is_swept_and_one_of_its_trials_is_the_backtest_itself(data: Path, tmp_path: Path) -> None:
    manifest = tmp_path / "lstm.yaml"
    manifest.write_text(LSTM.rstrip() + SWEPT)
    done = tradewind("backtest", "-f", manifest, f"--data-dir={data}", "--json")
    assert done.returncode == 0, done.stderr
    printed = json.loads(done.stdout)
    first, *others = printed["sweep"]["trials"]
    names = ("total_return", "cagr", "sharpe", "sortino", "max_drawdown", "calmar")
    assert {name: first["metrics"][name] for name in names} == {name: printed["metrics"][name] for name in names}
    assert len(others) == 7
    assert first["metrics"]["fills"] == printed["counts"]["fills"] > 20
    assert len({trial["metrics"]["total_return"] for trial in [first, *others]}) > 4
    assert "training models 2/2" in done.stderr, "two numbers of epochs are two models; the rest shares them"


def test_a_model_is_trained_in_each_fold(data: Path, tmp_path: Path) -> None:
    manifest = tmp_path / "lstm.yaml"
    manifest.write_text(LSTM.rstrip() + SWEPT.replace("      epochs: {values: [2, 3]}\n", "") + FOLDS)
    done = tradewind("backtest", "-f", manifest, f"--data-dir={data}", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)["walk_forward"]
    assert len(found["folds"]) == 2
    assert "training models 2/2" in done.stderr
    assert [fold["picked_on"]["sessions"] for fold in found["folds"]] == [60, 60]
    assert all(fold["picked_on"]["to"] == fold["train"]["to"] < fold["test"]["from"] for fold in found["folds"])
    assert found["metrics"]["fills"] > 5
    manifest.write_text(manifest.read_text().replace("train: 300", "train: 40"))
    short = tradewind("backtest", "-f", manifest, f"--data-dir={data}", "--json")
    assert short.returncode == 1, short.stderr
    assert "fold 1 of spec.walkForward: " in short.stderr
    assert "or give walkForward.train more sessions" in short.stderr


def test_honest_signals_pass_the_check(data: Path) -> None:
    done = tradewind("check-lookahead", "-f", EXAMPLES / "sma-cross.yaml", f"--data-dir={data}", "--cuts", 20)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("SMACross does not look ahead: 20 cut histories with ")
    again = tradewind(
        "check-lookahead", "-f", EXAMPLES / "sma-cross.yaml", f"--data-dir={data}", "--cuts", 20, "--json"
    )
    printed = json.loads(again.stdout)
    assert (printed["model"], printed["cuts"], printed["difference"]) == ("SMACross", 20, None)
    assert f"{printed['sides_compared']:,} sides" in done.stdout


def test_a_cheat_is_named_and_the_status_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def clairvoyant(rule: RuleStrategy, parameters: Floats, present: Integers, series: Floats) -> Integers:
        closes = series[:, :, 3].T
        return np.sign(np.diff(closes, axis=0, append=closes[-1:])).astype(np.int64)

    monkeypatch.setattr(rule_signals, "grid_sides", clairvoyant)
    # This process keeps compiled code elsewhere already.
    monkeypatch.setattr(lookahead, "use_cache", lambda folder: folder)
    arguments = ["check-lookahead", "-f", str(EXAMPLES / "sma-cross.yaml"), "--data-dir", str(tmp_path)]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 1
    said = "the first bar that differs: AAPL at 2005-03-01T21:00:00+00:00 is HOLD when history ends at 2005-03-01T21"
    assert said in result.stderr
    assert result.stdout == ""
    result = CliRunner().invoke(app, [*arguments, "--json"])
    assert result.exit_code == 1
    difference = json.loads(result.stdout)["difference"]
    assert (difference["symbol"], difference["side"], difference["first"]) == ("AAPL", "HOLD", True)
    assert difference["side_with_future"] in ("BUY", "SELL")


def test_ctrl_c_ends_a_sweep_with_its_workers(data: Path, tmp_path: Path) -> None:
    manifest = tmp_path / "long.yaml"
    text = (EXAMPLES / "sweep.yaml").read_text().replace("trials: 30", "trials: 5000")
    manifest.write_text(
        text.replace("to: 30, step: 2", "to: 200, step: 1").replace("to: 200, step: 10", "to: 1000, step: 1")
    )
    command = [sys.executable, "-m", "tradewind.desk", "backtest", "-f", str(manifest), f"--data-dir={data}"]
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, start_new_session=True
    ) as desk:
        assert desk.stderr is not None
        # A tenth of the trials is done: threads are at work.
        assert any(re.search(r" [1-9]\d*/\d+", line) for line in desk.stderr)
        os.killpg(desk.pid, signal.SIGINT)
        _, stderr = desk.communicate(timeout=30)
    assert desk.returncode == 128 + signal.SIGINT
    assert stderr.endswith("tradewind: interrupted\n")
    assert "Traceback" not in stderr
    assert list(tmp_path.glob("tradewind-sweep-*")) == []
    deadline = time.monotonic() + 10
    while alive_in_group(desk.pid):
        assert time.monotonic() < deadline
        time.sleep(0.1)
