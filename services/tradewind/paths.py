"""Where the folders lie that ship beside the code: the checkout's when there is one, else the wheel's."""

from pathlib import Path
from typing import Literal

_PACKAGE = Path(__file__).resolve().parent


def shipped_folder(name: Literal["crds", "examples", "sql"]) -> Path:
    """Return the checkout's folder of that name when there is one, else the wheel's copy of it."""
    checkout = _PACKAGE.parents[1] / name
    if (checkout.parent / "pyproject.toml").is_file() and checkout.is_dir():
        return checkout
    return _PACKAGE / "shipped" / name
