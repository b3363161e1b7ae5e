"""A Backtest on a real API server becomes one Job; its pod's last words become its status."""

import json
import random
import time
from typing import Any

import yaml
from tests.cluster.operator.conftest import EXAMPLES, Cluster, manifest
from tests.operator_process import until


def backtest(name: str, **spec: Any) -> dict[str, Any]:
    document = yaml.safe_load((EXAMPLES / "backtest.yaml").read_text())
    document["metadata"]["name"] = name
    document["spec"] |= spec
    document["spec"] = {key: value for key, value in document["spec"].items() if value is not None}
    return json.loads(json.dumps(document, default=str))  # type: ignore[no-any-return]


def end_pod(cluster: Cluster, name: str, code: int, message: str) -> None:
    """Play the kubelet: let a backtest's pod end."""
    [pod] = until(lambda: cluster.list("pods", f"tradewind.dev/backtest={name}"), 15, f"no pod of {name}")
    ended = {"exitCode": code, "message": message, "finishedAt": "2026-01-02T03:04:05Z", "reason": "Completed"}
    container = {
        "name": "backtest", "image": "x", "imageID": "", "restartCount": 0, "ready": False,
        "state": {"terminated": ended},
    }  # fmt: skip
    status = {"phase": "Failed" if code else "Succeeded", "containerStatuses": [container]}
    cluster.patch("pods", pod["metadata"]["name"], {"status": status}, "status")


def test_a_backtest_runs_as_one_job_and_its_figures_come_back(cluster: Cluster) -> None:
    cluster.apply(backtest("plain"))
    until(lambda: cluster.get("jobs", "plain-backtest"), 10)
    until(lambda: cluster.at("twb", "plain", "status", "phase") == "Running", 10)
    summary = {
        "totalReturn": "11.8783%", "sharpe": "1.5686", "maxDrawdown": "-5.4036%", "winRate": "58.8235%", "trades": 17,
        "done": 1, "total": 1,
    }  # fmt: skip
    end_pod(cluster, "plain", 0, json.dumps(summary))
    until(lambda: cluster.at("twb", "plain", "status", "phase") == "Succeeded", 20)
    status = cluster.at("twb", "plain", "status")
    assert (status["totalReturn"], status["sharpe"], status["trades"]) == ("11.8783%", "1.5686", 17)
    assert status["progress"] == "1/1"
    cluster.wait_condition("twb", "plain", "Complete", "True")
    cluster.wait_condition("twb", "plain", "Ready", "True", "Complete")
    # It has ended: a Job that is taken away does not come again.
    cluster.delete("jobs", "plain-backtest")
    time.sleep(2)
    assert cluster.get("jobs", "plain-backtest") is None


def test_a_test_that_cannot_be_run_fails_with_the_pods_own_words(cluster: Cluster) -> None:
    cluster.apply(backtest("wrong"))
    end_pod(cluster, "wrong", 3, json.dumps({"error": "the replay's data set has no XYZ"}))
    failed = cluster.wait_condition("twb", "wrong", "Failed", "True", seconds=20)
    assert failed["message"] == "the replay's data set has no XYZ"
    assert cluster.at("twb", "wrong", "status", "phase") == "Failed"
    assert cluster.at("jobs", "wrong-backtest", "status", "failed") == 1  # and was not tried again


def test_a_reference_is_snapshotted_and_one_that_is_missing_is_waited_for(cluster: Cluster) -> None:
    cluster.apply(backtest("by-name", strategy=None, strategyRef={"name": "later"}))
    stalled = cluster.wait_condition("twb", "by-name", "Stalled", "True", "StrategyMissing")
    assert "no TradingStrategy later" in stalled["message"]
    cluster.apply(manifest("later"))
    until(lambda: cluster.get("jobs", "by-name-backtest"), 10)

    def mounted() -> dict[str, Any]:
        [config] = cluster.list("configmaps", "tradewind.dev/backtest=by-name")
        return json.loads(config["data"]["manifest.json"])  # type: ignore[no-any-return]

    before = mounted()
    assert before["spec"]["strategy"]["risk"]["stopLoss"] == "5%"
    assert before["spec"]["strategy"]["feed"]["replay"]["tradeFrom"] == "2008-01-02"  # the backtest's own window
    cluster.patch("tws", "later", {"spec": {"risk": {"stopLoss": "9%"}}})
    cluster.settle()
    cluster.operator.kill()
    cluster.operator.start()
    cluster.settle()
    assert mounted() == before
    cluster.delete("configmaps", cluster.list("configmaps", "tradewind.dev/backtest=by-name")[0]["metadata"]["name"])
    until(lambda: cluster.list("configmaps", "tradewind.dev/backtest=by-name"), 10)
    assert mounted() == before


def test_suspend_and_deletion_and_time_to_live(cluster: Cluster) -> None:
    cluster.apply(backtest("waits", suspend=True))
    until(lambda: cluster.at("jobs", "waits-backtest", "spec", "suspend") is True, 10)
    until(lambda: cluster.at("twb", "waits", "status", "phase") == "Suspended", 10)
    assert cluster.list("pods", "tradewind.dev/backtest=waits") == []
    cluster.patch("twb", "waits", {"spec": {"suspend": False}})
    until(lambda: cluster.at("jobs", "waits-backtest", "spec", "suspend") is False, 10)
    until(lambda: cluster.list("pods", "tradewind.dev/backtest=waits"), 10)
    cluster.delete("twb", "waits")
    until(lambda: cluster.get("jobs", "waits-backtest") is None, 20)
    cluster.apply(backtest("short-lived", ttlSecondsAfterFinished=1))
    end_pod(cluster, "short-lived", 0, "{}")
    until(lambda: cluster.get("twb", "short-lived") is None, 20)


def test_killing_the_operator_over_and_over_loses_and_doubles_no_job(cluster: Cluster) -> None:
    draw, wanted = random.Random(7), 60
    given = 0
    kills = 0
    while given < wanted or kills < 12:
        for _ in range(6):
            if given < wanted:
                cluster.apply(backtest(f"b{given}"))
                given += 1
        time.sleep(draw.uniform(0.0, 0.4))
        cluster.operator.kill()
        kills += 1
        # The same pod's container is started again: it takes its own Lease back at once.
        cluster.operator.start(wait=draw.random() < 0.5)
    until(lambda: len(cluster.list("jobs")) == wanted, 60, "Jobs are missing")
    cluster.settle()
    jobs = cluster.list("jobs")
    owners = [job["metadata"]["ownerReferences"][0]["uid"] for job in jobs]
    tests = {body["metadata"]["uid"] for body in cluster.list("twb")}
    assert len(owners) == len(set(owners)) == wanted
    assert set(owners) == tests
    pods = [pod["metadata"]["ownerReferences"][0]["uid"] for pod in cluster.list("pods")]
    assert len(pods) == len(set(pods))
    assert {job["metadata"]["generation"] for job in jobs} == {1}  # made once, never changed
