"""The Replay source gives the data set's real bars, stamped with the time that each session closed."""

from datetime import UTC, date, datetime

import exchange_calendars
import pytest

from tradewind.domain.bars import Split
from tradewind.ingestion.normalise import RawBarError, normalise
from tradewind.ingestion.sources.replay import EmptyWindowError, ReplaySource, UnknownSymbolError
from tradewind.manifest.feed import Replay

WINDOW = Replay(from_=date(2005, 3, 1), trade_from=date(2009, 3, 2), to=date(2013, 3, 1))
FOUR = ("AAPL", "GOOG", "IBM", "MSFT")


def test_four_symbols_have_2015_bars_each() -> None:
    source = ReplaySource(WINDOW, FOUR)
    bars = source.bars()
    assert {symbol: len(rows) for symbol, rows in bars.items()} == dict.fromkeys(FOUR, 2015)
    assert len(source.sessions()) == 2015
    assert source.traded_sessions()[0] == datetime(2009, 3, 2, 21, tzinfo=UTC)
    first = bars["AAPL"][0]
    assert (first.open, first.close, first.volume) == (449900, 445000, 16721000 * 10**8)


def test_bars_close_when_new_york_closes_also_in_summer_and_on_half_days() -> None:
    closes = set(ReplaySource(WINDOW, FOUR).sessions())
    assert datetime(2005, 3, 1, 21, tzinfo=UTC) in closes
    assert datetime(2005, 7, 1, 20, tzinfo=UTC) in closes
    assert datetime(2005, 11, 25, 18, tzinfo=UTC) in closes


def test_every_session_closes_when_a_library_of_calendars_says() -> None:
    whole = Replay(from_=date(2000, 3, 1), trade_from=date(2000, 3, 2), to=date(2013, 3, 1))
    calendar = exchange_calendars.get_calendar("XNYS", start="2000-03-01", end="2013-03-01")
    assert ReplaySource(whole, FOUR).sessions() == [close.to_pydatetime() for close in calendar.closes]


def test_it_knows_its_splits_and_a_real_fall_is_none() -> None:
    whole = Replay(from_=date(2000, 3, 1), trade_from=date(2000, 3, 2), to=date(2013, 3, 1))
    splits = ReplaySource(whole, FOUR).actions()
    assert [(s.symbol, s.close_time.date(), s.numerator, s.denominator) for s in splits if isinstance(s, Split)] == [
        ("AAPL", date(2000, 6, 21), 2, 1),
        ("MSFT", date(2003, 2, 18), 2, 1),
        ("AAPL", date(2005, 2, 28), 2, 1),
    ]
    for split in splits:
        bars = {bar.close_time: bar for bar in ReplaySource(whole, FOUR).bars()[split.symbol]}
        before = bars[max(time for time in bars if time < split.close_time)]
        assert 0.45 < bars[split.close_time].open / before.close < 0.55
    fall = Replay(from_=date(2000, 9, 1), trade_from=date(2000, 9, 5), to=date(2000, 12, 1))
    assert ReplaySource(fall, FOUR).actions() == []
    closes = {bar.close_time.date(): bar.close for bar in ReplaySource(fall, FOUR).bars()["AAPL"]}
    assert (closes[date(2000, 9, 28)], closes[date(2000, 9, 29)]) == (535000, 257500)
    assert ReplaySource(WINDOW, FOUR).actions() == []


def test_an_unknown_symbol_and_an_empty_window_are_named() -> None:
    with pytest.raises(UnknownSymbolError, match=r"has no NOPE; it has AAPL, FB, GOOG, IBM, MSFT"):
        ReplaySource(WINDOW, ("AAPL", "NOPE"))
    late = Replay(from_=date(2013, 3, 1), trade_from=date(2013, 3, 2), to=date(2014, 1, 1))
    with pytest.raises(EmptyWindowError, match="2013-03-02 to 2014-01-01"):
        ReplaySource(late, FOUR)


@pytest.mark.parametrize(
    ("field", "text", "message"),
    [("open", "1.00001", "open: .* finer"), ("close", "x", "close: .* not a number"), ("high", "NaN", "not a finite")],
)
def test_what_fixed_point_cannot_hold_is_refused(field: str, text: str, message: str) -> None:
    raw = {"open": "2", "high": "3", "low": "1", "close": "2", "volume": "5", field: text}
    with pytest.raises(RawBarError, match=f"IBM on 2020-01-02: .*{message}"):
        normalise("IBM", "1d", date(2020, 1, 2), datetime(2020, 1, 2, 21, tzinfo=UTC), raw)
