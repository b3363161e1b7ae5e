"""Plans and live objects for tests of the operator's pure parts."""

import copy
import json
from pathlib import Path
from typing import Any

import yaml

from tradewind.manifest.load import parse_resource
from tradewind.manifest.plan import Plan, plan_strategy
from tradewind.manifest.resources import TradingStrategy
from tradewind_operator.builders.owned import Owner
from tradewind_operator.builders.platform import Platform
from tradewind_operator.builders.strategies import build_strategy, strategy_group
from tradewind_operator.kinds import Object
from tradewind_operator.names import MANAGER

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
UID = "11111111-2222-3333-4444-555555555555"
OWNER = Owner("TradingStrategy", "quickstart", UID)
PLATFORM = Platform("trading")


def strategy(example: str = "quickstart", **spec: Any) -> TradingStrategy:
    document = yaml.safe_load((EXAMPLES / f"{example}.yaml").read_text())
    document["metadata"] |= {"uid": UID, "namespace": "trading"}
    document["spec"] |= spec
    parsed = parse_resource(json.loads(json.dumps(document, default=str)), Path(example))
    assert isinstance(parsed, TradingStrategy)
    return parsed


def plan(example: str = "quickstart", **spec: Any) -> Plan:
    return plan_strategy(strategy(example, **spec))


def built(given: Plan | None = None, platform: Platform = PLATFORM, **how: Any) -> list[Object]:
    return build_strategy(given or plan(), strategy_group(OWNER), platform, **how)


def fields_of(value: Any) -> Any:
    """What Kubernetes' FieldsV1 says of a value that was applied; lists of named things by their name."""
    if isinstance(value, dict):
        return {f"f:{key}": fields_of(inner) for key, inner in value.items()}
    if isinstance(value, list) and value and all(isinstance(each, dict) and "name" in each for each in value):
        return {f'k:{{"name":"{each["name"]}"}}': {".": {}, **fields_of(each)} for each in value}
    return {}


def live(body: Object, version: int = 1, manager: str = MANAGER) -> Object:
    """An object as the API server has it after it was applied."""
    body = copy.deepcopy(body)
    kept = {key: value for key, value in body.items() if key not in ("apiVersion", "kind")}
    metadata = {key: value for key, value in body["metadata"].items() if key != "name"}
    fields = fields_of({**kept, "metadata": metadata})
    return {
        **body,
        "metadata": {
            **body["metadata"],
            "uid": f"uid-of-{body['kind']}-{body['metadata']['name']}",
            "resourceVersion": str(version),
            "generation": 1,
            "managedFields": [{"manager": manager, "operation": "Apply", "fieldsV1": fields}],
        },
    }
