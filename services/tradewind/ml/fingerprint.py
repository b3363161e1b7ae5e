"""Names models by what made them: equal bars, parameters and code give an equal version, and no second training."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from tradewind.domain.bars import Bar, to_micros


def data_fingerprint(bars: Mapping[str, Sequence[Bar]]) -> str:
    """Return a hash of bars, 16 hex digits."""
    digest = hashlib.sha256()
    for symbol in sorted(bars):
        digest.update(f"[{symbol}]".encode())
        for bar in bars[symbol]:
            row = (bar.interval, to_micros(bar.close_time), bar.open, bar.high, bar.low, bar.close, bar.volume)
            digest.update(f"{row}".encode())
    return digest.hexdigest()[:16]


def version_of(model: str, **ingredients: Any) -> str:
    """Return a model version, as LSTM-0123456789ab, from everything that shapes the model."""
    text = json.dumps(ingredients, sort_keys=True)
    return f"{model}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"
