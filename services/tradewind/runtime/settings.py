"""Settings that every service shares. The environment enters a process here and nowhere else."""

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from tradewind.bus.access import KafkaAccess, SaslMechanism, SecurityProtocol


class ServiceSettings(BaseSettings):
    """Read from environment variables named `TRADEWIND_<FIELD>`."""

    # An error must not print what it was given: passwords are among it.
    model_config = SettingsConfigDict(env_prefix="TRADEWIND_", frozen=True, hide_input_in_errors=True)

    manifest: Path = Field(description="The TradingStrategy that this process serves, as a YAML or JSON file.")
    strategy_id: str = Field(description="The strategy's identity, namespace.name.uid.")
    feed_id: str = Field(description="The identity of the feed that the strategy reads.")
    database_url: str = Field(description="PostgreSQL connection string.")
    kafka_bootstrap_servers: str = Field(description="Kafka brokers, host:port, comma-separated.")
    kafka_generation: str = Field(
        default="", description="Id of this start of an embedded broker, which remembers nothing; empty for a real one."
    )
    kafka_security_protocol: SecurityProtocol = Field(
        default="PLAINTEXT", description="Whether Kafka's wire is encrypted (SSL), and whether users log in (SASL)."
    )
    kafka_sasl_mechanism: SaslMechanism = Field(
        default="SCRAM-SHA-512", description="How Kafka's users log in, where they do."
    )
    kafka_username: str = Field(default="", description="Kafka user that this process logs in as.")
    kafka_password: SecretStr = Field(default=SecretStr(""), description="Password of the Kafka user.")
    kafka_ca_file: Path | None = Field(
        default=None, description="Certificates that sign the Kafka brokers' own, as PEM; the system's where not given."
    )
    data_dir: Path = Field(description="Folder for models and caches.")
    host: str = Field(default="127.0.0.1", description="Address that the HTTP server binds.")
    port: int = Field(ge=1, le=65535, description="Port that the HTTP server binds.")
    log_format: Literal["json", "text"] = Field(default="json", description="How log lines are written.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(default="INFO", description="Least level logged.")
    exit_with_parent: bool = Field(
        default=False, description="Stop when standard input closes: the desk's children outlive nothing."
    )

    @property
    def kafka(self) -> KafkaAccess:
        """The broker, and how this process proves who it is."""
        return KafkaAccess(
            bootstrap_servers=self.kafka_bootstrap_servers,
            generation=self.kafka_generation,
            security_protocol=self.kafka_security_protocol,
            sasl_mechanism=self.kafka_sasl_mechanism,
            username=self.kafka_username,
            password=self.kafka_password.get_secret_value(),
            ca_file=self.kafka_ca_file,
        )

    @model_validator(mode="after")
    def _check_kafka(self) -> Self:
        _ = self.kafka  # raises where the parts contradict each other
        return self
