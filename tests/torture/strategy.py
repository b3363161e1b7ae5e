"""The strategy that is tortured: ten symbols, all limits on, orders that bars fill only in part."""

from pathlib import Path
from typing import Any, Final

import yaml
from tests.torture.feed import SYMBOLS

from tradewind.manifest.load import load_strategy
from tradewind.manifest.resources import TradingStrategy

_SPEC: Final[dict[str, Any]] = {
    "symbols": list(SYMBOLS),
    "feed": {
        "source": "Replay",
        "interval": "1d",
        "replay": {"from": "1989-01-01", "tradeFrom": "1990-01-01", "to": "2030-01-01"},
    },
    "signal": {"model": "SMACross", "parameters": {"fast": "10", "slow": "50"}},
    "sizing": {"fraction": "8%"},
    "risk": {
        "maxPosition": "25%",
        "maxConcentration": "40%",
        "stopLoss": "4%",
        "takeProfit": "6%",
        "maxDailyLoss": "2%",
        "ordersPerMinute": 9,
    },
    # Costs that a hundred thousand signals do not ruin it with.
    "account": {"currency": "USD", "initialCash": "10000000"},
    "broker": {"type": "Paper", "fee": "0.001%", "slippage": "0.001%", "maxParticipation": "10%"},
}


def write_strategy(path: Path, run: str) -> TradingStrategy:
    """Write the manifest of a run, and return it as the services load it."""
    document = {
        "apiVersion": "tradewind.dev/v1alpha1",
        "kind": "TradingStrategy",
        "metadata": {"name": f"torture-{run.lower().replace('_', '-')}x"},
        "spec": _SPEC,
    }
    path.write_text(yaml.safe_dump(document), encoding="utf-8")
    return load_strategy(path)
