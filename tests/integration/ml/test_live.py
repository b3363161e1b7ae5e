"""Live signals against a real PostgreSQL, on real bars."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import yaml
from tests.integration.ml.bench import Bench

from tradewind.bus.events import (
    ANOMALIES,
    TRADING_SIGNALS,
    AnomalyFound,
    BarMissing,
    SignalGiven,
)
from tradewind.domain.bars import Bar
from tradewind.domain.identity import signal_id
from tradewind.ingestion.sources.replay import SOURCE, ReplaySource
from tradewind.manifest.load import parse_resource
from tradewind.manifest.owners import ml_owner
from tradewind.manifest.resources import TradingStrategy
from tradewind.signals.series import series_of
from tradewind.signals.sma_cross import SMA_CROSS
from tradewind.store.market_data import insert_bars
from tradewind.store.signals import read_last_signalled
from tradewind.store.writer import Writer

MANIFEST = """
apiVersion: tradewind.dev/v1alpha1
kind: TradingStrategy
metadata: {name: live}
spec:
  symbols: [AAPL, IBM]
  feed: {source: Replay, interval: 1d, replay: {from: "2005-03-01", tradeFrom: "2005-09-01", to: "2006-06-30"}}
  signal: {model: SMACross, parameters: {fast: "3", slow: "8"}, anomalyGuard: {contamination: "1%"}}
  account: {currency: USD, initialCash: "100000"}
  broker: {type: Paper}
