import subprocess
import sys

from tradewind.paths import shipped_folder

PROBE = """
import sys
import tradewind.ml.__main__
from tradewind.manifest.load import load_strategy
from tradewind.ml.models import build_engine, load_models
from pathlib import Path
spec = load_strategy(Path(sys.argv[1])).spec
build_engine(spec, load_models(spec, {}, None, Path("."), "s"))
print(*sorted({name.partition(".")[0] for name in sys.modules} & {"tensorflow", "keras", "sklearn", "numba"}))
"""


def test_a_rule_strategy_imports_neither_tensorflow_nor_sklearn() -> None:
    manifest = shipped_folder("examples") / "sma-cross.yaml"
    probe = subprocess.run([sys.executable, "-c", PROBE, str(manifest)], capture_output=True, text=True, check=True)
    assert probe.stdout.strip() == ""
