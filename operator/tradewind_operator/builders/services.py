"""Services, ServiceAccounts and PodDisruptionBudgets of a Plan's services."""

from tradewind.manifest.plan import ServicePlan
from tradewind_operator.builders.owned import Group
from tradewind_operator.kinds import DISRUPTION_BUDGET, SERVICE, SERVICE_ACCOUNT, SERVICE_MONITOR, Object
from tradewind_operator.names import STRATEGY_LABEL, selector


def build_service(service: ServicePlan, group: Group) -> Object:
    """Return the Service by which others reach one of the Plan's services over HTTP."""
    name = service.service
    return {
        "apiVersion": SERVICE.api_version,
        "kind": SERVICE.name,
        "metadata": group.metadata(name, name),
        "spec": {
            "type": "ClusterIP",
            "selector": selector(group.label, group.name, name),
            "ports": [{"name": "http", "port": service.port, "targetPort": "http", "protocol": "TCP"}],
        },
    }


def build_account(component: str, group: Group) -> Object:
    """Return the ServiceAccount of a component: a name of its own, and no token of the API."""
    return {
        "apiVersion": SERVICE_ACCOUNT.api_version,
        "kind": SERVICE_ACCOUNT.name,
        "metadata": group.metadata(component, component),
        "automountServiceAccountToken": False,
    }


def build_disruption_budget(component: str, group: Group) -> Object:
    """Return the PodDisruptionBudget of a component: at most one pod at a time goes for a node's sake.

    Standbys are never ready, so it must not count them: an unhealthy pod may always be evicted.
    """
    return {
        "apiVersion": DISRUPTION_BUDGET.api_version,
        "kind": DISRUPTION_BUDGET.name,
        "metadata": group.metadata(component, component),
        "spec": {
            "maxUnavailable": 1,
            "selector": {"matchLabels": selector(group.label, group.name, component)},
            "unhealthyPodEvictionPolicy": "AlwaysAllow",
        },
    }


def build_service_monitor(group: Group) -> Object:
    """Return the ServiceMonitor by which Prometheus finds all services of a strategy."""
    return {
        "apiVersion": SERVICE_MONITOR.api_version,
        "kind": SERVICE_MONITOR.name,
        "metadata": group.metadata("metrics", "metrics"),
        "spec": {
            "selector": {"matchLabels": {STRATEGY_LABEL: group.name}},
            "endpoints": [{"port": "http", "path": "/metrics", "interval": "15s"}],
        },
    }
