"""Plans as Kubernetes objects."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.operator.objects import OWNER, PLATFORM, UID, built, plan, strategy

from tradewind.manifest.plan import plan_strategy
from tradewind_operator.builders.feeds import Member, build_feed, feed_key, group_feeds
from tradewind_operator.builders.owned import Owner
from tradewind_operator.builders.platform import BrokerAccess, DatabaseAccess
from tradewind_operator.names import child_name

RICH = replace(
    PLATFORM,
    database=DatabaseAccess(cnpg_cluster="ledger"),
    broker=BrokerAccess("kafka:9093", "SASL_SSL", ca_secret="kafka-ca", strimzi_cluster="kafka"),
    apis=frozenset({"KafkaUser", "DatabaseRole", "ServiceMonitor"}),
)


def of(objects: list[dict[str, Any]], kind: str, name: str = "") -> dict[str, Any]:
    return next(body for body in objects if body["kind"] == kind and name in body["metadata"]["name"])


def pods(objects: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [body["spec"]["template"]["spec"] for body in objects if body["kind"] in ("Deployment", "Job")]


@pytest.mark.parametrize("platform", [PLATFORM, RICH])
def test_every_pod_is_hardened_and_reads_what_it_must(platform: Any) -> None:
    objects = built(platform=platform)
    assert len(pods(objects)) == 3
    for spec in pods(objects):
        assert spec["automountServiceAccountToken"] is False
        assert spec["securityContext"]["runAsNonRoot"] is True
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        for container in spec["containers"]:
            context = container["securityContext"]
            assert context["readOnlyRootFilesystem"] is True
            assert context["allowPrivilegeEscalation"] is False
            assert context["capabilities"] == {"drop": ["ALL"]}
            mounts = {mount["name"] for mount in container["volumeMounts"]}
            assert mounts == {volume["name"] for volume in spec["volumes"]}
            variables = {each["name"] for each in container["env"]}
            # What services.runtime.settings asks of every service.
            assert {
                "TRADEWIND_MANIFEST", "TRADEWIND_STRATEGY_ID", "TRADEWIND_FEED_ID", "TRADEWIND_DATABASE_URL",
                "TRADEWIND_KAFKA_BOOTSTRAP_SERVERS", "TRADEWIND_DATA_DIR", "TRADEWIND_HOST", "TRADEWIND_PORT",
            } <= variables  # fmt: skip
            assert len(variables) == len(container["env"])


def test_what_a_pod_needs_comes_before_it_and_every_object_belongs_to_the_strategy() -> None:
    objects = built(platform=RICH)
    kinds = [body["kind"] for body in objects]
    first = kinds.index("Deployment")
    assert set(kinds[first:]) == {"Deployment", "ServiceMonitor"}
    assert {"KafkaUser", "DatabaseRole", "NetworkPolicy", "ServiceAccount", "ConfigMap"} <= set(kinds[:first])
    assert all(body["metadata"]["ownerReferences"][0]["uid"] == UID for body in objects)
    assert len({(body["kind"], body["metadata"]["name"]) for body in objects}) == len(objects)


def test_each_service_is_a_user_of_its_own_with_least_rights() -> None:
    objects = built(platform=RICH)
    ml = of(objects, "KafkaUser", "-ml")["spec"]["authorization"]["acls"]
    rights = {(each["resource"]["type"], each["resource"]["name"]): set(each["operations"]) for each in ml}
    assert rights == {
        ("topic", "market_data"): {"Read", "Describe"},
        ("topic", "trading_signals"): {"Write", "Describe"},
        ("topic", "anomalies"): {"Write", "Describe"},
        ("topic", "market_data.dlq"): {"Write", "Describe"},
        ("group", f"ml-service.trading.quickstart.{UID}"): {"Read", "Describe"},
    }
    role = of(objects, "DatabaseRole", "-trading")["spec"]
    assert role["inRoles"] == ["tradewind_trading"]
    assert len(role["name"]) <= 63
    trading = next(spec for spec in pods(objects) if spec["containers"][0]["name"] == "trading")
    environment = {each["name"]: each.get("value") for each in trading["containers"][0]["env"]}
    assert environment["PGOPTIONS"] == "-c role=tradewind_trading"
    assert f"//{role['name']}@ledger-rw:5432/" in str(environment["TRADEWIND_DATABASE_URL"])
    assert "sslmode=verify-full" in str(environment["TRADEWIND_DATABASE_URL"])


def test_nothing_comes_in_or_goes_out_but_what_is_named() -> None:
    for body in built():
        if body["kind"] == "NetworkPolicy":
            assert body["spec"]["policyTypes"] == ["Ingress", "Egress"]
            assert all(rule["from"] and rule["ports"] for rule in body["spec"]["ingress"])
            assert all(rule["ports"] for rule in body["spec"]["egress"])
            ports = {port["port"] for rule in body["spec"]["egress"] for port in rule["ports"]}
            assert ports == {53, 5432, 9092}


def test_suspension_stops_all_pods_and_an_autoscaler_keeps_its_replicas() -> None:
    replicas = [b["spec"].get("replicas") for b in built(plan(suspend=True)) if b["kind"] == "Deployment"]
    assert replicas == [0, 0, 0]
    scaled = {
        b["metadata"]["name"]: b["spec"].get("replicas") for b in built(autoscaled=True) if b["kind"] == "Deployment"
    }
    assert scaled == {"quickstart-ingestion": 1, "quickstart-ml": None, "quickstart-trading": 1}
    suspended = built(plan(suspend=True), autoscaled=True)
    assert of(suspended, "Deployment", "-ml")["spec"]["replicas"] == 0


@pytest.mark.parametrize(
    ("change", "restarts"),
    [
        ({"tradingState": "Halted"}, False),
        ({"suspend": True}, False),
        ({"updateStrategy": "Automatic"}, False),
        ({"deletionPolicy": "Flatten"}, False),
        ({"symbols": ["AAPL"]}, True),
        ({"risk": {"stopLoss": "1%"}}, True),
    ],
)
def test_only_what_a_desk_does_changes_its_pods(change: dict[str, Any], restarts: bool) -> None:
    def template(objects: list[dict[str, Any]]) -> Any:
        return of(objects, "Deployment", "-trading")["metadata"]["annotations"]["tradewind.dev/template"]

    assert (template(built(plan(**change))) != template(built())) is restarts


def test_a_plug_ins_image_and_its_resources_reach_its_pod_alone() -> None:
    objects = built(plan(image="mine:1", resources={"ml": {"limits": {"memory": "3Gi"}}}))
    images = {spec["containers"][0]["name"]: spec["containers"][0]["image"] for spec in pods(objects)}
    assert images == {"ingestion": "tradewind:latest", "ml": "mine:1", "trading": "tradewind:latest"}
    ml = next(spec for spec in pods(objects) if spec["containers"][0]["name"] == "ml")
    assert ml["containers"][0]["resources"] == {"limits": {"memory": "3Gi"}}


@given(st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=63), st.sampled_from(("ml", "ingestion")))
def test_names_fit_a_dns_label_and_differ_between_owners(name: str, suffix: str) -> None:
    made = child_name(name, suffix)
    assert len(made) <= 63
    assert made.endswith(f"-{suffix}")
    assert child_name(f"{name}-{suffix}", suffix) != made


def test_names_that_are_too_long_differ_where_only_their_ends_do() -> None:
    long = "a" * 62
    assert child_name(long + "b", "ingestion") != child_name(long + "c", "ingestion")


def live_member(name: str, symbols: list[str], feed: str = "yahoo.1d", **spec: Any) -> Member:
    """A strategy of a live feed: the manifest has none yet, so its Plan is given one."""
    planned = plan_strategy(strategy(symbols=symbols, **spec))
    return Member(Owner("TradingStrategy", name, f"uid-{name}"), replace(planned, feed_id=feed))


def test_a_shared_feed_is_planned_from_all_its_members() -> None:
    members = [
        live_member("b", ["IBM", "MSFT"]),
        live_member("a", ["AAPL", "IBM"]),
        live_member("other", ["GOOG"], "yahoo.1h"),
        Member(OWNER, plan()),  # a replay is its own
    ]
    feeds = group_feeds(members)
    assert set(feeds) == {feed_key("yahoo.1d"), feed_key("yahoo.1h")}
    shared = feeds[feed_key("yahoo.1d")]
    assert [each.owner.name for each in shared] == ["a", "b"]
    objects = build_feed(shared, PLATFORM)
    mounted = json.loads(of(objects, "ConfigMap")["data"]["manifest.json"])
    assert mounted["spec"]["symbols"] == ["AAPL", "IBM", "MSFT"]
    assert len([b for b in objects if b["kind"] == "Deployment"]) == 1
    for body in objects:
        references = body["metadata"]["ownerReferences"]
        assert [each["uid"] for each in references] == ["uid-a", "uid-b"]
        assert not any(each["controller"] for each in references)  # the API server allows one at most
    assert build_feed(shared, PLATFORM) == objects


def test_a_shared_feed_runs_while_any_member_does_and_asks_for_no_suspended_ones_symbols() -> None:
    running, waiting = live_member("a", ["AAPL"]), live_member("b", ["IBM"], suspend=True)
    objects = build_feed([running, waiting], PLATFORM)
    assert of(objects, "Deployment")["spec"]["replicas"] == 1
    assert json.loads(of(objects, "ConfigMap")["data"]["manifest.json"])["spec"]["symbols"] == ["AAPL"]
    assert of(build_feed([waiting], PLATFORM), "Deployment")["spec"]["replicas"] == 0


def test_equal_plans_give_equal_objects() -> None:
    assert built() == built()
