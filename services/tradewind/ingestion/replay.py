"""Replays history as if it were live: stores and publishes one instant after the other, at its readers' pace."""

import threading
from bisect import bisect_right
from collections import defaultdict
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
from tradewind.store.outbox import add_all
from tradewind.store.watermarks import advance_watermark, read_watermark
from tradewind.store.writer import Writer

log = structlog.get_logger(__name__)
PUBLISHED_BARS = Counter("tradewind_bars_published_total", "Bars handed to the readers", ["symbol"])
INSTANTS_LEFT = Gauge("tradewind_replay_instants_left", "Instants that the replay has still to hand out")
_FIRST_PAUSE = 0.01
_LONGEST_PAUSE = 0.08
_PORTIONS = 4
"""The share of what may be ahead that is handed out at once: fewer turn every decided instant into a transaction."""


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
        self._actions: dict[datetime, list[CorporateAction]] = defaultdict(list)
        for action in source.actions():
            self._actions[action.close_time].append(action)

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
        position = 0 if done is None else bisect_right(traded, done)
        log.info("replaying", instants=len(traded) - position, of=len(traded))
        INSTANTS_LEFT.set(len(traded) - position)
        pause = _FIRST_PAUSE
        while position < len(traded) and not stop.is_set():
            allowed = self._allowed(traded, position)
            if not allowed:
                stop.wait(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
                continue
            self._hand_out(allowed, bars)
            position += len(allowed)
            pause = _FIRST_PAUSE
            INSTANTS_LEFT.set(len(traded) - position)
        if position == len(traded):
            log.info("the replay has reached its end", instants=len(traded))
        stop.wait()

    def _store_history(self, bars: list[Bar]) -> None:
        with self._writer.transaction() as connection:
            new = insert_bars(connection, SOURCE, bars)
            insert_actions(connection, SOURCE, self._source.actions())
        log.info("history stored", bars=len(bars), new=new)

    def _allowed(self, traded: Sequence[datetime], position: int) -> Sequence[datetime]:
        """Return the next instants within reach of the slowest reader; none while they are too few to be worth it."""
        marks = [read_watermark(self._writer.connection, reader) for reader in self._readers]
        decided = min(0 if mark is None else bisect_right(traded, mark) for mark in marks)
        allowed = traded[position : decided + self._ahead]
        enough = len(allowed) >= self._ahead // _PORTIONS or position + len(allowed) == len(traded)
        return allowed if enough else ()

    def _hand_out(self, instants: Sequence[datetime], bars: dict[tuple[str, datetime], Bar]) -> None:
        here = [bars[symbol, instant] for instant in instants for symbol in self._symbols if (symbol, instant) in bars]
        events: list[MarketDataEvent] = []
        for instant in instants:
            # Before the bars: a symbol's messages stay in order, so who has the bar has the split.
            events += [self._action(action) for action in self._actions.get(instant, ())]
            events += [self._event(symbol, instant, bars.get((symbol, instant))) for symbol in self._symbols]
        messages = [(key_of(event).encode(), encode(event), event.close_time) for event in events]
        with self._writer.pipeline() as connection:
            insert_bars(connection, SOURCE, here)
            add_all(connection, self._writer.owner, MARKET_DATA, messages)
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
