"""Log files: how large they may grow, and their ends."""

import os
from pathlib import Path
from typing import Final

MOST_BYTES: Final = 10_000_000
"""A log that has grown past this is put aside when its process next starts."""


def rotate(log: Path) -> None:
    """Put a log that has grown too large aside as `<name>.1`, in place of the one before it."""
    if log.exists() and log.stat().st_size > MOST_BYTES:
        os.replace(log, log.with_name(f"{log.name}.1"))


def tail(log: Path, lines: int = 8) -> str:
    """Return the last lines of a log."""
    try:
        text = log.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return "(nothing was logged)"
    return "\n".join(text.splitlines()[-lines:])
