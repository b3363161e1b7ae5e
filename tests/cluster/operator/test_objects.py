"""Every object that a Plan can make, as the API server takes it: applied dry, and read back as it was applied."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import yaml
from tests.api_server import ApiServer
from tests.cluster.defined import define
from tests.unit.operator.objects import PLATFORM, plan
from tests.unit.operator.test_builders import RICH, live_member

from tradewind.manifest.load import load_backtest
from tradewind_operator.backtests import inline
from tradewind_operator.builders.feeds import build_feed
from tradewind_operator.builders.jobs import backtest_group, build_backtest
from tradewind_operator.builders.owned import Owner
from tradewind_operator.builders.strategies import build_strategy, strategy_group
from tradewind_operator.digests import owned, owned_digest, wanted_digest
from tradewind_operator.kinds import Object, kind_of
from tradewind_operator.names import MANAGER
from tradewind_operator.rbac import build_role
from tradewind_operator.settings import OperatorSettings

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
APPLY = {"Content-Type": "application/apply-patch+yaml"}
PLATFORM_KIT = Path(__file__).resolve().parents[4] / "shared" / "platform"


def backtest_objects(example: str = "backtest") -> list[Object]:
    backtest = load_backtest(EXAMPLES / f"{example}.yaml")
    assert backtest is not None
    document = inline(backtest, ())
    service = next(each for each in plan("sma-cross").services if each.service == "backtest")
    return build_backtest(document, service, backtest_group(Owner("Backtest", "b", str(uuid4()))), PLATFORM, False)


def all_objects() -> list[Object]:
    owner = Owner("TradingStrategy", "quickstart", str(uuid4()))
    members = [live_member("a", ["AAPL"]), live_member("b", ["IBM"])]
    return [
        *build_strategy(plan(), strategy_group(owner), PLATFORM),
        *build_strategy(
            plan(resources={"ml": {"limits": {"cpu": "1", "memory": "3Gi"}}}),
            strategy_group(replace(owner, name="other"), owned=False), PLATFORM,
        ),
        *build_feed(members, PLATFORM),
        *backtest_objects(),
    ]  # fmt: skip


def path_of(body: Object, namespace: str) -> str:
    return kind_of(body).path(namespace, body["metadata"]["name"])


def apply(api: ApiServer, namespace: str, body: Object, dry: bool = False) -> dict[str, Any]:
    query = f"?fieldManager={MANAGER}&force=true" + ("&dryRun=All" if dry else "")
    answer = api.request("PATCH", path_of(body, namespace) + query, body, headers=APPLY)
    assert answer.status_code in (200, 201), f"{body['kind']} {body['metadata']['name']}: {answer.text}"
    return dict(answer.json())


def test_what_was_applied_reads_back_as_it_was_applied(crds: ApiServer, namespace: str) -> None:
    for body in all_objects():
        made = apply(crds, namespace, body, dry=True)
        content = owned(made)
        assert owned_digest(content) == wanted_digest(body), json.dumps([content, body], indent=1)


def test_the_objects_of_strimzi_cnpg_and_prometheus_are_valid_by_their_own_definitions(
    crds: ApiServer, namespace: str
) -> None:
    if not PLATFORM_KIT.is_dir():
        pytest.skip(f"{PLATFORM_KIT} is missing, which has the definitions of Strimzi and CloudNativePG")
    users = yaml.safe_load((PLATFORM_KIT / "strimzi-crds" / "crds" / "044-Crd-kafkauser.yaml").read_text())
    every = yaml.safe_load_all((PLATFORM_KIT / "cnpg" / "install.yaml").read_text())
    roles = next(d for d in every if d and d["metadata"]["name"] == "databaseroles.postgresql.cnpg.io")
    define(crds, users, roles)
    owner = Owner("TradingStrategy", "quickstart", str(uuid4()))
    objects = build_strategy(plan(), strategy_group(owner), RICH)
    checked = 0
    for body in objects:
        if body["kind"] != "ServiceMonitor":  # the kit has no definition of it
            made = apply(crds, namespace, body, dry=True)
            assert owned_digest(owned(made)) == wanted_digest(body)
            checked += body["kind"] in ("KafkaUser", "DatabaseRole")
    assert checked == 6


def test_the_operators_rights_are_valid_and_name_every_secret() -> None:
    settings = OperatorSettings(
        namespace="x", kafka_security_protocol="SASL_SSL", kafka_secret="k", kafka_ca_secret="c"
    )
    [_, role, _] = build_role(settings)
    secrets = [rule for rule in role["rules"] if rule["resources"] == ["secrets"]]
    assert secrets == [
        {
            "apiGroups": [""], "resources": ["secrets"], "verbs": ["get", "list", "watch"],
            "resourceNames": ["c", "k", "tradewind-database"],
        }
    ]  # fmt: skip
    assert not any("*" in rule["verbs"] + rule["resources"] for rule in role["rules"])
