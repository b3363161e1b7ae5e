"""The report's page: one file, nothing from elsewhere, and what users wrote stays text."""

import json
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest
from tests.unit.backtest.markets import strategy, walk

from tradewind.backtest import figures, plots, search_plots
from tradewind.backtest.candles import candles_of
from tradewind.backtest.history import build_history
from tradewind.backtest.page import render
from tradewind.backtest.report import Report, backtest_rule, data_fingerprint
from tradewind.manifest.metadata import Metadata
from tradewind.manifest.resources import API_VERSION, TradingStrategy

DAYS = 400
BARS = {symbol: walk(symbol, DAYS, 1) for symbol in ("AAA", "BBB")}
HOSTILE = '</script><script>alert("1")</script><img src="https://elsewhere.example/x.png">'
FOLD = {
    "number": 1,
    "train": {"from": "2020-01-01", "to": "2020-06-30"},
    "test": {"from": "2020-07-01", "to": "2020-12-31"},
    "parameters": {"fast": "3"},
    "in_sample": {"sharpe": 1.5},
    "out_of_sample": {"sharpe": None, "total_return": -0.01},
}
WALK_FORWARD = {
    "mode": "rolling",
    "objective": "sharpe",
    "purge": 1,
    "embargo": 5,
    "folds": [FOLD],
    "skipped": 0,
    "trials": 9,
    "metrics": {"total_return": 0.0123, "sharpe": 0.5},
    "baseline": {"total_return": 0.2},
    "probabilistic_sharpe": 0.25,
    "deflated_sharpe": None,
    "equity": [{"time": "2020-07-01T21:00:00+00:00", "equity": "1.0000"}],
}


