"""The status of a Backtest, from how its Job is. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from tradewind.manifest.resources import Backtest
from tradewind_operator.conditions import Condition, merge_conditions, progressing, settled
from tradewind_operator.observed import Work
from tradewind_operator.summaries import Summary


def total_of(backtest: Backtest) -> int | None:
    """Return how many trials a Backtest has; None where only its data says how many folds there are."""
    spec = backtest.spec
    if spec.walk_forward is not None:
        return None
    if spec.sweep is None:
        return 1
    drawn = spec.sweep.trials
    return spec.sweep.combinations if drawn is None else min(drawn, spec.sweep.combinations)


def build_status(
    generation: int,
    conditions: Sequence[Condition] | None,
    before: Mapping[str, Any],
    work: Work | None,
    *,
    summary: Summary | None = None,
    total: int | None = None,
) -> dict[str, Any]:
    """Return a status as it should be.

    Args:
        generation: what it is about.
        conditions: those of an end, or of a stall; None where the Job says how it is.
        before: what status has.
        work: how the Job is; None where there is none.
        summary: what its pod said at the end.
        total: how many trials there are.
    """
    phase, shown = _judge(work, conditions)
    status: dict[str, Any] = {
        "observedGeneration": generation,
        "conditions": merge_conditions(shown, before.get("conditions", ()), generation),
        "phase": phase,
    }
    started = (work.started if work is not None else "") or before.get("startTime", "")
    if started:
        status["startTime"] = started
    if phase in ("Succeeded", "Failed") and work is not None:
        status["completionTime"] = work.ended_at or started
    if summary is not None:
        status |= summary.fields()
    elif total is not None and phase in ("Running", "Suspended"):
        status["progress"] = f"0/{total}"
    return status


def _judge(work: Work | None, conditions: Sequence[Condition] | None) -> tuple[str, list[Condition]]:
    given = {each.type: each for each in conditions or ()}
    if "Complete" in given:
        return "Succeeded", [*settled(True, "Complete", given["Complete"].message), given["Complete"]]
    if "Failed" in given:
        message = given["Failed"].message
        ended = [
            Condition("Ready", False, "Failed", message),
            Condition("Reconciling", False, "Failed"),
            Condition("Stalled", True, "Failed", message),
        ]
        return "Failed", [*ended, given["Failed"]]
    if given:
        return "Pending", list(given.values())
    if work is None or not (work.active or work.suspended):
        return "Pending", progressing("Pending", "no pod runs yet")
    if work.suspended:
        return "Suspended", settled(False, "Suspended", "spec.suspend is set; it goes on from the start")
    return "Running", progressing("Progressing", "its pod runs or waits for a node")
