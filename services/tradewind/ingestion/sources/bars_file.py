"""Bars of a Parquet or CSV file, read into columns without an object for each bar."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv, parquet

from tradewind.domain.bars import BarError, CorporateAction, from_micros, session_of
from tradewind.domain.money import INT64_MAX, PRICE_SCALE, QUANTITY_SCALE, UnitsError, to_units
from tradewind.ingestion.sources.errors import BarsFileError
from tradewind.manifest.feed import Replay
from tradewind.signals.columns import BarColumns, check_bars
from tradewind.signals.rule import Integers

FIELDS: Final = ("symbol", "close_time", "open", "high", "low", "close", "volume")
FLOAT_ERROR: Final = 1e-9
"""How far, relative to itself, a binary float may be from what the scale holds; it's what such columns round away."""
_DIGITS: Final = {PRICE_SCALE: 4, QUANTITY_SCALE: 8}
_UTC: Final = pa.timestamp("us", "UTC")
_NAIVE: Final = pa.timestamp("us")


class BarsFile:
    """The bars of some symbols in a file whose columns are FIELDS, in any order; other symbols' rows are passed over.

    Each symbol's rows ascend by close_time; other symbols' rows may stand between them.

    Args:
        path: NAME.parquet, NAME.csv or NAME.csv.gz.
        replay: which sessions are read and traded.
        symbols: who is traded.
        time_zone: an IANA name, of close times that name no offset from UTC themselves.

    Raises:
        BarsFileError: it can't be read, columns are missing or unknown, a value can't be true or is not exact, times
            don't ascend, or a symbol has no bar to trade.
    """

    def __init__(self, path: Path, replay: Replay, symbols: Sequence[str], time_zone: str | None = None) -> None:
        self._path, self._replay, self._zone = path, replay, time_zone
        table = _read(path)
        _check_header(path, table.column_names)
        self._bars = self._by_symbol(table, symbols)
        for symbol, bars in self._bars.items():
            self._check_window(symbol, bars)

    def bars(self) -> dict[str, BarColumns]:
        """Return every symbol's bars, in order."""
        return self._bars

    def actions(self) -> list[CorporateAction]:
        """Return splits and dividends: none, as such a file holds only bars."""
        return []

    def traded_sessions(self) -> list[datetime]:
        """Return the last close of each session that is traded."""
        time = np.unique(np.concatenate([self._in_window(bars) for bars in self._bars.values()]))
        sessions = _sessions(time)
        return [from_micros(int(close)) for close in time[np.append(sessions[1:] != sessions[:-1], True)]]

    def _in_window(self, bars: BarColumns) -> Integers:
        first, last = (np.datetime64(day, "D").astype(int) for day in (self._replay.trade_from, self._replay.to))
        sessions = _sessions(bars.time)
        traded: Integers = bars.time[(sessions >= first) & (sessions <= last)]
        return traded

    def _check_window(self, symbol: str, bars: BarColumns) -> None:
        if not len(self._in_window(bars)):
            replay, (first, last) = self._replay, (from_micros(int(bars.time[n])).isoformat() for n in (0, -1))
            window = f"from {replay.trade_from} to {replay.to}"
            raise BarsFileError(self._path, f"{symbol} has no bar {window}; its bars are from {first} to {last}")

    def _by_symbol(self, table: pa.Table, symbols: Sequence[str]) -> dict[str, BarColumns]:
        named = table.column("symbol")
        if not _is_text(_plain(named.type)):
            raise BarsFileError(self._path, f"symbol is {named.type}, not text")
        if named.null_count:
            raise BarsFileError(self._path, f"row {_first(pc.is_null(named)) + 1} has no symbol")
        named = named.cast(pa.string())
        lacking = sorted(set(symbols) - set(pc.unique(named).to_pylist()))
        if lacking:
            raise BarsFileError(self._path, f"has no bars of {', '.join(lacking)}")
        return {symbol: self._columns(symbol, table.filter(pc.equal(named, symbol))) for symbol in symbols}

    def _columns(self, symbol: str, table: pa.Table) -> BarColumns:
        time = self._times(symbol, table.column("close_time"))

        def refuse(field: str, row: int, reason: str) -> BarsFileError:
            return BarsFileError(self._path, f"{symbol} at {from_micros(int(time[row])).isoformat()}: {field} {reason}")

        scales = {**dict.fromkeys(("open", "high", "low", "close"), PRICE_SCALE), "volume": QUANTITY_SCALE}
        units = {field: _units(table.column(field), scale, partial(refuse, field)) for field, scale in scales.items()}
        bars = BarColumns(time, **units)
        try:
            check_bars(symbol, bars)
        except BarError as error:
            raise BarsFileError(self._path, str(error)) from None
        return bars

    def _times(self, symbol: str, column: pa.ChunkedArray) -> Integers:
        column = column.cast(_plain(column.type))
        if column.null_count:
            row = _first(pc.is_null(column))
            raise BarsFileError(self._path, f"{symbol}: close_time is missing in its row {row + 1}")
        if _is_text(column.type):
            dates = pc.less_equal(pc.utf8_length(column), len("2020-01-01"))
            if pc.any(dates).as_py():
                given = column[_first(dates)].as_py()
                reason = f"close_time {given!r} is no date and time; when did the bar close, as in {given}T21:00:00Z?"
                raise BarsFileError(self._path, f"{symbol}: {reason}")
        elif not pa.types.is_timestamp(column.type):
            raise BarsFileError(self._path, f"close_time is {column.type}, not a date and time")
        try:
            instants = self._instants(column)
        except pa.ArrowInvalid as error:
            lacks = self._zone is None and "zone offset" in str(error)
            hint = "; give --time-zone, or an offset from UTC in each close_time" if lacks else ""
            raise BarsFileError(self._path, f"{symbol}: close_time: {error}{hint}") from None
        return np.ascontiguousarray(instants.cast(pa.int64()).to_numpy())

    def _instants(self, column: pa.ChunkedArray) -> pa.ChunkedArray:
        """Return the column in UTC; raises ArrowInvalid, which names the value."""
        if pa.types.is_timestamp(column.type) and column.type.tz is not None:
            return column.cast(_UTC)
        if self._zone is None:
            if not _is_text(column.type):
                raise pa.ArrowInvalid("names no offset from UTC, and no --time-zone is given")
            return column.cast(_UTC)
        try:
            local = column.cast(_NAIVE)
        except pa.ArrowInvalid:
            return column.cast(_UTC)
        return pc.assume_timezone(local, self._zone).cast(_UTC)