class Page(HTMLParser):
    """What a browser would load, the headings that it would show, and whether every element is closed."""

    VOID = frozenset({"meta", "img", "br", "link"})
    """Elements that nothing closes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.opened: list[str] = []
        self.headings: list[str] = []
        self.cells: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        loaded = [value or "" for name, value in attrs if name in ("src", "href")]
        # The icon is in the page itself: without one a browser asks for favicon.ico.
        self.loaded += [value for value in loaded if value != "data:,"]
        if tag not in self.VOID:
            self.opened.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.opened.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.opened and self.opened[-1] == "h2":
            self.headings.append(data)
        if self.opened and self.opened[-1] == "td":
            self.cells.append(data)


def reported() -> Report:
    spec = strategy(DAYS, 50)
    named = TradingStrategy(
        api_version=API_VERSION, kind="TradingStrategy", metadata=Metadata(name="made-up"), spec=spec
    )
    return backtest_rule(named, BARS)


def sweep(names: int) -> dict[str, Any]:
    choices = {name: ["1", "2", "3"] for name in ("fast", "slow", "risk.stopLoss")[:names]}
    trials = [
        {"parameters": dict.fromkeys(choices, value), "objective": None if value == "2" else float(value)}
        for value in ("1", "2", "3")
    ]
    return {
        "parameters": choices,
        "objective": "total_return",
        "search": "random",
        "seed": 4711,
        "combinations": 3**names,
        "skipped": 0,
        "trials": trials,
        "best": trials[2],
    }


def test_the_page_is_whole_and_loads_nothing() -> None:
    report = reported()
    assert len(report.trades) > 5
    document = {**report.document(), "walk_forward": WALK_FORWARD, "sweep": sweep(2)}
    page = Page(render(document, candles_of(report.history, figures.POINTS)))
    assert page.opened == []
    assert page.loaded == []
    assert page.headings == [
        "Equity",
        "Drawdown",
        "Monthly returns",
        "Trades",
        "Profit of the trades",
        "Walk-forward, out of sample",
        "Sweep",
        "Data",
        "To repeat it",
    ]
    metrics = document["metrics"]
    assert f"{metrics['total_return']:.2%}" in page.cells
    assert document["provenance"]["data_fingerprint"] in page.cells
    for has in document["data"].values():
        assert has["first"][:16].replace("T", " ") in page.cells
    assert "n/a" in page.cells
    assert f"{float(metrics['final_equity']):,.2f}" in page.cells
    low, high = metrics["sharpe_interval"]
    assert f"{low:.2f} to {high:.2f}" in page.cells
    assert page.cells[page.cells.index("sweep seed") + 1] == "4711"
    assert ["total return", "1.23%", "20.00%"] in [page.cells[place : place + 3] for place in range(len(page.cells))]


def test_what_a_user_wrote_stays_text() -> None:
    report = reported()
    manifest = {"spec": {"signal": {"parameters": {"fast": HOSTILE}}}}
    hostile_fold = {**FOLD, "parameters": {"fast": HOSTILE}}
    document = {
        **replace(report, strategy_id=HOSTILE, model=HOSTILE, manifest=manifest).document(),
        "walk_forward": {**WALK_FORWARD, "folds": [hostile_fold]},
    }
    for trade in document["trades"]:
        trade["symbol"] = HOSTILE
    candles = {HOSTILE: candles_of(report.history, 100)["AAA"]}
    text = render(document, candles)
    page = Page(text)
    assert page.loaded == []
    assert page.opened == []
    assert 'alert("1")</script>' not in text


@pytest.mark.parametrize("names", [1, 2, 3])
def test_a_sweep_over_any_number_of_parameters_is_drawn(names: int) -> None:
    drawn = search_plots.sweep(sweep(names))
    assert drawn.count('class="plotly-graph-div') == (1 if names < 3 else 2)
    # Of each pair of parameters there is a heat map.
    assert drawn.count('"z":[[') == (0, 1, 3)[names - 1]


def test_a_heat_map_shows_means_over_the_other_parameters_and_nothing_where_there_is_none() -> None:
    trials = [
        {"parameters": {"fast": fast, "slow": "9", "risk.stopLoss": stop}, "objective": objective}
        for fast, stop, objective in (
            ("1", "1", 1.0),
            ("1", "2", 4.0),
            ("2", "1", None),
            ("2", "2", 3.0),
            ("3", "1", None),
        )
    ]
    found = {**sweep(3), "trials": trials, "best": trials[1]}
    found["parameters"] = {**found["parameters"], "slow": ["9"]}
    drawn = search_plots.sweep(found)
    start = drawn.index('"z":[[') + len('"z":')
    assert json.loads(drawn[start : drawn.index("]]", start) + 2]) == [[2.5, 3.0, None]]


def test_profits_are_in_bins_of_which_zero_is_an_edge() -> None:
    profits = ["-10.0", "-0.5", "0.5", "0.6", "70.0"]
    html = plots.trade_profits({"trades": [{"pnl": profit} for profit in profits], "currency": "EUR"})
    drawn = [json.loads(part[: part.index("]") + 1]) for part in html.split('"y":')[1:3]]
    gains, losses = drawn
    assert (sum(gains), sum(losses)) == (3, 2)


def test_a_short_is_entered_downwards_and_left_upwards() -> None:
    report = reported()
    document = report.document()
    document["trades"] = [
        {**trade, "side": side} for trade, side in zip(document["trades"], ("BUY", "SELL"), strict=False)
    ]
    for trade in document["trades"]:
        trade["symbol"] = "AAA"
    html = plots.trades_on_candles(document, {"AAA": candles_of(report.history, 100)["AAA"]})
    entries = html.index('"symbol":["triangle-up","triangle-down"]')
    assert entries < html.index('"symbol":["triangle-down","triangle-up"]'), "exits are drawn after entries"


def test_a_run_without_a_trade_has_a_page() -> None:
    report = reported()
    document = {**report.document(), "trades": [], "by_symbol": {}, "by_exit_reason": {}}
    assert Page(render(document, {})).opened == []


def test_several_bars_become_one_candle() -> None:
    history = build_history(["AAA", "BBB"], {"AAA": BARS["AAA"][:10], "BBB": BARS["BBB"][:0]}, {})
    (candles,) = candles_of(history, 4).values()
    some = BARS["AAA"][3:6]
    assert (candles.bars, len(candles.time)) == (3, 4)
    assert candles.time[1] == some[-1].close_time.isoformat()
    assert candles.open[1] == some[0].open / 10_000
    assert candles.high[1] == max(bar.high for bar in some) / 10_000
    assert candles.low[1] == min(bar.low for bar in some) / 10_000
    assert candles.close[3] == BARS["AAA"][9].close / 10_000
    assert candles_of(history, 10)["AAA"].bars == 1


def test_a_line_is_thinned_and_keeps_its_last_point() -> None:
    points = [{"time": str(n), "equity": n} for n in range(3 * figures.POINTS + 1)]
    some = figures.thinned(points)
    assert len(some) <= figures.POINTS + 1
    assert (some[0], some[-1]) == (points[0], points[-1])
    assert figures.thinned(points[:5]) == points[:5]


def test_a_thinned_drawdown_keeps_the_deepest_fall() -> None:
    equity = [{"time": str(n), "equity": "100"} for n in range(3 * figures.POINTS)]
    equity[7001] = {"time": "7001", "equity": "37"}
    html = plots.drawdown({"equity": equity, "baseline_equity": equity[:2], "metrics": {"initial_equity": "100"}})
    assert "-0.63" in html


def test_months_are_returns_from_the_months_end_before() -> None:
    times = ["2020-01-30", "2020-01-31", "2020-02-28", "2020-03-31"]
    equity = [
        {"time": f"{day}T21:00:00+00:00", "equity": value} for day, value in zip(times, (90, 110, 99, 99), strict=True)
    ]
    html = plots.monthly_returns({"equity": equity, "metrics": {"initial_equity": "100"}})
    start = html.index('"z":[[') + len('"z":')
    drawn = json.loads(html[start : html.index("]]", start) + 2])
    assert np.allclose(drawn[0][:3], [0.1, -0.1, 0.0])
    assert drawn[0][3:12] == [None] * 9
    assert drawn[0][12] == pytest.approx(-0.01), "the year"


def test_the_fingerprint_is_of_the_data_and_not_of_the_signals() -> None:
    one = build_history(["AAA"], {"AAA": BARS["AAA"]}, {})
    again = replace(one, side=np.ones_like(one.side))
    other = replace(one, close=np.maximum(one.low, one.close - 1))
    assert data_fingerprint(one) == data_fingerprint(again)
    assert data_fingerprint(one) != data_fingerprint(other)
