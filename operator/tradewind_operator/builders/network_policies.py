"""NetworkPolicies: nothing passes but the flows of docs/architecture.md."""

from tradewind.manifest.plan import ServicePlan
from tradewind_operator.builders.owned import Group
from tradewind_operator.builders.platform import Platform
from tradewind_operator.kinds import NETWORK_POLICY, Object
from tradewind_operator.names import selector

CLIENT_LABEL = "tradewind.dev/client"
"""Pods that carry it with the value "true" may ask the services."""


def build_network_policy(service: ServicePlan, group: Group, platform: Platform) -> Object:
    """Return the policy of a service's pods.

    In come the operator, Prometheus, and pods that are labelled as clients; out it gets to name resolution, the
    database and the broker.
    """
    peers: list[Object] = [
        {"podSelector": {"matchLabels": {"app.kubernetes.io/name": "tradewind-operator"}}},
        {"podSelector": {"matchLabels": {CLIENT_LABEL: "true"}}},
        {
            "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": platform.monitoring_namespace}},
            "podSelector": {"matchLabels": {"app.kubernetes.io/name": "prometheus"}},
        },
    ]
    return _policy(
        service.service,
        group,
        ingress=[{"from": peers, "ports": [_port(service.port)]}],
        egress=[_to_names(), _to_database(platform), _to_broker(platform)],
    )


def build_job_policy(component: str, group: Group) -> Object:
    """Return the policy of a backtest's pods: nothing comes in, and they get to name resolution alone."""
    return _policy(component, group, ingress=[], egress=[_to_names()])


def _policy(component: str, group: Group, ingress: list[Object], egress: list[Object]) -> Object:
    return {
        "apiVersion": NETWORK_POLICY.api_version,
        "kind": NETWORK_POLICY.name,
        "metadata": group.metadata(component, component),
        "spec": {
            "podSelector": {"matchLabels": selector(group.label, group.name, component)},
            "policyTypes": ["Ingress", "Egress"],
            **({"ingress": ingress} if ingress else {}),
            "egress": egress,
        },
    }


def _port(number: int, protocol: str = "TCP") -> Object:
    return {"port": number, "protocol": protocol}


def _to_names() -> Object:
    peer = {
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}},
        "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}},
    }
    return {"to": [peer], "ports": [_port(53, "UDP"), _port(53)]}


def _to_database(platform: Platform) -> Object:
    database = platform.database
    rule: Object = {"ports": [_port(database.port)]}
    if database.cnpg_cluster:
        rule["to"] = [{"podSelector": {"matchLabels": {"cnpg.io/cluster": database.cnpg_cluster}}}]
    return rule


def _to_broker(platform: Platform) -> Object:
    broker = platform.broker
    rule: Object = {"ports": [_port(port) for port in broker.ports]}
    if broker.strimzi_cluster:
        rule["to"] = [{"podSelector": {"matchLabels": {"strimzi.io/cluster": broker.strimzi_cluster}}}]
    return rule
