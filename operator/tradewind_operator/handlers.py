"""What Kopf calls: each handler hands over to the operation, and decides nothing."""

import asyncio
from collections.abc import Iterator
from itertools import chain, repeat
from typing import Any

import kopf

from tradewind_operator.access import read_access
from tradewind_operator.kinds import API_VERSION, BACKTEST, STRATEGY
from tradewind_operator.operation import Operation


class Backoffs:
    """Pauses between tries to reach an API server that is away: it may be for minutes, and Kopf gives up otherwise."""

    def __iter__(self) -> Iterator[float]:
        """Begin anew."""
        return chain((0.5, 1.0, 2.0, 4.0), repeat(8.0))


def configure_kopf(settings: kopf.OperatorSettings) -> None:
    """Let Kopf watch two kinds and keep nothing on them: no annotation, no finalizer, no event, no peering."""
    settings.peering.standalone = True
    settings.posting.enabled = False
    settings.scanning.disabled = True
    settings.watching.chunk_size = 250
    settings.watching.server_timeout = 300
    settings.watching.client_timeout = 360
    settings.watching.connect_timeout = 15
    # Each watch hears a bookmark about once a minute.
    settings.watching.inactivity_timeout = 150
    settings.networking.request_timeout = 30
    settings.networking.error_backoffs = Backoffs()
    # An object's task ends soon after its last event: a thousand of them at the start would cost memory for nothing.
    settings.queueing.idle_timeout = 0.2
    settings.queueing.worker_limit = 100


def register_handlers(registry: kopf.OperatorRegistry, operation: Operation) -> None:
    """Have Kopf tell the operation what happens to TradingStrategies and Backtests."""

    async def handle_login(settings: kopf.OperatorSettings, **_: Any) -> kopf.ConnectionInfo:
        return read_access(settings)

    async def handle_event_of_strategy(event: Any, **_: Any) -> None:
        operation.take_resource(STRATEGY, event["type"], event["object"])

    async def handle_event_of_backtest(event: Any, **_: Any) -> None:
        operation.take_resource(BACKTEST, event["type"], event["object"])

    group, version = API_VERSION.split("/")
    kopf.on.login(registry=registry)(handle_login)
    kopf.on.event(group, version, STRATEGY.plural, registry=registry)(handle_event_of_strategy)
    kopf.on.event(group, version, BACKTEST.plural, registry=registry)(handle_event_of_backtest)


async def run_beside(operation: Operation, stop: asyncio.Event) -> None:
    """Run the operation until Kopf is to stop; its failure stops Kopf.

    Raises:
        ExceptionGroup: what failed.
    """
    try:
        await operation.run()
    finally:
        stop.set()
