"""Bars in the database, stored once each by (source, symbol, interval, close time)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from tradewind.domain.bars import Bar, CorporateAction, Dividend, Split, to_micros
from tradewind.signals.columns import BarColumns, check_bars
from tradewind.store import units
from tradewind.store.database import Connection
from tradewind.store.queries import query

_SERVER_EPOCH = to_micros(datetime(2000, 1, 1, tzinfo=UTC))
_EVER = (datetime(1900, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC))


@dataclass(frozen=True, slots=True)
class StoredSymbol:
    """What is stored of one symbol."""

    symbol: str
    bars: int
    first: datetime
    last: datetime


def insert_bars(connection: Connection, source: str, bars: Iterable[Bar]) -> int:
    """Store bars; those already there are left as they are. Return how many were new."""
    rows = [
        {
            "source": source,
            "symbol": bar.symbol,
            "interval": bar.interval,
            "close_time": bar.close_time,
            "open": units.price(bar.open),
            "high": units.price(bar.high),
            "low": units.price(bar.low),
            "close": units.price(bar.close),
            "volume": units.quantity(bar.volume),
        }
        for bar in bars
    ]
    if not rows:
        return 0
    with connection.cursor() as cursor:
        cursor.executemany(query("insert_bar"), rows)
        return cursor.rowcount


def read_bars(
    connection: Connection,
    source: str,
    symbol: str,
    interval: str,
    after: datetime | None = None,
    through: datetime | None = None,
) -> list[Bar]:
    """Return a symbol's bars that close after `after` and not after `through`, in order."""
    rows = connection.execute(
        query("read_bars"),
        {
            "source": source,
            "symbol": symbol,
            "interval": interval,
            "after": after or _EVER[0],
            "through": through or _EVER[1],
        },
    )
    return [
        Bar(
            symbol=row[0],
            interval=row[1],
            close_time=row[2].astimezone(UTC),
            open=units.price_units(row[3]),
            high=units.price_units(row[4]),
            low=units.price_units(row[5]),
            close=units.price_units(row[6]),
            volume=units.quantity_units(row[7]),
        )
        for row in rows
    ]


def read_bar_columns(
    connection: Connection,
    source: str,
    symbol: str,
    interval: str,
    after: datetime | None = None,
    through: datetime | None = None,
) -> BarColumns:
    """Return the bars of `read_bars` as columns: by COPY in binary, with no Python for each of them.

    Raises:
        BarError: a stored bar can't be true in our units.
    """
    given = {
        "source": source,
        "symbol": symbol,
        "interval": interval,
        "after": after or _EVER[0],
        "through": through or _EVER[1],
    }
    text = query("pack_bars")
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY ({text}) TO STDOUT (FORMAT binary)", given) as copy,
    ):
        copy.set_types(["bytea"])
        packed = b"".join([row[0] for row in copy.rows()])
    # Six big-endian 64-bit integers a bar.
    time, *prices = np.frombuffer(packed, ">i8").reshape(-1, 6).T.astype(np.int64, order="C")
    bars = BarColumns(time + _SERVER_EPOCH, *prices)
    check_bars(symbol, bars)
    return bars


def count_bars(
    connection: Connection, source: str, symbols: Sequence[str], interval: str, after: datetime, through: datetime
) -> int:
    """Return how many bars of these symbols close after `after` and not after `through`."""
    row = connection.execute(
        query("count_bars"),
        {"source": source, "symbols": list(symbols), "interval": interval, "after": after, "through": through},
    ).fetchone()
    assert row is not None
    return int(row[0])


def read_symbols(connection: Connection, source: str, interval: str, symbols: Sequence[str]) -> list[StoredSymbol]:
    """Return what is stored of each of these symbols; one without bars is left out."""
    rows = connection.execute(query("read_symbols"), {"source": source, "interval": interval, "symbols": list(symbols)})
    return [StoredSymbol(row[0], row[1], row[2], row[3]) for row in rows]


def read_last_close(connection: Connection, source: str, symbol: str, interval: str) -> int | None:
    """Return the close of the newest stored bar, price units; None where there is none."""
    row = connection.execute(
        query("read_last_close"), {"source": source, "symbol": symbol, "interval": interval}
    ).fetchone()
    return None if row is None else units.price_units(row[0])


def insert_actions(connection: Connection, source: str, actions: Iterable[CorporateAction]) -> None:
    """Store splits and dividends; those already there are left as they are."""
    rows = [
        {
            "source": source,
            "symbol": action.symbol,
            "ex_time": action.close_time,
            "kind": "SPLIT" if isinstance(action, Split) else "DIVIDEND",
            "numerator": action.numerator if isinstance(action, Split) else None,
            "denominator": action.denominator if isinstance(action, Split) else None,
            "amount": units.price(action.amount) if isinstance(action, Dividend) else None,
        }
        for action in actions
    ]
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(query("insert_action"), rows)


def read_stored_actions(connection: Connection, source: str, symbols: Sequence[str]) -> list[CorporateAction]:
    """Return the splits and dividends of these symbols, in order of time, a split before a dividend."""
    rows = connection.execute(query("read_actions"), {"source": source, "symbols": list(symbols)})
    return [
        Split(symbol, ex_time, numerator, denominator)
        if amount is None
        else Dividend(symbol, ex_time, units.price_units(amount))
        for symbol, ex_time, numerator, denominator, amount in rows
    ]
