"""Replays history as if it were live: stores and publishes one instant after the other, at its readers' pace."""

import threading
from collections.abc import Sequence
from datetime import datetime

import structlog
from prometheus_client import Counter, Gauge

from tradewind.bus.events import (
    MARKET_DATA,
    BarClosed,
    BarMissing,
    DividendPaid,
    MarketDataEvent,
    SharesSplit,
    encode,
    key_of,
)
from tradewind.domain.bars import Bar, CorporateAction, Split
from tradewind.ingestion.sources.replay import SOURCE, ReplaySource
from tradewind.runtime.health import Health
from tradewind.runtime.relay import Relay
from tradewind.store.market_data import insert_actions, insert_bars
from tradewind.store.outbox import add
from tradewind.store.watermarks import advance_watermark, read_watermark
from tradewind.store.writer import Writer

log = structlog.get_logger(__name__)
PUBLISHED_BARS = Counter("tradewind_bars_published_total", "Bars handed to the readers", ["symbol"])
INSTANTS_LEFT = Gauge("tradewind_replay_instants_left", "Instants that the replay has still to hand out")
_PACE_SECONDS = 0.01


class ReplayFeed:
    """A worker: history before `tradeFrom` is stored and never published, every instant after it is both.

    Bars and their outbox rows are written in one transaction with the feed's watermark, so a restart goes on where
    the last one stopped.
    """

    name = "replay"

    def __init__(
        self,
        writer: Writer,
        relay: Relay,
        health: Health,
        source: ReplaySource,
        feed_id: str,
        symbols: Sequence[str],
        readers: Sequence[str],
        ahead: int,
    ) -> None:
        self._writer = writer
        self._relay = relay
        self._health = health
        self._source = source
        self._feed_id = feed_id
        self._symbols = symbols
        self._readers = readers
        self._ahead = ahead

    def run(self, stop: threading.Event) -> None:
        """Replay until the window's end, then stay ready until `stop` is set."""
        if not self._writer.acquire(stop, lambda reason: self._health.unmet("writer", reason)):
            return
        self._health.met("writer")
        bars = {(bar.symbol, bar.close_time): bar for rows in self._source.bars().values() for bar in rows}
        traded = self._source.traded_sessions()
        self._store_history([bar for bar in bars.values() if bar.close_time < traded[0]])
        self._health.met("history")
        done = read_watermark(self._writer.connection, self._writer.owner)
        waiting = [instant for instant in traded if done is None or instant > done]
        log.info("replaying", instants=len(waiting), of=len(traded))
        INSTANTS_LEFT.set(len(waiting))
        position = 0
        while position < len(waiting) and not stop.is_set():
            allowed = self._allowed(traded, waiting[position:])
            if not allowed:
                stop.wait(_PACE_SECONDS)
                continue
            self._hand_out(allowed, bars)
            position += len(allowed)
            INSTANTS_LEFT.set(len(waiting) - position)
        if position == len(waiting):
            log.info("the replay has reached its end", instants=len(traded))
        stop.wait()

    def _store_history(self, bars: list[Bar]) -> None:
        with self._writer.transaction() as connection:
            new = insert_bars(connection, SOURCE, bars)
            insert_actions(connection, SOURCE, self._source.actions())
        log.info("history stored", bars=len(bars), new=new)

    def _allowed(self, traded: Sequence[datetime], waiting: Sequence[datetime]) -> list[datetime]:
        """Return the next instants that keep the replay within reach of its slowest reader."""
        marks = [read_watermark(self._writer.connection, reader) for reader in self._readers]
        slowest = min((mark for mark in marks if mark is not None), default=None) if None not in marks else None
        decided = 0 if slowest is None else sum(1 for instant in traded if instant <= slowest)
        limit = traded[min(decided + self._ahead, len(traded)) - 1]
        return [instant for instant in waiting[: self._ahead] if instant <= limit]

    def _hand_out(self, instants: Sequence[datetime], bars: dict[tuple[str, datetime], Bar]) -> None:
        with self._writer.transaction() as connection:
            here = [
                bars[symbol, instant] for instant in instants for symbol in self._symbols if (symbol, instant) in bars
            ]
            insert_bars(connection, SOURCE, here)
            for instant in instants:
                # Before the bars: a symbol's messages stay in order, so who has the bar has the split.
                events = [self._action(action) for action in self._source.actions() if action.close_time == instant]
                events += [self._event(symbol, instant, bars.get((symbol, instant))) for symbol in self._symbols]
                for event in events:
                    add(connection, self._writer.owner, MARKET_DATA, key_of(event).encode(), encode(event), instant)
            advance_watermark(connection, self._writer.owner, instants[-1])
        self._relay.wake()
        for bar in here:
            PUBLISHED_BARS.labels(bar.symbol).inc()

    def _event(self, symbol: str, instant: datetime, bar: Bar | None) -> MarketDataEvent:
        if bar is None:
            return BarMissing(feed_id=self._feed_id, symbol=symbol, interval="1d", close_time=instant)
        return BarClosed(
            feed_id=self._feed_id,
            source=SOURCE,
            symbol=symbol,
            interval=bar.interval,
            close_time=instant,
            open=bar.open,
            high=bar.high,
            low=bar.low,
            close=bar.close,
            volume=bar.volume,
        )

    def _action(self, action: CorporateAction) -> MarketDataEvent:
        if isinstance(action, Split):
            return SharesSplit(
                feed_id=self._feed_id,
                symbol=action.symbol,
                interval="1d",
                close_time=action.close_time,
                numerator=action.numerator,
                denominator=action.denominator,
            )
        return DividendPaid(
            feed_id=self._feed_id,
            symbol=action.symbol,
            interval="1d",
            close_time=action.close_time,
            amount=action.amount,
        )
