"""The example plug-in, installed as a user would, and found by a process that was told nothing else."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "plugin-strategy"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the example's distribution, built from its sources without asking anyone."""
    target = tmp_path_factory.mktemp("site")
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check", "-q"]
    command = [sys.executable, "-m", "pip", "install", *options, "--target", str(target), str(EXAMPLE)]
    subprocess.run(command, check=True, capture_output=True, text=True, timeout=240)
    return target


def tradewind(installed: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join(filter(None, [str(installed), os.environ.get("PYTHONPATH")]))
    command = [sys.executable, "-m", "tradewind.desk", *arguments]
    environment = os.environ | {"PYTHONPATH": path}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=240)


def test_it_is_listed_and_backtested(installed: Path, tmp_path: Path) -> None:
    done = tradewind(installed, "strategies", "--json")
    assert done.returncode == 0, done.stderr
    listed = {document["name"]: document for document in json.loads(done.stdout)["strategies"]}
    assert listed["InternalBarStrength"]["distribution"] == "internal-bar-strength 1.0.0"
    done = tradewind(installed, "backtest", "-f", str(EXAMPLE / "strategy.yaml"), "--json", f"--data-dir={tmp_path}")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["model"] == "InternalBarStrength"
    assert report["counts"]["fills"] >= 100


def test_its_own_errors_reach_its_author(installed: Path, tmp_path: Path) -> None:
    broken = tmp_path / "site"
    broken.mkdir()
    for info in installed.glob("*.dist-info"):
        (broken / info.name).symlink_to(info)
    source = (installed / "internal_bar_strength.py").read_text()
    (broken / "internal_bar_strength.py").write_text(
        source.replace("    spread = ", "    raise LookupError('no spread')\n    spread = ", 1)
    )
    options = ("backtest", "-f", str(EXAMPLE / "strategy.yaml"), f"--data-dir={tmp_path / 'data'}")
    done = tradewind(broken, *options)
    assert done.returncode == 2
    assert "InternalBarStrength failed: LookupError: no spread" in done.stderr
    assert f'File "{broken / "internal_bar_strength.py"}"' in done.stderr


def test_without_it_its_manifest_is_refused(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tradewind.desk", "backtest", "-f", str(EXAMPLE / "strategy.yaml")]
    done = subprocess.run(
        [*command, f"--data-dir={tmp_path}"], capture_output=True, text=True, check=False, timeout=240
    )
    assert done.returncode == 2
    assert "spec.signal.model: 'InternalBarStrength' is unknown; known are " in done.stderr
