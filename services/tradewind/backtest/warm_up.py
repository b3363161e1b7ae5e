"""Compiles the rule book before anyone asks, so that readiness is honest and the first backtest isn't slow."""

import threading
import time
from datetime import UTC, datetime

import structlog

from tradewind.backtest.baseline import buy_and_hold
from tradewind.backtest.compiler import CACHED
from tradewind.backtest.history import build_history, rule_sides
from tradewind.backtest.simulator import simulate
from tradewind.backtest.trades import action_rows, fill_rows, round_trips
from tradewind.domain.bars import Bar
from tradewind.domain.orders import Side
from tradewind.manifest.resources import TradingStrategy
from tradewind.runtime.health import Health
from tradewind.signals.catalog import RULES

log = structlog.get_logger(__name__)
CONDITION = "compiled"


class WarmUp:
    """The worker that compiles once; the process is not ready before it is done."""

    name = "warm-up"

    def __init__(self, health: Health, strategy: TradingStrategy) -> None:
        self._health = health
        self._strategy = strategy

    def run(self, stop: threading.Event) -> None:
        """Compile, then say so."""
        self._health.unmet(CONDITION, "compiling the rule book")
        started = time.perf_counter()
        warm_up(self._strategy)
        log.info("compiled", seconds=round(time.perf_counter() - started, 3), cached=CACHED)
        self._health.met(CONDITION)


def warm_up(strategy: TradingStrategy) -> None:
    """Run all that a strategy's backtests compile over one made-up instant."""
    spec = strategy.spec
    close = datetime(2000, 1, 3, 21, tzinfo=UTC)
    bars = {symbol: [Bar(symbol, spec.feed.interval, close, 100, 100, 100, 100, 0)] for symbol in spec.symbols}
    sides = {(symbol, close): Side.HOLD for symbol in spec.symbols}
    history = build_history(spec.symbols, bars, sides)
    simulation = simulate(history, spec.rules(), spec.initial_cash)
    buy_and_hold(history, spec.rules(), spec.initial_cash)
    round_trips(fill_rows(simulation.rows), action_rows((), simulation.symbols), len(simulation.symbols))
    rule = RULES.get(spec.signal.model)
    if rule is not None:
        rule_sides(rule, rule.read(spec.signal.parameters), bars)
