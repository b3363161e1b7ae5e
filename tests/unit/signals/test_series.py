from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from tradewind.domain.bars import Bar
from tradewind.signals.columns import BarColumns
from tradewind.signals.series import row_of, series_of

NOW = datetime(2024, 1, 2, 21, tzinfo=UTC)
PRICES = st.integers(1, 10**12)


@given(st.lists(st.tuples(PRICES, PRICES, st.integers(0, 2**63 - 1)), min_size=1, max_size=20))
def test_one_bar_and_many_give_the_same_bits(numbers: list[tuple[int, int, int]]) -> None:
    bars = [Bar("AAPL", "1d", NOW, a, max(a, b), min(a, b), b, volume) for a, b, volume in numbers]
    assert series_of(bars).tolist() == [list(row_of(bar)) for bar in bars]
    assert BarColumns.of(bars).series().tolist() == series_of(bars).tolist()


def test_units_become_currency_and_shares() -> None:
    bar = Bar("AAPL", "1d", NOW, 123_4500, 130_0000, 120_0000, 125_0001, 250_000_000)
    assert row_of(bar) == (123.45, 130.0, 120.0, 125.0001, 2.5)


def test_no_bars_are_no_rows() -> None:
    assert series_of([]).shape == (0, 5)
