"""A TradingStrategy on a real API server: it gets its objects, keeps them, and loses them."""

import json
import time
from typing import Any

from tests.cluster.operator.conftest import Cluster, manifest
from tests.operator_process import until

SERVICES = ("ingestion", "ml", "trading")


def running(cluster: Cluster, name: str = "sma-cross", **spec: Any) -> None:
    cluster.apply(manifest(name, **spec))
    cluster.make_ready(name)
    cluster.wait_condition("tws", name, "Ready", "True", "Running")
    cluster.settle()


def touch(cluster: Cluster, value: str) -> None:
    """Have a strategy reconciled that is as it should be."""
    cluster.patch("tws", "sma-cross", {"metadata": {"annotations": {"tradewind.dev/approve-restart": value}}})


def test_a_strategy_gets_its_objects_and_says_that_it_runs(cluster: Cluster) -> None:
    # Pods that are not hardened would be refused here, and the Deployments' pods never come.
    enforce = {"metadata": {"labels": {"pod-security.kubernetes.io/enforce": "restricted"}}}
    labelled = cluster.api.request(
        "PATCH",
        f"/api/v1/namespaces/{cluster.namespace}",
        enforce,
        headers={"Content-Type": "application/merge-patch+json"},
    )
    assert labelled.status_code == 200
    running(cluster)
    found = cluster.children("sma-cross")
    assert {what for what, _ in found} == {
        "deployments", "services", "serviceaccounts", "configmaps", "networkpolicies", "poddisruptionbudgets",
    }  # fmt: skip
    for service in SERVICES:
        deployment = found["deployments", f"sma-cross-{service}"]
        assert deployment["spec"]["strategy"]["type"] == "Recreate"
        [container] = deployment["spec"]["template"]["spec"]["containers"]
        assert container["securityContext"]["readOnlyRootFilesystem"] is True
        assert deployment["spec"]["template"]["spec"]["automountServiceAccountToken"] is False
    strategy = cluster.get("tws", "sma-cross")
    assert strategy is not None
    uid = strategy["metadata"]["uid"]
    assert all(body["metadata"]["ownerReferences"][0]["uid"] == uid for body in found.values())
    [config] = cluster.list("configmaps", "tradewind.dev/strategy=sma-cross")
    mounted = json.loads(config["data"]["manifest.json"])
    assert mounted["metadata"]["uid"] == uid
    assert mounted["spec"]["signal"]["model"] == "SMACross"
    status = strategy["status"]
    assert status["observedGeneration"] == 1
    assert {c["type"]: c["status"] for c in status["conditions"]} == {
        "Ready": "True", "Reconciling": "False", "Stalled": "False", "ConfigDrift": "False",
    }  # fmt: skip
    kubectl = cluster.api.kubectl(
        "-n", cluster.namespace, "wait", "--for=condition=Ready", "tws/sma-cross", "--timeout=5s"
    )
    assert "condition met" in kubectl
    figures = until(lambda: cluster.at("tws", "sma-cross", "status", "equity"), 10)
    assert figures == "100000.0000"


def test_what_is_as_it_should_be_costs_no_request(cluster: Cluster) -> None:
    running(cluster)
    before, reconciles = cluster.operator.calls(), cluster.operator.value("tradewind_operator_reconciles_total")
    versions = {place: body["metadata"]["resourceVersion"] for place, body in cluster.children("sma-cross").items()}
    for number in range(5):
        # A Deployment's status is written by somebody else: an event, a reconcile, and nothing to do.
        pod = cluster.list("pods", "tradewind.dev/strategy=sma-cross")[0]["metadata"]["name"]
        cluster.patch(
            "tws", "sma-cross", {"metadata": {"annotations": {"tradewind.dev/approve-restart": f"x{number}"}}}
        )
        assert pod
        time.sleep(0.2)
    cluster.settle()
    assert cluster.operator.value("tradewind_operator_reconciles_total") >= reconciles + 5
    after = cluster.operator.calls()
    # What the canary sings meanwhile is no work of a reconcile.
    differing = {pair: after[pair] - before.get(pair, 0) for pair in after if after[pair] != before.get(pair, 0)}
    assert differing.pop(("apply", "configmaps"), 0) <= 1
    assert differing == {}
    deployments = {place for place in versions if place[0] != "deployments"}
    now = cluster.children("sma-cross")
    assert {p: now[p]["metadata"]["resourceVersion"] for p in deployments} == {p: versions[p] for p in deployments}


