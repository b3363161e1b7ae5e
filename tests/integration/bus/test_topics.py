"""The platform's topics on a real broker."""

import time

import pytest
from confluent_kafka.admin import AdminClient, ConfigResource, ResourceType  # type: ignore[attr-defined]
from tests.brokers import KitBroker

from tradewind.bus.access import KafkaAccess
from tradewind.bus.errors import BrokerUnreachableError
from tradewind.bus.events import MARKET_DATA, TOPICS, dead_letter_topic
from tradewind.bus.topics import ensure_topics

ALL = {*TOPICS, *(dead_letter_topic(topic) for topic in TOPICS)}


def setting(admin: AdminClient, topic: str, name: str) -> str:
    resource = ConfigResource(ResourceType.TOPIC, topic)
    value: str = admin.describe_configs([resource])[resource].result()[name].value
    return value


def delete(admin: AdminClient, topics: set[str]) -> None:
    for answer in admin.delete_topics(list(topics)).values() if topics else ():
        answer.result()


def ensured(kafka: KafkaAccess, wanted: set[str]) -> set[str]:
    """Ensure the topics until these were made: the brokers hear one after the other that they were deleted."""
    made: set[str] = set()
    deadline = time.monotonic() + 30
    while not wanted <= made:
        assert time.monotonic() < deadline, f"only {made}"
        made |= set(ensure_topics(kafka))
    return made


def test_missing_topics_are_made_replicated_and_existing_ones_left_alone(three_brokers: KitBroker) -> None:
    kafka = three_brokers.access
    admin = AdminClient(kafka.client_config())
    delete(admin, ALL & set(admin.list_topics(timeout=10).topics))
    assert ensured(kafka, ALL) == ALL
    assert ensure_topics(kafka, partitions=7) == []
    topics = admin.list_topics(timeout=10).topics
    assert {len(topics[topic].partitions) for topic in ALL} == {4}
    assert {len(it.replicas) for topic in ALL for it in topics[topic].partitions.values()} == {3}
    assert setting(admin, MARKET_DATA, "min.insync.replicas") == "2"
    larger, usual = (setting(admin, topic, "max.message.bytes") for topic in ("market_data.dlq", MARKET_DATA))
    assert int(larger) > int(usual)
    delete(admin, {"anomalies.dlq"})
    assert ensured(kafka, {"anomalies.dlq"}) == {"anomalies.dlq"}


def test_a_single_broker_keeps_one_copy(real_kafka: KafkaAccess) -> None:
    admin = AdminClient(real_kafka.client_config())
    brokers = len(admin.list_topics(timeout=10).brokers)
    partitions = admin.list_topics(timeout=10).topics[MARKET_DATA].partitions
    assert {len(it.replicas) for it in partitions.values()} == {min(3, brokers)}


def test_a_broker_that_is_not_there_is_named() -> None:
    with pytest.raises(
        BrokerUnreachableError, match=r"no Kafka broker answers at 127\.0\.0\.1:1: .*Connection refused"
    ):
        ensure_topics(KafkaAccess("127.0.0.1:1"))
