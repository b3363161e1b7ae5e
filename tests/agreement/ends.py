"""Whether readers have read all that is on their topics."""

from collections.abc import Sequence
from typing import Final

from confluent_kafka import Consumer, TopicPartition

from tradewind.bus.access import KafkaAccess
from tradewind.bus.events import MARKET_DATA, TRADING_SIGNALS
from tradewind.bus.identity import TopicWatch
from tradewind.manifest.owners import ml_owner, trading_owner
from tradewind.store.database import Connection

_SECONDS: Final = 10.0


def readers_behind(connection: Connection, access: KafkaAccess, strategy_ids: Sequence[str]) -> dict[str, int]:
    """Return how many messages each reader has still to read; those that have none are left out."""
    topics = (MARKET_DATA, TRADING_SIGNALS)
    identities = TopicWatch(access).identities(topics)
    ends = _ends(access, topics)
    read = {
        (group, topic, partition): offset
        for group, topic, partition, offset in connection.execute(
            "SELECT consumer_group, topic, partition, next_offset FROM offsets WHERE broker = ANY(%s)",
            [list(identities.values())],
        )
    }
    readers: list[tuple[str, tuple[str, ...]]] = [(ml_owner(each), (MARKET_DATA,)) for each in strategy_ids]
    readers += [(trading_owner(each), topics) for each in strategy_ids]
    behind = {
        owner: sum(end - read.get((owner, topic, p), 0) for (topic, p), end in ends.items() if topic in wanted)
        for owner, wanted in readers
    }
    return {owner: count for owner, count in behind.items() if count}


def _ends(access: KafkaAccess, topics: Sequence[str]) -> dict[tuple[str, int], int]:
    """Return where each partition of these topics ends."""
    consumer = Consumer({**access.client_config(), "group.id": "agreement"})
    try:
        return {
            (topic, partition): consumer.get_watermark_offsets(TopicPartition(topic, partition), timeout=_SECONDS)[1]
            for topic in topics
            for partition in consumer.list_topics(topic, timeout=_SECONDS).topics[topic].partitions
        }
    finally:
        consumer.close()
