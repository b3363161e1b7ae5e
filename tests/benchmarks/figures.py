"""Figures: what was measured, beside what was wanted, as a table and as JSON."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Figure:
    """One measured number. `met` is None where nothing was wanted of it."""

    work: str
    measured: str
    wanted: str = ""
    met: bool | None = None


def table(figures: Sequence[Figure]) -> str:
    """Return the figures as a Markdown table."""
    rows = [("work", "measured", "wanted", ""), *((f.work, f.measured, f.wanted, _verdict(f)) for f in figures)]
    widths = [max(3, *(len(row[column]) for row in rows)) for column in range(4)]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def document(figures: Sequence[Figure], machine: dict[str, object]) -> str:
    """Return the figures as JSON."""
    return json.dumps({"machine": machine, "figures": [asdict(figure) for figure in figures]}, indent=2)


def _verdict(figure: Figure) -> str:
    return {True: "met", False: "MISSED", None: ""}[figure.met]
