"""The kinds of objects that the operator works with, and where the API server keeps them."""

from dataclasses import dataclass
from typing import Any, Final

Object = dict[str, Any]
"""A Kubernetes object as JSON has it."""
GROUP: Final = "tradewind.dev"
API_VERSION: Final = "tradewind.dev/v1alpha1"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of object. One that is `optional` is made only where the cluster has it."""

    api_version: str
    name: str
    plural: str
    optional: bool = False

    @property
    def group(self) -> str:
        """The API group; empty for the core's."""
        return self.api_version.rpartition("/")[0]

    def path(self, namespace: str, name: str = "", subresource: str = "") -> str:
        """Return the path of a namespace's objects, of one of them, or of its subresource."""
        root = "apis" if self.group else "api"
        parts = [root, self.api_version, "namespaces", namespace, self.plural, name, subresource]
        return "/" + "/".join(part for part in parts if part)


STRATEGY: Final = Kind(API_VERSION, "TradingStrategy", "tradingstrategies")
BACKTEST: Final = Kind(API_VERSION, "Backtest", "backtests")

CONFIG_MAP: Final = Kind("v1", "ConfigMap", "configmaps")
SERVICE_ACCOUNT: Final = Kind("v1", "ServiceAccount", "serviceaccounts")
SERVICE: Final = Kind("v1", "Service", "services")
DEPLOYMENT: Final = Kind("apps/v1", "Deployment", "deployments")
DISRUPTION_BUDGET: Final = Kind("policy/v1", "PodDisruptionBudget", "poddisruptionbudgets")
NETWORK_POLICY: Final = Kind("networking.k8s.io/v1", "NetworkPolicy", "networkpolicies")
JOB: Final = Kind("batch/v1", "Job", "jobs")
SERVICE_MONITOR: Final = Kind("monitoring.coreos.com/v1", "ServiceMonitor", "servicemonitors", optional=True)
KAFKA_USER: Final = Kind("kafka.strimzi.io/v1", "KafkaUser", "kafkausers", optional=True)
DATABASE_ROLE: Final = Kind("postgresql.cnpg.io/v1", "DatabaseRole", "databaseroles", optional=True)

CHILDREN: Final = (
    CONFIG_MAP,
    SERVICE_ACCOUNT,
    SERVICE,
    NETWORK_POLICY,
    DISRUPTION_BUDGET,
    DEPLOYMENT,
    JOB,
    SERVICE_MONITOR,
    KAFKA_USER,
    DATABASE_ROLE,
)
"""What the operator makes, in the order in which it is applied: what a pod needs comes before the pod."""
BY_NAME: Final = {kind.name: kind for kind in (*CHILDREN, STRATEGY, BACKTEST)}

SECRET: Final = Kind("v1", "Secret", "secrets")
POD: Final = Kind("v1", "Pod", "pods")
EVENT: Final = Kind("events.k8s.io/v1", "Event", "events")
LEASE: Final = Kind("coordination.k8s.io/v1", "Lease", "leases")


def kind_of(body: Object) -> Kind:
    """Return an object's kind.

    Raises:
        KeyError: the operator has nothing to do with it.
    """
    return BY_NAME[body["kind"]]
