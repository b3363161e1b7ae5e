"""What a caller asks to test, resolved: a strategy, and what is tried out or walked forward with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tradewind.backtest.trials import check_sweep, manifest_of, require_recorded
from tradewind.manifest.load import parse_resource, require_running
from tradewind.manifest.resources import Backtest, TradingStrategy
from tradewind.manifest.trials import Sweep, WalkForward
from tradewind.signals.check import check_signal
from tradewind.store.backtests import Kind
from tradewind.store.database import Connection
from tradewind.store.strategies import read_strategies

_MANIFEST: Final = Path("manifest")


@dataclass(frozen=True)
class Tested:
    """One test: its name, the strategy with the window to test it in, and what is asked beyond one run."""

    name: str
    strategy: TradingStrategy
    walk_forward: WalkForward | None = None
    sweep: Sweep | None = None
    parallelism: int | None = None

    @property
    def kind(self) -> Kind:
        """What it is; a sweep that folds pick from is part of the walk-forward."""
        if self.walk_forward is not None:
            return "WALK_FORWARD"
        return "BACKTEST" if self.sweep is None else "SWEEP"

    def manifest(self) -> dict[str, Any]:
        """Return it as a manifest that refers to nothing: a TradingStrategy, or a Backtest with its strategy inline."""
        return manifest_of(self.strategy, self.walk_forward, self.sweep, self.parallelism)


def read_tested(manifest: Mapping[str, Any], own: TradingStrategy | None, connection: Connection) -> Tested:
    """Return what a manifest asks to test; a Backtest may refer to the service's own strategy, or to a registered one.

    Raises:
        ManifestError: the manifest is wrong, or suspended.
        ValidationError: its window is.
        LookupError: no strategy has the name that it refers to.
        SignalError: the signal can't work.
        SweepError: see `check_sweep` and `require_recorded`.
    """
    resource = parse_resource(dict(manifest), _MANIFEST)
    if isinstance(resource, Backtest):
        require_running(resource, _MANIFEST)
        known: tuple[TradingStrategy, ...] = () if own is None else (own,)
        reference = resource.spec.strategy_ref
        if reference is not None:
            known += read_strategies(connection, resource.metadata.namespace, reference.name)
        spec = resource.spec
        tested = Tested(
            resource.metadata.name, resource.strategy(known), spec.walk_forward, spec.sweep, spec.parallelism
        )
    else:
        tested = Tested(resource.metadata.name, resource)
    strategy = tested.strategy.spec
    check_signal(strategy.signal.model, strategy.signal.parameters, strategy.symbols)
    if tested.sweep is not None:
        check_sweep(strategy, tested.sweep)
        require_recorded(strategy, tested.sweep)
    return tested


def find_strategy(name: str, own: TradingStrategy, connection: Connection) -> Tested:
    """Return the test of a strategy as it is registered, by its name in the namespace of the service's own.

    Raises:
        LookupError: there is none of that name.
    """
    if name == own.metadata.name:
        return Tested(name, own)
    found = read_strategies(connection, own.metadata.namespace, name)
    if not found:
        raise LookupError(f"no TradingStrategy {name!r} in namespace {own.metadata.namespace!r}")
    return Tested(name, found[0])
