"""Who each service is: its user in Kafka (Strimzi) and its role in PostgreSQL (CloudNativePG), with least rights."""

import hashlib
from typing import Final

from tradewind.manifest.owners import ml_owner, trading_owner
from tradewind_operator.builders.owned import Group
from tradewind_operator.builders.platform import Platform
from tradewind_operator.kinds import DATABASE_ROLE, KAFKA_USER, Object

MARKET_DATA: Final = "market_data"
SIGNALS: Final = "trading_signals"
ANOMALIES: Final = "anomalies"
_READS: Final = {"ingestion": (), "ml": (MARKET_DATA,), "trading": (MARKET_DATA, SIGNALS)}
_WRITES: Final = {"ingestion": (MARKET_DATA,), "ml": (SIGNALS, ANOMALIES), "trading": ()}


def build_kafka_user(service: str, group: Group, platform: Platform, strategy_id: str) -> Object:
    """Return a service's user in Kafka: it reads and writes its own topics, as its own group, and nothing else."""
    metadata = group.metadata(service, service)
    metadata["labels"] |= {"strimzi.io/cluster": platform.broker.strimzi_cluster}
    acls = [_topic(topic, "Read", "Describe") for topic in _READS[service]]
    acls += [_topic(topic, "Write", "Describe") for topic in _WRITES[service]]
    # What a reader can't make sense of goes to the dead letters.
    acls += [_topic(f"{topic}.dlq", "Write", "Describe") for topic in _READS[service]]
    groups = {"ml": ml_owner, "trading": trading_owner}
    if service in groups:
        name = groups[service](strategy_id)
        acls.append(
            {"resource": {"type": "group", "name": name, "patternType": "literal"}, "operations": ["Read", "Describe"]}
        )
    return {
        "apiVersion": KAFKA_USER.api_version,
        "kind": KAFKA_USER.name,
        "metadata": metadata,
        "spec": {"authentication": {"type": "scram-sha-512"}, "authorization": {"type": "simple", "acls": acls}},
    }


def login_name(service: str, strategy_id: str) -> str:
    """Return the PostgreSQL role that a strategy's service logs in as; it fits PostgreSQL's 63 characters."""
    mark = hashlib.sha256(strategy_id.encode()).hexdigest()[:16]
    return f"tradewind_{service}_{mark}"


def build_database_role(service: str, group: Group, platform: Platform, strategy_id: str) -> Object:
    """Return a service's role in PostgreSQL: it logs in by certificate, and may do that service's work only."""
    return {
        "apiVersion": DATABASE_ROLE.api_version,
        "kind": DATABASE_ROLE.name,
        "metadata": group.metadata(service, service),
        "spec": {
            "cluster": {"name": platform.database.cnpg_cluster},
            "name": login_name(service, strategy_id),
            "comment": f"{service} of {strategy_id}",
            "login": True,
            "inRoles": [f"tradewind_{service}"],
            "clientCertificate": {"enabled": True},
            "databaseRoleReclaimPolicy": "delete",
        },
    }


def _topic(name: str, *operations: str) -> Object:
    return {
        "resource": {"type": "topic", "name": name, "patternType": "literal"},
        "operations": sorted(operations),
    }
