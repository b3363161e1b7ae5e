"""A broker with TLS, users and rights: SASL_SSL, SCRAM-SHA-512, nothing allowed that no ACL allows."""

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from confluent_kafka.admin import (  # type: ignore[attr-defined]  # it exports them, and does not say so
    AclBinding,
    AclOperation,
    AclPermissionType,
    AdminClient,
    ResourcePatternType,
    ResourceType,
)
from tests.brokers import KitBroker, running_kit

from tradewind.bus.access import KafkaAccess
from tradewind.bus.consumer import Consumer
from tradewind.bus.errors import (
    BrokerUnreachableError,
    LoginRefusedError,
    NotAuthorisedError,
    TopicsNotMadeError,
)
from tradewind.bus.events import ANOMALIES, MARKET_DATA, TOPICS, TRADING_SIGNALS
from tradewind.bus.producer import Outgoing, Producer
from tradewind.bus.topics import ensure_topics

HELLO = b"hello"


@pytest.fixture(scope="module")
def secure() -> Iterator[KitBroker]:
    with running_kit("--secure", "--user", "ingestion", "--user", "trading", "--user", "ml") as kit:
        ensure_topics(kit.access)
        yield kit


def allow(kit: KitBroker, user: str, operation: AclOperation, topic: str) -> None:
    rule = AclBinding(
        ResourceType.TOPIC, topic, ResourcePatternType.LITERAL, f"User:{user}", "*", operation, AclPermissionType.ALLOW
    )
    admin = AdminClient(kit.access.client_config())
    for answer in admin.create_acls([rule]).values():
        answer.result()


def publish(access: KafkaAccess, topic: str) -> None:
    Producer(access).publish([Outgoing(topic, b"key", HELLO, {})])


def read(access: KafkaAccess, topic: str) -> bytes | None:
    with Consumer(access, "a group without rights") as consumer:
        consumer.identities([topic])
        consumer.start([topic], {})
        for _ in range(50):
            if messages := consumer.poll(1, 0.2):
                return messages[0].value
    return None


def test_a_user_with_rights_writes_and_reads_through_tls(secure: KitBroker) -> None:
    allow(secure, "ingestion", AclOperation.WRITE, MARKET_DATA)
    allow(secure, "trading", AclOperation.READ, MARKET_DATA)
    publish(secure.access_as("ingestion"), MARKET_DATA)
    assert read(secure.access_as("trading"), MARKET_DATA) == HELLO


def test_a_wrong_password_is_told_apart_from_a_broker_that_is_away(secure: KitBroker) -> None:
    wrong = replace(secure.access_as("trading"), password="not this one")
    producer = Producer(wrong)
    problem = producer.broker_problem()
    assert problem is not None
    assert f"Kafka at {wrong.bootstrap_servers} refuses user 'trading'" in problem
    assert "the password or the mechanism (SCRAM-SHA-512) is wrong" in problem
    assert "not this one" not in problem
    with pytest.raises(LoginRefusedError):
        producer.identity()
    with Consumer(wrong, "group") as consumer, pytest.raises(LoginRefusedError):
        consumer.identities([MARKET_DATA])
    with pytest.raises(LoginRefusedError):
        ensure_topics(wrong)
    assert "not this one" not in repr(wrong)


def test_a_broker_whose_certificate_nobody_vouches_for_is_not_trusted(secure: KitBroker) -> None:
    with pytest.raises(BrokerUnreachableError, match="certificate verify failed"):
        Producer(replace(secure.access, ca_file=None)).identity()


def test_without_rights_the_error_names_the_acl_that_is_missing(secure: KitBroker) -> None:
    nobody = secure.access_as("ml")
    with pytest.raises(TopicsNotMadeError, match="allows user 'ml' no Create; add the ACL") as refused:
        ensure_topics(nobody)
    assert set(TOPICS) < set(refused.value.topics)
    with Consumer(nobody, "group") as consumer, pytest.raises(NotAuthorisedError, match=f"no Describe on {ANOMALIES}"):
        consumer.identities([ANOMALIES])
    with pytest.raises(NotAuthorisedError, match=f"allows user 'ml' no Write on {ANOMALIES}"):
        publish(nobody, ANOMALIES)


def test_a_producer_that_was_refused_for_good_works_once_it_is_allowed(secure: KitBroker) -> None:
    # With the right to read and none to write anywhere, librdkafka gives up on its idempotent producer for good.
    allow(secure, "ml", AclOperation.READ, TRADING_SIGNALS)
    producer = Producer(secure.access_as("ml"))
    message = Outgoing(TRADING_SIGNALS, b"key", HELLO, {})
    with pytest.raises(NotAuthorisedError, match=f"no Write on {TRADING_SIGNALS}"):
        producer.publish([message])
    allow(secure, "ml", AclOperation.WRITE, TRADING_SIGNALS)
    deadline = time.monotonic() + 20
    while True:  # the broker says that it has the rule a moment before it goes by it
        try:
            assert producer.publish([message]) == []
        except NotAuthorisedError:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        else:
            break
    assert read(secure.access_as("ml"), TRADING_SIGNALS) == HELLO
