"""What a source of bars refuses; apart from the sources, which bring large libraries."""

from pathlib import Path


class BarsFileError(ValueError):
    """A file of bars that can't be used: names the file, and symbol, time and field where it is about a value."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
