"""Reads the strategies that a command was given, and says before anything starts whether they can run."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tradewind.ingestion.sources.replay import ReplaySource
from tradewind.manifest.load import (
    FieldProblem,
    ManifestError,
    load_resources,
    load_strategy,
    load_tested,
    require_running,
)
from tradewind.manifest.resources import TradingStrategy
from tradewind.signals.check import check_signal

if TYPE_CHECKING:
    from tradewind.ingestion.sources.bars_file import BarsFile


def read_strategy(path: Path) -> tuple[TradingStrategy, ReplaySource]:
    """Return a manifest's strategy and the history that it replays.

    Raises:
        ManifestError: it can't be read, a field is invalid, or it is suspended.
        SignalError: its signal can't work.
        UnknownSymbolError, EmptyWindowError: the data set has no such bars.
    """
    strategy = load_strategy(path)
    require_running(strategy, path)
    return _with_source(strategy)


def read_strategies(paths: Sequence[Path]) -> tuple[TradingStrategy, ...]:
    """Return every strategy of the manifests, in order; a Backtest beside them is left alone.

    Raises:
        As `read_strategy`.
        ManifestError: also where a file holds no strategy, or two strategies share their name and namespace, or uid.
    """
    given: list[tuple[Path, TradingStrategy]] = []
    for path in paths:
        found = [resource for resource in load_resources(path) if isinstance(resource, TradingStrategy)]
        if not found:
            raise ManifestError(path, [FieldProblem("", "holds no TradingStrategy")])
        given += [(path, strategy) for strategy in found]
    _check_distinct(given)
    for path, strategy in given:
        require_running(strategy, path)
    return tuple(_with_source(strategy)[0] for _, strategy in given)


def read_tested(
    path: Path, bars: Path | None = None, time_zone: str | None = None
) -> "tuple[TradingStrategy, ReplaySource | BarsFile]":
    """Return the strategy that a manifest asks to test (a Backtest's, or a TradingStrategy), and its history.

    `bars` is a file that takes the place of the feed's bars; `time_zone` is of its times that name no offset from UTC.

    Raises:
        As `read_strategy`.
        BarsFileError: see `BarsFile`.
    """
    strategy = load_tested(path)
    if bars is None:
        return _with_source(strategy)
    # Imported here: it takes a moment, and Arrow.
    from tradewind.ingestion.sources.bars_file import BarsFile

    spec = strategy.spec
    check_signal(spec.signal.model, spec.signal.parameters, spec.symbols)
    return strategy, BarsFile(bars, spec.feed.replay, spec.symbols, time_zone)


def _with_source(strategy: TradingStrategy) -> tuple[TradingStrategy, ReplaySource]:
    spec = strategy.spec
    check_signal(spec.signal.model, spec.signal.parameters, spec.symbols)
    return strategy, ReplaySource(spec.feed.replay, spec.symbols)


def _check_distinct(given: Sequence[tuple[Path, TradingStrategy]]) -> None:
    seen: dict[str, Path] = {}
    for path, strategy in given:
        name, uid = f"{strategy.id.namespace}/{strategy.id.name}", str(strategy.id.uid)
        for field, value in (("metadata.name", name), ("metadata.uid", uid)):
            if value in seen:
                raise ManifestError(path, [FieldProblem(field, f"{value} is given twice, first in {seen[value]}")])
            seen[value] = path
