"""The platform's topics on a real broker; the embedded one has them from its start."""

import time
from collections.abc import Sequence
from concurrent.futures import Future
from typing import Any, Final

from confluent_kafka import KafkaError, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec  # type: ignore[attr-defined]  # it exports it, and does not say so
from confluent_kafka.cimpl import NewTopic

from tradewind.bus.access import KafkaAccess
from tradewind.bus.errors import TopicsNotMadeError
from tradewind.bus.events import TOPICS, dead_letter_topic
from tradewind.bus.inquiry import Inquiry

PARTITIONS: Final = 4
_MOST_REPLICAS: Final = 3
_ANSWER_SECONDS: Final = 5.0
_CREATE_SECONDS: Final = 30.0
_PAUSE_SECONDS: Final = 0.05
_DEAD_LETTER_BYTES: Final = 2 * 2**20
_REFUSED: Final = frozenset({KafkaError.TOPIC_AUTHORIZATION_FAILED, KafkaError.CLUSTER_AUTHORIZATION_FAILED})


def ensure_topics(access: KafkaAccess, partitions: int = PARTITIONS) -> Sequence[str]:
    """Create the platform's topics and their dead letters where they are missing; return those that were.

    A topic that exists stays as it is: more partitions would move keys to others, and break the order of each key.

    Raises:
        TopicsNotMadeError: the user may not create them, or the broker refuses.
        BusError: no broker answers.
    """
    inquiry = Inquiry(access)
    wanted = [*TOPICS, *(dead_letter_topic(topic) for topic in TOPICS)]
    metadata = inquiry.metadata(_ANSWER_SECONDS)
    missing = [topic for topic in wanted if topic not in metadata.topics]
    if not missing:
        return []
    made = _create(inquiry.admin, access, missing, partitions, min(_MOST_REPLICAS, len(metadata.brokers)))
    _wait_for_leaders(inquiry, made, partitions)
    return made


def _create(
    admin: AdminClient, access: KafkaAccess, topics: Sequence[str], partitions: int, replicas: int
) -> Sequence[str]:
    fresh = [NewTopic(topic, partitions, replicas, config=_config(topic, replicas)) for topic in topics]
    made: list[str] = []
    failures: dict[str, KafkaError] = {}
    for topic, answer in admin.create_topics(fresh, operation_timeout=_CREATE_SECONDS).items():
        try:
            answer.result()
        except KafkaException as error:
            if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:  # somebody else was faster, or it is hidden
                failures[topic] = error.args[0]
        else:
            made.append(topic)
    if failures:
        raise TopicsNotMadeError(list(failures), _reason(access, failures))
    return made


def _config(topic: str, replicas: int) -> dict[str, str]:
    config = {"min.insync.replicas": str(max(1, replicas - 1))}
    if topic not in TOPICS:
        # A dead letter keeps its message whole and adds headers, so it may be larger than any other topic's messages.
        config["max.message.bytes"] = str(_DEAD_LETTER_BYTES)
    return config


def _reason(access: KafkaAccess, failures: dict[str, KafkaError]) -> str:
    error = next(iter(failures.values()))
    if error.code() in _REFUSED:
        who = f"user {access.username!r}" if access.username else "a client without a user"
        return (
            f"Kafka at {access.bootstrap_servers} allows {who} no Create; add the ACL (operation Create, resource "
            "topic or cluster), or let an administrator make them"
        )
    return error.str()


def _wait_for_leaders(inquiry: Inquiry, topics: Sequence[str], partitions: int) -> None:
    """Wait until every partition answers: its leader is known a little before it takes itself for one."""
    latest = OffsetSpec.latest()  # type: ignore[no-untyped-call]
    waiting = {TopicPartition(topic, partition) for topic in topics for partition in range(partitions)}
    deadline = time.monotonic() + _CREATE_SECONDS
    while True:
        inquiry.metadata(_ANSWER_SECONDS)  # else the client goes on thinking that a topic made again has no leader
        asked = inquiry.admin.list_offsets(dict.fromkeys(waiting, latest), request_timeout=_ANSWER_SECONDS)
        waiting = {it for it, answer in asked.items() if not _answers(answer)}
        if not waiting:
            return
        if time.monotonic() > deadline:
            names = sorted({it.topic for it in waiting})
            raise TopicsNotMadeError(names, f"their partitions have no leader after {_CREATE_SECONDS:.0f} s")
        time.sleep(_PAUSE_SECONDS)


def _answers(answer: Future[Any]) -> bool:
    try:
        answer.result()
    except KafkaException as error:
        return error.args[0].code() in _REFUSED  # who may create them needn't be allowed to look at them
    return True
