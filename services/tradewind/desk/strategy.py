"""Reads the strategy that a command was given, and says before anything starts whether it can run."""

from pathlib import Path

from tradewind.ingestion.sources.replay import ReplaySource
from tradewind.manifest.load import load_strategy, load_tested
from tradewind.manifest.resources import TradingStrategy
from tradewind.signals.check import check_signal


def read_strategy(path: Path) -> tuple[TradingStrategy, ReplaySource]:
    """Return a manifest's strategy and the history that it replays.

    Raises:
        ManifestError: it can't be read, or a field is invalid.
        UnknownModelError, ParameterError: its signal can't work.
        UnknownSymbolError, EmptyWindowError: the data set has no such bars.
    """
    return _with_source(load_strategy(path))


def read_tested(path: Path) -> tuple[TradingStrategy, ReplaySource]:
    """Return the strategy that a manifest asks to test (a Backtest's, or a TradingStrategy), and its history.

    Raises:
        As `read_strategy`.
    """
    return _with_source(load_tested(path))


def _with_source(strategy: TradingStrategy) -> tuple[TradingStrategy, ReplaySource]:
    spec = strategy.spec
    check_signal(spec.signal.model, spec.signal.parameters)
    return strategy, ReplaySource(spec.feed.replay, spec.symbols)
