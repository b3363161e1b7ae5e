"""A namespace with a real operator in it, and what tests do there."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.api_server import ApiServer
from tests.operator_process import Desks, OperatorProcess, create_database_secret, operator_access, until

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
PLURALS = {
    "tws": "/apis/tradewind.dev/v1alpha1/namespaces/{}/tradingstrategies",
    "twb": "/apis/tradewind.dev/v1alpha1/namespaces/{}/backtests",
    "deployments": "/apis/apps/v1/namespaces/{}/deployments",
    "services": "/api/v1/namespaces/{}/services",
    "serviceaccounts": "/api/v1/namespaces/{}/serviceaccounts",
    "configmaps": "/api/v1/namespaces/{}/configmaps",
    "pods": "/api/v1/namespaces/{}/pods",
    "jobs": "/apis/batch/v1/namespaces/{}/jobs",
    "networkpolicies": "/apis/networking.k8s.io/v1/namespaces/{}/networkpolicies",
    "poddisruptionbudgets": "/apis/policy/v1/namespaces/{}/poddisruptionbudgets",
    "events": "/apis/events.k8s.io/v1/namespaces/{}/events",
}
MERGE = {"Content-Type": "application/merge-patch+json"}


class Cluster:
    """A namespace of the API server, with an operator and desks."""

    def __init__(self, api: ApiServer, namespace: str, desks: Desks, operator: OperatorProcess) -> None:
        self.api = api
        self.namespace = namespace
        self.desks = desks
        self.operator = operator

    def path(self, what: str, name: str = "") -> str:
        return PLURALS[what].format(self.namespace) + (f"/{name}" if name else "")

    def apply(self, document: dict[str, Any]) -> dict[str, Any]:
        what = "tws" if document["kind"] == "TradingStrategy" else "twb"
        made = self.api.request("POST", self.path(what), document)
        assert made.status_code == 201, made.text
        return dict(made.json())

    def get(self, what: str, name: str) -> dict[str, Any] | None:
        answer = self.api.request("GET", self.path(what, name))
        if answer.status_code == 404:
            return None
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def at(self, what: str, name: str, *path: Any) -> Any:
        """What is at a path in an object; None where there is no such object, or nothing there."""
        found: Any = self.get(what, name)
        for key in path:
            if found is None or (isinstance(found, dict) and key not in found):
                return None
            found = found[key]
        return found

    def wait_at(self, expected: Any, what: str, name: str, *path: Any, seconds: float = 10) -> None:
        """Wait until that is at a path in an object."""
        until(lambda: self.at(what, name, *path) == expected, seconds, f"{what} {name} {path} is not {expected}")

    def list(self, what: str, selector: str = "") -> list[dict[str, Any]]:
        answer = self.api.request("GET", self.path(what), params={"labelSelector": selector})
        assert answer.status_code == 200, answer.text
        return list(answer.json()["items"])

    def patch(self, what: str, name: str, body: dict[str, Any], subresource: str = "") -> dict[str, Any]:
        path = self.path(what, name) + (f"/{subresource}" if subresource else "")
        answer = self.api.request("PATCH", path, body, headers=MERGE)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def delete(self, what: str, name: str, policy: str = "Background") -> None:
        answer = self.api.request("DELETE", self.path(what, name), {"propagationPolicy": policy})
        assert answer.status_code in (200, 202), answer.text

    def children(self, strategy: str) -> dict[tuple[str, str], dict[str, Any]]:
        """Everything that is a strategy's, by (plural, name)."""
        kinds = ("deployments", "services", "serviceaccounts", "configmaps", "networkpolicies", "poddisruptionbudgets")
        found = {}
        for what in kinds:
            for body in self.list(what, f"tradewind.dev/strategy={strategy}"):
                found[what, body["metadata"]["name"]] = body
        return found

    def condition(self, what: str, name: str, sort: str) -> dict[str, Any]:
        body = self.get(what, name) or {}
        conditions = (body.get("status") or {}).get("conditions", [])
        return next((dict(each) for each in conditions if each["type"] == sort), {})

    def wait_condition(
        self, what: str, name: str, sort: str, status: str, reason: str = "", seconds: float = 15
    ) -> Any:
        def met() -> dict[str, Any] | None:
            found = self.condition(what, name, sort)
            return found if found.get("status") == status and reason in ("", found["reason"]) else None

        return until(met, seconds, f"{what} {name} is not {sort}={status} {reason}: {self.condition(what, name, sort)}")

    def make_ready(self, strategy: str, ready: bool = True) -> None:
        """Play the kubelet: let all pods of a strategy be ready."""

        def all_pods() -> list[dict[str, Any]] | None:
            pods = self.list("pods", f"tradewind.dev/strategy={strategy}")
            running = [pod for pod in pods if "deletionTimestamp" not in pod["metadata"]]
            return (
                running if len({p["metadata"]["labels"]["app.kubernetes.io/component"] for p in running}) == 3 else None
            )

        for pod in until(all_pods, 20, f"no pods of {strategy}"):
            now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            condition = {"type": "Ready", "status": str(ready), "lastTransitionTime": now}
            status = {"phase": "Running", "conditions": [condition]}
            self.patch("pods", pod["metadata"]["name"], {"status": status}, "status")

    def settle(self) -> None:
        """Wait until the operator has nothing to do."""

        names = ("tradewind_operator_reconciles_total", "tradewind_operator_queue_length")

        def quiet() -> bool:
            before = self.operator.samples()
            time.sleep(0.7)
            after = self.operator.samples()
            keys = [key for key in after if key[0] in names]
            return bool(after) and all(before.get(key) == after[key] for key in keys)

        until(quiet, 30, "the operator does not come to rest")


def manifest(name: str = "sma-cross", example: str = "sma-cross", **spec: Any) -> dict[str, Any]:
    """An example's manifest under another name, with fields of its spec changed."""
    document = yaml.safe_load((EXAMPLES / f"{example}.yaml").read_text())
    document["metadata"]["name"] = name
    document["spec"] |= spec
    return json.loads(json.dumps(document, default=str))  # type: ignore[no-any-return]


@pytest.fixture
def desks() -> Iterator[Desks]:
    answering = Desks()
    yield answering
    answering.close()


@pytest.fixture
def cluster(crds: ApiServer, namespace: str, desks: Desks, tmp_path: Path) -> Iterator[Cluster]:
    """A namespace with an operator that runs as its own service account."""
    create_database_secret(crds, namespace)
    with operator_access(crds, namespace, tmp_path) as kubeconfig:
        operator = OperatorProcess(
            kubeconfig, namespace, tmp_path, desk_url=desks.url, status_seconds=0.5, identity="first"
        )
        operator.start()
        try:
            yield Cluster(crds, namespace, desks, operator)
        finally:
            operator.stop()
            log = operator.log.read_text()
            assert "Traceback" not in log, log[-4000:]
            assert "forbidden" not in log.lower(), log[-4000:]
