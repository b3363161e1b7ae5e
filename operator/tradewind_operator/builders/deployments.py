"""Deployments: one for each service of a Plan. Each is a single writer, so none rolls: the old pod goes first."""

from typing import Final

from tradewind.manifest.plan import ServicePlan
from tradewind_operator.builders.owned import Group
from tradewind_operator.builders.platform import Platform
from tradewind_operator.builders.pods import (
    DATA_FOLDER,
    MANIFEST_FOLDER,
    container,
    give_broker,
    give_database,
    pod_spec,
    resources_of,
    variables,
)
from tradewind_operator.digests import digest
from tradewind_operator.kinds import DEPLOYMENT, Object
from tradewind_operator.names import TEMPLATE, labels, selector

MANIFEST_FILE: Final = "manifest.json"


def build_deployment(
    service: ServicePlan, group: Group, platform: Platform, manifest: str, login: str, replicas: int | None
) -> Object:
    """Return a service's Deployment.

    Args:
        service: what runs.
        group: whose it is.
        platform: the release.
        manifest: the name of the ConfigMap that it mounts.
        login: the PostgreSQL role that it logs in as.
        replicas: how many pods; None leaves that to whoever scales the Deployment itself.
    """
    name = service.service
    metadata = group.metadata(name, name)
    own = metadata["name"]
    settings = {
        **service.settings,
        "TRADEWIND_MANIFEST": f"{MANIFEST_FOLDER}/{MANIFEST_FILE}",
        "TRADEWIND_DATA_DIR": DATA_FOLDER,
        "TRADEWIND_HOST": "0.0.0.0",  # noqa: S104  the pod's own address, behind its NetworkPolicy
        "TRADEWIND_PORT": str(service.port),
        "HOME": DATA_FOLDER,
        "KERAS_HOME": f"{DATA_FOLDER}/keras",
    }
    image = service.own_image or platform.image(service.image)
    main = container(name, image, platform, ["python", "-m", service.module], variables(settings))
    main["ports"] = [{"name": "http", "containerPort": service.port, "protocol": "TCP"}]
    main["resources"] = resources_of(name, service.resources)
    main |= _probes()
    spec = pod_spec(own, manifest, [main], platform)
    give_database(spec, platform, name, login, own)
    give_broker(spec, platform, own)
    template = {"metadata": {"labels": labels(group.label, group.name, name)}, "spec": spec}
    metadata["annotations"] = {TEMPLATE: digest(template)}
    return {
        "apiVersion": DEPLOYMENT.api_version,
        "kind": DEPLOYMENT.name,
        "metadata": metadata,
        "spec": {
            **({} if replicas is None else {"replicas": replicas}),
            "revisionHistoryLimit": 3,
            "progressDeadlineSeconds": 600,
            "selector": {"matchLabels": selector(group.label, group.name, name)},
            "strategy": {"type": "Recreate"},
            "template": template,
        },
    }


def _probes() -> Object:
    def asks(path: str, period: int, failures: int) -> Object:
        get = {"path": path, "port": "http", "scheme": "HTTP"}
        return {"httpGet": get, "periodSeconds": period, "failureThreshold": failures, "timeoutSeconds": 3}

    return {
        "startupProbe": asks("/healthz", 2, 60),
        "livenessProbe": asks("/healthz", 10, 6),
        "readinessProbe": asks("/readyz", 5, 2),
    }
