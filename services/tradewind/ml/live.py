"""Live signals: every bar of the feed gets its signal, once, in the transaction that moves the offsets past it."""

from collections.abc import Callable, Mapping, Sequence
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
from tradewind.ml.arrivals import Arrivals, EachBar, WholeInstants
from tradewind.ml.dataset import by_instant
from tradewind.ml.engine import Engine, Opinion
from tradewind.ml.history import stored_history
from tradewind.ml.models import Models, build_engine, needs_whole_instants, training_cut
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
        current: returns the models in use, which may be others at every call; None only before the first.
    """

    def __init__(
        self, strategy: TradingStrategy, feed_id: str, owner: str, current: Callable[[], Models | None]
    ) -> None:
        self._strategy = strategy
        self._strategy_id = str(strategy.id)
        self._feed_id = feed_id
        self._owner = owner
        self._current = current
        self._models: Models | None = None
        self._state: tuple[Engine, Arrivals] | None = None

    def forget(self) -> None:
        """Throw the state away, because a transaction was rolled back; the next events rebuild it."""
        self._state = None

    def __call__(self, connection: Connection, events: Sequence[Event]) -> None:
        """Signal every new bar among the events, in the caller's transaction; foreign events are passed over.

        A rule across symbols signals a bar when its instant is complete, perhaps in a later call.
        """
        # Asked for here: what arrives after the API has named a new model is decided by it.
        models = self._current()
        assert models is not None
        if models is not self._models or self._state is None:
            self._models = models
            self._state = self._rebuilt(connection, models)
        engine, arrivals = self._state
        ours: set[str] = set()
        for event in events:
            if isinstance(event, BarClosed | BarMissing) and self._is_ours(event):
                ours.add(event.symbol)
                if isinstance(event, BarClosed):
                    arrivals.take_bar(_bar(event))
                else:
                    arrivals.take_missing(event.symbol, event.close_time)
        instants = arrivals.decidable()
        opinions = engine.decide(list(instants.values()))
        given = [
            (bars[symbol], opinion)
            for bars, said in zip(instants.values(), opinions, strict=True)
            for symbol, opinion in said.items()
        ]
        if given:
            self._write_signals(connection, given)
            self._write_anomalies(connection, given)
        self._write_watermarks(connection, arrivals, ours)

    def _is_ours(self, event: BarClosed | BarMissing) -> bool:
        return (
            event.feed_id == self._feed_id
            and event.interval == self._strategy.spec.feed.interval
            and event.symbol in self._strategy.spec.symbols
        )

    def _write_watermarks(self, connection: Connection, arrivals: Arrivals, symbols: set[str]) -> None:
        """Record how far all symbols are done, and for these what was received.

        By symbol as well: that a bar is missing, or waits for others, stands nowhere else, and a rebuilt state must
        know it.
        """
        for symbol in sorted(symbols & arrivals.received.keys()):
            advance_watermark(connection, f"{self._owner}/{symbol}", arrivals.received[symbol])
        if len(arrivals.done) == len(self._strategy.spec.symbols):
            advance_watermark(connection, self._owner, min(arrivals.done.values()))

    def _rebuilt(self, connection: Connection, models: Models) -> tuple[Engine, Arrivals]:
        """Return an engine that has seen the stored bars up to the last signalled ones, and what arrived since."""
        spec, cut = self._strategy.spec, training_cut(self._strategy.spec)
        signalled = read_last_signalled(connection, self._strategy_id, spec.feed.interval)
        marks = {symbol: read_watermark(connection, f"{self._owner}/{symbol}") for symbol in spec.symbols}
        received = {symbol: instant for symbol, instant in marks.items() if instant is not None}
        learned = {symbol: max(cut, signalled.get(symbol, cut)) for symbol in spec.symbols}
        arrivals: Arrivals = EachBar(learned, received)
        last = max([*learned.values(), *received.values()])
        history = stored_history(connection, spec, last)
        if needs_whole_instants(spec):
            # An instant is signalled as a whole: what lies after the last one was received and waits for others.
            decided = max(learned.values())
            learned = dict.fromkeys(learned, decided)
            waiting = {
                symbol: [bar for bar in bars if decided < bar.close_time <= received.get(symbol, decided)]
                for symbol, bars in history.items()
            }
            arrivals = WholeInstants(spec.symbols, decided, received, waiting)
        engine = build_engine(spec, models)
        seen = {symbol: [bar for bar in bars if bar.close_time <= learned[symbol]] for symbol, bars in history.items()}
        for bars in by_instant(seen).values():
            engine.learn(bars)
        log.info("state rebuilt from stored bars", bars={symbol: len(bars) for symbol, bars in seen.items()})
        return engine, arrivals

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
