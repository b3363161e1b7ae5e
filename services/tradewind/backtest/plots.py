"""The plots of a report's page, as pieces of HTML; plotly's script is the page's to bring."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

import plotly.graph_objects as go

from tradewind.backtest.candles import Candles

POINTS: Final = 4_000
"""The most points of a line, and the most candles of a symbol, that a page holds."""
_HEIGHT: Final = 380
_OURS: Final = "#0969da"
_THEIRS: Final = "#8c959f"
_GAIN: Final = "#1a7f37"
_LOSS: Final = "#cf222e"


def equity(document: Mapping[str, Any]) -> str:
    """Return marked equity over time, beside the baseline's."""
    figure = _figure()
    for name, key, color in (("strategy", "equity", _OURS), ("buy and hold", "baseline_equity", _THEIRS)):
        points = thinned(document[key])
        figure.add_scatter(x=_times(points), y=_equities(points), name=name, line={"color": color})
    return _html(figure, _thinning(document["equity"]))


def drawdown(document: Mapping[str, Any]) -> str:
    """Return how far equity stands below its peak so far, as a share of the peak."""
    peak = float(document["metrics"]["initial_equity"])
    falls = []
    for point in document["equity"]:
        peak = max(peak, float(point["equity"]))
        falls.append({"time": point["time"], "equity": float(point["equity"]) / peak - 1})
    points = thinned(falls)
    figure = _figure(yaxis={"tickformat": ".0%"})
    figure.add_scatter(x=_times(points), y=_equities(points), fill="tozeroy", line={"color": _LOSS}, showlegend=False)
    return _html(figure, _thinning(document["equity"]))


def monthly_returns(document: Mapping[str, Any]) -> str:
    """Return each month's return, years below each other; the first is of the months' ends from the start."""
    ends: dict[str, float] = {}
    for point in document["equity"]:
        ends[point["time"][:7]] = float(point["equity"])
    levels = [float(document["metrics"]["initial_equity"]), *ends.values()]
    changes = {
        month: after / before - 1 for month, (before, after) in zip(ends, pairwise(levels), strict=True) if before
    }
    years = sorted({month[:4] for month in changes}, reverse=True)
    months = [f"{number:02d}" for number in range(1, 13)]
    grid = [[changes.get(f"{year}-{month}") for month in months] for year in years]
    figure = _figure(yaxis={"type": "category"}, xaxis={"type": "category"})
    figure.add_heatmap(
        x=months, y=years, z=grid, zmid=0, colorscale="RdYlGn", texttemplate="%{z:.1%}", hoverongaps=False
    )
    return _html(figure)


