"""The status of a TradingStrategy, from how its pods are and what its desk says. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from tradewind.manifest.plan import Plan
from tradewind_operator.conditions import Condition, merge_conditions, progressing, settled
from tradewind_operator.desks import View
from tradewind_operator.kinds import DEPLOYMENT
from tradewind_operator.names import COMPONENT, STRATEGY_LABEL, child_name
from tradewind_operator.observed import Observed, Place, Workload

_WORDS = {"ACTIVE": "Active", "REDUCING": "Reducing", "HALTED": "Halted"}


def pods_of(name: str, service: str, live: Mapping[Place, Observed]) -> Workload | None:
    """Return how the pods of a strategy's service are; None where there is no Deployment."""
    seen = live.get((DEPLOYMENT.name, child_name(name, service)))
    return seen.detail if seen is not None and isinstance(seen.detail, Workload) else None


def judge(name: str, plan: Plan, services: Iterable[str], live: Mapping[Place, Observed]) -> list[Condition]:
    """Return Ready, Reconciling and Stalled from how the pods are."""
    pods = {service: pods_of(name, service, live) for service in services}
    if plan.suspended:
        left = [s for s, w in pods.items() if w is not None and (w.wanted or w.ready)]
        if left:
            return progressing("Suspended", f"pods of {', '.join(left)} are still going")
        return settled(False, "Suspended", "spec.suspend is set; all state is kept")
    failing = {s: w.problem for s, w in pods.items() if w is not None and w.problem}
    if failing:
        said = "; ".join(f"{service}: {problem}" for service, problem in failing.items())
        return [
            Condition("Ready", False, "PodsFailing", said),
            Condition("Reconciling", True, "PodsFailing", said),
            Condition("Stalled", False, "PodsFailing"),
        ]
    # Standbys are never ready, so one ready pod is enough.
    waiting = [s for s, w in pods.items() if w is None or not w.rolled_out or w.ready == 0]
    if waiting:
        return progressing("Progressing", f"waiting for pods of {', '.join(waiting)}")
    return settled(True, "Running", f"{', '.join(pods)} run")


def build_status(
    name: str,
    generation: int,
    conditions: list[Condition],
    before: Mapping[str, Any],
    view: View,
    ml: Workload | None,
    *,
    leaving: bool = False,
) -> dict[str, Any]:
    """Return a status as it should be: figures that the desk has not given keep what they were."""
    by_type = {each.type: each for each in conditions}
    status: dict[str, Any] = {
        "observedGeneration": generation,
        "conditions": merge_conditions(conditions, before.get("conditions", ()), generation),
        "phase": "Deleting" if leaving else _phase(by_type, view),
        "selector": f"{STRATEGY_LABEL}={name},{COMPONENT}=ml",
    }
    if ml is not None:
        status["replicas"] = ml.wanted
    figures = {
        "tradingState": None if view.effective is None else _WORDS.get(view.effective),
        "equity": view.equity,
        "openPositions": view.positions,
        "lastSignal": None
        if view.last_signal is None
        else dict(zip(("symbol", "side", "time"), view.last_signal, strict=True)),
        "modelState": view.model_state,
    }
    for field, value in figures.items():
        kept = before.get(field) if value is None else value
        if kept is not None:
            status[field] = kept
    return status


def _phase(conditions: Mapping[str, Condition], view: View) -> str:
    ready = conditions["Ready"]
    if conditions["Stalled"].status:
        return "Stalled"
    if ready.reason == "Suspended":
        return "Suspended"
    if ready.status:
        return "Degraded" if view.problem else "Running"
    if ready.reason == "PodsFailing":
        return "Degraded"
    if view.model_state is not None and "train" in view.model_state.lower():
        return "Training"
    return "Pending"
