"""The plots of a sweep and a walk-forward on a report's page, as pieces of HTML."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any, Final

import plotly.graph_objects as go

from tradewind.backtest.figures import OURS, THEIRS, equities, figure, html, menu, thinned, thinning, times

_WRITTEN: Final = 300
"""The most cells of a heat map that say their number."""


def folds(found: Mapping[str, Any], currency: str) -> str:
    """Return the stitched equity of a walk-forward, its folds' tests marked."""
    points = thinned(found["equity"])
    made = figure(yaxis={"title": currency, "tickformat": "~s"})
    made.add_scatter(x=times(points), y=equities(points), name="out of sample", line={"color": OURS})
    for fold in found["folds"]:
        made.add_vrect(
            x0=fold["test"]["from"],
            x1=fold["test"]["to"],
            fillcolor=THEIRS,
            opacity=0.2 if fold["number"] % 2 else 0.07,
            line_width=0,
            annotation_text=str(fold["number"]),
            annotation_position="top left",
        )
    return html(made, thinning(found["equity"]))


def in_and_out(found: Mapping[str, Any]) -> str:
    """Return the objective of each fold's pick in sample, beside what it was out of sample."""
    objective = found["objective"]
    made = figure(300, yaxis={"title": objective.replace("_", " ")}, xaxis={"type": "category", "title": "fold"})
    for name, key, color in (("in sample", "in_sample", THEIRS), ("out of sample", "out_of_sample", OURS)):
        made.add_bar(
            x=[str(fold["number"]) for fold in found["folds"]],
            y=[fold[key][objective] for fold in found["folds"]],
            name=name,
            marker={"color": color},
        )
    return html(made)


def sweep(found: Mapping[str, Any]) -> str:
    """Return the objective over the parameters: a line over one, a heat map over two.

    Over more, heat maps of each pair of them, of the mean over the others, and parallel axes of them all.
    """
    names = list(found["parameters"])
    if len(names) == 1:
        return html(_line(found, names[0]))
    if len(names) == 2:
        return html(_heat(found, [(names[0], names[1])]))
    pairs = list(combinations(names, 2))
    note = "Each cell is the mean over the other parameters; choose the pair above the map."
    return html(_heat(found, pairs), note) + html(_parallel(found, names))


def _line(found: Mapping[str, Any], name: str) -> go.Figure:
    made = figure(xaxis={"title": name, "type": "category"}, yaxis={"title": found["objective"].replace("_", " ")})
    trials = found["trials"]
    values = [trial["parameters"][name] for trial in trials]
    reached = [trial["objective"] for trial in trials]
    made.add_scatter(x=values, y=reached, mode="lines+markers", line={"color": OURS})
    return made


def _heat(found: Mapping[str, Any], pairs: Sequence[tuple[str, str]]) -> go.Figure:
    """Return heat maps of pairs of parameters, one shown at a time; the best trial's place is marked."""
    made = figure(460)
    best, objective = found["best"]["parameters"], found["objective"].replace("_", " ")
    buttons = []
    for place, (across, down) in enumerate(pairs):
        columns, rows = found["parameters"][across], found["parameters"][down]
        means = _means(found["trials"], across, down)
        few = len(columns) * len(rows) <= _WRITTEN
        made.add_heatmap(
            x=columns,
            y=rows,
            z=[[means.get((x, y)) for x in columns] for y in rows],
            colorscale="Viridis",
            colorbar={"title": {"text": objective}},
            hoverongaps=False,
            hovertemplate=f"{across} %{{x}}<br>{down} %{{y}}<br>{objective} %{{z:.4g}}<extra></extra>",
            texttemplate="%{z:.2f}" if few else None,
            visible=place == 0,
        )
        made.add_scatter(
            x=[best[across]],
            y=[best[down]],
            mode="markers",
            marker={"symbol": "circle-open", "size": 34, "color": "#e5534b", "line": {"width": 3}},
            name="best",
            hoverinfo="skip",
            visible=place == 0,
        )
        shown = [trace // 2 == place for trace in range(2 * len(pairs))]
        axes = {"xaxis.title.text": across, "yaxis.title.text": down}
        buttons.append({"label": f"{across}, {down}", "method": "update", "args": [{"visible": shown}, axes]})
    made.update_xaxes(type="category", title=pairs[0][0])
    made.update_yaxes(type="category", title=pairs[0][1])
    menu(made, buttons)
    return made


def _means(trials: Sequence[Mapping[str, Any]], across: str, down: str) -> dict[tuple[str, str], float]:
    """Return the mean objective of the trials that share a pair of values, undefined ones left out."""
    cells: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
    for trial in trials:
        if trial["objective"] is not None:
            cells[trial["parameters"][across], trial["parameters"][down]].append(trial["objective"])
    return {cell: sum(values) / len(values) for cell, values in cells.items()}


def _parallel(found: Mapping[str, Any], names: Sequence[str]) -> go.Figure:
    defined = [trial for trial in found["trials"] if trial["objective"] is not None]
    axes = [_axis(name, found["parameters"][name], defined) for name in names]
    reached = [trial["objective"] for trial in defined]
    made = figure(margin={"l": 90, "r": 40, "t": 60, "b": 30})
    last = {"label": found["objective"].replace("_", " "), "values": reached}
    line = {"color": reached, "showscale": True, "colorscale": "Viridis"}
    made.add_parcoords(line=line, dimensions=[*axes, last])
    return made


def _axis(name: str, choices: Sequence[str], trials: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    places = {choice: place for place, choice in enumerate(choices)}
    values = [places[trial["parameters"][name]] for trial in trials]
    return {"label": name, "values": values, "tickvals": list(places.values()), "ticktext": list(choices)}
