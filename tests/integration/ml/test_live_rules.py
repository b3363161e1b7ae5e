"""Every rule through the live service on real bars: signal by signal what the compiled backtest says."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.integration.ml.bench import Bench

from tradewind.backtest.history import rule_sides
from tradewind.bus.events import BarClosed, BarMissing
from tradewind.domain.bars import Bar
from tradewind.ingestion.sources.replay import SOURCE
from tradewind.manifest.load import parse_resource
from tradewind.manifest.owners import ml_owner
from tradewind.manifest.resources import TradingStrategy
from tradewind.signals.catalog import BUILT_IN, RULES
from tradewind.signals.rule import Rule
from tradewind.store.market_data import insert_bars
from tradewind.store.writer import Writer

MANIFEST = """
apiVersion: tradewind.dev/v1alpha1
kind: TradingStrategy
metadata: {name: live}
spec:
  symbols: [IBM, AAPL]
  feed: {source: Replay, interval: 1d, replay: {from: "2005-03-01", tradeFrom: "2005-09-01", to: "2006-12-29"}}
  account: {currency: USD, initialCash: "100000"}
  broker: {type: Paper}
"""
QUICK: dict[str, dict[str, str]] = {
    "MomentumRank": {"lookback": "3", "hold": "1", "rebalance": "2"},
    "PairsSpread": {"lookback": "4", "entry": "1", "exit": "0.2", "legs": "2"},
}
"""Parameters with which a rule across symbols speaks within a few bars."""
MakeBench = Callable[..., Bench]
Signals = dict[tuple[str, datetime], str]


@pytest.fixture
def make_bench(database_url: str) -> Iterator[MakeBench]:
    with ExitStack() as stack:

        def make(model: str, parameters: dict[str, str] | None = None, **signal: Any) -> Bench:
            document = yaml.safe_load(MANIFEST)
            document["spec"]["signal"] = {"model": model, "parameters": parameters or {}, **signal}
            strategy = parse_resource(document, Path("live.yaml"))
            assert isinstance(strategy, TradingStrategy)
            writer = stack.enter_context(Writer(database_url, ml_owner(str(strategy.id))))
            assert writer.acquire(threading.Event(), lambda _: None)
            return Bench(strategy, writer)

        yield make


def given(bench: Bench) -> Signals:
    return {(symbol, close): side for symbol, close, side, _ in bench.signals()}


def batch(bench: Bench, without: Sequence[Bar] = ()) -> Signals:
    """The compiled rule's sides of all bars but these, from the cut on."""
    rule = RULES[bench.strategy.spec.signal.model]
    bars = {symbol: [bar for bar in rows if bar not in without] for symbol, rows in bench.bars.items()}
    sides = rule_sides(rule, rule.read(bench.strategy.spec.signal.parameters), bars)
    return {at: side.name for at, side in sides.items() if at[1] > bench.cut}


def events_of(bench: Bench, bars: Sequence[Bar], without: Sequence[Bar] = ()) -> list[BarClosed | BarMissing]:
    return [bench.missing(bar) if bar in without else bench.event(bar) for bar in bars]


@pytest.mark.parametrize("rule", BUILT_IN, ids=lambda rule: rule.name)
def test_every_rule_signals_live_what_its_backtest_says(make_bench: MakeBench, rule: Rule) -> None:
    bench = make_bench(rule.name)
    events = [bench.event(bar) for bar in bench.traded]
    for start in range(0, len(events), 61):  # IBM and AAPL take turns, so every other batch parts an instant
        bench.receive(events[start : start + 61])
        if start == 122:
            bench.live = bench.restarted()
    signals = given(bench)
    assert signals == batch(bench)
    assert len(signals) == len(events)
    assert set(signals.values()) == ({"BUY"} if rule.name == "BuyAndHold" else {"BUY", "SELL", "HOLD"})
    assert bench.watermark() == bench.traded[-1].close_time


