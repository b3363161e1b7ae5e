"""What the operator and running desks have to do with each other: trading state, positions, restarts, deletion."""

import time
from functools import partial
from typing import Any

from tests.cluster.operator.conftest import Cluster, manifest
from tests.operator_process import until

NAME = "sma-cross"


def running(cluster: Cluster, name: str = NAME, **spec: Any) -> None:
    cluster.apply(manifest(name, **spec))
    cluster.make_ready(name)
    cluster.wait_condition("tws", name, "Ready", "True", "Running")
    until(lambda: cluster.at("tws", name, "status", "equity"), 10, "the desk's figures do not come")


def template(cluster: Cluster, service: str = "trading") -> Any:
    return cluster.at("deployments", f"{NAME}-{service}", "metadata", "annotations", "tradewind.dev/template")


def change(cluster: Cluster) -> None:
    cluster.patch("tws", NAME, {"spec": {"risk": {"stopLoss": "7%"}}})


def test_the_manifests_trading_state_reaches_the_desk_within_two_seconds(cluster: Cluster) -> None:
    running(cluster)
    desk = cluster.desks.desk(NAME)
    before = cluster.get("deployments", f"{NAME}-trading")
    assert before is not None

    def has(state: str) -> bool:
        return desk.manifest == state

    for state in ("Halted", "Reducing", "Active"):
        started = time.monotonic()
        cluster.patch("tws", NAME, {"spec": {"tradingState": state}})
        until(partial(has, state.upper()), 5)
        assert desk.set_at - started < 2.0
        cluster.wait_at(state, "tws", NAME, "status", "tradingState")
    assert cluster.at("deployments", f"{NAME}-trading", "metadata", "generation") == before["metadata"]["generation"]
    # What the desk forgot, or someone set behind the operator's back, is sent again.
    desk.manifest = "HALTED"
    until(lambda: desk.manifest == "ACTIVE", 10)
    # A person's own halt is left alone, and shows.
    desk.person = "HALTED"
    until(lambda: cluster.at("tws", NAME, "status", "tradingState") == "Halted", 10)
    assert (desk.manifest, desk.person) == ("ACTIVE", "HALTED")


def test_a_desk_that_was_slow_gets_the_state_as_soon_as_it_answers_and_holds_up_nobody(cluster: Cluster) -> None:
    running(cluster)
    cluster.desks.desk(NAME).delay = 30.0
    cluster.patch("tws", NAME, {"spec": {"tradingState": "Halted"}})
    started = time.monotonic()
    cluster.apply(manifest("other"))
    until(lambda: len(cluster.children("other")) == 15, 10)
    assert time.monotonic() - started < 5
    cluster.desks.desk(NAME).delay = 0.0
    until(lambda: cluster.desks.desk(NAME).manifest == "HALTED", 5)


def test_a_desk_that_holds_positions_is_not_restarted_until_somebody_approves(cluster: Cluster) -> None:
    running(cluster)
    cluster.desks.desk(NAME).positions = 2
    until(lambda: cluster.at("tws", NAME, "status", "openPositions") == 2, 10)
    before = {service: template(cluster, service) for service in ("trading", "ml", "ingestion")}
    manifests = {body["metadata"]["name"] for body in cluster.list("configmaps", f"tradewind.dev/strategy={NAME}")}
    change(cluster)
    drift = cluster.wait_condition("tws", NAME, "ConfigDrift", "True", "RestartNeedsApproval")
    assert "holds 2 positions" in drift["message"]
    time.sleep(2)
    assert {service: template(cluster, service) for service in before} == before
    kept = {body["metadata"]["name"] for body in cluster.list("configmaps", f"tradewind.dev/strategy={NAME}")}
    assert manifests <= kept
    # Approval is of this change, by its digest: "yes" to another would be a blank cheque.
    cluster.patch("tws", NAME, {"metadata": {"annotations": {"tradewind.dev/approve-restart": "true"}}})
    time.sleep(1)
    assert template(cluster) == before["trading"]
    command = drift["message"].rpartition("to restart it now: kubectl ")[2]
    cluster.api.kubectl("-n", cluster.namespace, *command.split())
    until(lambda: template(cluster) != before["trading"], 10)
    cluster.wait_condition("tws", NAME, "ConfigDrift", "False", "InSync")
    until(lambda: manifests.isdisjoint(
        {body["metadata"]["name"] for body in cluster.list("configmaps", f"tradewind.dev/strategy={NAME}")}
    ), 10)  # fmt: skip


def test_a_change_that_waited_goes_through_once_the_desk_is_flat(cluster: Cluster) -> None:
    running(cluster)
    cluster.desks.desk(NAME).positions = 1
    until(lambda: cluster.at("tws", NAME, "status", "openPositions") == 1, 10)
    before = template(cluster)
    change(cluster)
    cluster.wait_condition("tws", NAME, "ConfigDrift", "True", "RestartNeedsApproval")
    cluster.desks.desk(NAME).positions = 0
    until(lambda: template(cluster) != before, 10)
    cluster.wait_condition("tws", NAME, "ConfigDrift", "False", "InSync")


def test_an_automatic_update_and_a_flat_desk_do_not_wait(cluster: Cluster) -> None:
    running(cluster, updateStrategy="Automatic")
    cluster.desks.desk(NAME).positions = 2
    until(lambda: cluster.at("tws", NAME, "status", "openPositions") == 2, 10)
    before = template(cluster)
    change(cluster)
    until(lambda: template(cluster) != before, 10)


def test_what_a_desk_last_said_counts_after_the_operator_was_killed(cluster: Cluster) -> None:
    running(cluster)
    cluster.desks.desk(NAME).positions = 3
    until(lambda: cluster.at("tws", NAME, "status", "openPositions") == 3, 10)
    cluster.operator.kill()
    cluster.desks.desk(NAME).up = False
    before = template(cluster)
    change(cluster)
    cluster.operator.start()
    cluster.wait_condition("tws", NAME, "ConfigDrift", "True", seconds=20)
    time.sleep(2)
    assert template(cluster) == before


def test_flatten_keeps_the_desk_until_it_holds_nothing_even_in_a_foreground_deletion(cluster: Cluster) -> None:
    running(cluster, deletionPolicy="Flatten")
    desk = cluster.desks.desk(NAME)
    desk.positions = 1
    until(lambda: cluster.at("tws", NAME, "status", "openPositions") == 1, 10)
    cluster.delete("tws", NAME, "Foreground")
    until(lambda: desk.flattens, 10, "the desk is not asked to flatten")
    time.sleep(2)
    assert len([place for place in cluster.children(NAME) if place[0] == "deployments"]) == 3
    assert cluster.at("tws", NAME, "status", "phase") == "Deleting"
    assert len(set(desk.flattens)) == 1
    desk.positions = 0
    until(lambda: cluster.get("tws", NAME) is None, 15)
    until(lambda: not cluster.children(NAME), 15)


def test_a_strategy_that_never_traded_and_one_that_is_to_leave_positions_go_at_once(cluster: Cluster) -> None:
    cluster.apply(manifest("idle", deletionPolicy="Flatten"))
    until(lambda: cluster.at("tws", "idle", "metadata", "finalizers"), 10)
    cluster.delete("tws", "idle")
    until(lambda: cluster.get("tws", "idle") is None, 10)
    until(lambda: not cluster.children("idle"), 15)
    running(cluster)
    cluster.desks.desk(NAME).positions = 1
    assert cluster.at("tws", NAME, "metadata", "finalizers") is None
    cluster.delete("tws", NAME)
    until(lambda: cluster.get("tws", NAME) is None, 10)
