"""The process of a Backtest's Job: run as its container runs it, it leaves its figures where a kubelet reads them."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tradewind.backtest.compile_cache import VARIABLE
from tradewind.desk.job import IMPOSSIBLE, LONGEST, summarise_document, tell
from tradewind_operator.builders.jobs import IMPOSSIBLE_EXIT
from tradewind_operator.summaries import read_summary

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"


def run_job(manifest: Path, folder: Path) -> tuple[int, dict[str, Any]]:
    summary = folder / "termination-log"
    environment = {name: value for name, value in os.environ.items() if name != VARIABLE} | {
        "TRADEWIND_JOB_MANIFEST": str(manifest),
        "TRADEWIND_JOB_DATA_DIR": str(folder / "data"),
        "TRADEWIND_JOB_SUMMARY": str(summary),
        "TRADEWIND_JOB_COMPILE_CACHE": str(Path(os.environ[VARIABLE]).parent),
    }
    done = subprocess.run(
        [sys.executable, "-m", "tradewind.desk.job"], env=environment, capture_output=True, text=True, timeout=200
    )
    said = summary.read_bytes()
    assert len(said) <= LONGEST, done.stderr
    return done.returncode, json.loads(said)


@pytest.mark.parametrize(
    ("example", "trials", "total"), [("backtest", None, 1), ("sweep", 30, 30), ("walk-forward", 280, 28)]
)
def test_a_test_leaves_its_figures_and_its_report(example: str, trials: int | None, total: int, tmp_path: Path) -> None:
    status, said = run_job(EXAMPLES / f"{example}.yaml", tmp_path)
    assert status == 0
    assert (said.get("trials"), said["done"], said["total"]) == (trials, total, total)
    report = json.loads((tmp_path / "data" / "report.json").read_text())
    metrics = report["walk_forward"]["metrics"] if example == "walk-forward" else report["metrics"]
    assert said["totalReturn"] == f"{metrics['total_return'] * 100:.4f}%"
    summary = read_summary(json.dumps(said))
    assert summary is not None
    # What status takes is what its own models allow.
    assert summary.fields()["totalReturn"] == said["totalReturn"]
    assert summary.fields()["progress"] == f"{total}/{total}"


def test_what_cannot_be_run_says_why_and_is_told_apart_from_what_may_be_tried_again(tmp_path: Path) -> None:
    document = yaml.safe_load((EXAMPLES / "backtest.yaml").read_text())
    document["spec"]["strategy"]["symbols"] = ["XYZ"]
    manifest = tmp_path / "manifest.yaml"
    manifest.write_text(yaml.safe_dump(document))
    status, said = run_job(manifest, tmp_path)
    assert status == IMPOSSIBLE == IMPOSSIBLE_EXIT
    assert "has no XYZ" in said["error"]


def test_undefined_figures_are_left_out_and_a_long_error_is_cut(tmp_path: Path) -> None:
    metrics = {"total_return": 0.0, "sharpe": None, "max_drawdown": 0.0, "win_rate": None, "closed_trades": 0}
    assert summarise_document({"metrics": metrics}) == {
        "totalReturn": "0.0000%", "maxDrawdown": "0.0000%", "trades": 0, "done": 1, "total": 1,
    }  # fmt: skip
    for error in ("x" * 100_000, 'ä"\\' * 40_000):
        tell(tmp_path / "log", {"error": error})
        said = (tmp_path / "log").read_bytes()
        assert 3000 < len(said) <= LONGEST
        assert json.loads(said)["error"].startswith(error[:100])
