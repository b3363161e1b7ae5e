"""The Replay source gives the data set's real bars, stamped with the time that each session closed."""

from datetime import UTC, date, datetime

import pytest

from tradewind.ingestion.normalise import RawBarError, normalise
from tradewind.ingestion.sources.replay import EmptyWindowError, ReplaySource, UnknownSymbolError
from tradewind.manifest.resources import Replay

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
