"""What reader and relay measure: lag, the age of the outbox, and the breaker that leaves a dead broker alone."""

import time
from uuid import uuid4

from prometheus_client import REGISTRY
from tests.integration.runtime.wiring import Seen, missing, publish, read_until, reading, relaying

from tradewind.bus.access import KafkaAccess
from tradewind.bus.events import MARKET_DATA
from tradewind.store.database import connect
from tradewind.store.outbox import add
from tradewind.store.writer import Writer


def value(name: str, **labels: str) -> float | None:
    return REGISTRY.get_sample_value(name, labels)


def wait_for(name: str, wanted: float, **labels: str) -> None:
    deadline = time.monotonic() + 60
    while value(name, **labels) != wanted:
        assert time.monotonic() < deadline, f"{name} is {value(name, **labels)}, not {wanted}"
        time.sleep(0.05)


def test_the_lag_is_the_age_of_what_was_taken_in_and_0_once_nothing_waits(writer: Writer, kafka: KafkaAccess) -> None:
    feed = uuid4().hex
    seen = Seen(feed)
    with reading(kafka, writer, seen) as reader:
        while reader.read(0.2):  # what others have published to this broker
            pass
        began = time.time()
        publish(kafka, missing(feed))
        read_until(reader, lambda: bool(seen.symbols))
        lag = value("tradewind_consumer_lag_seconds", topic=MARKET_DATA)
        assert lag is not None
        # The broker's stamp is in whole milliseconds.
        assert 0 < lag < time.time() - began + 1
        while reader.read(0.2):
            pass
        assert value("tradewind_consumer_lag_seconds", topic=MARKET_DATA) == 0


def test_the_outbox_ages_and_the_breaker_opens_while_the_broker_is_away(database_url: str, kafka: KafkaAccess) -> None:
    owner = f"test.{uuid4().hex}"
    with connect(database_url) as connection:
        add(connection, owner, MARKET_DATA, b"k", missing("nobody's"))
        away = KafkaAccess(bootstrap_servers="127.0.0.1:1", generation="gone")
        with relaying(database_url, owner, away) as relay:
            wait_for("tradewind_breaker_state", 1.0, breaker="kafka", state="open")
            age = value("tradewind_outbox_age_seconds", owner=owner)
            assert age is not None
            assert age > 1
            said = relay.problem()
            assert said is not None
        with relaying(database_url, owner, kafka) as relay:
            deadline = time.monotonic() + 60
            while connection.execute("SELECT FROM outbox WHERE published_at IS NULL").fetchone() is not None:
                assert time.monotonic() < deadline, relay.problem()
                time.sleep(0.05)
            wait_for("tradewind_outbox_age_seconds", 0.0, owner=owner)
            assert relay.problem() is None
            assert value("tradewind_breaker_state", breaker="kafka", state="closed") == 1.0
