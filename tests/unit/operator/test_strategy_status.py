"""A strategy's and a backtest's status, from how pods are and what a desk says; held to the manifest's own models."""

from datetime import UTC, datetime
from typing import Any

import pytest
from tests.unit.operator.objects import built, live, plan

from tradewind.manifest.status import BacktestStatus, TradingStrategyStatus
from tradewind_operator import backtest_status
from tradewind_operator.conditions import Condition, merge_conditions, settled, stalled
from tradewind_operator.desks import View
from tradewind_operator.kinds import kind_of
from tradewind_operator.observed import Observed, Work, Workload, observe
from tradewind_operator.strategy_status import build_status, judge, pods_of
from tradewind_operator.summaries import last_message, read_summary

SERVICES = ("ingestion", "ml", "trading")
VIEW = View(
    at=1.0, equity="100004.5204", positions=2, effective="HALTED", manifest="ACTIVE",
    last_signal=("AAPL", "BUY", "2010-01-04T21:00:00Z"), model_state="AVAILABLE",
)  # fmt: skip


def deployed(**status: Any) -> dict[tuple[str, str], Observed]:
    said = {"readyReplicas": 1, "updatedReplicas": 1, "replicas": 1, "observedGeneration": 1, **status}
    bodies = [{**live(body), "status": said} for body in built() if body["kind"] == "Deployment"]
    return {(b["kind"], b["metadata"]["name"]): observe(kind_of(b), b) for b in bodies}


@pytest.mark.parametrize(
    ("there", "given", "ready", "reconciling", "reason"),
    [
        (deployed(), plan(), True, False, "Running"),
        ({}, plan(), False, True, "Progressing"),
        (deployed(readyReplicas=0), plan(), False, True, "Progressing"),
        (deployed(observedGeneration=0), plan(), False, True, "Progressing"),
        (deployed(replicas=2), plan(), False, True, "Progressing"),
        (deployed(), plan(suspend=True), False, True, "Suspended"),
        (
            deployed(conditions=[{"type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded"}]),
            plan(), False, True, "PodsFailing",
        ),
        (
            deployed(conditions=[{"type": "ReplicaFailure", "status": "True", "message": "quota"}]),
            plan(), False, True, "PodsFailing",
        ),
    ],
)  # fmt: skip
def test_the_pods_say_whether_it_is_ready(
    there: dict[tuple[str, str], Observed], given: Any, ready: bool, reconciling: bool, reason: str
) -> None:
    conditions = {each.type: each for each in judge("quickstart", given, SERVICES, there)}
    assert conditions["Ready"].reason == reason
    assert (conditions["Ready"].status, conditions["Reconciling"].status) == (ready, reconciling)
    assert conditions["Stalled"].status is False


def test_a_status_fits_the_manifests_own_model_and_keeps_what_is_not_known_anew() -> None:
    conditions = [*settled(True, "Running", "all run"), Condition("ConfigDrift", False, "InSync")]
    ml = pods_of("quickstart", "ml", deployed())
    assert isinstance(ml, Workload)
    status = build_status("quickstart", 3, conditions, {}, VIEW, ml)
    TradingStrategyStatus.model_validate(status)
    assert (status["phase"], status["tradingState"], status["equity"]) == ("Running", "Halted", "100004.5204")
    later = build_status("quickstart", 3, conditions, status, View(), ml)
    assert later == status
    broken = build_status("quickstart", 4, stalled("InvalidSpec", "spec.risk: no"), status, VIEW, ml)
    TradingStrategyStatus.model_validate(broken)
    assert broken["phase"] == "Stalled"


def test_a_condition_keeps_the_time_since_when_it_is_so() -> None:
    first = merge_conditions(settled(True, "Running", "a"), [], 1, datetime(2026, 1, 1, tzinfo=UTC))
    same = merge_conditions(settled(True, "Running", "b"), first, 2, datetime(2026, 1, 2, tzinfo=UTC))
    turned = merge_conditions(settled(False, "Suspended", "c"), same, 2, datetime(2026, 1, 3, tzinfo=UTC))
    times = [{each["type"]: each["lastTransitionTime"][:10] for each in given} for given in (first, same, turned)]
    assert times == [
        {"Ready": "2026-01-01", "Reconciling": "2026-01-01", "Stalled": "2026-01-01"},
        {"Ready": "2026-01-01", "Reconciling": "2026-01-01", "Stalled": "2026-01-01"},
        {"Ready": "2026-01-03", "Reconciling": "2026-01-01", "Stalled": "2026-01-01"},
    ]


def work(**how: Any) -> Work:
    given = {"active": 0, "succeeded": 0, "failed": 0, "ended": "", "why": "", "started": "2026-01-01T00:00:00Z",
             "ended_at": "", "suspended": False, **how}  # fmt: skip
    return Work(**given)


def test_a_backtests_status_fits_the_manifests_own_model() -> None:
    running = backtest_status.build_status(1, None, {}, work(active=1), total=30)
    assert (running["phase"], running["progress"]) == ("Running", "0/30")
    summary = read_summary('{"totalReturn": "-1.5000%", "sharpe": "0.5000", "trades": 3, "done": 30, "total": 30}')
    done = work(ended="Complete", ended_at="2026-01-02T00:00:00Z")
    ended = backtest_status.build_status(
        1, [Condition("Complete", True, "Complete", "done")], running, done, summary=summary, total=30
    )
    for status in (running, ended):
        BacktestStatus.model_validate(status)
    assert (ended["phase"], ended["totalReturn"], ended["progress"]) == ("Succeeded", "-1.5000%", "30/30")
    assert ended["completionTime"] == "2026-01-02T00:00:00Z"


@pytest.mark.parametrize("message", ["", "Killed", "[1]", '{"trades": "many"}', "null", '{"sharpe": 1.5}'])
def test_last_words_that_are_no_summary_are_none(message: str) -> None:
    assert read_summary(message) is None


def test_the_last_pods_words_count() -> None:
    def pod(at: str, message: str) -> dict[str, Any]:
        ended = {"terminated": {"finishedAt": at, "message": message}}
        return {"status": {"containerStatuses": [{"state": ended}]}}

    pods = [pod("2026-01-01T00:00:00Z", "first"), pod("2026-01-02T00:00:00Z", "second"), {"status": {}}]
    assert last_message(pods) == "second"
