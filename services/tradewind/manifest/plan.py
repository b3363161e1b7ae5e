"""The Plan: what runs for a strategy, as a pure value. The desk renders it as processes, the operator as objects."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from tradewind.manifest.resources import TradingStrategy

Service = Literal["ingestion", "ml", "trading", "backtest"]
PORTS: Final[Mapping[Service, int]] = {"trading": 8000, "ml": 8001, "ingestion": 8002, "backtest": 8003}
NEURAL_MODELS: Final = frozenset({"LSTM"})
"""Models that need TensorFlow, and so the ml image."""


@dataclass(frozen=True)
class ServicePlan:
    """One service that runs: its entry module, image, default port and settings (environment variables)."""

    service: Service
    module: str
    image: str
    port: int
    settings: Mapping[str, str]


@dataclass(frozen=True)
class Plan:
    """Everything that runs for one strategy. `manifest` is what each service mounts, canonical JSON."""

    strategy_id: str
    feed_id: str
    manifest: str
    services: tuple[ServicePlan, ...]


def feed_id_of(strategy: TradingStrategy) -> str:
    """Return the feed's identity; a replay is its strategy's own."""
    return f"replay.{strategy.id}"


def plan_strategy(strategy: TradingStrategy) -> Plan:
    """Return what runs for a strategy. Pure: equal manifests give equal plans."""
    named = strategy.model_copy(update={"metadata": strategy.metadata.model_copy(update={"uid": strategy.id.uid})})
    neural = strategy.spec.signal.model in NEURAL_MODELS
    images: dict[Service, str] = {
        "ingestion": "tradewind",
        "ml": "tradewind-ml" if neural else "tradewind-strategy",
        "trading": "tradewind",
        "backtest": "tradewind-strategy",
    }
    settings = {"TRADEWIND_STRATEGY_ID": str(strategy.id), "TRADEWIND_FEED_ID": feed_id_of(strategy)}
    services = tuple(
        ServicePlan(service, f"tradewind.{service}", image, PORTS[service], settings)
        for service, image in images.items()
    )
    return Plan(
        strategy_id=str(strategy.id),
        feed_id=feed_id_of(strategy),
        manifest=named.model_dump_json(by_alias=True, exclude_none=True),
        services=services,
    )
