"""The operator's own life: one acts at a time, killed it goes on, away from the API it catches up."""

import os
import random
import signal
import time
from pathlib import Path
from urllib.request import urlopen

import yaml
from tests.api_server import ApiServer
from tests.cluster.operator.conftest import Cluster, manifest
from tests.operator_process import (
    Desks,
    OperatorProcess,
    Wire,
    create_database_secret,
    operator_access,
    until,
)


def test_a_restart_changes_nothing_that_is_as_it_should_be(cluster: Cluster) -> None:
    for number in range(5):
        cluster.apply(manifest(f"s{number}"))
    until(lambda: all(len(cluster.children(f"s{n}")) == 15 for n in range(5)), 20)
    cluster.settle()
    before = {
        (n, place): body["metadata"]["resourceVersion"]
        for n in range(5)
        for place, body in cluster.children(f"s{n}").items()
    }
    statuses = {body["metadata"]["name"]: body["metadata"]["resourceVersion"] for body in cluster.list("tws")}
    cluster.operator.kill()
    cluster.operator.start()
    cluster.settle()
    writes = {pair: count for pair, count in cluster.operator.calls().items() if pair[0] not in ("get", "list")}
    assert set(writes) <= {("apply", "configmaps")}  # the canary's song
    assert writes.get(("apply", "configmaps"), 0) <= 1
    after = {
        (n, place): body["metadata"]["resourceVersion"]
        for n in range(5)
        for place, body in cluster.children(f"s{n}").items()
    }
    assert after == before
    assert {body["metadata"]["name"]: body["metadata"]["resourceVersion"] for body in cluster.list("tws")} == statuses


def test_what_happened_while_it_was_away_is_made_up_for(cluster: Cluster) -> None:
    for name in ("kept", "gone"):
        cluster.apply(manifest(name))
    until(lambda: len(cluster.children("kept")) == len(cluster.children("gone")) == 15, 20)
    cluster.settle()
    cluster.operator.kill()
    cluster.delete("services", "kept-ml")
    cluster.delete("tws", "gone")
    cluster.apply(manifest("new"))
    cluster.operator.start()
    until(lambda: cluster.get("services", "kept-ml"), 10)
    until(lambda: len(cluster.children("new")) == 15, 10)
    until(lambda: not cluster.children("gone"), 20)


def test_killed_in_the_middle_again_and_again_it_leaves_each_strategy_its_own_objects_once(cluster: Cluster) -> None:
    draw = random.Random(11)
    names = [f"k{number}" for number in range(8)]
    for name in names:
        cluster.apply(manifest(name))
        time.sleep(draw.uniform(0.0, 0.25))
        cluster.operator.kill()
        cluster.patch("tws", name, {"spec": {"risk": {"stopLoss": "6%"}}})
        cluster.operator.start(wait=False)
        time.sleep(draw.uniform(0.8, 1.6))
    until(lambda: all(len(cluster.children(name)) == 15 for name in names), 40)
    cluster.settle()
    for name in names:
        [config] = cluster.list("configmaps", f"tradewind.dev/strategy={name}")
        assert '"stopLoss":"6%"' in config["data"]["manifest.json"]
        for service in ("ingestion", "ml", "trading"):
            spec = cluster.at("deployments", f"{name}-{service}", "spec", "template", "spec")
            assert spec["volumes"][0]["configMap"]["name"] == config["metadata"]["name"]
        cluster.wait_condition("tws", name, "Reconciling", "True", "Progressing")


def test_two_operators_never_act_at_once(cluster: Cluster, tmp_path: Path) -> None:
    kubeconfig = Path(cluster.operator._environment["KUBECONFIG"])
    second = OperatorProcess(kubeconfig, cluster.namespace, tmp_path, desk_url=cluster.desks.url, identity="second")
    second.start(wait=False)
    try:
        until(second.ready, 20)  # it lives, and waits
        cluster.apply(manifest("one"))
        until(lambda: len(cluster.children("one")) == 15, 10)
        assert second.value("tradewind_operator_leading") == 0
        assert {pair for pair in second.calls() if pair[0] not in ("get", "list")} == set()
        assert second.value("tradewind_operator_reconciles_total") == 0
        killed = time.monotonic()
        cluster.operator.kill()
        cluster.apply(manifest("two"))
        until(lambda: len(cluster.children("two")) == 15, 40)
        assert 5 < time.monotonic() - killed < 35
        assert second.value("tradewind_operator_leading") == 1
        # One that ends in order gives the Lease away: nobody has to wait for it to run out.
        assert second.stop() == 0
        started = time.monotonic()
        cluster.operator.start()
        assert time.monotonic() - started < 8
    finally:
        second.stop()


def test_one_that_is_paused_for_long_finds_the_lease_taken_and_ends_without_a_write(
    cluster: Cluster, tmp_path: Path
) -> None:
    first = cluster.operator
    kubeconfig = Path(first._environment["KUBECONFIG"])
    second = OperatorProcess(kubeconfig, cluster.namespace, tmp_path, desk_url=cluster.desks.url, identity="second")
    second.start(wait=False)
    try:
        assert first.process is not None
        os.kill(first.process.pid, signal.SIGSTOP)
        until(lambda: second.value("tradewind_operator_leading") == 1, 40)
        cluster.apply(manifest("one"))
        until(lambda: len(cluster.children("one")) == 15, 10)
        os.kill(first.process.pid, signal.SIGCONT)
        assert first.process.wait(30) == 1
        assert "is held by another" in first.log.read_text() or "not renewed" in first.log.read_text()
    finally:
        second.stop()
        first.process = None
        text = first.log.read_text()
        first.log.write_text(text.replace("Traceback", "(expected)"))


def test_an_api_server_that_was_away_is_caught_up_with_by_the_same_process(
    crds: ApiServer, namespace: str, desks: Desks, tmp_path: Path
) -> None:
    create_database_secret(crds, namespace)
    with operator_access(crds, namespace, tmp_path) as kubeconfig:
        config = yaml.safe_load(kubeconfig.read_text())
        host, _, port = config["clusters"][0]["cluster"]["server"].removeprefix("https://").partition(":")
        wire = Wire(host, int(port))
        config["clusters"][0]["cluster"]["server"] = f"https://127.0.0.1:{wire.port}"
        kubeconfig.write_text(yaml.safe_dump(config))
        operator = OperatorProcess(kubeconfig, namespace, tmp_path, desk_url=desks.url, identity="first").start()
        cluster = Cluster(crds, namespace, desks, operator)
        try:
            cluster.apply(manifest("kept"))
            until(lambda: len(cluster.children("kept")) == 15, 10)
            cluster.settle()
            wire.cut()
            cluster.delete("services", "kept-ml")
            cluster.apply(manifest("new"))
            until(lambda: operator.value("tradewind_operator_leading") == 0, 30, "it still thinks that it may write")
            time.sleep(10)
            assert operator.lives
            wire.mend()
            until(lambda: cluster.get("services", "kept-ml"), 30)
            until(lambda: len(cluster.children("new")) == 15, 30)
            assert operator.value("tradewind_operator_leading") == 1
        finally:
            operator.stop()
            wire.close()


def test_health_and_metrics_answer(cluster: Cluster) -> None:
    with urlopen(f"http://127.0.0.1:{cluster.operator.port}/healthz", timeout=5) as answer:
        assert answer.status == 200
    assert cluster.operator.value("tradewind_operator_watch_starts_total") >= 8
    canary = until(lambda: cluster.get("configmaps", "tradewind-operator-canary"), 10)
    assert canary["data"]["at"]
