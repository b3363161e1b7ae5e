"""Pod templates: hardened alike, with what a service needs to reach the database and the broker."""

from typing import Any, Final

from tradewind.manifest.operation import ServiceResources
from tradewind_operator.builders.platform import Platform
from tradewind_operator.kinds import Object

USER: Final = 10001
MANIFEST_FOLDER: Final = "/etc/tradewind/manifest"
DATA_FOLDER: Final = "/var/lib/tradewind"
_DATABASE_FOLDER: Final = "/etc/tradewind/database"
_DATABASE_CA_FOLDER: Final = "/etc/tradewind/database-ca"
_BROKER_CA_FOLDER: Final = "/etc/tradewind/kafka-ca"
_DEFAULTS: Final[dict[str, dict[str, dict[str, str]]]] = {
    "ingestion": {"requests": {"cpu": "50m", "memory": "128Mi"}, "limits": {"memory": "512Mi"}},
    "ml": {"requests": {"cpu": "100m", "memory": "512Mi"}, "limits": {"memory": "2Gi"}},
    "trading": {"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"memory": "512Mi"}},
    "backtest": {"requests": {"cpu": "500m", "memory": "512Mi"}, "limits": {"memory": "4Gi"}},
}
"""Requests and limits where the manifest gives none. No limit of CPU: it would only slow down who may go on."""


def resources_of(service: str, given: ServiceResources | None) -> Object:
    """Return a container's resources: the manifest's, or the platform's defaults where it gives none."""
    if given is None:
        return _DEFAULTS[service]
    asked = given.model_dump(by_alias=True, exclude_none=True)
    return {name: amounts for name, amounts in asked.items() if amounts}


def variables(settings: dict[str, str]) -> list[Object]:
    """Return environment variables, by name."""
    return [{"name": name, "value": value} for name, value in sorted(settings.items())]


def from_secret(variable: str, secret: str, key: str) -> Object:
    """Return an environment variable that a Secret holds."""
    return {"name": variable, "valueFrom": {"secretKeyRef": {"name": secret, "key": key}}}


def container(name: str, image: str, platform: Platform, command: list[str], environment: list[Object]) -> Object:
    """Return a hardened container with a writable data folder and /tmp, and nothing else that it could write to."""
    return {
        "name": name,
        "image": image,
        "imagePullPolicy": platform.pull_policy,
        "command": command,
        "env": environment,
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
            "readOnlyRootFilesystem": True,
            "runAsNonRoot": True,
        },
        "terminationMessagePath": "/dev/termination-log",
        "terminationMessagePolicy": "FallbackToLogsOnError",
        "volumeMounts": [
            {"name": "manifest", "mountPath": MANIFEST_FOLDER, "readOnly": True},
            {"name": "data", "mountPath": DATA_FOLDER},
            {"name": "tmp", "mountPath": "/tmp"},  # noqa: S108  the pod's own
        ],
    }


def pod_spec(account: str, manifest: str, containers: list[Object], platform: Platform) -> Object:
    """Return a pod that meets Pod Security "restricted", has no API token, and mounts a manifest's ConfigMap."""
    spec: Object = {
        "serviceAccountName": account,
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": USER,
            "runAsGroup": USER,
            "fsGroup": USER,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "terminationGracePeriodSeconds": 30,
        "containers": containers,
        "volumes": [
            {"name": "manifest", "configMap": {"name": manifest}},
            {"name": "data", "emptyDir": {}},
            {"name": "tmp", "emptyDir": {}},
        ],
    }
    if platform.pull_secrets:
        spec["imagePullSecrets"] = [{"name": name} for name in platform.pull_secrets]
    return spec


def give_database(spec: Object, platform: Platform, service: str, login: str, role: str) -> None:
    """Let a pod's first container reach the database as a role that may do that service's work and nothing else.

    Args:
        spec: the pod's, changed in place.
        platform: the release.
        service: whose rights it gets.
        login: the PostgreSQL role that it logs in as, where CloudNativePG keeps one for it.
        role: the DatabaseRole's name, whose Secret holds its certificate.
    """
    first, database = spec["containers"][0], platform.database
    first["env"].append({"name": "PGOPTIONS", "value": f"-c role=tradewind_{service}"})
    if not uses_cnpg(platform):
        first["env"].append(from_secret("TRADEWIND_DATABASE_URL", database.secret, database.key))
        return
    files = f"sslcert={_DATABASE_FOLDER}/tls.crt&sslkey={_DATABASE_FOLDER}/tls.key"
    url = (
        f"postgresql://{login}@{database.cnpg_cluster}-rw:{database.port}/{database.cnpg_database}"
        f"?sslmode=verify-full&sslrootcert={_DATABASE_CA_FOLDER}/ca.crt&{files}"
    )
    first["env"].append({"name": "TRADEWIND_DATABASE_URL", "value": url})
    # libpq wants a key that only its user and root's group can read.
    _mount_secret(spec, "database", f"{role}-client-cert", _DATABASE_FOLDER, mode=0o440)
    _mount_secret(spec, "database-ca", f"{database.cnpg_cluster}-ca", _DATABASE_CA_FOLDER, ["ca.crt"])


def give_broker(spec: Object, platform: Platform, user: str) -> None:
    """Let a pod's first container reach Kafka, as a user of its own where Strimzi keeps one for it."""
    first, broker = spec["containers"][0], platform.broker
    settings = {
        "TRADEWIND_KAFKA_BOOTSTRAP_SERVERS": broker.bootstrap_servers,
        "TRADEWIND_KAFKA_SECURITY_PROTOCOL": broker.security_protocol,
    }
    if broker.security_protocol.endswith("SSL") and broker.ca_secret:
        settings["TRADEWIND_KAFKA_CA_FILE"] = f"{_BROKER_CA_FOLDER}/ca.crt"
        _mount_secret(spec, "kafka-ca", broker.ca_secret, _BROKER_CA_FOLDER, ["ca.crt"])
    first["env"] += variables(settings)
    if uses_strimzi(platform):
        first["env"].append({"name": "TRADEWIND_KAFKA_USERNAME", "value": user})
        first["env"].append(from_secret("TRADEWIND_KAFKA_PASSWORD", user, "password"))
    elif broker.security_protocol.startswith("SASL") and broker.secret:
        first["env"].append(from_secret("TRADEWIND_KAFKA_USERNAME", broker.secret, "username"))
        first["env"].append(from_secret("TRADEWIND_KAFKA_PASSWORD", broker.secret, "password"))


def uses_cnpg(platform: Platform) -> bool:
    """Whether CloudNativePG keeps a role for each service."""
    return bool(platform.database.cnpg_cluster) and "DatabaseRole" in platform.apis


def uses_strimzi(platform: Platform) -> bool:
    """Whether Strimzi keeps a user for each service."""
    return bool(platform.broker.strimzi_cluster) and "KafkaUser" in platform.apis


def _mount_secret(
    spec: Object, name: str, secret: str, folder: str, keys: list[str] | None = None, mode: int = 0o444
) -> None:
    source: dict[str, Any] = {"secretName": secret, "defaultMode": mode}
    if keys is not None:
        source["items"] = [{"key": key, "path": key} for key in keys]
    spec["volumes"].append({"name": name, "secret": source})
    spec["containers"][0]["volumeMounts"].append({"name": name, "mountPath": folder, "readOnly": True})