"""


@pytest.fixture
def bench(database_url: str) -> Iterator[Bench]:
    strategy = parse_resource(yaml.safe_load(MANIFEST), Path("live.yaml"))
    assert isinstance(strategy, TradingStrategy)
    with Writer(database_url, ml_owner(str(strategy.id))) as writer:
        assert writer.acquire(threading.Event(), lambda _: None)
        yield Bench(strategy, writer)


def steps(bars: Sequence[Bar]) -> list[int]:
    parameters = SMA_CROSS.read({"fast": "3", "slow": "8"})
    state = np.zeros(SMA_CROSS.state_size(parameters))
    return [SMA_CROSS.step(state, parameters, *map(float, row)) for row in series_of(bars)]


def test_every_traded_bar_gets_the_rules_signal_once(bench: Bench) -> None:
    events = [bench.event(bar) for bar in bench.traded]
    for start in range(0, len(events), 50):
        bench.receive(events[start : start + 50])
    bench.receive(events[-30:])  # delivered again
    signals = bench.signals()
    assert [(symbol, close) for symbol, close, *_ in signals] == [(bar.symbol, bar.close_time) for bar in bench.traded]
    names = {1: "BUY", -1: "SELL", 0: "HOLD"}
    for symbol, bars in bench.bars.items():
        expected = {bar.close_time: names[step] for bar, step in zip(bars, steps(bars), strict=True)}
        given = {close: (side, reason) for name, close, side, reason in signals if name == symbol}
        assert {expected[close] for close in given} == {"BUY", "SELL", "HOLD"}
        for close, (side, reason) in given.items():
            assert side == ("HOLD" if reason.startswith("anomalous bar") else expected[close])
    published = bench.published(TRADING_SIGNALS)
    assert len(published) == len(signals)
    first = published[0]
    assert isinstance(first, SignalGiven)
    assert first.signal_id == signal_id(bench.strategy.id.uid, first.symbol, "1d", first.close_time)
    assert first.model_version.startswith("SMACross-")
    assert bench.watermark() == bench.traded[-1].close_time


def test_an_interrupted_service_signals_what_an_uninterrupted_one_does(bench: Bench) -> None:
    events = [bench.event(bar) for bar in bench.traded]
    bench.receive(events[:61])  # AAPL is one bar ahead of IBM
    bench.live = bench.restarted()
    bench.receive(events[61:150])
    bench.lose(events[150:300])
    bench.receive(events[150:])
    interrupted = bench.signals()
    bench.writer.connection.execute("TRUNCATE trading_signals, anomalies, watermarks CASCADE")
    bench.live = bench.restarted()
    bench.receive(events)
    assert bench.signals() == interrupted


def test_a_strange_bar_holds_and_is_reported(bench: Bench) -> None:
    bench.receive([bench.event(bar) for bar in bench.traded[:20]])
    bar = bench.traded[20]
    crash = replace(bar, open=bar.open // 3, low=bar.low // 4, close=bar.close // 4, volume=bar.volume * 50)
    bench.receive([bench.event(crash)])
    symbol, close, side, reason = bench.signals()[-1]
    assert (symbol, close, side) == (bar.symbol, bar.close_time, "HOLD")
    assert reason.startswith("anomalous bar (score ")
    found = bench.published(ANOMALIES)[-1]
    assert isinstance(found, AnomalyFound)
    assert (found.symbol, found.close_time) == (bar.symbol, bar.close_time)
    assert found.score > found.threshold
    assert found.model_version.startswith("IsolationForest-")
    stored = bench.writer.connection.execute(
        "SELECT (score * 100000000)::bigint, features FROM anomalies WHERE close_time = %s", [bar.close_time]
    ).fetchall()
    assert stored == [(found.score, found.features)]


def test_what_is_not_this_strategys_is_passed_over(bench: Bench) -> None:
    bar = bench.traded[0]
    bench.receive(
        [
            bench.event(bar, feed_id="another"),
            bench.event(bar, interval="1h"),
            bench.event(bar, symbol="GOOG"),
            BarMissing(feed_id="another", symbol="AAPL", interval="1d", close_time=bar.close_time),
        ]
    )
    assert bench.signals() == []
    assert bench.watermark() is None


def test_history_and_bars_that_come_late_are_never_signalled(bench: Bench) -> None:
    own = [bar for bar in bench.traded if bar.symbol == "AAPL"]
    bench.receive([bench.event(bench.bars["AAPL"][20]), bench.event(own[1])])
    bench.receive([bench.event(own[0]), bench.event(own[2])])
    assert [close for _, close, *_ in bench.signals()] == [own[1].close_time, own[2].close_time]


def test_the_watermark_is_the_instant_that_all_symbols_are_done_with(bench: Bench) -> None:
    aapl, ibm = ([bar for bar in bench.traded if bar.symbol == symbol] for symbol in ("AAPL", "IBM"))
    bench.receive([bench.event(bar) for bar in aapl[:5]])
    assert bench.watermark() is None
    bench.receive([bench.event(bar) for bar in ibm[:2]])
    assert bench.watermark() == ibm[1].close_time
    bench.receive(
        [
            BarMissing(feed_id=bench.plan.feed_id, symbol="IBM", interval="1d", close_time=bar.close_time)
            for bar in ibm[2:4]
        ]
    )
    assert bench.watermark() == ibm[3].close_time
    last = read_last_signalled(bench.writer.connection, bench.plan.strategy_id, "1d")
    assert last == {"AAPL": aapl[4].close_time, "IBM": ibm[1].close_time}


def test_a_restart_remembers_that_bars_were_missing(bench: Bench) -> None:
    aapl = [bar for bar in bench.traded if bar.symbol == "AAPL"]
    absent = [
        BarMissing(feed_id=bench.plan.feed_id, symbol="IBM", interval="1d", close_time=bar.close_time)
        for bar in aapl[:8]
    ]
    bench.receive([*absent, *(bench.event(bar) for bar in aapl[:3])])
    assert bench.watermark() == aapl[2].close_time
    bench.live = bench.restarted()
    bench.receive([bench.event(bar) for bar in aapl[3:8]])
    assert bench.watermark() == aapl[7].close_time


def test_a_bar_after_the_word_that_it_is_missing_is_never_signalled(bench: Bench) -> None:
    ibm = [bar for bar in bench.traded if bar.symbol == "IBM"]
    missing = BarMissing(feed_id=bench.plan.feed_id, symbol="IBM", interval="1d", close_time=ibm[1].close_time)
    bench.receive([bench.event(ibm[0]), missing])
    bench.receive([bench.event(ibm[1])])
    bench.live = bench.restarted()
    bench.receive([bench.event(ibm[1]), bench.event(ibm[2])])
    assert [close for _, close, *_ in bench.signals()] == [ibm[0].close_time, ibm[2].close_time]


def test_what_another_strategy_stored_before_the_window_changes_nothing(bench: Bench) -> None:
    events = [bench.event(bar) for bar in bench.traded]
    bench.receive(events)
    alone = bench.signals()
    earlier = bench.strategy.spec.feed.replay.model_copy(update={"from_": date(2003, 1, 2)})
    stored = [bar for bars in ReplaySource(earlier, ("AAPL", "IBM")).bars().values() for bar in bars]
    assert insert_bars(bench.writer.connection, SOURCE, stored) > 500
    bench.writer.connection.execute("TRUNCATE trading_signals, anomalies, watermarks CASCADE")
    bench.live = bench.restarted()
    bench.receive(events)
    assert bench.signals() == alone
