"""What all strategies of a release stand on: images, database, broker, and which optional APIs the cluster has."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

SecurityProtocol = Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"]


@dataclass(frozen=True)
class DatabaseAccess:
    """How services reach PostgreSQL: a Secret that holds a URL, or a CloudNativePG cluster that gives each its role."""

    secret: str = "tradewind-database"  # noqa: S105  a Secret's name
    key: str = "url"
    cnpg_cluster: str = ""
    cnpg_database: str = "tradewind"
    port: int = 5432


@dataclass(frozen=True)
class BrokerAccess:
    """How services reach Kafka: one login for all from a Secret, or a Strimzi cluster that gives each its user."""

    bootstrap_servers: str = "kafka:9092"
    security_protocol: SecurityProtocol = "PLAINTEXT"
    secret: str = ""
    """Holds `username` and `password`, where services log in and Strimzi does not give them users."""
    ca_secret: str = ""
    """Holds `ca.crt`, where the wire is encrypted by a private authority."""
    strimzi_cluster: str = ""

    @property
    def ports(self) -> tuple[int, ...]:
        """The ports that services connect to."""
        servers = self.bootstrap_servers.split(",")
        return tuple(sorted({int(server.rpartition(":")[2]) for server in servers}))


@dataclass(frozen=True)
class Platform:
    """A release: one namespace, its images by their short names, what it stands on."""

    namespace: str
    images: Mapping[str, str] = field(default_factory=dict)
    """A short name such as `tradewind-ml`, and the image that it stands for."""
    pull_policy: str = "IfNotPresent"
    pull_secrets: tuple[str, ...] = ()
    database: DatabaseAccess = DatabaseAccess()
    broker: BrokerAccess = BrokerAccess()
    apis: frozenset[str] = frozenset()
    """Names of optional kinds that the cluster has."""
    monitoring_namespace: str = "monitoring"

    def image(self, name: str) -> str:
        """Return the image of a short name."""
        return self.images.get(name, f"{name}:latest")
