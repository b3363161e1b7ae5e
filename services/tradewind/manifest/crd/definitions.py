"""The two CustomResourceDefinitions: names, columns, subresources, and the rules that a model alone can't hold."""

from collections.abc import Sequence
from typing import Any, Final

from tradewind.manifest.cel import RULES, Rule
from tradewind.manifest.crd.schema import Schema, structural
from tradewind.manifest.resources import API_VERSION, Backtest, TradingStrategy
from tradewind.manifest.status import BacktestStatus, TradingStrategyStatus

GROUP, VERSION = API_VERSION.split("/")
MUTABLE: Final = frozenset({"suspend", "ttlSecondsAfterFinished"})
"""What of a Backtest's spec may change."""
_NAMED: Final = Rule(
    "self.metadata.name.size() <= 63 && self.metadata.name.matches('^[a-z0-9]([a-z0-9-]*[a-z0-9])?$')",
    "metadata.name must be at most 63 lower-case letters, digits and hyphens, without dots: write it as my-strategy",
)
_READY: Final = '.status.conditions[?(@.type=="Ready")]'
Column = tuple[str, str, str, str]
"""Name, type, JSON path, description."""

_STRATEGY_COLUMNS: Final[Sequence[Column]] = (
    ("Model", "string", ".spec.signal.model", "What decides."),
    ("Phase", "string", ".status.phase", "All conditions in one word."),
    ("Ready", "string", f"{_READY}.status", "Whether the desk trades as its manifest says."),
    ("State", "string", ".status.tradingState", "The trading state in force."),
    ("Equity", "string", ".status.equity", "Cash and positions at their marks."),
    ("Positions", "integer", ".status.openPositions", "How many symbols are held."),
)
_STRATEGY_WIDE: Final[Sequence[Column]] = (
    ("Symbols", "string", ".spec.symbols", "What is traded."),
    ("Last-Signal", "string", ".status.lastSignal.side", "What the newest signal says."),
    ("Signal-Symbol", "string", ".status.lastSignal.symbol", "The symbol of the newest signal."),
    ("Signal-Bar", "date", ".status.lastSignal.time", "How long ago the newest signal's bar closed."),
    ("Model-Version", "string", ".status.modelVersion", "The version of the model in use."),
    ("Replicas", "integer", ".status.replicas", "How many signal services there are."),
    ("Reason", "string", f"{_READY}.reason", "Why it is ready or not."),
)
_BACKTEST_COLUMNS: Final[Sequence[Column]] = (
    ("Strategy", "string", ".spec.strategyRef.name", "The strategy that is tested; none where it is inline."),
    ("Phase", "string", ".status.phase", "All conditions in one word."),
    ("Progress", "string", ".status.progress", "Folds or trials that are done, of all."),
    ("Return", "string", ".status.totalReturn", "The final equity against the initial cash."),
    ("Sharpe", "string", ".status.sharpe", "The annualised Sharpe ratio."),
    ("Drawdown", "string", ".status.maxDrawdown", "The deepest fall from a peak."),
)
_BACKTEST_WIDE: Final[Sequence[Column]] = (
    ("Win-Rate", "string", ".status.winRate", "Closed trades that won."),
    ("Trades", "integer", ".status.trades", "Closed trades."),
    ("Trials", "integer", ".status.trials", "Combinations of parameters that were tried."),
    ("Completed", "date", ".status.completionTime", "How long ago it ended."),
    ("Report", "string", ".status.reportReference", "Where the whole report is."),
    ("Reason", "string", f"{_READY}.reason", "Why it is ready or not."),
)
_AGE: Final[Column] = ("Age", "date", ".metadata.creationTimestamp", "How long ago it was made.")


def strategy_definition() -> dict[str, Any]:
    """Return the CustomResourceDefinition of TradingStrategy."""
    return _definition(
        kind="TradingStrategy",
        plural="tradingstrategies",
        short="tws",
        schema=_with_status(structural(TradingStrategy), structural(TradingStrategyStatus)),
        columns=(_STRATEGY_COLUMNS, _STRATEGY_WIDE),
        scale={
            "specReplicasPath": ".spec.signal.replicas",
            "statusReplicasPath": ".status.replicas",
            "labelSelectorPath": ".status.selector",
        },
    )


def backtest_definition() -> dict[str, Any]:
    """Return the CustomResourceDefinition of Backtest."""
    schema = _with_status(structural(Backtest), structural(BacktestStatus))
    _make_immutable(schema["properties"]["spec"])
    return _definition(
        kind="Backtest",
        plural="backtests",
        short="twb",
        schema=schema,
        columns=(_BACKTEST_COLUMNS, _BACKTEST_WIDE),
    )


def _definition(
    kind: str,
    plural: str,
    short: str,
    schema: Schema,
    columns: tuple[Sequence[Column], Sequence[Column]],
    scale: dict[str, str] | None = None,
) -> dict[str, Any]:
    glance, wide = columns
    shown = [_column(*each) for each in (*glance, _AGE)] + [_column(*each, priority=1) for each in wide]
    version = {
        "name": VERSION,
        "served": True,
        "storage": True,
        "schema": {"openAPIV3Schema": schema},
        "subresources": {"status": {}} if scale is None else {"status": {}, "scale": scale},
        "additionalPrinterColumns": shown,
    }
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{plural}.{GROUP}"},
        "spec": {
            "group": GROUP,
            "names": {
                "kind": kind,
                "listKind": f"{kind}List",
                "plural": plural,
                "singular": kind.lower(),
                "shortNames": [short],
                "categories": ["tradewind"],
            },
            "scope": "Namespaced",
            "versions": [version],
        },
    }


def _column(name: str, of: str, path: str, description: str, priority: int = 0) -> dict[str, Any]:
    column: dict[str, Any] = {"name": name, "type": of, "description": description, "jsonPath": path}
    return {**column, "priority": priority} if priority else column


def _with_status(resource: Schema, status: Schema) -> Schema:
    """Return the schema of a whole resource: Kubernetes itself holds metadata, and who may write status."""
    properties = resource["properties"]
    for name in ("apiVersion", "kind"):
        properties[name].pop("enum")  # it is matched before any schema is read
    properties["metadata"] = {"type": "object"}  # Kubernetes describes it
    properties["status"] = status
    resource["required"] = ["spec"]
    return {**resource, RULES: [_said(_NAMED)]}


def _make_immutable(spec: Schema) -> None:
    """Add transition rules that keep a Backtest's spec as it was made, but for what is mutable."""
    for name, field in spec["properties"].items():
        if name in MUTABLE:
            continue
        message = f"{name} of a Backtest can't change: make another Backtest"
        field.setdefault(RULES, []).append(_said(Rule("self == oldSelf", message)))
        if name not in spec["required"] if "required" in spec else True:
            appeared = Rule(f"has(self.{name}) == has(oldSelf.{name})", message)
            spec.setdefault(RULES, []).append(_said(appeared))


def _said(rule: Rule) -> dict[str, str]:
    return {"rule": rule.rule, "message": rule.message}
