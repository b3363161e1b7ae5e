"""Composition root of the trading service."""

import gc
import sys
from functools import partial
from typing import Final

from prometheus_client import REGISTRY

from tradewind.bus.consumer import Consumer
from tradewind.bus.producer import Producer
from tradewind.manifest.load import load_strategy
from tradewind.manifest.owners import trading_owner
from tradewind.runtime.app import create_app
from tradewind.runtime.health import Health
from tradewind.runtime.logs import configure_logs
from tradewind.runtime.maintenance import Maintenance
from tradewind.runtime.probes import foundation_probes
from tradewind.runtime.process import serve
from tradewind.runtime.reader import Reader
from tradewind.runtime.relay import Relay
from tradewind.runtime.turn import InTurn, TurnWatch
from tradewind.store.database import open_pool
from tradewind.store.writer import Writer
from tradewind.trading.api import add_routes
from tradewind.trading.arrivals import Arrivals
from tradewind.trading.brokers.paper import PaperBroker
from tradewind.trading.decide import Decider
from tradewind.trading.desk import TOPICS, TradingDesk
from tradewind.trading.divergence import Divergence
from tradewind.trading.intake import Intake
from tradewind.trading.latency import SignalLatency
from tradewind.trading.maintenance import keep_ledger
from tradewind.trading.metrics import AccountMetrics
from tradewind.trading.receive import Receiver
from tradewind.trading.settings import TradingSettings

_RELAY_PAUSE_SECONDS: Final = 0.1
"""Nobody trades on what trading publishes, so it goes in few and larger groups: each costs two transactions."""


def main() -> int:
    """Run the trading service; return the exit status."""
    settings = TradingSettings()
    configure_logs("trading", settings.log_format, settings.log_level)
    strategy = load_strategy(settings.manifest)
    owner = trading_owner(settings.strategy_id)
    producer = Producer(settings.kafka)
    relay = Relay(settings.database_url, owner, producer, readers=[], pause=_RELAY_PAUSE_SECONDS)
    with (
        open_pool(settings.database_url) as pool,
        Writer(settings.database_url, owner) as writer,
        Consumer(settings.kafka, owner) as consumer,
    ):
        arrivals = Arrivals(strategy, owner)
        receiver = Receiver(strategy, settings.feed_id, arrivals)
        decider = Decider(strategy, owner, PaperBroker(), arrivals)
        intake = Intake(writer, receiver, decider, arrivals)
        reader = Reader(consumer, writer, TOPICS, intake, intake.rolled_back, intake.lacks)
        health = Health("writer", "reader", probes=foundation_probes(pool, producer, relay, reader))
        latency = SignalLatency(pool, strategy.id.uid, strategy.spec.feed.interval)
        desk = TradingDesk(writer, reader, intake, decider, relay, health, settings.strategy_id, latency)
        divergence = Divergence(settings.database_url, strategy)
        app = create_app("trading", health)
        add_routes(app, pool, strategy)
        REGISTRY.register(AccountMetrics(pool, settings.strategy_id))
        upkeep = partial(keep_ledger, settings.database_url, settings.strategy_id, settings.feed_id, settings.keep)
        maintenance = Maintenance(upkeep, lambda: writer.epoch > 0)
        _favour_the_desk()
        return serve(app, settings, [InTurn(writer, relay), desk, TurnWatch(writer), divergence, maintenance, latency])


def _favour_the_desk() -> None:
    """Let no other thread hold the desk up for long."""
    # The interpreter's lock is asked back after half a millisecond instead of five.
    sys.setswitchinterval(0.0005)
    # What was loaded so far stays: the garbage collector needn't look at it again.
    gc.collect()
    gc.freeze()


if __name__ == "__main__":
    sys.exit(main())
