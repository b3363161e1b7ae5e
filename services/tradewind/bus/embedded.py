"""An embedded broker that speaks Kafka's protocol, in a process of its own: `python -m tradewind.bus.embedded`.

It is librdkafka's mock cluster: no durability, about 5 MB kept in each partition, older messages dropped silently. So
it is a wire between the processes of one desk, and the ledger lives in Postgres. Each start gets a generation id, which
tells a consumer that its old positions mean nothing here.

The process prints one JSON line, {"bootstrap_servers": ..., "generation": ...}, and ends when its standard input closes
(its parent has died), or on SIGTERM.
"""

import json
import os
import select
import signal
import sys
from uuid import uuid4

from confluent_kafka import Producer

from tradewind.bus.events import TOPICS, dead_letter_topic

_TIMEOUT = 10.0


class EmbeddedBroker:
    """A broker with the platform's topics and their dead letters. It lives as long as this object."""

    def __init__(self) -> None:
        self._producer = Producer({"test.mock.num.brokers": 1})
        brokers = self._producer.list_topics(timeout=_TIMEOUT).brokers
        self.bootstrap_servers = ",".join(f"{broker.host}:{broker.port}" for broker in brokers.values())
        self.generation = str(uuid4())
        for topic in TOPICS:
            # The mock cluster knows no CreateTopics: asking for a topic makes it.
            self._producer.list_topics(topic, timeout=_TIMEOUT)
            self._producer.list_topics(dead_letter_topic(topic), timeout=_TIMEOUT)


def main() -> int:
    """Run a broker until standard input closes or SIGTERM comes."""
    signals, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    broker = EmbeddedBroker()
    place = {"bootstrap_servers": broker.bootstrap_servers, "generation": broker.generation}
    print(json.dumps(place), flush=True)
    select.select([sys.stdin.fileno(), signals], [], [])
    return 0


if __name__ == "__main__":
    sys.exit(main())
