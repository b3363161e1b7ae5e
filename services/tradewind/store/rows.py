"""Rows as people are shown them: names and values, decimals as text."""

from decimal import Decimal
from typing import Any

from psycopg.rows import dict_row

from tradewind.store.database import Connection
from tradewind.store.queries import query

Row = dict[str, Any]


def read_rows(connection: Connection, name: str, parameters: dict[str, Any], prepare: bool | None = None) -> list[Row]:
    """Return what a query gives. With `prepare=False` it is planned for its parameters at each call."""
    with connection.cursor(row_factory=dict_row) as cursor:
        return [_plain(row) for row in cursor.execute(query(name), parameters, prepare=prepare)]


def _plain(row: Row) -> Row:
    """Return a row with decimals as text: JSON's numbers are binary floats to most readers."""
    return {key: format(value, "f") if isinstance(value, Decimal) else value for key, value in row.items()}
