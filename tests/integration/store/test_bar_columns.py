"""Bars read as columns by COPY are the bars that are read row by row."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tradewind.domain.bars import Bar
from tradewind.domain.money import AMOUNT_MAX, INT64_MAX
from tradewind.store.database import connect
from tradewind.store.market_data import insert_bars, read_bar_columns, read_bars

START = datetime(1999, 12, 1, tzinfo=UTC)
PRICES = st.lists(st.one_of(st.integers(1, 10**6), st.integers(1, AMOUNT_MAX)), min_size=4, max_size=4)


@st.composite
def histories(draw: st.DrawFn) -> list[Bar]:
    minutes = draw(st.lists(st.integers(0, 10**8), unique=True, max_size=12))
    micros = draw(st.sampled_from([0, 1, 999_999]))
    bars = []
    for minute in sorted(minutes):
        low, open_, close, high = sorted(draw(PRICES))
        volume = draw(st.one_of(st.integers(0, 10**12), st.integers(0, INT64_MAX)))
        at = START + timedelta(minutes=minute, microseconds=micros)
        bars.append(Bar("AAA", "1m", at, open_, high, low, close, volume))
    return bars


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(bars=histories(), cut=st.tuples(st.integers(0, 10**8), st.integers(0, 10**8)))
def test_columns_and_rows_are_the_same_bars(each_database: str, bars: list[Bar], cut: tuple[int, int]) -> None:
    after, through = (START + timedelta(minutes=minute) for minute in sorted(cut))
    with connect(each_database) as connection:
        connection.execute("TRUNCATE market_data")
        insert_bars(connection, "FILE", bars)
        insert_bars(connection, "FILE", [Bar("BBB", "1m", START, 1, 1, 1, 1, 0)])
        assert read_bar_columns(connection, "FILE", "AAA", "1m").bars("AAA", "1m") == bars
        rows = read_bars(connection, "FILE", "AAA", "1m", after, through)
        assert read_bar_columns(connection, "FILE", "AAA", "1m", after, through).bars("AAA", "1m") == rows
        assert len(read_bar_columns(connection, "FILE", "AAA", "1d")) == 0


@pytest.mark.parametrize("count", [8_191, 8_192, 20_000])
def test_bars_stay_in_order_over_many_parts(each_database: str, count: int) -> None:
    with connect(each_database) as connection:
        connection.execute(
            """
            INSERT INTO market_data (source, symbol, "interval", close_time, open, high, low, close, volume)
            SELECT 'FILE', 'AAA', '1m', '2020-01-01'::timestamptz + n * interval '1 minute', 1 + n / 10000.0, 9, 1, 2, n
            FROM generate_series(1, %s) AS n ORDER BY md5(n::text)
            """,
            (count,),
        )
        columns = read_bar_columns(connection, "FILE", "AAA", "1m")
        assert columns.open.tolist() == [10_000 + n for n in range(1, count + 1)]
        assert columns.bars("AAA", "1m") == read_bars(connection, "FILE", "AAA", "1m")
