"""Keeps compiled code between test runs; its folder is named by the hash of what is compiled."""

import sys
from pathlib import Path

from tradewind.backtest.compile_cache import use_cache

if "numba" not in sys.modules:
    use_cache(Path(__file__).resolve().parents[2] / ".pytest_cache" / "compiled")
