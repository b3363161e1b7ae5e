"""Settings that every service shares. The environment enters a process here and nowhere else."""

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class ServiceSettings(BaseSettings):
    """Read from environment variables named `TRADEWIND_<FIELD>`."""

    model_config = SettingsConfigDict(env_prefix="TRADEWIND_", frozen=True)

    manifest: Path = Field(description="The TradingStrategy that this process serves, as a YAML or JSON file.")
    strategy_id: str = Field(description="The strategy's identity, namespace.name.uid.")
    feed_id: str = Field(description="The identity of the feed that the strategy reads.")
    database_url: str = Field(description="PostgreSQL connection string.")
    kafka_bootstrap_servers: str = Field(description="Kafka brokers, host:port, comma-separated.")
    kafka_generation: str = Field(
        default="", description="Id of this start of an embedded broker, which remembers nothing; empty for a real one."
    )
    data_dir: Path = Field(description="Folder for models and caches.")
    host: str = Field(default="127.0.0.1", description="Address that the HTTP server binds.")
    port: int = Field(ge=1, le=65535, description="Port that the HTTP server binds.")
    log_format: Literal["json", "text"] = Field(default="json", description="How log lines are written.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(default="INFO", description="Least level logged.")
    exit_with_parent: bool = Field(
        default=False, description="Stop when standard input closes: the desk's children outlive nothing."
    )
