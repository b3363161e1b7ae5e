"""The compile cache: a folder a source, none where none can be written, and a warm start that loads it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tradewind.backtest.compile_cache import fingerprint, use_cache

PACKAGE = Path(__file__).resolve().parents[3] / "services" / "tradewind"
START = """
import sys
from pathlib import Path
from tradewind.backtest.compile_cache import use_cache
print(use_cache(Path(sys.argv[1])))
from tradewind.backtest.compiler import CACHED, mul_div_compiled
print(CACHED, mul_div_compiled(7, 3, 2), sum(mul_div_compiled.stats.cache_hits.values()))
"""


def start(base: Path, **environment: str) -> list[str]:
    command = [sys.executable, "-c", START, str(base)]
    inherited = {name: value for name, value in os.environ.items() if name != "NUMBA_CACHE_DIR"}
    done = subprocess.run(command, env=inherited | environment, capture_output=True, text=True, check=True, timeout=120)
    return done.stdout.splitlines()


@pytest.mark.parametrize("edited", ["domain/rules/fills.py", "signals/sma_cross.py", "backtest/wide.py"])
def test_an_edited_source_changes_the_fingerprint(tmp_path: Path, edited: str) -> None:
    for folder in ("domain", "signals", "backtest"):
        shutil.copytree(PACKAGE / folder, tmp_path / folder)
    before = fingerprint(tmp_path)
    assert before == fingerprint(PACKAGE)
    with (tmp_path / edited).open("a") as source:
        source.write("\n")
    assert fingerprint(tmp_path) != before


def test_a_second_start_loads_what_the_first_compiled(tmp_path: Path) -> None:
    folder = str(tmp_path / f"compiled-{fingerprint()}")
    assert start(tmp_path) == [folder, "True 11 0"]
    assert start(tmp_path) == [folder, "True 11 1"]


def test_a_folder_that_cannot_be_written_is_no_obstacle(tmp_path: Path) -> None:
    taken = tmp_path / "file"
    taken.touch()
    assert start(taken) == ["None", "False 11 0"]
    # A folder that the environment names is not used instead.
    assert start(taken, NUMBA_CACHE_DIR=str(tmp_path / "other")) == ["None", "False 11 0"]


def test_it_is_too_late_once_numba_is_imported(tmp_path: Path) -> None:
    import tradewind.backtest.compiler

    assert tradewind.backtest.compiler.CACHED in (True, False)
    with pytest.raises(RuntimeError, match="numba is imported already"):
        use_cache(tmp_path)


PLUGIN = """
from tradewind.signals.rule import RuleStrategy

def step(state, parameters, open_, high, low, close, volume):
    return {side}

RULE = RuleStrategy("Always", "Says one thing.", (), state_size=lambda parameters: 0, step=step)
"""
RUN_PLUGIN = """
import sys
from pathlib import Path
from tradewind.backtest.compile_cache import use_cache
use_cache(Path(sys.argv[1]))
import numpy as np
from tradewind.backtest.rule_signals import symbol_sides
from tradewind.signals.catalog import RULES
print(symbol_sides(RULES["Always"], np.zeros(0), np.ones((2, 5))).tolist())
"""


def test_an_edited_plug_in_is_not_served_from_the_cache(tmp_path: Path) -> None:
    site, base = tmp_path / "site", tmp_path / "cache"
    info = site / "always-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: always\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[tradewind.strategies]\nAlways = always_rules:RULE\n")
    path = os.pathsep.join([str(site), str(PACKAGE.parent), os.environ.get("PYTHONPATH", "")])
    environment = {name: value for name, value in os.environ.items() if name != "NUMBA_CACHE_DIR"}
    # Equal length, and no compiled Python of the first edition: only the content tells them apart.
    environment |= {"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
    for side, folders in (("+1", 1), ("-1", 2), ("+1", 2)):
        (site / "always_rules.py").write_text(PLUGIN.format(side=side))
        command = [sys.executable, "-c", RUN_PLUGIN, str(base)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=240)
        assert done.stdout.split("\n")[0] == str([int(side)] * 2)
        assert len(list(base.iterdir())) == folders


RULES_IN_TURN = """
import sys
from pathlib import Path
from tradewind.backtest.compile_cache import use_cache
use_cache(Path(sys.argv[1]))
import numpy as np
from tradewind.backtest.compiler import compile_rule
from tradewind.signals.catalog import RULES
for name in sys.argv[2:]:
    rule = RULES[name]
    parameters = rule.read({})
    bars = np.abs(np.sin(np.arange(2000.0)))[:, None] * np.ones(5) + 1
    compiled = compile_rule(rule)
    sides = compiled(np.zeros(rule.state_size(parameters)), parameters, np.ones(len(bars), np.int64), bars)
    print(name, int(np.abs(sides).sum()), sum(compiled.stats.cache_hits.values()))
"""


def test_rules_that_several_processes_compiled_are_loaded_together(tmp_path: Path) -> None:
    def run(*rules: str) -> list[list[str]]:
        command = [sys.executable, "-c", RULES_IN_TURN, str(tmp_path), *rules]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
        return [line.split() for line in done.stdout.splitlines()]

    alone = [*run("SMACross"), *run("SMACross", "EMACross")[1:], *run("SMACross", "RSI")[1:]]
    together = run("SMACross", "EMACross", "RSI")
    assert [line[:2] for line in together] == [line[:2] for line in alone]
    assert [line[2] for line in together] == ["1"] * 3
