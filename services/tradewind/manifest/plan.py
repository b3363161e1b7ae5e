"""The Plan: what runs for a strategy, as a pure value. The desk renders it as processes, the operator as objects."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from tradewind.manifest.operation import ServiceResources
from tradewind.manifest.resources import OPERATIONAL, TradingStrategy

Service = Literal["ingestion", "ml", "trading", "backtest"]
PORTS: Final[Mapping[Service, int]] = {"trading": 8000, "ml": 8001, "ingestion": 8002, "backtest": 8003}
NEURAL_MODELS: Final = frozenset({"LSTM"})
"""Models that need TensorFlow, and so the ml image."""
PLUGIN_SERVICES: Final = frozenset({"ml", "backtest"})
"""Services that import a user's plug-in, and so run from the user's image where the manifest names one."""


@dataclass(frozen=True)
class ServicePlan:
    """One service that runs: its entry module, image, default port and settings (environment variables).

    The rest is for a cluster: `own_image` is the user's, in place of the platform's `image`; `resources` is what the
    service is given, None for the platform's defaults; `replicas` is how many run.
    """

    service: Service
    module: str
    image: str
    port: int
    settings: Mapping[str, str]
    own_image: str | None = None
    resources: ServiceResources | None = None
    replicas: int = 1


@dataclass(frozen=True)
class Plan:
    """Everything that runs for one strategy. Nothing of it does while `suspended`.

    `manifest` is what each service mounts, canonical JSON; of how the desk is run (`OPERATIONAL`) it says nothing, so
    that a change of it restarts nobody.
    """

    strategy_id: str
    feed_id: str
    manifest: str
    services: tuple[ServicePlan, ...]
    suspended: bool = False


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
    spec = strategy.spec
    resources = {} if spec.resources is None else dict(spec.resources.given())
    services = tuple(
        ServicePlan(
            service,
            f"tradewind.{service}",
            image,
            PORTS[service],
            settings,
            own_image=spec.image if service in PLUGIN_SERVICES else None,
            resources=resources.get(service),
            replicas=spec.signal.replicas if service == "ml" else 1,
        )
        for service, image in images.items()
    )
    return Plan(
        strategy_id=str(strategy.id),
        feed_id=feed_id_of(strategy),
        manifest=_mounted(named),
        services=services,
        suspended=spec.suspend,
    )


def _mounted(strategy: TradingStrategy) -> str:
    document = strategy.model_dump(mode="json", by_alias=True, exclude_none=True)
    for field in OPERATIONAL:
        *path, name = field.split(".")
        inner: dict[str, Any] = document
        for key in path:
            inner = inner[key]
        inner.pop(name, None)
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False)
