"""Consumer and producer, on the embedded broker and on a real Apache Kafka."""

import time
from uuid import uuid4

import pytest

from tradewind.bus.access import KafkaAccess
from tradewind.bus.consumer import Consumer, Message, next_positions
from tradewind.bus.errors import PositionLostError, TopicMissingError
from tradewind.bus.events import ANOMALIES
from tradewind.bus.producer import Outgoing, Producer


@pytest.fixture(params=["embedded", "real"])
def kafka(request: pytest.FixtureRequest) -> KafkaAccess:
    access: KafkaAccess = request.getfixturevalue(f"{request.param}_kafka")
    return access


def read(consumer: Consumer, wanted: set[bytes], limit: int = 200) -> list[Message]:
    """Read until these values came; return the messages with them."""
    found: list[Message] = []
    deadline = time.monotonic() + 20
    while len(found) < len(wanted):
        assert time.monotonic() < deadline, "nothing more arrived"
        found += [message for message in consumer.poll(limit, 0.5) if message.value in wanted]
    return found


def test_a_message_is_handed_on_at_once_however_long_the_wait_and_the_batch_may_be(kafka: KafkaAccess) -> None:
    producer = Producer(kafka)
    with Consumer(kafka, "test") as consumer:
        consumer.identities([ANOMALIES])
        consumer.start([ANOMALIES], {})
        first = uuid4().bytes
        producer.publish([Outgoing(ANOMALIES, b"key", first, {})])
        read(consumer, {first})
        waits = []
        for _ in range(20):
            producer.publish([Outgoing(ANOMALIES, b"key", uuid4().bytes, {})])
            started = time.monotonic()
            assert len(consumer.poll(200, 30.0)) == 1
            waits.append(time.monotonic() - started)
            assert waits[-1] < 1.0
    assert sorted(waits)[10] < 0.1


def test_what_is_there_comes_as_one_batch_up_to_the_limit(kafka: KafkaAccess) -> None:
    values = {uuid4().bytes for _ in range(300)}
    Producer(kafka).publish([Outgoing(ANOMALIES, b"one key", value, {}) for value in values])
    with Consumer(kafka, "test") as consumer:
        consumer.identities([ANOMALIES])
        consumer.start([ANOMALIES], {})
        read(consumer, values)
        consumer.start([ANOMALIES], {})
        sizes: list[int] = []
        while sum(sizes) < len(values):
            sizes.append(len(consumer.poll(50, 5.0)))
    assert max(sizes) == 50


def test_reading_goes_on_at_the_positions_that_the_caller_kept(kafka: KafkaAccess) -> None:
    first, second = uuid4().bytes, uuid4().bytes
    producer = Producer(kafka)
    producer.publish([Outgoing(ANOMALIES, b"key", first, {})])
    with Consumer(kafka, "test") as consumer:
        identities = consumer.identities([ANOMALIES])
        consumer.start([ANOMALIES], {})
        message = read(consumer, {first})[0]
    producer.publish([Outgoing(ANOMALIES, b"key", second, {})])
    with Consumer(kafka, "test") as consumer:
        assert consumer.identities([ANOMALIES]) == identities
        consumer.start([ANOMALIES], next_positions([message]))
        values = [m.value for m in read(consumer, {second}, limit=1) if m.partition == message.partition]
    assert values == [second]


def test_a_position_past_the_end_is_an_error_and_not_a_silent_gap(kafka: KafkaAccess) -> None:
    with Consumer(kafka, "test") as consumer:
        consumer.identities([ANOMALIES])
        with pytest.raises(PositionLostError, match=r"anomalies\[1\] ends at \d+, but was read up to 1000000"):
            consumer.start([ANOMALIES], {(ANOMALIES, 1): 1_000_000})


def test_a_topic_that_does_not_exist_is_named(real_kafka: KafkaAccess) -> None:
    name = f"never-{uuid4()}"
    with Consumer(real_kafka, "test") as consumer, pytest.raises(TopicMissingError, match=name):
        consumer.identities([name])
