"""ConfigMaps that hold what a pod mounts. Each is named by its content's hash and never changes.

So a pod that is started again by itself reads what it read before, and a new manifest reaches a desk only by its
Deployment's new template.
"""

import json
from collections.abc import Mapping
from typing import Any

from tradewind.manifest.plan import Plan
from tradewind_operator.builders.deployments import MANIFEST_FILE
from tradewind_operator.builders.owned import Group
from tradewind_operator.digests import digest
from tradewind_operator.kinds import CONFIG_MAP, Object


def build_manifest(document: Mapping[str, Any] | str, group: Group, component: str = "manifest") -> Object:
    """Return the ConfigMap of a document."""
    text = document if isinstance(document, str) else json.dumps(document, separators=(",", ":"), sort_keys=True)
    return {
        "apiVersion": CONFIG_MAP.api_version,
        "kind": CONFIG_MAP.name,
        "metadata": group.metadata(f"{component}{digest(text)[:10]}", component),
        "data": {MANIFEST_FILE: text},
        "immutable": True,
    }


def mounted_manifest(plan: Plan) -> str:
    """Return a plan's manifest as pods mount it: without the trading state, which reaches a desk as it runs."""
    document = json.loads(plan.manifest)
    document["spec"].pop("tradingState", None)
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False)
