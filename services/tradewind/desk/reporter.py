"""Who hears of progress."""

from typing import Protocol


class Reporter(Protocol):
    """Hears of progress."""

    def show(self, what: str, done: int, total: int, note: str = "") -> None:
        """Say how much of something is done; a total of 0 means that no one knows how much it is."""
        ...
