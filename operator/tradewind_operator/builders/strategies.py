"""All objects of a strategy, from its Plan."""

from collections.abc import Iterator, Sequence
from typing import Final

from tradewind.manifest.plan import Plan, Service, ServicePlan
from tradewind_operator.builders.credentials import build_database_role, build_kafka_user, login_name
from tradewind_operator.builders.deployments import build_deployment
from tradewind_operator.builders.manifests import build_manifest, mounted_manifest
from tradewind_operator.builders.network_policies import build_network_policy
from tradewind_operator.builders.owned import Group, Owner
from tradewind_operator.builders.platform import Platform
from tradewind_operator.builders.pods import uses_cnpg, uses_strimzi
from tradewind_operator.builders.services import (
    build_account,
    build_disruption_budget,
    build_service,
    build_service_monitor,
)
from tradewind_operator.digests import seal
from tradewind_operator.kinds import DEPLOYMENT, Object
from tradewind_operator.names import STRATEGY_LABEL

SERVED: Final[tuple[Service, ...]] = ("ingestion", "ml", "trading")
"""What runs all the time; a backtest is a Job of its own."""
_GUARDED: Final = frozenset({"ml", "trading"})


def strategy_group(owner: Owner, owned: bool = True) -> Group:
    """Return the group of a strategy's objects; where they must outlive its deletion, they are not owned by it."""
    return Group(STRATEGY_LABEL, owner.name, [owner.reference()] if owned else [])


def build_strategy(
    plan: Plan, group: Group, platform: Platform, autoscaled: bool = False, shared_feed: bool = False
) -> list[Object]:
    """Return a strategy's objects, sealed, in the order in which they are applied.

    Args:
        plan: what runs.
        group: whose the objects are.
        platform: the release.
        autoscaled: an autoscaler sets the replicas of the ml Deployment itself, so they are left to it.
        shared_feed: its ingestion is shared with others, and planned from all of them: see `feeds`.
    """
    services = [s for s in plan.services if s.service in SERVED and not (shared_feed and s.service == "ingestion")]
    manifest = build_manifest(mounted_manifest(plan), group)
    objects = [manifest]
    objects += build_services(services, plan, group, platform, manifest["metadata"]["name"], autoscaled)
    if "ServiceMonitor" in platform.apis:
        objects.append(build_service_monitor(group))
    return [seal(body) for body in objects]


def build_services(
    services: Sequence[ServicePlan],
    plan: Plan,
    group: Group,
    platform: Platform,
    manifest: str,
    autoscaled: bool = False,
) -> Iterator[Object]:
    """Yield the objects of services that mount the ConfigMap of that name: what a pod needs comes before it."""
    for service in services:
        name = service.service
        yield build_account(name, group)
        yield build_network_policy(service, group, platform)
        yield build_service(service, group)
        if name in _GUARDED:
            yield build_disruption_budget(name, group)
        if uses_strimzi(platform):
            yield build_kafka_user(name, group, platform, plan.strategy_id)
        if uses_cnpg(platform):
            yield build_database_role(name, group, platform, plan.strategy_id)
    for service in services:
        replicas: int | None = 0 if plan.suspended else service.replicas
        if autoscaled and service.service == "ml" and not plan.suspended:
            replicas = None
        login = login_name(service.service, plan.strategy_id)
        yield build_deployment(service, group, platform, manifest, login, replicas)


def is_pod_owner(body: Object) -> bool:
    """Whether applying an object can restart pods."""
    return bool(body["kind"] == DEPLOYMENT.name)
