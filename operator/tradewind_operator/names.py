"""Names and labels of what the operator makes."""

import hashlib
from typing import Final, Literal

MANAGER: Final = "tradewind-operator"
"""The field manager of server-side apply, and the value of the managed-by label."""
MANAGED_BY: Final = "app.kubernetes.io/managed-by"
COMPONENT: Final = "app.kubernetes.io/component"
STRATEGY_LABEL: Final = "tradewind.dev/strategy"
BACKTEST_LABEL: Final = "tradewind.dev/backtest"
FEED_LABEL: Final = "tradewind.dev/feed"
HASH: Final = "tradewind.dev/hash"
"""Annotation: the digest of what was applied."""
TEMPLATE: Final = "tradewind.dev/template"
"""Annotation: the digest of a Deployment's pod template; another one restarts its pods."""
APPROVE: Final = "tradewind.dev/approve-restart"
"""Annotation by which a person approves the restart of a desk that holds positions; its value is the digest named in
the condition ConfigDrift."""
FINALIZER: Final = "tradewind.dev/flatten"
SELECTOR: Final = f"{MANAGED_BY}={MANAGER}"
LONGEST: Final = 63
"""Characters of a DNS label."""

OwnerKind = Literal["TradingStrategy", "Backtest", "Feed"]
Key = tuple[OwnerKind, str]
"""What is reconciled: the kind of an owner, and its name."""
OWNER_LABELS: Final[dict[str, OwnerKind]] = {
    STRATEGY_LABEL: "TradingStrategy",
    BACKTEST_LABEL: "Backtest",
    FEED_LABEL: "Feed",
}


def child_name(owner: str, suffix: str) -> str:
    """Return the name of an owner's object: `quickstart-trading`.

    The suffixes of the operator hold no hyphen, so that no two owners' objects get the same name; one that would be too
    long is cut, and told apart by a hash of the whole.
    """
    name = f"{owner}-{suffix}"
    if len(name) <= LONGEST:
        return name
    mark = hashlib.sha256(owner.encode()).hexdigest()[:8]
    return f"{owner[: LONGEST - len(suffix) - len(mark) - 2]}-{mark}-{suffix}"


def labels(owner_label: str, owner: str, component: str) -> dict[str, str]:
    """Return the labels of an owner's object."""
    return {
        "app.kubernetes.io/name": "tradewind",
        COMPONENT: component,
        MANAGED_BY: MANAGER,
        "app.kubernetes.io/part-of": "tradewind",
        owner_label: owner,
    }


def selector(owner_label: str, owner: str, component: str) -> dict[str, str]:
    """Return the labels that find a component's pods; they never change."""
    return {owner_label: owner, COMPONENT: component}


def owner_of(found: dict[str, str]) -> Key | None:
    """Return whose object it is by its labels; None where nobody's."""
    for label, kind in OWNER_LABELS.items():
        if label in found:
            return kind, found[label]
    return None