@pytest.mark.parametrize("model", QUICK)
def test_an_instant_may_be_parted_anywhere(make_bench: MakeBench, model: str) -> None:
    bench = make_bench(model, QUICK[model])
    bars = bench.traded[:24]
    absent = [bars[6], bars[9], bars[14], bars[15]]  # one symbol, the other, and both
    events = events_of(bench, bars, absent)
    with bench.writer.connection.transaction():
        # The feed stores ahead of what it has handed out.
        insert_bars(bench.writer.connection, SOURCE, [bar for bar in bench.traded if bar not in absent])
    expected = {at: side for at, side in batch(bench, absent).items() if at[1] <= bars[-1].close_time}
    assert {"BUY", "SELL"} <= set(expected.values())
    for cut in range(len(events) + 1):
        for rebuild in ("no", "restart", "rollback"):
            bench.receive(events[:cut])
            if rebuild == "restart":
                bench.live = bench.restarted()
            if rebuild == "rollback":
                bench.lose(events[cut:])
            bench.receive(events[cut:])
            assert given(bench) == expected, (cut, rebuild)
            assert bench.watermark() == bars[-1].close_time
            bench.writer.connection.execute("TRUNCATE trading_signals, anomalies, watermarks, outbox CASCADE")
            bench.live = bench.restarted()


@pytest.mark.parametrize("model", QUICK)
def test_one_symbol_may_run_ahead(make_bench: MakeBench, model: str) -> None:
    bench = make_bench(model, QUICK[model])
    bars = bench.traded[:40]
    ahead, behind = ([bar for bar in bars if bar.symbol == symbol] for symbol in ("AAPL", "IBM"))
    bench.receive(events_of(bench, ahead))
    assert bench.signals() == []
    assert bench.watermark() is None
    bench.live = bench.restarted()
    bench.receive(events_of(bench, ahead[-3:]))  # delivered again
    for number, bar in enumerate(behind):
        bench.receive([bench.event(bar)])
        assert bench.watermark() == bar.close_time
        assert len(given(bench)) == 2 * (number + 1)
    assert given(bench) == {at: side for at, side in batch(bench).items() if at[1] <= bars[-1].close_time}


def test_a_bar_after_the_word_that_it_is_missing_is_not_waited_for(make_bench: MakeBench) -> None:
    bench = make_bench("PairsSpread", QUICK["PairsSpread"])
    bars = bench.traded[:12]
    late = bars[4]
    events = events_of(bench, bars, [late])
    bench.receive(events[:6])
    bench.receive([bench.event(late)])
    bench.receive(events[6:])
    assert given(bench) == {at: side for at, side in batch(bench, [late]).items() if at[1] <= bars[-1].close_time}


def test_a_bar_that_is_stored_but_was_never_handed_out_is_not_signalled(make_bench: MakeBench) -> None:
    bench = make_bench("PairsSpread", QUICK["PairsSpread"])
    bars = bench.traded[:12]
    backfilled = bars[8]
    with bench.writer.connection.transaction():
        insert_bars(bench.writer.connection, SOURCE, [backfilled])
    events = events_of(bench, bars, [backfilled])
    bench.receive(events[:7])
    bench.live = bench.restarted()
    bench.receive(events[7:])
    assert given(bench) == {at: side for at, side in batch(bench, [backfilled]).items() if at[1] <= bars[-1].close_time}


def test_the_guard_judges_bars_that_waited(make_bench: MakeBench) -> None:
    bench = make_bench("MomentumRank", QUICK["MomentumRank"], anomalyGuard={"contamination": "5%"})
    events = [bench.event(bar) for bar in bench.traded[:200]]
    for start in range(0, len(events), 7):
        bench.receive(events[start : start + 7])
    signals = given(bench)
    held = {(symbol, close) for symbol, close, _, reason in bench.signals() if reason.startswith("anomalous bar")}
    assert held
    expected = {at: "HOLD" if at in held else side for at, side in batch(bench).items() if at in signals}
    assert signals == expected
