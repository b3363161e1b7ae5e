"""SQL statements by name; their text lives in sql/queries."""

from functools import cache
from typing import LiteralString

from tradewind.paths import shipped_folder


@cache
def query(name: str) -> LiteralString:
    """Return the text of sql/queries/<name>.sql."""
    text: LiteralString = (shipped_folder("sql") / "queries" / f"{name}.sql").read_text(encoding="utf-8")
    return text
