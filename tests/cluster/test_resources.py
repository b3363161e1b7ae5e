"""The two resources as a person at kubectl meets them."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.api_server import ApiServer
from tests.cluster.defined import define
from tests.cluster.judged import ABSENT, BACKTEST, DEFINITIONS, STRATEGY, Document, spoilt

from tradewind.manifest.load import load_resources, parse_resource
from tradewind.manifest.status import BacktestStatus, Condition, LastSignal, TradingStrategyStatus
from tradewind.paths import shipped_folder

EXAMPLES = sorted(shipped_folder("examples").rglob("*.yaml"))
GROUP = "/apis/tradewind.dev/v1alpha1"
MERGE = {"Content-Type": "application/merge-patch+json"}
CONDITION = Condition(
    type="Ready",
    status="True",
    reason="Trading",
    message="The desk trades.",
    last_transition_time=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    observed_generation=1,
)


def make(api: ApiServer, namespace: str, document: Document, name: str) -> str:
    """Make a resource of a name and return its address."""
    plural = "backtests" if document["kind"] == "Backtest" else "tradingstrategies"
    address = f"{GROUP}/namespaces/{namespace}/{plural}"
    made = api.request("POST", address, {**document, "metadata": {"name": name}})
    assert made.status_code == 201, made.text
    return f"{address}/{name}"


def say(api: ApiServer, address: str, status: TradingStrategyStatus | BacktestStatus) -> None:
    body = {"status": status.model_dump(mode="json", by_alias=True, exclude_none=True)}
    told = api.request("PATCH", f"{address}/status?fieldValidation=Strict", body, headers=MERGE)
    assert told.status_code == 200, told.text
    assert told.json()["status"] == body["status"]


def objects_of(path: Path) -> list[Document]:
    return [document for document in yaml.safe_load_all(path.read_text()) if document]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_every_example_is_accepted(crds: ApiServer, path: Path) -> None:
    said = crds.kubectl("apply", "--dry-run=server", "--validate=strict", "-f", str(path))
    assert said.count("created (server dry run)") == len(load_resources(path)) == len(objects_of(path))


def test_kubectl_sends_what_the_models_read(crds: ApiServer, namespace: str) -> None:
    """A number with a point that is whole, a day without quotes, a field left empty: as YAML has them."""
    text = (shipped_folder("examples") / "quickstart.yaml").read_text()
    for was, becomes in [
        ('initialCash: "100000"', "initialCash: 100000.0"),
        ('tradeFrom: "2009-03-02"', "tradeFrom: 2009-03-02"),
        ("  account:", "  sizing:\n  account:"),
    ]:
        assert was in text
        text = text.replace(was, becomes)
    crds.kubectl("apply", "-n", namespace, "--validate=strict", "-f", "-", given=text)
    stored = json.loads(crds.kubectl("get", "-n", namespace, "tws/quickstart", "-o", "json"))
    assert stored["spec"]["account"]["initialCash"] == 100_000
    ours = parse_resource(yaml.safe_load(text), Path("quickstart.yaml"))
    assert parse_resource(stored, Path("stored")).spec == ours.spec


def test_the_server_fills_in_what_the_models_would(crds: ApiServer, namespace: str) -> None:
    bare = {**STRATEGY, "spec": {k: v for k, v in STRATEGY["spec"].items() if k not in ("sizing", "execution", "risk")}}
    address = make(crds, namespace, bare, "bare")
    stored = crds.request("GET", address).json()
    spec = parse_resource(bare, Path("bare")).spec.model_dump(mode="json", by_alias=True, exclude_none=True)
    assert spec["sizing"].pop("fraction") == "20%"  # only where notional is absent: no default of a schema says that
    spec["signal"]["parameters"]["fast"] = 10
    spec["resources"]["ml"]["limits"]["cpu"] = 2
    assert stored["spec"] == spec
    # What was filled in is in nobody's way who gives the object later.
    notional = crds.request("PATCH", address, {"spec": {"sizing": {"notional": 500}}}, headers=MERGE)
    assert notional.status_code == 200, notional.text


@pytest.mark.parametrize("kind", DEFINITIONS)
def test_every_field_is_explained(crds: ApiServer, kind: str) -> None:
    schemas = crds.request("GET", "/openapi/v3/apis/tradewind.dev/v1alpha1").json()["components"]["schemas"]
    schema = schemas[f"dev.tradewind.v1alpha1.{kind}"]
    fields = list(described(schema, ""))
    assert len(fields) > 60
    assert [path for path, description in fields if not description] == []
    deepest = max((path for path, _ in fields), key=lambda path: path.count("."))
    plural = DEFINITIONS[kind]["spec"]["names"]["plural"]
    assert dict(fields)[deepest].split()[0] in crds.kubectl("explain", f"{plural}{deepest}")
    listed = crds.kubectl("explain", plural, "--recursive")
    leaves = {path.rsplit(".", 1)[1] for path, _ in fields}
    assert {name for name in leaves if not re.search(rf"^\s+{name}\s", listed, re.M)} == set()


def described(schema: Document, path: str) -> Iterator[tuple[str, str]]:
    """Yield (path, description) of every field but metadata's, which are Kubernetes' own."""
    for name, field in schema.get("properties", {}).items():
        if path or name != "metadata":
            yield f"{path}.{name}", field.get("description", "")
            yield from described(field, f"{path}.{name}")
    for inner in ("items", "additionalProperties"):
        if isinstance(schema.get(inner), dict):
            yield from described(schema[inner], path)


def test_a_strategy_is_seen_at_a_glance(crds: ApiServer, namespace: str) -> None:
    address = make(crds, namespace, STRATEGY, "seen")
    say(
        crds,
        address,
        TradingStrategyStatus(
            observed_generation=1,
            conditions=(CONDITION,),
            phase="Running",
            trading_state="Reducing",
            equity="101234.5000",
            open_positions=2,
            last_signal=LastSignal(symbol="IBM", side="SELL", time=datetime.now(UTC) - timedelta(hours=3)),
            model_version="SMACross-1",
            model_state="AVAILABLE",
            replicas=1,
            selector="app=ml",
        ),
    )
    head, row = crds.kubectl("get", "tws", "-n", namespace).splitlines()
    assert head.split() == ["NAME", "MODEL", "PHASE", "READY", "STATE", "EQUITY", "POSITIONS", "AGE"]
    assert row.split()[:-1] == ["seen", "SMACross", "Running", "True", "Reducing", "101234.5000", "2"]
    head, row = crds.kubectl("get", "tws", "-n", namespace, "-o", "wide").splitlines()
    assert head.split()[8:] == [
        "SYMBOLS", "LAST-SIGNAL", "SIGNAL-SYMBOL", "SIGNAL-BAR", "MODEL-VERSION", "REPLICAS", "REASON"
    ]  # fmt: skip
    assert row.split()[8:] == ['["AAPL","IBM"]', "SELL", "IBM", "3h", "SMACross-1", "1", "Trading"]
    crds.kubectl("wait", "-n", namespace, "--for=condition=Ready", "tws/seen", "--timeout=5s")


def test_a_backtest_is_seen_at_a_glance(crds: ApiServer, namespace: str) -> None:
    address = make(crds, namespace, BACKTEST, "seen")
    ended = datetime.now(UTC) - timedelta(hours=2)
    say(
        crds,
        address,
        BacktestStatus(
            observed_generation=1,
            conditions=(CONDITION,),
            phase="Succeeded",
            start_time=ended - timedelta(minutes=4),
            completion_time=ended,
            progress="12/12",
            total_return="-12.345678%",
            sharpe="-0.75",
            max_drawdown="-20.5%",
            win_rate="41.25%",
            trades=31,
            trials=5,
            report_reference="backtests/17",
        ),
    )
    head, row = crds.kubectl("get", "tws,twb", "-n", namespace).splitlines()
    assert head.split() == ["NAME", "STRATEGY", "PHASE", "PROGRESS", "RETURN", "SHARPE", "DRAWDOWN", "AGE"]
    seen = ["backtest.tradewind.dev/seen", "other", "Succeeded", "12/12", "-12.345678%", "-0.75", "-20.5%"]
    assert row.split()[:-1] == seen
    assert "seen" in crds.kubectl("get", "tradewind", "-n", namespace)
    head, row = crds.kubectl("get", "twb", "-n", namespace, "-o", "wide").splitlines()
    assert head.split()[8:] == ["WIN-RATE", "TRADES", "TRIALS", "COMPLETED", "REPORT", "REASON"]
    assert row.split()[8:] == ["41.25%", "31", "5", "120m", "backtests/17", "Trading"]


def test_scale_sets_the_signal_services(crds: ApiServer, namespace: str) -> None:
    address = make(crds, namespace, STRATEGY, "scaled")
    say(crds, address, TradingStrategyStatus(replicas=1, selector="app=ml,strategy=scaled"))
    crds.kubectl("scale", "-n", namespace, "tws/scaled", "--replicas=3")
    assert crds.request("GET", address).json()["spec"]["signal"]["replicas"] == 3
    scale = crds.request("GET", f"{address}/scale").json()
    assert (scale["spec"], scale["status"]) == ({"replicas": 3}, {"replicas": 1, "selector": "app=ml,strategy=scaled"})
    for count in ("0", "17"):
        said = crds.kubectl("scale", "-n", namespace, "tws/scaled", f"--replicas={count}", fails=True)
        assert "spec.signal.replicas" in said
    # One who applies the manifest again leaves what an autoscaler set.
    crds.kubectl("apply", "--server-side", "-n", namespace, "-f", "-", given=json.dumps(named(STRATEGY, "scaled")))
    assert crds.request("GET", address).json()["spec"]["signal"]["replicas"] == 3


def test_status_is_apart_from_spec_and_closed(crds: ApiServer, namespace: str) -> None:
    address = make(crds, namespace, {**STRATEGY, "status": {"phase": "Running"}}, "apart")
    assert "status" not in crds.request("GET", address).json()
    before = crds.request("GET", address).json()["metadata"]["generation"]
    say(crds, address, TradingStrategyStatus(phase="Pending"))
    assert crds.request("GET", address).json()["metadata"]["generation"] == before
    for wrong in ({"mood": "good"}, {"equity": "much"}, {"phase": "Happy"}):
        told = crds.request("PATCH", f"{address}/status?fieldValidation=Strict", {"status": wrong}, headers=MERGE)
        assert told.status_code in (400, 422), wrong


def test_conditions_are_merged_by_their_type(crds: ApiServer, namespace: str) -> None:
    address = make(crds, namespace, STRATEGY, "merged")
    one = CONDITION.model_dump(mode="json", by_alias=True, exclude_none=True)
    for manager, kind in (("one", "Ready"), ("two", "Stalled"), ("one", "Ready")):
        body = {**named(STRATEGY, "merged"), "status": {"conditions": [{**one, "type": kind}]}}
        del body["spec"]
        applied = crds.request(
            "PATCH",
            f"{address}/status?fieldManager={manager}",
            body,
            headers={"Content-Type": "application/apply-patch+yaml"},
        )
        assert applied.status_code == 200, applied.text
    stored = crds.request("GET", address).json()["status"]["conditions"]
    assert [condition["type"] for condition in stored] == ["Ready", "Stalled"]


def named(document: Document, name: str) -> Document:
    return {**document, "metadata": {"name": name}}


def older(definition: Document) -> Document:
    """Return a definition as it may have been: without rules, and without the fields that say how a desk is run."""
    gone = {"suspend", "updateStrategy", "deletionPolicy", "resources", "image", "replicas", "parallelism"}
    text = json.loads(json.dumps(definition))

    def strip(schema: Any) -> None:
        schema.pop("x-kubernetes-validations", None)
        for name in gone & schema.get("properties", {}).keys():
            if not (name == "replicas" and "selector" in schema["properties"]):
                del schema["properties"][name]
        for inner in (*schema.get("properties", {}).values(), schema.get("items"), schema.get("additionalProperties")):
            if isinstance(inner, dict):
                strip(inner)

    strip(text["spec"]["versions"][0]["schema"]["openAPIV3Schema"])
    text["spec"]["versions"][0]["subresources"].pop("scale", None)
    return dict(text)


def test_objects_stored_under_an_older_schema_stay_readable_and_updatable(crds: ApiServer, namespace: str) -> None:
    strategy = spoilt(STRATEGY, ("spec", "resources"), ABSENT)
    inline = spoilt(spoilt(BACKTEST, ("spec", "strategyRef"), ABSENT), ("spec", "strategy"), strategy["spec"])
    refused_now = spoilt(strategy, ("spec", "signal", "anomalyGuard", "contamination"), "60%")
    define(crds, *map(older, DEFINITIONS.values()))
    try:
        wait_for(crds, namespace, refused_now)
        addresses = [
            make(crds, namespace, strategy, "old"),
            make(crds, namespace, BACKTEST, "old"),
            make(crds, namespace, inline, "inline"),
        ]
        spoiled = make(crds, namespace, refused_now, "spoiled")
        assert "suspend" not in crds.request("GET", addresses[0]).json()["spec"]
    finally:
        define(crds, *DEFINITIONS.values())
        wait_for(crds, namespace, refused_now, refused=True)
    for address in addresses:
        stored = crds.request("GET", address).json()
        assert stored["spec"]["suspend"] is False
        assert parse_resource(stored, Path("stored")).spec.suspend is False
        assert crds.request("PATCH", address, {"spec": {"suspend": True}}, headers=MERGE).status_code == 200
        assert crds.request("PUT", address, crds.request("GET", address).json()).status_code == 200
    # What a newer rule refuses may stay as long as nobody touches it.
    labelled = crds.request("PATCH", spoiled, {"metadata": {"labels": {"team": "a"}}}, headers=MERGE)
    assert labelled.status_code == 200, labelled.text
    halted = crds.request("PATCH", spoiled, {"spec": {"tradingState": "Halted"}}, headers=MERGE)
    assert halted.status_code == 200, halted.text
    worse = crds.request(
        "PATCH", spoiled, {"spec": {"signal": {"anomalyGuard": {"contamination": "70%"}}}}, headers=MERGE
    )
    assert "contamination must be at most 50%: lower it" in worse.json()["message"]


def wait_for(api: ApiServer, namespace: str, document: Document, refused: bool = False) -> None:
    """Wait until the API server judges by the definition that was applied last."""
    address = f"{GROUP}/namespaces/{namespace}/tradingstrategies?dryRun=All"
    for _ in range(300):
        if (api.request("POST", address, named(document, "probe")).status_code == 422) is refused:
            return
    raise AssertionError("the definition that was applied is not in force")
