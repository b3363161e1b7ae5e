"""The embedded broker, in a process of its own."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from confluent_kafka import Consumer, Producer, TopicPartition

from tradewind.bus.events import TOPICS, dead_letter_topic


@contextmanager
def broker() -> Iterator[tuple[subprocess.Popen[bytes], dict[str, str]]]:
    command = [sys.executable, "-m", "tradewind.bus.embedded"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        yield process, json.loads(process.stdout.readline())
        process.kill()


def test_every_topic_and_its_dead_letters_exist_from_the_start() -> None:
    with broker() as (_, place):
        # Asking for all topics makes none.
        topics = Producer({"bootstrap.servers": place["bootstrap_servers"]}).list_topics(timeout=10).topics
    assert set(topics) == {*TOPICS, *(dead_letter_topic(topic) for topic in TOPICS)}


def test_a_message_arrives_with_key_and_headers() -> None:
    with broker() as (_, place):
        producer = Producer({"bootstrap.servers": place["bootstrap_servers"]})
        producer.produce("market_data", b"value", b"key", headers=[("group", b"g")], partition=2)
        assert producer.flush(10) == 0
        consumer = Consumer({"bootstrap.servers": place["bootstrap_servers"], "group.id": "test"})
        consumer.assign([TopicPartition("market_data", 2, 0)])
        message = consumer.poll(10)
        consumer.close()
    assert message is not None
    assert (message.key(), message.value(), message.headers()) == (b"key", b"value", [("group", b"g")])


def test_each_start_has_a_generation_of_its_own() -> None:
    with broker() as (_, first), broker() as (_, second):
        assert first["generation"] != second["generation"]
        assert first["bootstrap_servers"] != second["bootstrap_servers"]


def test_it_ends_when_its_parent_dies_and_on_sigterm() -> None:
    with broker() as (process, _):
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(10) == 0
    with broker() as (process, _):
        process.terminate()
        assert process.wait(10) == 0
