"""Reads the strategy that a command was given, and says before anything starts whether it can run."""

from pathlib import Path

from tradewind.ingestion.sources.replay import ReplaySource
from tradewind.manifest.load import load_strategy
from tradewind.manifest.resources import TradingStrategy
from tradewind.signals.check import check_signal


def read_strategy(path: Path) -> tuple[TradingStrategy, ReplaySource]:
    """Return a manifest's strategy and the history that it replays.

    Raises:
        ManifestError: it can't be read, or a field is invalid.
        UnknownModelError, ParameterError: its signal can't work.
        UnknownSymbolError, EmptyWindowError: the data set has no such bars.
    """
    strategy = load_strategy(path)
    spec = strategy.spec
    check_signal(spec.signal.model, spec.signal.parameters)
    return strategy, ReplaySource(spec.feed.replay, spec.symbols)
