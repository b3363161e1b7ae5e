"""Settings of the operator. The environment enters here and nowhere else."""

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from tradewind_operator.builders.platform import BrokerAccess, DatabaseAccess, Platform, SecurityProtocol


class OperatorSettings(BaseSettings):
    """Read from environment variables named `TRADEWIND_OPERATOR_<FIELD>`."""

    model_config = SettingsConfigDict(env_prefix="TRADEWIND_OPERATOR_", frozen=True)

    namespace: str = Field(description="The release's namespace: all that the operator looks at, and works in.")
    identity: str = Field(default="", description="Name of this process in the Lease; its host name when left out.")
    lease: str = Field(default="tradewind-operator", description="Name of the Lease.")
    port: int = Field(default=8080, ge=0, le=65535, description="Port of /healthz, /readyz and /metrics.")
    host: str = Field(default="0.0.0.0", description="Address of the same.")  # noqa: S104  a pod's own
    workers: int = Field(default=8, ge=1, le=64, description="Resources that are reconciled at once.")
    resync_seconds: float = Field(
        default=600.0, ge=1, description="How often every resource is looked at though nothing happened."
    )
    status_seconds: float = Field(
        default=30.0, ge=0, description="Least time between two writes of a status in which only figures changed."
    )
    polls_per_second: float = Field(default=15.0, gt=0, le=20, description="Requests to all desks together.")
    desk_url: str = Field(
        default="http://{name}.{namespace}.svc:{port}", description="Where a service answers, by its Service's name."
    )
    desk_token_file: Path | None = Field(default=None, description="File with the key that services ask for.")
    flatten_seconds: float = Field(
        default=900.0, ge=1, description="How long a deleted strategy waits for its positions to be closed."
    )
    images: dict[str, str] = Field(
        default_factory=dict, description="The images by short name (tradewind, tradewind-strategy, tradewind-ml)."
    )
    pull_policy: Literal["IfNotPresent", "Always", "Never"] = Field(
        default="IfNotPresent", description="When pods pull their image."
    )
    pull_secrets: tuple[str, ...] = Field(default=(), description="Secrets with which pods pull their image.")
    database_secret: str = Field(default="tradewind-database", description="Secret with PostgreSQL's URL.")
    database_key: str = Field(default="url", description="Its key.")
    database_port: int = Field(default=5432, ge=1, le=65535, description="PostgreSQL's port.")
    cnpg_cluster: str = Field(default="", description="CloudNativePG's Cluster, where it gives each service a role.")
    cnpg_database: str = Field(default="tradewind", description="The database in it.")
    kafka_bootstrap_servers: str = Field(default="kafka:9092", description="Kafka brokers, host:port, by comma.")
    kafka_security_protocol: SecurityProtocol = Field(default="PLAINTEXT", description="How services reach Kafka.")
    kafka_secret: str = Field(default="", description="Secret with Kafka's username and password.")
    kafka_ca_secret: str = Field(default="", description="Secret with ca.crt of Kafka's authority.")
    strimzi_cluster: str = Field(default="", description="Strimzi's Kafka, where it gives each service a user.")
    monitoring_namespace: str = Field(default="monitoring", description="Where Prometheus runs.")
    log_format: Literal["json", "text"] = Field(default="json", description="How log lines are written.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(default="INFO", description="Least level logged.")

    def platform(self, apis: frozenset[str] = frozenset()) -> Platform:
        """Return what strategies stand on, with the optional kinds that the cluster has."""
        return Platform(
            namespace=self.namespace,
            images=self.images,
            pull_policy=self.pull_policy,
            pull_secrets=self.pull_secrets,
            database=DatabaseAccess(
                self.database_secret, self.database_key, self.cnpg_cluster, self.cnpg_database, self.database_port
            ),
            broker=BrokerAccess(
                self.kafka_bootstrap_servers,
                self.kafka_security_protocol,
                self.kafka_secret,
                self.kafka_ca_secret,
                self.strimzi_cluster,
            ),
            apis=apis,
            monitoring_namespace=self.monitoring_namespace,
        )

    @property
    def secrets(self) -> tuple[str, ...]:
        """Names of the Secrets that pods need; nothing starts without them, and no other Secret is looked at."""
        named = [] if self.cnpg_cluster else [self.database_secret]
        if self.kafka_security_protocol.startswith("SASL") and not self.strimzi_cluster:
            named.append(self.kafka_secret)
        if self.kafka_security_protocol.endswith("SSL"):
            named.append(self.kafka_ca_secret)
        return tuple(sorted({name for name in named if name}))