def test_what_is_deleted_or_edited_comes_back(cluster: Cluster) -> None:
    running(cluster)
    strategy = "sma-cross"
    for what, name in list(cluster.children(strategy)):
        if what == "deployments":
            continue
        former = cluster.get(what, name)
        assert former is not None
        cluster.delete(what, name)

        def is_back(what: str = what, name: str = name, uid: str = former["metadata"]["uid"]) -> bool:
            body = cluster.get(what, name)
            return body is not None and body["metadata"]["uid"] != uid

        until(is_back, 10, f"{what} {name} does not come back")
    edit = {"spec": {"template": {"spec": {"containers": [{"name": "ml", "image": "evil:1"}]}}}}
    strategic = {"Content-Type": "application/strategic-merge-patch+json"}
    cluster.api.request("PATCH", cluster.path("deployments", "sma-cross-ml"), edit, headers=strategic)

    def image() -> str:
        body = cluster.get("deployments", "sma-cross-ml")
        assert body is not None
        return str(body["spec"]["template"]["spec"]["containers"][0]["image"])

    until(lambda: image() == "tradewind-strategy:latest", 10)
    cluster.patch("services", "sma-cross-ml", {"spec": {"ports": [{"port": 1, "name": "http"}]}})
    until(lambda: cluster.at("services", "sma-cross-ml", "spec", "ports", 0, "port") == 8001, 10)
    # Even where the label is gone by which it is found.
    cluster.patch("services", "sma-cross-ml", {"metadata": {"labels": {"app.kubernetes.io/managed-by": "me"}}})
    until(
        lambda: (
            cluster.at("services", "sma-cross-ml", "metadata", "labels", "app.kubernetes.io/managed-by")
            == "tradewind-operator"
        ),
        10,
    )


def test_what_others_add_stays(cluster: Cluster) -> None:
    running(cluster)
    strategic = {"Content-Type": "application/strategic-merge-patch+json"}
    sidecar = {"spec": {"template": {"spec": {"containers": [{"name": "mesh", "image": "mesh:1"}]}}}}
    path = cluster.path("deployments", "sma-cross-ml")
    assert cluster.api.request("PATCH", path, sidecar, headers=strategic).status_code == 200
    cluster.patch("services", "sma-cross-ml", {"metadata": {"annotations": {"someone": "else"}}})
    # An autoscaler's replicas come by the scale subresource, under the controller manager's name.
    scaled = cluster.api.request(
        "PATCH", f"{path}/scale?fieldManager=kube-controller-manager", {"spec": {"replicas": 3}},
        headers={"Content-Type": "application/merge-patch+json"},
    )  # fmt: skip
    assert scaled.status_code == 200, scaled.text
    cluster.settle()
    touch(cluster, "again")
    cluster.settle()
    deployment = cluster.get("deployments", "sma-cross-ml")
    assert deployment is not None
    names = {container["name"] for container in deployment["spec"]["template"]["spec"]["containers"]}
    assert names == {"ml", "mesh"}
    assert deployment["spec"]["replicas"] == 3
    service = cluster.get("services", "sma-cross-ml")
    assert service is not None
    assert service["metadata"]["annotations"]["someone"] == "else"
    # A person's hand on the Deployment is drift: the manifest's own replicas are what `kubectl scale tws` sets.
    cluster.api.kubectl("-n", cluster.namespace, "scale", "deployment/sma-cross-trading", "--replicas=2")
    until(lambda: cluster.at("deployments", "sma-cross-trading", "spec", "replicas") == 1, 10)


