"""A signal service's receiver on a real PostgreSQL, and the real bars that it is given."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from tradewind.bus.events import BarClosed, BarMissing, Event, decode
from tradewind.domain.bars import Bar
from tradewind.ingestion.sources.replay import SOURCE, ReplaySource
from tradewind.manifest.owners import ml_owner
from tradewind.manifest.plan import plan_strategy
from tradewind.manifest.resources import TradingStrategy
from tradewind.ml.history import stored_history
from tradewind.ml.live import LiveSignals
from tradewind.ml.models import load_models, training_cut
from tradewind.store.market_data import insert_bars
from tradewind.store.outbox import read_waiting
from tradewind.store.strategies import register_strategy
from tradewind.store.watermarks import read_watermark
from tradewind.store.writer import Writer


class Bench:
    """A strategy on a database, its bars, and a signal service's receiver."""

    def __init__(self, strategy: TradingStrategy, writer: Writer) -> None:
        self.strategy = strategy
        self.plan = plan_strategy(strategy)
        self.writer = writer
        self.bars = ReplaySource(strategy.spec.feed.replay, strategy.spec.symbols).bars()
        self.cut = training_cut(strategy.spec)
        with writer.connection.transaction():
            register_strategy(writer.connection, strategy, self.plan)
            insert_bars(writer.connection, SOURCE, [bar for bar in self._all() if bar.close_time <= self.cut])
        self.live = self.restarted()

    def restarted(self) -> LiveSignals:
        history = stored_history(self.writer.connection, self.strategy.spec, self.cut)
        models = load_models(self.strategy.spec, history, None, Path("unused"), self.plan.strategy_id)
        return LiveSignals(self.strategy, self.plan.feed_id, ml_owner(self.plan.strategy_id), lambda: models)

    def _all(self) -> list[Bar]:
        return sorted((bar for rows in self.bars.values() for bar in rows), key=lambda bar: bar.close_time)

    @property
    def traded(self) -> list[Bar]:
        return [bar for bar in self._all() if bar.close_time > self.cut]

    def event(self, bar: Bar, **changes: Any) -> BarClosed:
        fields = {name: getattr(bar, name) for name in Bar.__slots__}
        return BarClosed(**{**fields, "feed_id": self.plan.feed_id, "source": SOURCE, **changes})

    def missing(self, bar: Bar) -> BarMissing:
        """The word that there is no such bar."""
        at = (bar.symbol, bar.interval, bar.close_time)
        return BarMissing(feed_id=self.plan.feed_id, symbol=at[0], interval=at[1], close_time=at[2])

    def receive(self, events: Sequence[Event]) -> None:
        with self.writer.pipeline() as connection:
            bars = [e for e in events if isinstance(e, BarClosed) and e.feed_id == self.plan.feed_id]
            insert_bars(connection, SOURCE, [Bar(**{name: getattr(e, name) for name in Bar.__slots__}) for e in bars])
            self.live(connection, events)

    def lose(self, events: Sequence[Event]) -> None:
        """Receive events in a transaction that is rolled back."""
        with suppress(InterruptedError), self.writer.transaction() as connection:
            self.live(connection, events)
            raise InterruptedError
        self.live.forget()

    def signals(self) -> list[tuple[str, datetime, str, str]]:
        return self.writer.connection.execute(
            "SELECT symbol, close_time, side, reason FROM trading_signals ORDER BY close_time, symbol"
        ).fetchall()

    def published(self, topic: str) -> list[Event]:
        rows = read_waiting(self.writer.connection, self.writer.owner, 10_000)
        return [decode(topic, row.value) for row in rows if row.topic == topic]

    def watermark(self) -> datetime | None:
        return read_watermark(self.writer.connection, self.writer.owner)
