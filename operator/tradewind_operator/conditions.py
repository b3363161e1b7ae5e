"""Conditions as kstatus reads them, and the reasons that they give: docs/operator.md explains each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

REASONS: Final[Mapping[str, str]] = {
    "Running": "All pods that are wanted are ready.",
    "Progressing": "Pods are being started or replaced.",
    "Suspended": "spec.suspend is set: no pod runs, all state is kept.",
    "PodsFailing": "A Deployment does not get its pods up; the message says what the cluster says of it.",
    "InvalidSpec": "The stored manifest is not valid for this version; the message names the field.",
    "SecretMissing": "A Secret that the pods need is not there.",
    "NameTaken": "An object of a name that is needed belongs to somebody else.",
    "ObjectRefused": "The API server refuses an object that follows from the manifest.",
    "StrategyMissing": "The TradingStrategy that a Backtest refers to is not there.",
    "RestartNeedsApproval": "The manifest changed, the desk holds positions, and nobody approved its restart.",
    "AskingDesk": "The manifest changed, and the desk has not said yet whether it holds positions.",
    "InSync": "What runs is what the manifest says.",
    "Flattening": "Positions are being closed before the strategy goes.",
    "FlattenOverdue": "Positions could not be closed before the deadline; the strategy went without.",
    "Replacing": "An object of a former resource of the same name is still going.",
    "Pending": "No pod runs yet.",
    "Complete": "The backtest ended with a result.",
    "Failed": "The backtest ended without a result.",
    "DeskSaysOtherwise": "The desk has not taken over the manifest's trading state yet.",
    "Applied": "The desk has the manifest's trading state.",
}
"""Every reason that a condition can have."""


@dataclass(frozen=True)
class Condition:
    """One condition, as it is now."""

    type: str
    status: bool
    reason: str
    message: str = ""

    def __post_init__(self) -> None:
        assert self.reason in REASONS, self.reason


def merge_conditions(
    now: Iterable[Condition], before: Sequence[Mapping[str, Any]], generation: int, moment: datetime | None = None
) -> list[dict[str, Any]]:
    """Return conditions as status has them; one whose status is as it was keeps the time since when.

    Args:
        now: the conditions.
        before: what status has.
        generation: what they are about.
        moment: the time now.
    """
    former = {each["type"]: each for each in before}
    at = (moment or datetime.now(UTC)).strftime("%Y-%m-%dT%H:%M:%SZ")
    merged = []
    for each in now:
        status = "True" if each.status else "False"
        known = former.get(each.type)
        since = known["lastTransitionTime"] if known is not None and known["status"] == status else at
        merged.append(
            {
                "type": each.type,
                "status": status,
                "reason": each.reason,
                "message": each.message[:1024],
                "lastTransitionTime": since,
                "observedGeneration": generation,
            }
        )
    return merged


def stalled(reason: str, message: str) -> list[Condition]:
    """Return the conditions of what only a person can mend."""
    return [
        Condition("Ready", False, reason, message),
        Condition("Reconciling", False, reason, message),
        Condition("Stalled", True, reason, message),
    ]


def progressing(reason: str, message: str) -> list[Condition]:
    """Return the conditions of what is on its way."""
    return [
        Condition("Ready", False, reason, message),
        Condition("Reconciling", True, reason, message),
        Condition("Stalled", False, reason),
    ]


def settled(ready: bool, reason: str, message: str) -> list[Condition]:
    """Return the conditions of what has come to rest."""
    return [
        Condition("Ready", ready, reason, message),
        Condition("Reconciling", False, reason),
        Condition("Stalled", False, reason),
    ]
