"""Every rule of the definitions, one by one: refused with its own message, by the API server and by the models."""

import copy
from collections.abc import Iterator
from typing import Any, Final

import pytest
from tests.api_server import ApiServer
from tests.cluster.judged import BACKTEST, DEFINITIONS, STRATEGY, Document, by_api, by_models, spoilt

from tradewind.manifest.cel import RULES
from tradewind.manifest.crd.definitions import MUTABLE

PATH = "/apis/tradewind.dev/v1alpha1/namespaces/{}/backtests"
SPAN: Final = {"from": 1, "to": 9, "step": 2}
LONG_ONLY: Final = spoilt(STRATEGY, ("spec", "risk"), {})
CASES: Final[list[tuple[Document, str, Any, str, str]]] = [
    (STRATEGY, "metadata.name", "with.dots", "<nil>", "metadata.name must be at most 63"),
    (STRATEGY, "spec.symbols", ["AAPL", "IBM", "AAPL"], "spec.symbols", "a symbol is named twice: name each once"),
    (STRATEGY, "spec.symbols", ["AAPL", "ibm"], "spec.symbols[1]", "must be a symbol, 1 to 20"),
    (STRATEGY, "spec.feed.replay.tradeFrom", "2005-03-01", "spec.feed.replay", "from < tradeFrom <= to must hold"),
    (STRATEGY, "spec.feed.replay.to", "2006-02-01", "spec.feed.replay", "from < tradeFrom <= to must hold"),
    (STRATEGY, "spec.signal.model", "SMA-Cross", "spec.signal.model", "must be a model's name, letters and digits"),
    (STRATEGY, "spec.signal.parameters", {"Fast": 1}, "spec.signal.parameters", "a parameter's name is a small letter"),
    (STRATEGY, "spec.signal.anomalyGuard.contamination", "60%", "spec.signal.anomalyGuard", "at most 50%: lower it"),
    (STRATEGY, "spec.sizing", {"fraction": "5%", "notional": 5}, "spec.sizing", "two ways to say what a purchase"),
    (STRATEGY, "spec.sizing", {"targetVolatility": "9%", "kelly": "5%"}, "spec.sizing", "kelly exclude each other"),
    (STRATEGY, "spec.sizing", {"kellyTrades": 5}, "spec.sizing", "kellyTrades is nothing without kelly: give kelly"),
    (STRATEGY, "spec.sizing", {"notional": "1e3"}, "spec.sizing.notional", "must be above 0 and at most 10^12"),
    (STRATEGY, "spec.risk.stopLoss", "101%", "spec.risk.stopLoss", "must be above 0% and at most 100%"),
    (STRATEGY, "spec.risk.maxConcentration", "1.5", "spec.risk.maxConcentration", "must be above 0% and at most 100%"),
    (STRATEGY, "spec.risk.coolDown", "1w", "spec.risk.coolDown", "write it as '90s', '15m', '4h' or '7d'"),
    (STRATEGY, "spec.execution", {"orderType": "Limit"}, "spec.execution", "limitOffset is of orderType Limit"),
    (STRATEGY, "spec.execution", {"stopOffset": "1%"}, "spec.execution", "stopOffset is of orderType Stop"),
    (STRATEGY, "spec.execution.timeInForce", "IOC", "spec.execution", "timeInForce IOC can't wait for a stop"),
    (LONG_ONLY, "spec.execution", {"reverse": True}, "spec", "set risk.allowShort, or leave reverse out"),
    (STRATEGY, "spec.account.currency", "usd", "spec.account.currency", "a currency's three capital letters"),
    (STRATEGY, "spec.account.initialCash", 0, "spec.account.initialCash", "must be above 0 and at most 10^12"),
    (STRATEGY, "spec.instrument", {"lot": "0"}, "spec.instrument.lot", "at most 1000000, with at most eight"),
    (STRATEGY, "spec.instrument", {"tick": -1}, "spec.instrument.tick", "at most 1000000, with at most four"),
    (STRATEGY, "spec.broker.minFee", 10001, "spec.broker.minFee", "must be at least 0 and at most 10000"),
    (STRATEGY, "spec.broker.fee", "10%", "spec.broker.fee", "must be at least 0% and below 10%"),
    (STRATEGY, "spec.image", "Not/an:image:", "spec.image", "must be a container image: write it as registry."),
    (STRATEGY, "spec.resources.ml.limits.cpu", "0m", "spec.resources.ml.limits.cpu", "a quantity of CPU above 0"),
    (STRATEGY, "spec.resources.ml.limits.memory", "1GB", "spec.resources.ml.limits.memory", "of memory above 0"),
    (STRATEGY, "spec.resources.ml.limits.cpu", "250m", "spec.resources.ml", "requests.cpu must be at most limits.cpu"),
    (STRATEGY, "spec.resources.ml.requests.memory", "3Gi", "spec.resources.ml", "memory must be at most limits.memory"),
    (BACKTEST, "metadata.name", "with.dots", "<nil>", "metadata.name must be at most 63"),
    (BACKTEST, "spec.strategyRef.name", "With_This", "spec.strategyRef.name", "a name of at most 63 lower-case"),
    (BACKTEST, "spec.strategy", copy.deepcopy(STRATEGY["spec"]), "spec", "give either strategy or strategyRef"),
    (BACKTEST, "spec.window.to", "2006-02-28", "spec.window", "from < tradeFrom <= to must hold"),
    (BACKTEST, "spec.sweep.search", "Grid", "spec.sweep", "trials is how many a Random search draws"),
    (BACKTEST, "spec.sweep.parameters", {"Fast": SPAN}, "spec.sweep.parameters", "as the signal names it, or as risk."),
    (BACKTEST, "spec.sweep.parameters.fast.step", "x", "spec.sweep.parameters[fast].step", "a number or a percentage"),
    (BACKTEST, "spec.sweep.parameters.fast", {"from": 1}, "spec.sweep.parameters[fast]", "or all of from, to and step"),
    (BACKTEST, "spec.sweep.parameters.fast.to", "9%", "spec.sweep.parameters[fast]", "all percentages or all plain"),
    (BACKTEST, "spec.sweep.parameters.fast.to", 1, "spec.sweep.parameters[fast]", "leads from `from` up to `to`"),
    (BACKTEST, "spec.sweep.parameters.fast.step", "0.001", "spec.sweep.parameters[fast]", "at most 1000 values"),
]  # fmt: skip


