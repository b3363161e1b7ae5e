"""The plots of an account and its trades on a report's page, as pieces of HTML."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

import numpy as np

from tradewind.backtest.candles import Candles
from tradewind.backtest.figures import (
    GAIN,
    LOSS,
    OURS,
    POINTS,
    THEIRS,
    equities,
    figure,
    html,
    menu,
    thinned,
    thinning,
    times,
)

_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_YEAR: Final = "year"
_BINS: Final = 40
_TRACES: Final = 4
"""Of each symbol: candles, lines from entry to exit, entries, exits."""
_EXIT: Final = "#a371f7"


def equity(document: Mapping[str, Any]) -> str:
    """Return marked equity over time, beside the baseline's."""
    made = figure(yaxis={"title": document["currency"], "tickformat": "~s"}, hovermode="x unified")
    for name, key, color in (("strategy", "equity", OURS), ("buy and hold", "baseline_equity", THEIRS)):
        points = thinned(document[key])
        made.add_scatter(
            x=times(points), y=equities(points), name=name, line={"color": color}, hovertemplate="%{y:,.2f}"
        )
    return html(made, thinning(document["equity"]))


def drawdown(document: Mapping[str, Any]) -> str:
    """Return how far equity stands below its peak so far, as a share of the peak, beside the baseline's."""
    made = figure(yaxis={"tickformat": ".0%"}, hovermode="x unified")
    start = float(document["metrics"]["initial_equity"])
    for name, key, color in (("strategy", "equity", LOSS), ("buy and hold", "baseline_equity", THEIRS)):
        points = _deepest(_falls(document[key], start))
        made.add_scatter(
            x=times(points),
            y=equities(points),
            name=name,
            fill="tozeroy" if key == "equity" else None,
            line={"color": color},
            hovertemplate="%{y:.2%}",
        )
    return html(made, thinning(document["equity"]))


def _falls(points: Sequence[Mapping[str, Any]], start: float) -> list[Mapping[str, Any]]:
    peak = start
    falls: list[Mapping[str, Any]] = []
    for point in points:
        peak = max(peak, float(point["equity"]))
        falls.append({"time": point["time"], "equity": float(point["equity"]) / peak - 1})
    return falls


