"""The oracle's part of docs/backtesting.md about what a purchase is worth: slow and obvious, as the rest of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from tests.parity.terms import Terms

BARS_OF_YEAR = 252
WARM_UP = 20
WEIGHT = Decimal("0.06")
MOST = Decimal(10)
SQUARES = Decimal("0.0000000000000001")
RATES = Decimal("0.00000001")


def rounded(number: Decimal, to: Decimal = RATES) -> Decimal:
    """Round half away from zero, to 8 places unless told."""
    return number.quantize(to, rounding=ROUND_HALF_UP)


@dataclass
class Closes:
    """How much a symbol's closes move."""

    last: Decimal | None = None
    returns: int = 0
    variance: Decimal = Decimal(0)

    def add(self, close: Decimal) -> None:
        """Take in one more close."""
        if self.last is not None:
            self.returns += 1
            change = min(rounded((close - self.last) / self.last), MOST) ** 2 - self.variance
            self.variance += rounded(change / self.returns if self.returns <= WARM_UP else change * WEIGHT, SQUARES)
        self.last = close


@dataclass
class Sizing:
    """What an account knows about the sizes of its purchases: closes by symbol, and what its trades have earned.

    A trade earns what it brings into the account's cash from flat to flat.
    """

    closes: dict[str, Closes] = field(default_factory=dict)
    open: dict[str, Decimal] = field(default_factory=dict)
    closed: list[Decimal] = field(default_factory=list)

    def bring(self, symbol: str, cash: Decimal, held: Decimal) -> None:
        """Note what came into the cash by a symbol, negative for what went out, and what is held of it now."""
        earned = self.open.pop(symbol, Decimal(0)) + cash
        if held:
            self.open[symbol] = earned
        else:
            self.closed.append(earned)

    def budget(self, terms: Terms, symbol: str, equity: Decimal) -> Decimal:
        """What a purchase may be worth, before it is rounded to money."""
        if terms.notional is not None:
            return terms.notional
        return equity * min(terms.fraction, self.share(terms, symbol))

    def share(self, terms: Terms, symbol: str) -> Decimal:
        """The share of the equity that a purchase is to be worth, where its cap allows that."""
        if terms.target_volatility is not None:
            closes = self.closes[symbol]
            if closes.returns < WARM_UP:
                return Decimal(0)
            of_bar = rounded(rounded(terms.target_volatility**2 / BARS_OF_YEAR, SQUARES).sqrt())
            volatility = rounded(closes.variance.sqrt())
            return rounded(of_bar / volatility) if volatility else terms.fraction
        if terms.kelly is not None:
            gains = [earned for earned in self.closed if earned > 0]
            losses = [-earned for earned in self.closed if earned < 0]
            trades = len(gains) + len(losses)
            if trades < terms.kelly_trades:
                return terms.fraction
            gained, lost = sum(gains, Decimal(0)), sum(losses, Decimal(0))
            if gained <= lost:
                return Decimal(0)
            return rounded(rounded(rounded((gained - lost) / gained) * len(gains) / trades) * terms.kelly)
        return terms.fraction