def test_kubectl_scale_sets_the_signal_services_replicas(cluster: Cluster) -> None:
    running(cluster)
    cluster.api.kubectl("-n", cluster.namespace, "scale", "tws/sma-cross", "--replicas=2")
    until(lambda: cluster.at("deployments", "sma-cross-ml", "spec", "replicas") == 2, 10)
    assert cluster.at("deployments", "sma-cross-trading", "spec", "replicas") == 1
    until(lambda: cluster.at("tws", "sma-cross", "status", "replicas") == 2, 10)


def test_suspend_stops_pods_and_keeps_the_rest(cluster: Cluster) -> None:
    running(cluster)
    before = set(cluster.children("sma-cross"))
    cluster.patch("tws", "sma-cross", {"spec": {"suspend": True}})
    for service in SERVICES:
        cluster.wait_at(0, "deployments", f"sma-cross-{service}", "spec", "replicas")
    cluster.wait_condition("tws", "sma-cross", "Ready", "False", "Suspended")
    assert set(cluster.children("sma-cross")) == before
    cluster.patch("tws", "sma-cross", {"spec": {"suspend": False}})
    for service in SERVICES:
        cluster.wait_at(1, "deployments", f"sma-cross-{service}", "spec", "replicas")


def test_a_deleted_strategy_leaves_nothing(cluster: Cluster) -> None:
    running(cluster)
    cluster.delete("tws", "sma-cross")
    until(lambda: not cluster.children("sma-cross"), 20)
    # And one of the same name begins anew, though the former's objects may still be going.
    cluster.apply(manifest())
    cluster.delete("tws", "sma-cross")
    again = cluster.apply(manifest())
    uid = again["metadata"]["uid"]

    def all_new() -> bool:
        found = cluster.children("sma-cross")
        return len(found) == 15 and all(b["metadata"]["ownerReferences"][0]["uid"] == uid for b in found.values())

    until(all_new, 30, "the second strategy's objects are not all its own")


def test_somebody_elses_object_is_never_taken_over(cluster: Cluster) -> None:
    theirs = {"metadata": {"name": "sma-cross-ml"}, "automountServiceAccountToken": True}
    assert cluster.api.request("POST", cluster.path("serviceaccounts"), theirs).status_code == 201
    cluster.apply(manifest())
    stalled = cluster.wait_condition("tws", "sma-cross", "Stalled", "True", "NameTaken")
    assert "ServiceAccount sma-cross-ml" in stalled["message"]
    account = cluster.get("serviceaccounts", "sma-cross-ml")
    assert account is not None
    assert account["automountServiceAccountToken"] is True
    assert "ownerReferences" not in account["metadata"]


def test_a_missing_secret_is_said_and_its_coming_noticed(cluster: Cluster) -> None:
    secrets = f"/api/v1/namespaces/{cluster.namespace}/secrets"
    running(cluster, "first")
    assert cluster.api.request("DELETE", f"{secrets}/tradewind-database").status_code == 200
    cluster.wait_condition("tws", "first", "Stalled", "True", "SecretMissing")
    assert len(cluster.children("first")) == 15  # left as they were
    cluster.apply(manifest("second"))
    stalled = cluster.wait_condition("tws", "second", "Stalled", "True", "SecretMissing")
    assert "tradewind-database" in stalled["message"]
    assert cluster.children("second") == {}
    made = cluster.api.request(
        "POST", secrets, {"metadata": {"name": "tradewind-database"}, "stringData": {"url": "x"}}
    )
    assert made.status_code == 201
    until(lambda: len(cluster.children("second")) == 15, 10)
    cluster.wait_condition("tws", "first", "Stalled", "False")


def test_a_bad_resource_delays_no_other(cluster: Cluster) -> None:
    for number in range(20):
        taken = {"metadata": {"name": f"bad{number}-ml"}}
        assert cluster.api.request(
            "POST", cluster.path("services"), {**taken, "spec": {"ports": [{"port": 1}]}}
        ).is_success
        cluster.apply(manifest(f"bad{number}"))
    started = time.monotonic()
    cluster.apply(manifest("good"))
    until(lambda: len(cluster.children("good")) == 15, 10)
    assert time.monotonic() - started < 5
    for number in range(20):
        cluster.wait_condition("tws", f"bad{number}", "Stalled", "True", "NameTaken")
