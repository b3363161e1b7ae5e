"""Writes a backtest's report as one HTML file."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tradewind.backtest.report import Report


class PageError(ValueError):
    """A report that can't be written: names the file and why."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"--report {path}: {reason}")
        self.path = path


def require_room(path: Path) -> None:
    """Check that a file can be written there, before the backtest is run for it.

    Raises:
        PageError: it can't.
    """
    if path.is_dir():
        raise PageError(path, "is a folder; name a file in it")
    was_there = path.exists()
    try:
        with path.open("a", encoding="utf-8"):
            pass
        if not was_there:
            path.unlink()
    except OSError as error:
        raise PageError(path, f"cannot be written: {error.strerror}") from None


def write_page(path: Path, report: "Report", more: Mapping[str, Any]) -> None:
    """Write a report's page, with the documents of a sweep and a walk-forward where there are any.

    Raises:
        PageError: it can't be written.
    """
    # Imported here: it brings plotly, and numba, which reads where its cache lies only once.
    from tradewind.backtest.candles import candles_of
    from tradewind.backtest.figures import POINTS
    from tradewind.backtest.page import render

    html = render({**report.document(), **more}, candles_of(report.history, POINTS))
    try:
        path.write_text(html, encoding="utf-8")
    except OSError as error:
        raise PageError(path, f"cannot be written: {error.strerror}") from None
