"""The rights that the operator needs: `python -m tradewind_operator.rbac NAMESPACE` writes them as YAML."""

import sys
from collections.abc import Sequence
from typing import Final

import yaml

from tradewind_operator.kinds import BACKTEST, CHILDREN, EVENT, LEASE, POD, SECRET, STRATEGY, Kind, Object
from tradewind_operator.names import MANAGER
from tradewind_operator.settings import OperatorSettings

_MADE: Final = ("get", "list", "watch", "create", "patch", "delete")
"""Verbs on what the operator makes; server-side apply is `patch`, and `create` where the object is new."""


def build_rules(settings: OperatorSettings) -> list[Object]:
    """Return the rules of the operator's Role, in its own namespace."""
    rules = [
        _rule(STRATEGY, "get", "list", "watch", "patch"),
        _rule(BACKTEST, "get", "list", "watch", "delete"),
        {**_rule(STRATEGY, "patch"), "resources": [f"{STRATEGY.plural}/status"]},
        {**_rule(BACKTEST, "patch"), "resources": [f"{BACKTEST.plural}/status"]},
        *(_rule(kind, *_MADE) for kind in CHILDREN),
        _rule(POD, "list"),
        _rule(EVENT, "create"),
        _rule(LEASE, "create"),
        {**_rule(LEASE, "get", "update"), "resourceNames": [settings.lease]},
    ]
    if settings.secrets:
        rules.append({**_rule(SECRET, "get", "list", "watch"), "resourceNames": list(settings.secrets)})
    return rules


def build_role(settings: OperatorSettings) -> list[Object]:
    """Return the operator's ServiceAccount, Role and RoleBinding."""
    metadata = {"name": MANAGER, "namespace": settings.namespace}
    group = "rbac.authorization.k8s.io"
    subject = {"kind": "ServiceAccount", "name": MANAGER, "namespace": settings.namespace}
    return [
        {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata},
        {"apiVersion": f"{group}/v1", "kind": "Role", "metadata": metadata, "rules": build_rules(settings)},
        {
            "apiVersion": f"{group}/v1",
            "kind": "RoleBinding",
            "metadata": metadata,
            "roleRef": {"apiGroup": group, "kind": "Role", "name": MANAGER},
            "subjects": [subject],
        },
    ]


def _rule(kind: Kind, *verbs: str) -> Object:
    return {"apiGroups": [kind.group], "resources": [kind.plural], "verbs": list(verbs)}


def main(arguments: Sequence[str]) -> int:
    """Write the objects of a namespace; return the exit status."""
    settings = OperatorSettings(namespace=arguments[0]) if arguments else OperatorSettings()
    print(yaml.safe_dump_all(build_role(settings), sort_keys=False), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
