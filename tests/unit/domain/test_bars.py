"""Bars that can't be true are refused; instants and sessions are exact."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewind.domain.bars import Bar, BarError, from_micros, session_of, to_micros
from tradewind.domain.money import AMOUNT_MAX

CLOSE = datetime(2020, 1, 2, 21, tzinfo=UTC)


@pytest.mark.parametrize(
    ("prices", "reason"),
    [
        ((0, 10, 0, 5), "a price is not positive"),
        ((5, 10, -1, 5), "a price is not positive"),
        ((5, AMOUNT_MAX + 1, 5, 5), "a price passes"),
        ((5, 4, 3, 4), "low <= open, close <= high does not hold: open 5, high 4, low 3, close 4"),
        ((5, 6, 5, 4), "does not hold"),
    ],
)
def test_prices_that_cannot_be_true(prices: tuple[int, int, int, int], reason: str) -> None:
    with pytest.raises(BarError, match=reason) as caught:
        Bar("AAPL", "1d", CLOSE, *prices, 0)
    assert str(caught.value).startswith("AAPL at 2020-01-02T21:00:00+00:00: ")


def test_volume_and_time_zone_are_checked() -> None:
    with pytest.raises(BarError, match="volume -1 is negative"):
        Bar("AAPL", "1d", CLOSE, 1, 1, 1, 1, -1)
    for close in (CLOSE.replace(tzinfo=None), CLOSE.astimezone(timezone(timedelta(hours=1)))):
        with pytest.raises(BarError, match="not in UTC"):
            Bar("AAPL", "1d", close, 1, 1, 1, 1, 0)


@given(st.datetimes(datetime(1900, 1, 1), datetime(2900, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - bounds are naive
def test_microseconds_there_and_back(instant: datetime) -> None:
    assert from_micros(to_micros(instant)) == instant


def test_midnight_closes_the_day_before() -> None:
    midnight = to_micros(datetime(2020, 1, 3, tzinfo=UTC))
    assert session_of(midnight) == session_of(midnight - 1) == session_of(midnight + 1) - 1
    assert session_of(to_micros(CLOSE)) == (CLOSE.date() - datetime(1970, 1, 1, tzinfo=UTC).date()).days
