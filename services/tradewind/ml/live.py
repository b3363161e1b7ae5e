"""Live signals: every bar of the feed gets its signal, once, in the transaction that moves the offsets past it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, Literal

import structlog
from prometheus_client import Counter

from tradewind.bus.events import (
    ANOMALIES,
    TRADING_SIGNALS,
    AnomalyFound,
    BarClosed,
    BarMissing,
    Event,
    SignalGiven,
    encode,
    key_of,
)
from tradewind.domain.bars import Bar
from tradewind.domain.identity import signal_id
from tradewind.domain.orders import Side
from tradewind.manifest.resources import TradingStrategy
from tradewind.ml.engine import Engine, Opinion
from tradewind.ml.history import stored_history
from tradewind.ml.models import Models, build_engine, training_cut
from tradewind.store.database import Connection
from tradewind.store.outbox import add_all
from tradewind.store.signals import AnomalyRow, SignalRow, insert_anomalies, insert_signals, read_last_signalled
from tradewind.store.watermarks import advance_watermark, read_watermark

log = structlog.get_logger(__name__)
SIGNALS = Counter("tradewind_signals_total", "Signals given", ["symbol", "side"])
ANOMALOUS = Counter("tradewind_anomalies_total", "Anomalous bars found", ["symbol"])
_SIDES: Final[Mapping[Side, Literal["BUY", "SELL", "HOLD"]]] = {
    Side.BUY: "BUY",
    Side.SELL: "SELL",
    Side.HOLD: "HOLD",
}


class LiveSignals:
    """Receives market data and writes signals. Its state comes from stored bars alone, and may be thrown away.

    Args:
        strategy: whose symbols count.
        feed_id: whose bars count.
        owner: watermark and outbox owner.
    """

    def __init__(self, strategy: TradingStrategy, feed_id: str, owner: str) -> None:
        self._strategy = strategy
        self._strategy_id = str(strategy.id)
        self._feed_id = feed_id
        self._owner = owner
        self._models: Models | None = None
        self._engine: Engine | None = None
        self._learned: dict[str, datetime] = {}
        """Close of the last bar that the engine has seen, by symbol."""
        self._done: dict[str, datetime] = {}
        """The last instant that each symbol is done with: signalled, or known to be missing."""

    def use(self, models: Models) -> None:
        """Decide by these models from now on."""
        self._models = models
        self._engine = None

    def forget(self) -> None:
        """Throw the state away, because a transaction was rolled back; the next events rebuild it."""
        self._engine = None

    def __call__(self, connection: Connection, events: Sequence[Event]) -> None:
        """Signal every new bar among the events, in the caller's transaction; foreign events are passed over."""
        engine = self._rebuilt(connection) if self._engine is None else self._engine
        instants: dict[datetime, dict[str, Bar]] = {}
        for event in events:
            if not self._is_ours(event):
                continue
            assert isinstance(event, BarClosed | BarMissing)
            if isinstance(event, BarClosed) and self._is_new(event):
                instants.setdefault(event.close_time, {})[event.symbol] = _bar(event)
            elif isinstance(event, BarMissing):
                self._finish(event.symbol, event.close_time)
        times = sorted(instants)
        given: list[tuple[Bar, Opinion]] = []
        for instant, opinions in zip(times, engine.decide([instants[time] for time in times]), strict=True):
            for symbol, opinion in opinions.items():
                self._learned[symbol] = instant
                self._finish(symbol, instant)
                given.append((instants[instant][symbol], opinion))
        if given:
            self._write_signals(connection, given)
            self._write_anomalies(connection, given)
        ours = {event.symbol for event in events if isinstance(event, BarClosed | BarMissing) and self._is_ours(event)}
        for symbol in sorted(ours & self._done.keys()):
            # By symbol as well: that a bar is missing stands nowhere else, and a rebuilt state must know it.
            advance_watermark(connection, f"{self._owner}/{symbol}", self._done[symbol])
        if len(self._done) == len(self._strategy.spec.symbols):
            advance_watermark(connection, self._owner, min(self._done.values()))

    def _is_ours(self, event: Event) -> bool:
        return (
            isinstance(event, BarClosed | BarMissing)
            and event.feed_id == self._feed_id
            and event.interval == self._strategy.spec.feed.interval
            and event.symbol in self._strategy.spec.symbols
        )

    def _is_new(self, bar: BarClosed) -> bool:
        """Whether a bar is to be signalled: not one that comes after the word that there is none."""
        learned = self._learned[bar.symbol]
        return bar.close_time > max(learned, self._done.get(bar.symbol, learned))

    def _finish(self, symbol: str, instant: datetime) -> None:
        self._done[symbol] = max(instant, self._done.get(symbol, instant))

    def _rebuilt(self, connection: Connection) -> Engine:
        """Return an engine that has seen each symbol's stored bars up to the last signalled one."""
        assert self._models is not None
        spec, cut = self._strategy.spec, training_cut(self._strategy.spec)
        signalled = read_last_signalled(connection, self._strategy_id, spec.feed.interval)
        done = {symbol: read_watermark(connection, f"{self._owner}/{symbol}") for symbol in spec.symbols}
        self._done = {symbol: instant for symbol, instant in done.items() if instant is not None}
        self._learned = {symbol: max(cut, signalled.get(symbol, cut)) for symbol in spec.symbols}
        engine = build_engine(spec, self._models)
        history = stored_history(connection, spec, max(self._learned.values()))
        for symbol, bars in history.items():
            for bar in bars:
                if bar.close_time <= self._learned[symbol]:
                    engine.learn(bar)
        self._engine = engine
        log.info("state rebuilt from stored bars", bars={symbol: len(bars) for symbol, bars in history.items()})
        return engine

    def _write_signals(self, connection: Connection, given: Sequence[tuple[Bar, Opinion]]) -> None:
        assert self._models is not None
        rows = [
            SignalRow(
                signal_id=signal_id(self._strategy.id.uid, bar.symbol, bar.interval, bar.close_time),
                strategy_id=self._strategy_id,
                symbol=bar.symbol,
                interval=bar.interval,
                close_time=bar.close_time,
                side=opinion.decision.side,
                expected_return=opinion.decision.expected_return,
                confidence=opinion.decision.confidence,
                model_version=self._models.model_version,
                reason=opinion.decision.reason,
            )
            for bar, opinion in given
        ]
        new = insert_signals(connection, rows)
        first = [row for row in rows if row.signal_id in new]
        self._publish(connection, TRADING_SIGNALS, [_signal(row) for row in first])
        for row in first:
            SIGNALS.labels(row.symbol, row.side.name).inc()

    def _write_anomalies(self, connection: Connection, given: Sequence[tuple[Bar, Opinion]]) -> None:
        assert self._models is not None
        rows = [
            AnomalyRow(
                strategy_id=self._strategy_id,
                symbol=bar.symbol,
                interval=bar.interval,
                close_time=bar.close_time,
                score=opinion.anomaly.score,
                threshold=opinion.anomaly.threshold,
                model_version=self._models.detector.model_version,
                features=opinion.anomaly.features,
            )
            for bar, opinion in given
            if opinion.anomaly is not None and opinion.anomaly.anomalous and self._models.detector is not None
        ]
        new = insert_anomalies(connection, rows) if rows else set()
        first = [row for row in rows if (row.symbol, row.close_time) in new]
        self._publish(connection, ANOMALIES, [_anomaly(row) for row in first])
        for row in first:
            ANOMALOUS.labels(row.symbol).inc()

    def _publish(self, connection: Connection, topic: str, events: Sequence[SignalGiven | AnomalyFound]) -> None:
        if events:
            messages = [(key_of(event).encode(), encode(event), event.close_time) for event in events]
            add_all(connection, self._owner, topic, messages)


def _bar(event: BarClosed) -> Bar:
    return Bar(
        symbol=event.symbol,
        interval=event.interval,
        close_time=event.close_time,
        open=event.open,
        high=event.high,
        low=event.low,
        close=event.close,
        volume=event.volume,
    )


def _signal(row: SignalRow) -> SignalGiven:
    return SignalGiven(
        strategy_id=row.strategy_id,
        signal_id=row.signal_id,
        symbol=row.symbol,
        interval=row.interval,
        close_time=row.close_time,
        side=_SIDES[row.side],
        expected_return=row.expected_return,
        confidence=row.confidence,
        model_version=row.model_version,
        reason=row.reason,
    )


def _anomaly(row: AnomalyRow) -> AnomalyFound:
    return AnomalyFound(
        strategy_id=row.strategy_id,
        symbol=row.symbol,
        interval=row.interval,
        close_time=row.close_time,
        score=row.score,
        threshold=row.threshold,
        model_version=row.model_version,
        features=dict(row.features),
    )
