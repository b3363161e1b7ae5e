"""What all plots of a report's page have in common: colours that suit a light and a dark page, sizes, thinning."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import plotly.graph_objects as go

POINTS: Final = 4_000
"""The most points of a line, candles of a symbol, and trades marked on them, that a page holds."""
OURS: Final = "#2f81f7"
THEIRS: Final = "#8c959f"
GAIN: Final = "#2da44e"
LOSS: Final = "#e5534b"
HEIGHT: Final = 380
_INK: Final = "#768390"
"""Legible on white and on near black."""
_GRID: Final = "rgba(128, 136, 146, 0.22)"
_CLEAR: Final = "rgba(0, 0, 0, 0)"


def figure(height: int = HEIGHT, **layout: Any) -> go.Figure:
    """Return an empty figure without a background of its own, its legend above it."""
    made = go.Figure()
    made.update_layout(
        height=height,
        margin=layout.pop("margin", {"l": 70, "r": 20, "t": 40, "b": 45}),
        template="plotly_white",
        paper_bgcolor=_CLEAR,
        plot_bgcolor=_CLEAR,
        font={"color": _INK, "family": "system-ui, sans-serif"},
        modebar={"bgcolor": _CLEAR, "color": _GRID, "activecolor": _INK},
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
        **layout,
    )
    made.update_xaxes(gridcolor=_GRID, zerolinecolor=_GRID, linecolor=_GRID)
    made.update_yaxes(gridcolor=_GRID, zerolinecolor=_GRID, linecolor=_GRID, automargin=True)
    return made


def menu(made: go.Figure, buttons: Sequence[Mapping[str, Any]]) -> None:
    """Put a choice above a figure's legend, where there is one to make."""
    if len(buttons) > 1:
        made.update_layout(
            margin={"t": 95},
            updatemenus=[{"buttons": buttons, "x": 0, "xanchor": "left", "y": 1.08, "yanchor": "bottom"}],
        )


def html(made: go.Figure, note: str = "") -> str:
    """Return a figure as a piece of HTML, and a note under it; plotly's script is the page's to bring."""
    plot: str = made.to_html(full_html=False, include_plotlyjs=False, config={"displaylogo": False, "responsive": True})
    return f'{plot}<p class="quiet">{note}</p>' if note else plot


def thinned(points: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return at most about POINTS of the points, evenly, the last among them."""
    step = -(-len(points) // POINTS)
    if step <= 1:
        return list(points)
    return [*points[:-1:step], points[-1]]


def thinning(points: Sequence[object]) -> str:
    """Return what is said of a line that was thinned."""
    return f"{POINTS:,} of {len(points):,} points are drawn." if len(points) > POINTS else ""


def times(points: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the points' times."""
    return [point["time"] for point in points]


def equities(points: Sequence[Mapping[str, Any]]) -> list[float]:
    """Return the points' equity."""
    return [float(point["equity"]) for point in points]
