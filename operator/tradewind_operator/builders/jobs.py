"""Jobs of backtests: one pod that runs the whole test, and says what came of it in its termination message."""

from collections.abc import Mapping
from typing import Any, Final

from tradewind.manifest.plan import ServicePlan
from tradewind_operator.builders.deployments import MANIFEST_FILE
from tradewind_operator.builders.manifests import build_manifest
from tradewind_operator.builders.network_policies import build_job_policy
from tradewind_operator.builders.owned import Group, Owner
from tradewind_operator.builders.platform import Platform
from tradewind_operator.builders.pods import (
    DATA_FOLDER,
    MANIFEST_FOLDER,
    container,
    pod_spec,
    resources_of,
    variables,
)
from tradewind_operator.builders.services import build_account
from tradewind_operator.digests import seal
from tradewind_operator.kinds import JOB, Object
from tradewind_operator.names import BACKTEST_LABEL, labels

COMPONENT: Final = "backtest"
IMPOSSIBLE_EXIT: Final = 3
"""The runner's exit status where the test can't be run at all: another try would end alike."""
_TRIES: Final = 3
_DEADLINE_SECONDS: Final = 24 * 3600


def backtest_group(owner: Owner) -> Group:
    """Return the group of a backtest's objects."""
    return Group(BACKTEST_LABEL, owner.name, [owner.reference()])


def build_backtest(
    document: Mapping[str, Any], service: ServicePlan, group: Group, platform: Platform, suspended: bool
) -> list[Object]:
    """Return a backtest's objects, sealed.

    Args:
        document: the Backtest with its strategy inline, as it was at the start.
        service: the plan of the service that can run it: its image, resources and settings.
        group: whose the objects are.
        platform: the release.
        suspended: no pod runs.
    """
    manifest = build_manifest(document, group, COMPONENT)
    name = manifest["metadata"]["name"]
    objects = [manifest, build_account(COMPONENT, group), build_job_policy(COMPONENT, group)]
    objects.append(build_job(service, group, platform, name, suspended))
    return [seal(body) for body in objects]


def build_job(service: ServicePlan, group: Group, platform: Platform, manifest: str, suspended: bool) -> Object:
    """Return the Job: what a node's end took is tried again, what a pod found impossible is not."""
    metadata = group.metadata(COMPONENT, COMPONENT)
    settings = {
        "TRADEWIND_JOB_MANIFEST": f"{MANIFEST_FOLDER}/{MANIFEST_FILE}",
        "TRADEWIND_JOB_DATA_DIR": DATA_FOLDER,
        "TRADEWIND_JOB_SUMMARY": "/dev/termination-log",
        "HOME": DATA_FOLDER,
        "KERAS_HOME": f"{DATA_FOLDER}/keras",
    }
    image = service.own_image or platform.image(service.image)
    main = container(COMPONENT, image, platform, ["python", "-m", "tradewind.desk.job"], variables(settings))
    main["resources"] = resources_of(COMPONENT, service.resources)
    spec = pod_spec(metadata["name"], manifest, [main], platform)
    spec["restartPolicy"] = "Never"
    return {
        "apiVersion": JOB.api_version,
        "kind": JOB.name,
        "metadata": metadata,
        "spec": {
            "suspend": suspended,
            "backoffLimit": _TRIES - 1,
            "activeDeadlineSeconds": _DEADLINE_SECONDS,
            "podFailurePolicy": {
                "rules": [
                    {
                        "action": "FailJob",
                        "onExitCodes": {
                            "containerName": COMPONENT,
                            "operator": "In",
                            "values": [IMPOSSIBLE_EXIT],
                        },
                    },
                    {
                        "action": "Ignore",
                        "onPodConditions": [{"type": "DisruptionTarget", "status": "True"}],
                    },
                ]
            },
            "template": {"metadata": {"labels": labels(group.label, group.name, COMPONENT)}, "spec": spec},
        },
    }
