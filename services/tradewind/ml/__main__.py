"""Composition root of the ml service."""

import sys

from tradewind.bus.consumer import Consumer
from tradewind.bus.events import MARKET_DATA, TRADING_SIGNALS
from tradewind.bus.producer import Producer
from tradewind.manifest.load import ManifestError, load_strategy
from tradewind.manifest.owners import ml_owner, trading_owner
from tradewind.ml.api import add_routes
from tradewind.ml.current import CurrentModels
from tradewind.ml.live import LiveSignals
from tradewind.ml.service import SignalService
from tradewind.ml.settings import MlSettings
from tradewind.runtime.app import create_app
from tradewind.runtime.health import Health
from tradewind.runtime.logs import configure_logs
from tradewind.runtime.probes import foundation_probes
from tradewind.runtime.process import serve
from tradewind.runtime.reader import Reader
from tradewind.runtime.relay import Relay
from tradewind.runtime.turn import InTurn, TurnWatch
from tradewind.signals.check import check_signal
from tradewind.signals.parameters import SignalError
from tradewind.store.database import open_pool
from tradewind.store.writer import Writer


def main() -> int:
    """Run the ml service; return the exit status, 2 for a manifest that can't work."""
    settings = MlSettings()
    configure_logs("ml", settings.log_format, settings.log_level)
    try:
        strategy = load_strategy(settings.manifest)
        check_signal(strategy.spec.signal.model, strategy.spec.signal.parameters, strategy.spec.symbols)
    except (ManifestError, SignalError) as error:
        print(error, file=sys.stderr)
        return 2
    owner = ml_owner(settings.strategy_id)
    producer = Producer(settings.kafka)
    readers = [trading_owner(settings.strategy_id)]
    relay = Relay(settings.database_url, owner, producer, readers, topics=[TRADING_SIGNALS])
    with (
        open_pool(settings.database_url) as pool,
        Writer(settings.database_url, owner) as writer,
        Consumer(settings.kafka, owner) as consumer,
    ):
        health = Health("writer", "model", "reader")
        current = CurrentModels(settings, strategy.spec, health)
        signals = LiveSignals(strategy, settings.feed_id, owner, lambda: current.models)
        reader = Reader(consumer, writer, (MARKET_DATA,), signals, rolled_back=signals.forget)
        health.watch(foundation_probes(pool, producer, relay, reader))
        service = SignalService(settings, writer, reader, current, relay, health)
        app = create_app("ml", health)
        add_routes(app, pool, strategy.spec, settings.feed_id, current, health)
        return serve(app, settings, [InTurn(writer, relay), service, TurnWatch(writer)])


if __name__ == "__main__":
    sys.exit(main())