def trades_on_candles(document: Mapping[str, Any], candles: Mapping[str, Candles]) -> str:
    """Return one symbol's candles with the entries and exits of its trades, and a choice of the symbol."""
    figure = _figure(xaxis={"rangeslider": {"visible": False}})
    symbols = list(candles)
    for i, symbol in enumerate(symbols):
        bars, own = candles[symbol], [trade for trade in document["trades"] if trade["symbol"] == symbol]
        shown = i == 0
        figure.add_candlestick(
            x=bars.time, open=bars.open, high=bars.high, low=bars.low, close=bars.close, name=symbol, visible=shown
        )
        for name, time, price, mark in (
            ("entry", "entry_time", "entry_price", "triangle-up"),
            ("exit", "exit_time", "exit_price", "triangle-down"),
        ):
            figure.add_scatter(
                x=[trade[time] for trade in own],
                y=[float(trade[price]) for trade in own],
                mode="markers",
                name=name,
                text=[f"{trade['side']} {trade['quantity']}, {trade['exit_reason']}, {trade['pnl']}" for trade in own],
                marker={"symbol": mark, "size": 10, "color": _OURS if name == "entry" else "#8250df"},
                visible=shown,
            )
    if len(symbols) > 1:
        buttons = [
            {
                "label": symbol,
                "method": "update",
                "args": [{"visible": [trace // 3 == i for trace in range(3 * len(symbols))]}],
            }
            for i, symbol in enumerate(symbols)
        ]
        figure.update_layout(updatemenus=[{"buttons": buttons, "x": 0, "xanchor": "left", "y": 1.15}])
    joined = max((each.bars for each in candles.values()), default=1)
    note = "" if joined == 1 else f" Up to {joined} bars are drawn as one candle."
    return _html(figure, f"Prices are raw, as they were traded: a split is a step.{note}")


def trade_profits(document: Mapping[str, Any]) -> str:
    """Return how the trades' profits are distributed."""
    profits = [float(trade["pnl"]) for trade in document["trades"]]
    figure = _figure(xaxis={"title": f"P&L of a trade, net of fees, {document['currency']}"}, bargap=0.05)
    for name, some, color in (
        ("wins", [p for p in profits if p > 0], _GAIN),
        ("losses", [p for p in profits if p <= 0], _LOSS),
    ):
        figure.add_histogram(x=some, name=name, marker={"color": color})
    return _html(figure)


def folds(found: Mapping[str, Any]) -> str:
    """Return the stitched equity of a walk-forward, its folds' tests marked."""
    points = thinned(found["equity"])
    figure = _figure()
    figure.add_scatter(x=_times(points), y=_equities(points), name="out of sample", line={"color": _OURS})
    for fold in found["folds"]:
        figure.add_vrect(
            x0=fold["test"]["from"],
            x1=fold["test"]["to"],
            fillcolor=_THEIRS,
            opacity=0.15 if fold["number"] % 2 else 0.05,
            line_width=0,
        )
    return _html(figure, _thinning(found["equity"]))


def sweep(found: Mapping[str, Any]) -> str:
    """Return the objective over the parameters: a line over one, a heat map over two, parallel axes over more."""
    names, trials = list(found["parameters"]), found["trials"]
    objective = found["objective"].replace("_", " ")
    if len(names) == 1:
        figure = _figure(xaxis={"title": names[0], "type": "category"}, yaxis={"title": objective})
        values = [trial["parameters"][names[0]] for trial in trials]
        figure.add_scatter(x=values, y=[trial["objective"] for trial in trials], mode="lines+markers")
    elif len(names) == 2:
        across, down = (found["parameters"][name] for name in names)
        known = {tuple(trial["parameters"][name] for name in names): trial["objective"] for trial in trials}
        grid = [[known.get((x, y)) for x in across] for y in down]
        figure = _figure(xaxis={"title": names[0], "type": "category"}, yaxis={"title": names[1], "type": "category"})
        figure.add_heatmap(x=across, y=down, z=grid, hoverongaps=False, colorbar={"title": objective})
    else:
        defined = [trial for trial in trials if trial["objective"] is not None]
        axes = [_axis(name, found["parameters"][name], defined) for name in names]
        reached = [trial["objective"] for trial in defined]
        figure = _figure()
        figure.add_parcoords(
            line={"color": reached, "showscale": True}, dimensions=[*axes, {"label": objective, "values": reached}]
        )
    return _html(figure)


def thinned(points: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return at most about POINTS of the points, evenly, the last among them."""
    step = -(-len(points) // POINTS)
    if step <= 1:
        return list(points)
    return [*points[:-1:step], points[-1]]


def _axis(name: str, choices: Sequence[str], trials: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    places = {choice: place for place, choice in enumerate(choices)}
    values = [places[trial["parameters"][name]] for trial in trials]
    return {"label": name, "values": values, "tickvals": list(places.values()), "ticktext": list(choices)}


def _figure(**layout: Any) -> go.Figure:
    figure = go.Figure()
    figure.update_layout(height=_HEIGHT, margin={"l": 60, "r": 20, "t": 30, "b": 40}, template="plotly_white", **layout)
    return figure


def _html(figure: go.Figure, note: str = "") -> str:
    plot: str = figure.to_html(full_html=False, include_plotlyjs=False, config={"displaylogo": False})
    return f'{plot}<p class="quiet">{note}</p>' if note else plot


def _thinning(points: Sequence[object]) -> str:
    return f"{POINTS:,} of {len(points):,} points are drawn." if len(points) > POINTS else ""


def _times(points: Sequence[Mapping[str, Any]]) -> list[str]:
    return [point["time"] for point in points]


def _equities(points: Sequence[Mapping[str, Any]]) -> list[float]:
    return [float(point["equity"]) for point in points]