def _deepest(falls: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return at most about POINTS of the falls, of each stretch the deepest."""
    step = max(1, -(-len(falls) // POINTS))
    return [
        min(falls[place : place + step], key=lambda fall: float(fall["equity"])) for place in range(0, len(falls), step)
    ]


def monthly_returns(document: Mapping[str, Any]) -> str:
    """Return each month's return and each year's, years below each other; the first is from the start."""
    start = float(document["metrics"]["initial_equity"])
    months, years = (_changes(document["equity"], start, length) for length in (7, 4))
    named = sorted(years, reverse=True)
    grid = [
        [*(months.get(f"{year}-{number:02d}") for number in range(1, 13)), years[year]]  # the year comes last
        for year in named
    ]
    most = max((abs(change) for change in months.values()), default=0.0) or 1.0
    made = figure(90 + 28 * len(named), yaxis={"type": "category"}, xaxis={"type": "category"})
    made.add_heatmap(
        x=[*_MONTHS, _YEAR],
        y=named,
        z=grid,
        zmin=-most,
        zmax=most,
        colorscale="RdYlGn",
        texttemplate="%{z:.1%}",
        hovertemplate="%{x} %{y}: %{z:.2%}<extra></extra>",
        hoverongaps=False,
        showscale=False,
        xgap=2,
        ygap=2,
    )
    return html(made)


def _changes(points: Sequence[Mapping[str, Any]], start: float, length: int) -> dict[str, float]:
    """Return the return of each period, which the first letters of its times name."""
    ends: dict[str, float] = {}
    for point in points:
        ends[point["time"][:length]] = float(point["equity"])
    levels = [start, *ends.values()]
    return {name: after / before - 1 for name, (before, after) in zip(ends, pairwise(levels), strict=True) if before}


def trades_on_candles(document: Mapping[str, Any], candles: Mapping[str, Candles]) -> str:
    """Return one symbol's candles with the entries and exits of its trades, and a choice of the symbol."""
    made = figure(520, xaxis={"rangeslider": {"visible": False}}, yaxis={"title": f"price, {document['currency']}"})
    symbols, left_out = list(candles), 0
    for i, symbol in enumerate(symbols):
        bars, own = candles[symbol], [trade for trade in document["trades"] if trade["symbol"] == symbol]
        left_out += max(0, len(own) - POINTS)
        made.add_candlestick(
            x=bars.time,
            open=bars.open,
            high=bars.high,
            low=bars.low,
            close=bars.close,
            name=symbol,
            visible=i == 0,
            increasing={"line": {"color": GAIN, "width": 1}},
            decreasing={"line": {"color": LOSS, "width": 1}},
        )
        for trace in _marks(own[-POINTS:]):
            made.add_scatter(visible=i == 0, **trace)
    buttons = [
        {
            "label": symbol,
            "method": "update",
            "args": [{"visible": [trace // _TRACES == i for trace in range(_TRACES * len(symbols))]}],
        }
        for i, symbol in enumerate(symbols)
    ]
    menu(made, buttons)
    return html(made, _told_of_candles(candles, left_out))


def _told_of_candles(candles: Mapping[str, Candles], left_out: int) -> str:
    joined = max((each.bars for each in candles.values()), default=1)
    told = [
        "Drag over a stretch to look closer, double-click to see all.",
        "Prices are raw, as they were traded: a split is a step.",
    ]
    if joined > 1:
        told.append(f"Up to {joined} bars are drawn as one candle.")
    if left_out:
        told.append(f"The last {POINTS:,} trades of each symbol are marked; {left_out:,} earlier ones are not.")
    return " ".join(told)


def _marks(trades: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return what is drawn of a symbol's trades: a line from entry to exit, and a mark at each."""
    longs = [trade["side"] == "BUY" for trade in trades]
    text = [
        f"{trade['side']} {float(trade['quantity']):,g}, {trade['exit_reason']}, P&L {float(trade['pnl']):+,.2f}"
        for trade in trades
    ]
    up, down = "triangle-up", "triangle-down"
    ends = {
        name: {
            "x": [trade[f"{name}_time"] for trade in trades],
            "y": [float(trade[f"{name}_price"]) for trade in trades],
            "mode": "markers",
            "name": name,
            "text": text,
            "marker": {
                "symbol": [up if long == (name == "entry") else down for long in longs],
                "size": 10,
                "color": color,
                "line": {"width": 1, "color": "white"},
            },
        }
        for name, color in (("entry", OURS), ("exit", _EXIT))
    }
    gap: list[None] = [None]
    lines: dict[str, Any] = {
        "mode": "lines",
        "name": "held",
        "hoverinfo": "skip",
        "line": {"color": THEIRS, "width": 1},
    }
    for axis in ("x", "y"):
        pairs = zip(ends["entry"][axis], ends["exit"][axis], strict=True)
        lines[axis] = [value for pair in pairs for value in (*pair, *gap)]
    return [lines, ends["entry"], ends["exit"]]


def trade_profits(document: Mapping[str, Any]) -> str:
    """Return how the trades' profits are distributed; 0 is an edge of the bins."""
    profits = np.array([float(trade["pnl"]) for trade in document["trades"]])
    made = figure(
        xaxis={"title": f"P&L of a trade, net of fees, {document['currency']}"}, yaxis={"title": "trades"}, bargap=0
    )
    if len(profits):
        width = max((profits.max() - profits.min()) / _BINS, 1e-4)
        first, last = int(np.floor(profits.min() / width)), int(np.floor(profits.max() / width)) + 1
        counts, edges = np.histogram(profits, width * np.arange(first, last + 1))
        centres = (edges[:-1] + edges[1:]) / 2
        for name, here, color in (("gain", centres > 0, GAIN), ("loss", centres < 0, LOSS)):
            made.add_bar(
                x=centres[here].tolist(),
                y=counts[here].tolist(),
                width=0.92 * width,
                name=name,
                marker={"color": color},
                customdata=[[low, low + width] for low in edges[:-1][here].tolist()],
                hovertemplate="%{customdata[0]:,.2f} to %{customdata[1]:,.2f}: %{y}<extra></extra>",
            )
        made.add_vline(x=float(profits.mean()), line={"dash": "dot", "color": THEIRS}, annotation_text="mean")
    return html(made)
