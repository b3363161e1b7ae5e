"""The ingestion service over a made-up market: `python -m tests.agreement.ingestion`, settings by environment.

It is composed as `tradewind.ingestion` is; only the source of its replay is another.
"""

import sys

import msgspec
from pydantic import Field
from tests.agreement.market import MadeUpSource, Market

from tradewind.bus.events import MARKET_DATA
from tradewind.bus.producer import Producer
from tradewind.ingestion.api import add_routes
from tradewind.ingestion.replay import ReplayFeed
from tradewind.ingestion.settings import IngestionSettings
from tradewind.manifest.load import load_strategy
from tradewind.manifest.owners import feed_owner, ml_owner, trading_owner
from tradewind.runtime.app import create_app
from tradewind.runtime.health import Health
from tradewind.runtime.logs import configure_logs
from tradewind.runtime.probes import foundation_probes
from tradewind.runtime.process import serve
from tradewind.runtime.relay import Relay
from tradewind.runtime.turn import TurnWatch
from tradewind.store.database import open_pool
from tradewind.store.writer import Writer


class MadeUpSettings(IngestionSettings):
    """What ingestion has, and the market."""

    market: str = Field(description="A `Market` as JSON.")


def main() -> int:
    """Run the service; return the exit status."""
    settings = MadeUpSettings()
    configure_logs("ingestion", settings.log_format, settings.log_level)
    spec = load_strategy(settings.manifest).spec
    source = MadeUpSource(msgspec.json.decode(settings.market, type=Market))
    owner = feed_owner(settings.feed_id)
    readers = [ml_owner(settings.strategy_id), trading_owner(settings.strategy_id)]
    producer = Producer(settings.kafka)
    relay = Relay(settings.database_url, owner, producer, readers, topics=[MARKET_DATA])
    with open_pool(settings.database_url) as pool, Writer(settings.database_url, owner) as writer:
        health = Health("writer", "history", probes=foundation_probes(pool, producer, relay))
        feed = ReplayFeed(writer, relay, health, source, settings.feed_id, spec.symbols, readers, settings.replay_ahead)
        app = create_app("ingestion", health)
        add_routes(app, pool, spec, settings.feed_id, source)
        return serve(app, settings, [relay, feed, TurnWatch(writer)])


if __name__ == "__main__":
    sys.exit(main())
