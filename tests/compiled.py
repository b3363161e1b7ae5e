"""The test session's folder of compiled code, for desks that shall not spend their first half minute compiling."""

from functools import cache
from pathlib import Path

from tradewind.backtest.warm_up import warm_up
from tradewind.manifest.load import load_strategy

_ROOT = Path(__file__).resolve().parents[1]


@cache
def compiled_rules() -> Path:
    """Return the folder, with the rule book compiled."""
    warm_up(load_strategy(_ROOT / "examples" / "sma-cross.yaml"))
    return _ROOT / ".pytest_cache" / "compiled"
