"""Bars of files are exactly what the file says, or one error that names symbol, time and field."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import csv, parquet

from tradewind.domain.bars import Bar
from tradewind.domain.money import AMOUNT_MAX, INT64_MAX, PRICE_SCALE, QUANTITY_SCALE, to_decimal
from tradewind.ingestion.sources.bars_file import FIELDS, BarsFile
from tradewind.ingestion.sources.errors import BarsFileError
from tradewind.manifest.feed import Replay

START = datetime(2020, 1, 1, 21, tzinfo=UTC)
REPLAY = Replay(from_=date(2020, 1, 1), trade_from=date(2020, 1, 2), to=date(2030, 1, 1))
HEADER = "symbol,close_time,open,high,low,close,volume"
ROWS = ("AAA,2020-01-02T21:00:00Z,10,12,9,11,1000", "AAA,2020-01-03T21:00:00Z,11,12,10.5,11.25,0.00000001")


def rows(bars: dict[str, list[Bar]]) -> list[Bar]:
    """All bars, as a file has them that is written as time goes by."""
    return sorted((bar for each in bars.values() for bar in each), key=lambda bar: bar.close_time)


def table(bars: Sequence[Bar], kind: str) -> pa.Table:
    def amounts(field: str, scale: int) -> Any:
        exact = [to_decimal(getattr(bar, field), scale) for bar in bars]
        if kind == "text":
            return pa.array([str(amount) for amount in exact], pa.string())
        if kind == "decimal":
            return pa.array(exact, pa.decimal128(30, 8))
        return pa.array([float(amount) for amount in exact], pa.float64())

    columns = {
        "symbol": pa.array([bar.symbol for bar in bars], pa.string()),
        "close_time": pa.array([bar.close_time for bar in bars], pa.timestamp("us", "UTC")),
        **{field: amounts(field, PRICE_SCALE) for field in ("open", "high", "low", "close")},
        "volume": amounts("volume", QUANTITY_SCALE),
    }
    return pa.table(columns)


def write(path: Path, bars: Sequence[Bar], kind: str) -> None:
    if path.suffix == ".parquet":
        parquet.write_table(table(bars, kind), path, row_group_size=3)
    else:
        csv.write_csv(table(bars, kind), path)


@st.composite
def histories(draw: st.DrawFn, most_price: int, most_volume: int) -> dict[str, list[Bar]]:
    bars: dict[str, list[Bar]] = {"AAA": [], "BBB": [], "ZZZ": []}
    for symbol, made in bars.items():
        for day in sorted(draw(st.sets(st.integers(1, 3_000), min_size=1, max_size=6))):
            low, open_, close, high = sorted(draw(st.lists(st.integers(1, most_price), min_size=4, max_size=4)))
            volume = draw(st.integers(0, most_volume))
            made.append(Bar(symbol, "1d", START + timedelta(days=day), open_, high, low, close, volume))
    return bars


@pytest.mark.parametrize("name", ["bars.parquet", "bars.csv"])
@pytest.mark.parametrize("kind", ["text", "decimal"])
@settings(max_examples=40, deadline=None)
@given(bars=histories(AMOUNT_MAX, INT64_MAX))
def test_decimals_are_read_exactly(
    tmp_path_factory: pytest.TempPathFactory, name: str, kind: str, bars: dict[str, list[Bar]]
) -> None:
    path = tmp_path_factory.mktemp("bars") / name
    write(path, rows(bars), kind)
    read = BarsFile(path, REPLAY, ["BBB", "AAA"]).bars()
    assert {symbol: columns.bars(symbol, "1d") for symbol, columns in read.items()} == {
        symbol: bars[symbol] for symbol in ("AAA", "BBB")
    }


@settings(max_examples=40, deadline=None)
@given(bars=histories(10**10, 10**15))
def test_floats_of_such_decimals_are_the_same_bars(
    tmp_path_factory: pytest.TempPathFactory, bars: dict[str, list[Bar]]
) -> None:
    path = tmp_path_factory.mktemp("bars") / "bars.parquet"
    write(path, rows(bars), "float")
    assert BarsFile(path, REPLAY, ["AAA"]).bars()["AAA"].bars("AAA", "1d") == bars["AAA"]


def read_csv(folder: Path, *lines: str, header: str = HEADER, zone: str | None = None) -> BarsFile:
    path = folder / "bars.csv"
    path.write_text("\n".join([header, *lines]) + "\n")
    return BarsFile(path, REPLAY, ["AAA"], zone)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            "AAA,2020-01-04T21:00:00Z,nan,12,9,11,1",
            "AAA at 2020-01-04T21:00:00.00:00: open 'nan' is not a finite number",
        ),
        ("AAA,2020-01-04T21:00:00Z,10,12,9,x,1", "AAA at 2020-01-04T21:00:00.00:00: close 'x' is not a number"),
        ("AAA,2020-01-04T21:00:00Z,10,12,9,,1", "AAA at 2020-01-04T21:00:00.00:00: close is missing"),
        ("AAA,2020-01-04T21:00:00Z,10,12,9.00001,11,1", "low '9.00001' is finer than the scale"),
        ("AAA,2020-01-04T21:00:00Z,10,12,-9,11,1", "AAA at 2020-01-04T21:00:00.00:00: low -9.0000 is not positive"),
        ("AAA,2020-01-04T21:00:00Z,10,12,9,11,-1", "volume -1.00000000 is negative"),
        ("AAA,2020-01-04T21:00:00Z,10,12,9,11,1e12", "volume 1e12 does not fit 64 bits"),
        (
            "AAA,2020-01-04T21:00:00Z,10,9,12,11,1",
            "low <= open, close <= high does not hold: open 10.0000, high 9.0000",
        ),
        ("AAA,2020-01-03T21:00:00Z,10,12,9,11,1", "AAA at 2020-01-03T21:00:00.00:00: close_time is given twice"),
        ("AAA,2020-01-03T20:59:00Z,10,12,9,11,1", "20:59:00.00:00: close_time comes after 2020-01-03T21:00:00"),
        (
            "AAA,2020-01-04T21:00:00,10,12,9,11,1",
            "AAA: close_time: .*expected a zone offset.*give --time-zone, or an offset",
        ),
        (
            "AAA,2020-01-04,10,12,9,11,1",
            "AAA: close_time '2020-01-04' is no date and time; .* as in 2020-01-04T21:00:00Z",
        ),
        ("AAA,,10,12,9,11,1", "AAA: close_time is missing in its row 3"),
        (",2020-01-04T21:00:00Z,10,12,9,11,1", "row 3 has no symbol"),
        ("AAA,2020-01-04T21:00:00Z,10", "can't be read: .*Expected 7 columns, got 3"),
    ],
)
def test_what_cannot_be_true_is_refused(tmp_path: Path, line: str, message: str) -> None:
    with pytest.raises(BarsFileError, match=message):
        read_csv(tmp_path, *ROWS, line)


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (HEADER.replace("volume", "size"), "lacks volume and does not know size; the columns are symbol, close_time"),
        (HEADER.replace(",volume", ",close"), "lacks volume"),
        (HEADER + ",vwap", "does not know vwap"),
        (HEADER + ",close", "has a column twice"),
    ],
)
def test_the_columns_are_these_and_no_others(tmp_path: Path, header: str, message: str) -> None:
    lines = [",".join([*line.split(","), "1"][: header.count(",") + 1]) for line in ROWS]
    with pytest.raises(BarsFileError, match=message):
        read_csv(tmp_path, *lines, header=header)


def test_the_symbols_and_the_window_are_in_the_file(tmp_path: Path) -> None:
    with pytest.raises(BarsFileError, match=r"has no bars of AAA"):
        read_csv(tmp_path, *(line.replace("AAA", "AAB") for line in ROWS))
    with pytest.raises(BarsFileError, match=r"AAA has no bar from 2020-01-02 to 2030-01-01; its bars are from 2019-01"):
        read_csv(tmp_path, *(line.replace("2020", "2019") for line in ROWS))
    with pytest.raises(BarsFileError, match=r"has no bars of AAA"):
        read_csv(tmp_path)


def test_a_time_zone_is_of_times_without_an_offset_alone(tmp_path: Path) -> None:
    lines = [line.replace("21:00:00Z", "16:00") for line in ROWS]
    expected = [datetime(2020, 1, 2, 21, tzinfo=UTC), datetime(2020, 1, 3, 21, tzinfo=UTC)]
    assert read_csv(tmp_path, *lines, zone="America/New_York").bars()["AAA"].close_times() == expected
    assert read_csv(tmp_path, *ROWS, zone="America/New_York").bars()["AAA"].close_times() == expected
    with pytest.raises(BarsFileError, match="Mars/Olympus"):
        read_csv(tmp_path, *lines, zone="Mars/Olympus")
    twice = [line.replace("2020-01-0", "2020-11-0").replace("T21:00:00Z", "T01:30") for line in ROWS]
    with pytest.raises(BarsFileError, match=r"(?s)AAA: close_time: Timestamp is ambiguous"):
        read_csv(tmp_path, twice[0].replace("-02T", "-01T"), *twice, zone="America/New_York")


@pytest.mark.parametrize(
    ("column", "message"),
    [
        (pa.array([float("nan"), 1.0]), "AAA at 2020-01-02T21:00:00.00:00: open nan is not a finite number"),
        (pa.array([1.0, 1.00005]), r"AAA at 2020-01-03T21:00:00.00:00: open 1.00005 is finer than the scale"),
        (pa.array([1.0, 1e300]), "open 1e.300 does not fit 64 bits"),
        (pa.array([1.1, 1.0], pa.float32()), "open 1.10000002.* is finer than the scale"),
        (pa.array([True, False]), "open is bool, not a number"),
        (pa.array([1, None]), "AAA at 2020-01-03T21:00:00.00:00: open is missing"),
    ],
)
def test_wrong_columns_of_numbers_are_refused(tmp_path: Path, column: Any, message: str) -> None:
    bars = [Bar("AAA", "1d", START + timedelta(days=day), 10_000, 10_000, 10_000, 10_000, 0) for day in (1, 2)]
    path = tmp_path / "bars.parquet"
    parquet.write_table(table(bars, "decimal").set_column(2, "open", column), path)
    with pytest.raises(BarsFileError, match=message):
        BarsFile(path, REPLAY, ["AAA"])


def test_integers_categories_and_local_times_of_a_parquet_file_are_read(tmp_path: Path) -> None:
    bars = [Bar("AAA", "1d", START + timedelta(days=day), 20_000, 20_000, 20_000, 20_000, 10**8) for day in (1, 2)]
    given = table(bars, "decimal")
    given = given.set_column(0, "symbol", given.column("symbol").dictionary_encode())
    given = given.set_column(1, "close_time", given.column("close_time").cast(pa.timestamp("ns")))
    given = given.set_column(2, "open", pa.array([2, 2]))
    path = tmp_path / "bars.parquet"
    parquet.write_table(given, path)
    assert BarsFile(path, REPLAY, ["AAA"], "UTC").bars()["AAA"].bars("AAA", "1d") == bars
    with pytest.raises(BarsFileError, match=r"close_time: names no offset from UTC, and no --time-zone is given"):
        BarsFile(path, REPLAY, ["AAA"])


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bars.parquet").write_bytes(b"no parquet")
    for name in ("bars.txt", "bars.parquet", "missing.csv", "missing.parquet"):
        with pytest.raises(BarsFileError, match=name):
            BarsFile(tmp_path / name, REPLAY, ["AAA"])


def test_sessions_are_counted_once(tmp_path: Path) -> None:
    source = read_csv(tmp_path, *ROWS, ROWS[1].replace("21:00:00Z", "21:30:00Z"))
    assert source.traded_sessions() == [START + timedelta(days=1), START + timedelta(days=2, minutes=30)]
    assert source.actions() == []
    assert tuple(HEADER.split(",")) == FIELDS