@pytest.mark.parametrize(("whole", "path", "value", "at", "message"), CASES, ids=lambda v: str(v)[:50])
def test_a_rule_names_the_field_and_the_remedy(
    crds: ApiServer, whole: Document, path: str, value: Any, at: str, message: str
) -> None:
    document = spoilt(whole, tuple(path.split(".")), value)
    verdict = by_api(crds, document)
    assert not verdict.accepted
    assert message in verdict.said
    assert f"{at}: Invalid value" in verdict.said
    assert not by_models(document).accepted


def test_every_rule_has_its_case() -> None:
    """A rule that is added is tested, and one that no longer exists has no case left."""
    said = {rule["message"] for _, rule in all_rules() if "oldSelf" not in rule["rule"]}
    tried = [case[4] for case in CASES]
    assert [message for message in said if not any(part in message for part in tried)] == []
    assert [part for part in tried if not any(part in message for message in said)] == []


def test_a_rule_says_what_to_do() -> None:
    remedies = (": ", "give ", "named as ")
    said = {rule["message"] for _, rule in all_rules()}
    assert [message for message in said if not any(remedy in message for remedy in remedies)] == []


def all_rules() -> Iterator[tuple[str, Document]]:
    def walk(schema: Document, path: str) -> Iterator[tuple[str, Document]]:
        for rule in schema.get(RULES, []):
            yield path, rule
        for name, field in schema.get("properties", {}).items():
            yield from walk(field, f"{path}.{name}")
        for inner in ("items", "additionalProperties"):
            if isinstance(schema.get(inner), dict):
                yield from walk(schema[inner], f"{path}[]")

    for kind, definition in DEFINITIONS.items():
        yield from walk(definition["spec"]["versions"][0]["schema"]["openAPIV3Schema"], kind)


OTHERS: Final[dict[str, Any]] = {
    "strategyRef": {"name": "another"},
    "window": {"from": "2005-03-01", "tradeFrom": "2006-03-02", "to": "2007-03-01"},
    "walkForward": {"train": 101, "test": 50},
    "sweep": {"search": "Grid", "parameters": {"slow": {"values": [50]}}},
    "parallelism": 2,
}


def test_a_backtest_keeps_its_spec_but_for_suspend_and_its_time_to_live(crds: ApiServer, namespace: str) -> None:
    path = PATH.format(namespace)
    document = copy.deepcopy(BACKTEST)
    document["metadata"] = {"name": "kept"}
    assert crds.request("POST", path, document).status_code == 201

    def patched(spec: Document) -> Any:
        merge = {"Content-Type": "application/merge-patch+json"}
        return crds.request("PATCH", f"{path}/kept", {"spec": spec}, headers=merge)

    for name, value in OTHERS.items():
        answer = patched({name: value})
        assert answer.status_code == 422, name
        assert f"{name} of a Backtest can't change: make another Backtest" in answer.json()["message"]
        if name != "parallelism":
            gone = patched({name: None})
            assert gone.status_code == 422, name
    swapped = patched({"strategyRef": None, "strategy": STRATEGY["spec"]})
    assert "strategy of a Backtest can't change" in swapped.json()["message"]
    for spec in (
        {"suspend": True},
        {"ttlSecondsAfterFinished": 60},
        {"suspend": False, "ttlSecondsAfterFinished": None},
    ):
        assert patched(spec).status_code == 200, spec
    fields = set(
        DEFINITIONS["Backtest"]["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]["properties"]
    )
    assert fields - MUTABLE == OTHERS.keys() | {"strategy", "baselines"}  # baselines has one value only
