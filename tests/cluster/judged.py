"""Manifests, whole and spoilt, and what the API server and the models say of each."""

import copy
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml
from tests.api_server import ApiServer

from tradewind.manifest.load import ManifestError, parse_resource
from tradewind.paths import shipped_folder

Document = dict[str, Any]
PathTo = tuple[str, ...]
PLURALS: Final = {"TradingStrategy": "tradingstrategies", "Backtest": "backtests"}
DEFINITIONS: Final = {
    document["spec"]["names"]["kind"]: document
    for path in sorted(shipped_folder("crds").glob("*.yaml"))
    for document in [yaml.safe_load(path.read_text())]
}
SPEC: Final[Document] = {
    "symbols": ["AAPL", "IBM"],
    "feed": {
        "source": "Replay",
        "interval": "1d",
        "replay": {"from": "2005-03-01", "tradeFrom": "2006-03-01", "to": "2007-03-01"},
    },
    "signal": {"model": "SMACross", "parameters": {"fast": 10, "slow": "50"}, "anomalyGuard": {"contamination": "1%"}},
    "sizing": {"fraction": "20%", "kelly": "50%", "kellyTrades": 20},
    "risk": {"stopLoss": "5%", "allowShort": True},
    "execution": {"orderType": "StopLimit", "limitOffset": "1%", "stopOffset": "0.5%"},
    "account": {"currency": "USD", "initialCash": "100000"},
    "broker": {"type": "Paper"},
    "resources": {"ml": {"requests": {"cpu": "500m", "memory": "1Gi"}, "limits": {"cpu": 2, "memory": "2Gi"}}},
}
STRATEGY: Final[Document] = {
    "apiVersion": "tradewind.dev/v1alpha1",
    "kind": "TradingStrategy",
    "metadata": {"name": "judged", "namespace": "default"},
    "spec": SPEC,
}
BACKTEST: Final[Document] = {
    "apiVersion": "tradewind.dev/v1alpha1",
    "kind": "Backtest",
    "metadata": {"name": "judged", "namespace": "default"},
    "spec": {
        "strategyRef": {"name": "other"},
        "window": {"from": "2005-03-01", "tradeFrom": "2006-03-01", "to": "2007-03-01"},
        "walkForward": {"train": 100, "test": 50},
        "sweep": {
            "search": "Random",
            "trials": 5,
            "parameters": {"fast": {"from": 2, "to": 10, "step": 2}, "risk.stopLoss": {"values": ["2%", "5%"]}},
        },
    },
}
ABSENT: Final = object()
"""In place of a value: the field is taken out."""
VALUES: Final[Sequence[Any]] = (
    ABSENT, None, True, False, 0, 1, 2, 3, 5, 16, 17, 100, -1, 10**12, 10**12 + 1, 2**31, 2**63, 0.5, 1.0, {}, [], [1],
    "", " ", "x", "X", "true", "1", "2.5", "-2", "+1", "1e3", "007", "1_0", "٣", "0", "0.0", "0.00001", "0.123456789",
    "1000000", "1000000.1", "10000.0001", "1000000000000", "1000000000000.0001", "99999999999999", "5%", "0%", "9.9%",
    "10%", "50%", "50.000001%", "100%", "100.000001%", "-5%", " 5%", "5 %", "1e1%", "0.0000001%", "1234%", "7d", "90s",
    "4h", "1w", "1000000s", "7 d", "USD", "usd", "AAPL", "A" * 21, "BRK.B", "a-name", "a.name", "-a", "a" * 64, "Limit",
    "Stop", "Market", "IOC", "GTC", "Halted", "Active", "Grid", "Random", "Anchored", "BuyAndHold", "OnApproval",
    "2005-03-01", "2005-02-30", "2005-3-1", "2006-03-01", "2007-03-02", "2006-03-01T00:00:00Z", "1d", "LSTM", "Replay",
    "250m", "1.5", "0.0005", "512Mi", "1Gi", "3Gi", "1GB", "registry:5000/a/b:1", "UP/case", "a b", "tag:@", ["AAPL"],
    ["AAPL", "AAPL"], ["5", 5], ["5", "5"], ["1%", 2], ["x"], {"a": 1}, {"fast": "x" * 33}, {"Fast": 1}, {"fast": 1.5},
    2**62, -(2**62), 999_999_999, 10**9, "999999999.999999", "1000000000", "0.1234567", {"fast": None}, {"n" * 33: 1},
    {"fast": {"values": [1]}}, {"from": 1, "to": 5, "step": 1},
)  # fmt: skip
"""What any field may be given: whole for some, wrong for most."""


@dataclass(frozen=True)
class Verdict:
    """Whether a manifest is accepted, and what is said where it is not."""

    accepted: bool
    said: str


def by_api(api: ApiServer, document: Document) -> Verdict:
    """Return what the API server says to `kubectl apply --dry-run=server`, which stores nothing."""
    metadata = {"namespace": "default", **document["metadata"]}
    plural = PLURALS[document["kind"]]
    path = f"/apis/tradewind.dev/v1alpha1/namespaces/{metadata['namespace']}/{plural}"
    answer = api.request("POST", f"{path}?dryRun=All&fieldValidation=Strict", as_kubectl_sends(document))
    assert answer.status_code in (201, 400, 422), answer.text
    return Verdict(answer.status_code == 201, "" if answer.status_code == 201 else answer.json()["message"])


def as_kubectl_sends(value: Any) -> Any:
    """Return a value as kubectl turns YAML into JSON: 5.0 is 5 (a test of kubectl itself holds this)."""
    if isinstance(value, dict):
        return {key: as_kubectl_sends(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_kubectl_sends(inner) for inner in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def by_models(document: Document) -> Verdict:
    """Return what the models say."""
    try:
        parse_resource(copy.deepcopy(document), Path("judged"))
    except ManifestError as error:
        return Verdict(False, str(error))
    return Verdict(True, "")


def leaves(kind: str) -> Iterator[PathTo]:
    """Yield the path of every field of a spec that holds no further named ones, and of those that hold them as well."""
    root = DEFINITIONS[kind]["spec"]["versions"][0]["schema"]["openAPIV3Schema"]
    yield from _fields(root["properties"]["spec"], ("spec",))


def spoilt(document: Document, path: PathTo, value: Any) -> Document:
    """Return the document with another value at a path; what leads there is made where it is absent."""
    changed = copy.deepcopy(document)
    inner = changed
    for name in path[:-1]:
        if not isinstance(inner.get(name), dict):
            inner[name] = {}
        inner = inner[name]
    if value is ABSENT:
        inner.pop(path[-1], None)
    else:
        inner[path[-1]] = copy.deepcopy(value)
    return changed


def shown(document: Document) -> str:
    return json.dumps(document, ensure_ascii=False)


def _fields(schema: Document, path: PathTo) -> Iterator[PathTo]:
    for name, field in schema.get("properties", {}).items():
        here = (*path, name)
        yield here
        yield from _fields(field, here)
    if isinstance(schema.get("additionalProperties"), dict) and "properties" in schema["additionalProperties"]:
        yield from _fields(schema["additionalProperties"], (*path, "fast"))
