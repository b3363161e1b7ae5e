"""A book that tests run instant by instant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tradewind.domain.money import QUANTITY_SCALE
from tradewind.domain.rules import book as columns
from tradewind.domain.rules import codes
from tradewind.domain.rules.book import Rules, new_book, new_events, new_instant
from tradewind.domain.rules.instant import run_instant

DAY = 86_400_000_000
SHARE = QUANTITY_SCALE
FREE = Rules(10**8, 0, 0, 0, 0, 0, 0, 0, SHARE, 7 * DAY)
"""All of the equity in one purchase, no limits, no costs."""
FLAT = (10_000, 10_000, 10_000, 10_000)
Rows = list[list[int]]


@dataclass
class Desk:
    """A book and what happened on it."""

    rules: Rules
    symbols: int = 1
    cash: int = 1_000_000
    time: int = 0
    rows: Rows = field(default_factory=list)

    def __post_init__(self) -> None:
        self.book = new_book(self.symbols, self.cash)

    def step(
        self,
        *bars: tuple[int, int, int, int] | None,
        sides: Sequence[int] = (),
        commands: Sequence[tuple[int, int]] = (),
        brackets: Sequence[tuple[int, int]] = (),
        volumes: Sequence[int] = (),
        cancel: Sequence[int] = (),
        splits: Mapping[int, tuple[int, int]] | None = None,
        dividends: Mapping[int, int] | None = None,
        state: int = codes.ACTIVE,
        days: int = 1,
        later: int = 0,
    ) -> Rows:
        """Run one instant over bars of open, high, low, close, `days` or `later` microseconds on; return its rows."""
        self.time += later or days * DAY
        instant = new_instant(self.time, self.time // DAY, self.symbols, state)
        for i, bar in enumerate(bars):
            if bar is not None:
                instant.present[i] = 1
                instant.open[i], instant.high[i], instant.low[i], instant.close[i] = bar
        for given, field_ in ((sides, instant.side), (volumes, instant.volume)):
            field_[: len(given)] = list(given)
        for i, (side, quantity) in enumerate(commands):
            instant.command_side[i], instant.command_quantity[i] = side, quantity
        for i, (stop, target) in enumerate(brackets):
            instant.command_stop[i], instant.command_target[i] = stop, target
        for i in cancel:
            instant.cancel[i] = 1
        for i, (numerator, denominator) in (splits or {}).items():
            instant.split_numerator[i], instant.split_denominator[i] = numerator, denominator
        for i, amount in (dividends or {}).items():
            instant.dividend[i] = amount
        events = new_events(self.symbols)
        new = [list(row) for row in events[: run_instant(self.rules, self.book, instant, events, 0)]]
        self.rows += new
        return new

    def account(self, column: int) -> int:
        """Return one column of the account."""
        return self.book.account[column]


def bought(rules: Rules, price: int = 10_000) -> Desk:
    """A desk that holds what a million units buy at a price, entered at that price's open."""
    desk = Desk(rules)
    flat = (price, price, price, price)
    desk.step(flat, sides=(1,))
    desk.step(flat, volumes=(10**6 * SHARE,))
    assert desk.book.quantity[0] > 0
    return desk


def kinds(rows: Rows) -> list[tuple[int, int]]:
    """Return kind and origin of each row."""
    return [(row[columns.KIND], row[columns.ORIGIN]) for row in rows]


def reasons(rows: Rows) -> list[tuple[int, int, int, int]]:
    """Return kind, code, value and limit of each row."""
    return [(row[columns.KIND], row[columns.CODE], row[columns.VALUE], row[columns.LIMIT]) for row in rows]