def _read(path: Path) -> pa.Table:
    try:
        if path.suffix == ".parquet":
            return parquet.ParquetFile(path).read()
        if path.name.endswith((".csv", ".csv.gz")):
            # As text: what is written in decimals never becomes a binary float.
            texts = csv.ConvertOptions(
                column_types=dict.fromkeys(FIELDS, pa.string()), strings_can_be_null=True, null_values=[""]
            )
            return csv.read_csv(path, convert_options=texts)
    except (OSError, pa.ArrowException) as error:
        raise BarsFileError(path, f"can't be read: {error}") from None
    raise BarsFileError(path, "is neither NAME.parquet nor NAME.csv nor NAME.csv.gz")


def _check_header(path: Path, given: Sequence[str]) -> None:
    missing, unknown = sorted(set(FIELDS) - set(given)), sorted(set(given) - set(FIELDS))
    if missing or unknown or len(given) != len(FIELDS):
        wrong = [
            f"{word} {', '.join(names)}" for word, names in (("lacks", missing), ("does not know", unknown)) if names
        ]
        said = " and ".join(wrong) or "has a column twice"
        raise BarsFileError(path, f"{said}; the columns are {', '.join(FIELDS)}")


def _units(column: pa.ChunkedArray, scale: int, refuse: Callable[[int, str], BarsFileError]) -> Integers:
    """Return a column in integer units of 1/scale, exactly; floats as FLOAT_ERROR says."""
    column = column.cast(_plain(column.type))
    if column.null_count:
        raise refuse(_first(pc.is_null(column)), "is missing")
    if pa.types.is_floating(column.type):
        return _rounded(column.cast(pa.float64()).to_numpy(), scale, refuse)
    if not (_is_text(column.type) or pa.types.is_decimal(column.type) or pa.types.is_integer(column.type)):
        raise refuse(0, f"is {column.type}, not a number")
    try:
        decimals = column.cast(pa.decimal128(38, _DIGITS[scale]))
    except pa.ArrowInvalid:
        return _one_by_one(column, scale, refuse)
    # A decimal is two 64-bit words, the lower first; it fits one where the upper only repeats its sign.
    words = [
        np.frombuffer(chunk.buffers()[1], "<i8", 2 * len(chunk), 16 * chunk.offset)
        for chunk in decimals.chunks
        if len(chunk)
    ]
    low, high = np.concatenate(words).reshape(-1, 2).T
    wide = high != low >> 63
    if wide.any():
        row = int(np.argmax(wide))
        raise refuse(row, f"{column[row].as_py()} does not fit 64 bits")
    return low.astype(np.int64)


def _rounded(values: Any, scale: int, refuse: Callable[[int, str], BarsFileError]) -> Integers:
    scaled = values * float(scale)
    units = np.rint(scaled)
    with np.errstate(invalid="ignore"):
        off = ~(np.abs(scaled - units) <= FLOAT_ERROR * np.abs(scaled))
    for wrong, reason in (
        (~np.isfinite(values), "is not a finite number"),
        (off, f"is finer than the scale (1/{scale})"),
        (np.abs(units) >= float(INT64_MAX), "does not fit 64 bits"),
    ):
        if wrong.any():
            row = int(np.argmax(wrong))
            raise refuse(row, f"{values[row]} {reason}")
    given: Integers = units.astype(np.int64)
    return given


def _one_by_one(column: pa.ChunkedArray, scale: int, refuse: Callable[[int, str], BarsFileError]) -> Integers:
    """Read what the fast way refused, to name the first value that is wrong; or take it, where none is."""
    units = []
    for row, value in enumerate(column.to_pylist()):
        try:
            units.append(to_units(value, scale))
        except UnitsError as error:
            raise refuse(row, str(error)) from None
    return np.array(units, np.int64)


def _plain(kind: Any) -> Any:
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _is_text(kind: Any) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def _first(mask: pa.ChunkedArray) -> int:
    return int(np.argmax(mask.to_numpy()))


def _sessions(time: Integers) -> Integers:
    sessions: Integers = session_of(time)  # type: ignore[arg-type, assignment]  # the same arithmetic, on all at once
    return sessions
