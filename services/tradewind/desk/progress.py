"""Progress on standard error: a bar on a terminal, plain lines elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from tradewind.desk.reporter import Reporter

_SHARE_SAID: Final = 10
"""A plain line is written at each tenth."""


@contextmanager
def reporting() -> Iterator[Reporter]:
    """Give the reporter that suits standard error."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield PlainReporter(console)
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), TextColumn("{task.fields[note]}"), console=console) as progress:
        yield BarReporter(progress)


class BarReporter:
    """One bar for each thing that goes on; the one before is complete when the next begins."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks = {task.description: task.id for task in progress.tasks}
        self._current: str | None = None

    def show(self, what: str, done: int, total: int, note: str = "") -> None:
        """Move the bar of this name."""
        if what != self._current:
            self._complete()
            self._current = what
        if what not in self._tasks:
            self._tasks[what] = self._progress.add_task(what, total=None, note="")
        self._progress.update(self._tasks[what], completed=done, total=total or None, note=note)

    def _complete(self) -> None:
        if self._current is not None:
            task = self._progress.tasks[list(self._tasks).index(self._current)]
            total = task.total or 1
            self._progress.update(task.id, total=total, completed=total, note="")


class PlainReporter:
    """A line when something begins, when its note changes, and at each tenth of it."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._said: tuple[str, int, str] | None = None

    def show(self, what: str, done: int, total: int, note: str = "") -> None:
        """Write a line if there is news."""
        share = done * _SHARE_SAID // total if total else 0
        news = (what, share, note)
        if news == self._said:
            return
        self._said = news
        amount = f" {done}/{total}" if total else ""
        self._console.print(
            f"{what}{amount}{f' ({note})' if note else ''}", highlight=False, markup=False, soft_wrap=True
        )
