"""The Replay source: real daily bars of the data set that bokeh_sampledata ships, raw prices, 2000 to 2013."""

import csv
import gzip
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from importlib import resources
from typing import Final
from zoneinfo import ZoneInfo

from tradewind.domain.bars import Bar, CorporateAction, Split
from tradewind.ingestion.normalise import normalise
from tradewind.manifest.feed import Replay

SOURCE: Final = "REPLAY"
_FIELDS: Final = {"open": "Open", "high": "High", "low": "Low", "close": "Close", "volume": "Volume"}

_NEW_YORK: Final = ZoneInfo("America/New_York")
_CLOSE: Final = time(16)
_EARLY_CLOSE: Final = time(13)
_EARLY_CLOSES: Final = {
    *(date(year, 7, 3) for year in (2000, 2001, 2003, 2006, 2007, 2008, 2012)),
    *(date(year, 12, 24) for year in (2001, 2002, 2003, 2007, 2008, 2009, 2012)),
    *(date(2000, 11, 24), date(2001, 11, 23), date(2002, 11, 29), date(2003, 11, 28), date(2004, 11, 26)),
    *(date(2005, 11, 25), date(2006, 11, 24), date(2007, 11, 23), date(2008, 11, 28), date(2009, 11, 27)),
    *(date(2010, 11, 26), date(2011, 11, 25), date(2012, 11, 23), date(2002, 7, 5), date(2003, 12, 26)),
}
"""The data set's sessions that ended early. They are past; a library of calendars takes half a second to say so."""

_SPLITS: Final = {
    ("AAPL", date(2000, 6, 21)): (2, 1),
    ("AAPL", date(2005, 2, 28)): (2, 1),
    ("MSFT", date(2003, 2, 18)): (2, 1),
}
"""The data set's prices are raw and it lists no splits: these halve a price between two sessions of the same company.
AAPL's fall of 52% on 2000-09-29 is none: that day followed a profit warning."""


class UnknownSymbolError(LookupError):
    """The data set has no such symbol."""

    def __init__(self, symbols: Sequence[str], known: Sequence[str]) -> None:
        super().__init__(f"the replay's data set has no {', '.join(symbols)}; it has {', '.join(known)}")
        self.symbols = symbols
        self.known = known


class EmptyWindowError(ValueError):
    """The replay's window holds no bar to trade."""

    def __init__(self, replay: Replay) -> None:
        super().__init__(
            f"feed.replay: the data set has no session from {replay.trade_from} to {replay.to} (it has 2000-03-01 to "
            "2013-03-01)"
        )


class ReplaySource:
    """One window of the data set for some symbols.

    Raises:
        UnknownSymbolError: a symbol is not in the data set.
        EmptyWindowError: no session to trade in the window.
    """

    def __init__(self, replay: Replay, symbols: Sequence[str]) -> None:
        self._replay = replay
        rows = _read_rows()
        known = sorted({symbol for symbol, _ in rows})
        missing = [symbol for symbol in symbols if symbol not in known]
        if missing:
            raise UnknownSymbolError(missing, known)
        self._symbols = tuple(symbols)
        self._rows = {key: raw for key, raw in rows.items() if replay.from_ <= key[1] <= replay.to}
        self._closes = {day: _close_of(day) for _, day in self._rows}
        if not any(close.date() >= replay.trade_from for close in self.sessions()):
            raise EmptyWindowError(replay)

    def sessions(self) -> list[datetime]:
        """Return the close of every session in the window for which the data set has any bar, in order."""
        return sorted(self._closes.values())

    def traded_sessions(self) -> list[datetime]:
        """Return the closes of the sessions that are traded: those from `tradeFrom` on."""
        return [close for close in self.sessions() if close.date() >= self._replay.trade_from]

    def bars(self) -> dict[str, list[Bar]]:
        """Return every symbol's bars in the window, in order."""
        bars: dict[str, list[Bar]] = {symbol: [] for symbol in self._symbols}
        for (symbol, day), raw in self._rows.items():
            if symbol in bars:
                bars[symbol].append(normalise(symbol, "1d", day, self._closes[day], raw))
        for rows in bars.values():
            rows.sort(key=lambda bar: bar.close_time)
        return bars

    def actions(self) -> list[CorporateAction]:
        """Return the splits in the window, in order of time; the data set knows no dividends."""
        replay = self._replay
        splits = [
            Split(symbol, self._closes[day], numerator, denominator)
            for (symbol, day), (numerator, denominator) in _SPLITS.items()
            if symbol in self._symbols and replay.from_ <= day <= replay.to
        ]
        return sorted(splits, key=lambda split: split.close_time)


def _close_of(day: date) -> datetime:
    at = _EARLY_CLOSE if day in _EARLY_CLOSES else _CLOSE
    return datetime.combine(day, at, _NEW_YORK).astimezone(UTC)


def _read_rows() -> dict[tuple[str, date], dict[str, str]]:
    file = resources.files("bokeh_sampledata") / "_data" / "stocks.csv.gz"
    with file.open("rb") as compressed, gzip.open(compressed, "rt", encoding="utf-8", newline="") as text:
        return {
            (row["Ticker"], date.fromisoformat(row["Date"])): {field: row[column] for field, column in _FIELDS.items()}
            for row in csv.DictReader(text)
        }
