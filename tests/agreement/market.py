"""A market made up from a seed, which the replay hands out in place of the shipped data set.

Several bars close in one session, and three of them in one minute, so that limits in time have something to count. Raw
prices halve and double at splits; bars are missing, alone, for days and for all symbols at once; volumes dry up.
"""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from functools import cached_property
from typing import Final

import msgspec

from tradewind.domain.bars import Bar, CorporateAction, Dividend, Split
from tradewind.domain.money import QUANTITY_SCALE
from tradewind.ingestion.sources.replay import ReplaySource

FIRST_DAY: Final = date(2000, 1, 3)
_CLOSES: Final = tuple(
    time(hour, minute, second, tzinfo=UTC)
    for hour, minute, second in (
        (14, 40, 0), (14, 40, 20), (14, 40, 40), (15, 30, 0), (16, 30, 0), (17, 30, 0), (19, 0, 0), (21, 0, 0),
    )
)  # fmt: skip
PER_SESSION: Final = len(_CLOSES)
_SPLITS: Final = ((2, 1), (3, 2), (1, 2), (2, 3))
"""Four in a row leave prices where they were."""
_SPLIT_EVERY: Final = 41
_DIVIDEND_EVERY: Final = 23
_HOLIDAY_EVERY: Final = 60
_MOST_MISSING: Final = 30


class Market(msgspec.Struct, frozen=True, kw_only=True):
    """What a market is made from.

    Args:
        seed: names it; the same gives the same bars.
        symbols: in ascending order.
        history: sessions before the first that is traded.
        traded: instants that are traded.
        swing: how far a price moves within a bar, a share of it.
        crash: the chance that a session opens with a fall by a seventh.
        volume: the most units that trade within a bar.
        idle: the chance that nothing trades within a bar.
        missing: the chance that a symbol has no bar, by itself; some stay away for longer.
    """

    seed: str
    symbols: tuple[str, ...]
    history: int
    traded: int
    swing: float = 0.01
    crash: float = 0.0
    volume: int = 1_000_000
    idle: float = 0.0
    missing: float = 0.01

    def closes(self) -> list[datetime]:
        """Return every close in order: first those of the history, then those traded."""
        most = self.history * PER_SESSION + self.traded
        closes: list[datetime] = []
        day = FIRST_DAY
        while len(closes) < most:
            closes += [datetime.combine(day, at) for at in _CLOSES]
            day += timedelta(days=3 if day.weekday() == 4 else 1)
            if len(closes) // PER_SESSION % _HOLIDAY_EVERY == 0:
                day += timedelta(days=14)
        return closes[:most]


class MadeUpSource(ReplaySource):
    """Stands where the shipped data set's source would: the same questions, answered from a `Market`."""

    def __init__(self, market: Market) -> None:
        self.market = market

    @cached_property
    def _all_closes(self) -> list[datetime]:
        return self.market.closes()

    def sessions(self) -> list[datetime]:
        """Return every close in order, as the data set's source returns its sessions'."""
        return self._all_closes

    def traded_sessions(self) -> list[datetime]:
        """Return the closes that are traded."""
        return self._all_closes[self.market.history * PER_SESSION :]

    def bars(self) -> dict[str, list[Bar]]:
        """Return every symbol's bars, in order."""
        return {symbol: list(self._bars(symbol)) for symbol in self.market.symbols}

    def actions(self) -> list[CorporateAction]:
        """Return splits and dividends, in order of time."""
        return self._actions

    def missing(self) -> list[tuple[str, datetime]]:
        """Return the traded symbols and closes for which there is no bar."""
        first = self.traded_sessions()[0]
        return [
            (symbol, close)
            for symbol in self.market.symbols
            for close, absent in zip(self._all_closes, self._absent(symbol), strict=True)
            if absent and close >= first
        ]

    @cached_property
    def _actions(self) -> list[CorporateAction]:
        found: list[CorporateAction] = []
        for number, symbol in enumerate(self.market.symbols):
            chance = random.Random(f"{self.market.seed} {symbol} dividends")
            for session, close in enumerate(self._all_closes[::PER_SESSION]):
                if session >= self.market.history and (session + 7 * number) % _DIVIDEND_EVERY == 0:
                    found.append(Dividend(symbol, close, chance.randint(1, 1_000)))
                ratio = self._ratio(number, session)
                if ratio is not None:
                    found.append(Split(symbol, close, *ratio))
        return sorted(found, key=lambda action: action.close_time)

    def _ratio(self, number: int, session: int) -> tuple[int, int] | None:
        """Return the split of the symbol of this number before this session opens."""
        traded = session - self.market.history - 3 - 5 * number
        if traded < 0 or traded % _SPLIT_EVERY:
            return None
        return _SPLITS[traded // _SPLIT_EVERY % len(_SPLITS)]

    def _absent(self, symbol: str) -> Iterator[bool]:
        """Yield for each close whether the symbol has no bar there."""
        own = random.Random(f"{self.market.seed} {symbol} missing")
        common = random.Random(f"{self.market.seed} missing")
        away = 0
        for number in range(len(self._all_closes)):
            nobody = common.random() < self.market.missing / 5
            if own.random() < self.market.missing / 20:
                away = own.randint(2, _MOST_MISSING)
            away = max(0, away - 1)
            alone = own.random() < self.market.missing
            yield number > 0 and (nobody or alone or away > 0)

    def _bars(self, symbol: str) -> Iterator[Bar]:
        market = self.market
        number = market.symbols.index(symbol)
        chance = random.Random(f"{market.seed} {symbol} prices")
        anchor = price = chance.uniform(200_000, 2_000_000)
        trend, level = 0.0, Fraction(1)
        for n, (close_time, absent) in enumerate(zip(self._all_closes, self._absent(symbol), strict=True)):
            gap = market.swing / 4 * chance.uniform(-1, 1)
            if n % PER_SESSION == 0:
                gap *= 8
                if chance.random() < market.crash:
                    gap -= 1 / 7
                if chance.random() < 0.2:
                    trend = market.swing / 10 * chance.uniform(-1, 1)
                numerator, denominator = self._ratio(number, n // PER_SESSION) or (1, 1)
                level *= Fraction(denominator, numerator)
            opened = price * (1 + gap)
            price = opened * (1 + trend + market.swing * chance.uniform(-1, 1)) * (anchor / price) ** 0.002
            high = max(opened, price) * (1 + market.swing / 2 * chance.random())
            low = min(opened, price) * (1 - market.swing / 2 * chance.random())
            traded = 0 if chance.random() < market.idle else chance.randint(1, market.volume)
            if not absent:
                open_, high_, low_, close = (max(1, round(at * level)) for at in (opened, high, low, price))
                yield Bar(symbol, "1d", close_time, open_, high_, low_, close, traded * QUANTITY_SCALE)
