"""An independent oracle of the metrics, written from docs/backtesting.md alone, in decimals of 50 digits.

It covers every row of the table but one: the bootstrap's intervals, because the page names neither the generator nor
the order of its draws. Phi and its inverse are the standard library's, in doubles.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Context, Decimal, localcontext
from statistics import NormalDist

from tests.parity.oracle_book import LEAST_PRICE, money, units
from tests.parity.terms import Day, Happening, Terms

ZERO, ONE = Decimal(0), Decimal(1)
EULER = Decimal("0.57721566490153286060651209008240243104215933593992")
YEAR = Decimal("365.25")

Figures = dict[str, Decimal | int | bool | None]


@dataclass(frozen=True)
class Mark:
    """The account at the close of an instant."""

    time: datetime
    cash: Decimal
    equity: Decimal

    @property
    def session(self) -> date:
        """The UTC day; a close at midnight belongs to the day before."""
        return (self.time - timedelta(microseconds=1)).date()


@dataclass
class Trip:
    """A trade that is still open: what is held, and what its fills have brought so far, net of fees."""

    quantity: Decimal = ZERO
    profit: Decimal = ZERO


def profits_of(happenings: Sequence[Happening], days: Sequence[Day]) -> list[Decimal]:
    """The profit of each closed trade, from flat to flat, net of fees, with what splits and dividends did to it."""
    open_trips: dict[str, Trip] = {}
    profits = []
    fills: dict[datetime, list[Happening]] = {}
    for happening in happenings:
        if happening.kind in ("FILLED", "PARTIALLY_FILLED"):
            fills.setdefault(happening.time, []).append(happening)
    for day in days:
        for symbol, action in day.actions.items():
            trip = open_trips.get(symbol)
            if trip is None:
                continue
            if action.split is not None:
                trip.quantity = units(trip.quantity * action.split[0] / action.split[1])
            trip.profit += money(trip.quantity * action.dividend)
            if trip.quantity == 0:
                profits.append(open_trips.pop(symbol).profit)
        for fill in fills.get(day.time, []):
            trip = open_trips.setdefault(fill.symbol, Trip())
            sign = 1 if fill.side == "BUY" else -1
            trip.quantity += sign * fill.quantity
            trip.profit -= sign * money(fill.price * fill.quantity) + fill.fee
            if trip.quantity == 0:
                profits.append(open_trips.pop(fill.symbol).profit)
    return profits


def buy_and_hold(terms: Terms, initial: Decimal, symbols: Sequence[str], days: Sequence[Day]) -> list[Mark]:
    """An equal share of the cash on whole lots of each symbol at its first open after the first instant."""
    with localcontext(Context(prec=50)):
        cash, share = initial, initial / len(symbols)
        held: dict[str, Decimal] = {}
        last: dict[str, Decimal] = {}
        marks = []
        for number, day in enumerate(days):
            for symbol, action in day.actions.items():
                if action.split is not None:
                    new, old = action.split
                    held[symbol] = units(held.get(symbol, ZERO) * new / old)
                    if symbol in last:
                        last[symbol] = max(LEAST_PRICE, money(last[symbol] * old / new))
                cash += money(held.get(symbol, ZERO) * action.dividend)
            for symbol, quote in day.quotes.items():
                if number > 0 and symbol not in held:
                    price = quote.open + money(quote.open * terms.slippage) + terms.slippage_points
                    lots = math.floor(share / (price * terms.lot))
                    while lots and cost_of(terms, price, lots * terms.lot) > share:
                        lots -= 1
                    held[symbol] = lots * terms.lot
                    cash -= cost_of(terms, price, held[symbol]) if lots else ZERO
                last[symbol] = quote.close
            value = sum((money(quantity * last[symbol]) for symbol, quantity in held.items()), ZERO)
            marks.append(Mark(day.time, cash, cash + value))
        return marks


def cost_of(terms: Terms, price: Decimal, quantity: Decimal) -> Decimal:
    """Notional and fee of a purchase."""
    notional = money(price * quantity)
    fee = money(notional * terms.fee) + money(quantity * terms.fee_per_unit) + terms.fee_per_order
    return notional + max(fee, terms.min_fee)


def returns_of(initial: Decimal, marks: Sequence[Mark]) -> list[Decimal]:
    """Each session's last equity over that of the session before, less 1; the first one's over the start."""
    with localcontext(Context(prec=50)):
        ends = list({mark.session: mark.equity for mark in marks}.values())
        return [now / before - 1 for before, now in zip([initial, *ends], ends, strict=False)]


def mean(values: Sequence[Decimal]) -> Decimal:
    """The mean."""
    return sum(values, ZERO) / len(values)


def central(values: Sequence[Decimal], power: int) -> Decimal:
    """The mean of the powers of the distances from the mean."""
    middle = mean(values)
    return mean([(value - middle) ** power for value in values])


def deviation(values: Sequence[Decimal]) -> Decimal:
    """The standard deviation, ddof 1."""
    return (central(values, 2) * len(values) / (len(values) - 1)).sqrt()


def quantile(values: Sequence[Decimal], share: Decimal) -> Decimal:
    """A quantile, interpolated linearly between its two neighbours."""
    ordered, place = sorted(values), share * (len(values) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def growth_a_year(initial: Decimal, last: Decimal, days: int) -> Decimal | None:
    """CAGR."""
    return (last / initial) ** (YEAR / days) - 1 if days else None


def deepest(initial: Decimal, marks: Sequence[Mark]) -> Decimal:
    """Max drawdown, of every mark; the start is a peak as well."""
    peak, worst = initial, ZERO
    for mark in marks:
        peak = max(peak, mark.equity)
        worst = min(worst, mark.equity / peak - 1)
    return worst


def longest(initial: Decimal, marks: Sequence[Mark]) -> tuple[int, bool]:
    """The most days from a peak to the session back at it, and whether the longest ends with the marks instead."""
    peak, since, fallen = initial, marks[0].session, False
    found = (0, False)
    for mark in marks:
        if mark.equity >= peak:
            if fallen and (mark.session - since).days > found[0]:
                found = ((mark.session - since).days, False)
            peak, since, fallen = mark.equity, mark.session, False
        else:
            fallen = True
    last = (marks[-1].session - since).days
    return (last, True) if fallen and last > found[0] else found


def beta_to(returns: Sequence[Decimal], market: Sequence[Decimal]) -> Decimal:
    """Covariance over variance."""
    centre, of_market = mean(returns), mean(market)
    shared = mean([(r - centre) * (m - of_market) for r, m in zip(returns, market, strict=True)])
    return shared / central(market, 2)


def figures(
    initial: Decimal,
    marks: Sequence[Mark],
    profits: Sequence[Decimal],
    sessions_per_year: int,
    traded: Decimal | None = None,
    benchmark: Sequence[Mark] | None = None,
) -> Figures:
    """Every metric of an account by its name in a backtest's document; None is undefined.

    traded: the notional of all fills; benchmark: buy-and-hold's marks, at the same instants.
    """
    with localcontext(Context(prec=50)):
        return _figures(initial, marks, profits, Decimal(sessions_per_year), traded, benchmark)


def _figures(
    initial: Decimal,
    marks: Sequence[Mark],
    profits: Sequence[Decimal],
    a_year: Decimal,
    traded: Decimal | None,
    benchmark: Sequence[Mark] | None,
) -> Figures:
    returns = returns_of(initial, marks)
    last = marks[-1].equity
    days = (marks[-1].session - marks[0].session).days
    spread = deviation(returns)
    below = mean([min(r, ZERO) ** 2 for r in returns]).sqrt()
    growth, fall = growth_a_year(initial, last, days), deepest(initial, marks)
    least, most = quantile(returns, Decimal("0.05")), quantile(returns, Decimal("0.95"))
    wins, losses = [p for p in profits if p > 0], [p for p in profits if p < 0]
    found: Figures = {
        "initial_equity": initial,
        "final_equity": last,
        "total_return": last / initial - 1,
        "cagr": growth,
        "sharpe": mean(returns) / spread * a_year.sqrt() if spread else None,
        "sortino": mean(returns) / below * a_year.sqrt() if below else None,
        "risk_free": ZERO,
        "max_drawdown": fall,
        "calmar": growth / abs(fall) if fall and growth is not None else None,
        "exposure": Decimal(sum(mark.equity != mark.cash for mark in marks)) / len(marks),
        "sessions": len(returns),
        "closed_trades": len(profits),
        "wins": len(wins),
        "losses": len(losses),
        "breakeven": len(profits) - len(wins) - len(losses),
        "win_rate": Decimal(len(wins)) / len(profits) if profits else None,
        "profit_factor": sum(wins, ZERO) / abs(sum(losses, ZERO)) if losses else None,
        "expectancy": money(mean(profits)) if profits else None,
        "average_win": money(mean(wins)) if wins else None,
        "average_loss": money(mean(losses)) if losses else None,
        "volatility": spread * a_year.sqrt(),
        "tail_ratio": abs(most) / abs(least) if least else None,
        "value_at_risk": least,
        "conditional_value_at_risk": mean([r for r in returns if r <= least]),
        "alpha": None,
        "beta": None,
        "turnover": None,
    }
    found["longest_drawdown_days"], found["drawdown_open"] = longest(initial, marks)
    if traded is not None and days:
        found["turnover"] = traded / mean([mark.equity for mark in marks]) / (Decimal(days) / YEAR)
    if benchmark is not None:
        market = returns_of(initial, benchmark)
        beta = beta_to(returns, market)
        found["beta"] = beta
        found["alpha"] = (1 + mean([r - beta * m for r, m in zip(returns, market, strict=True)])) ** a_year - 1
    return found


def probabilistic_sharpe(returns: Sequence[Decimal], benchmark: Decimal = ZERO) -> float:
    """The probability that the true Sharpe ratio per session passes another; moments about the mean, ddof 0."""
    with localcontext(Context(prec=50)):
        ratio, variance = mean(returns) / deviation(returns), central(returns, 2)
        skewness, kurtosis = central(returns, 3) / variance.sqrt() ** 3, central(returns, 4) / variance**2
        below = (1 - skewness * ratio + (kurtosis - 1) / 4 * ratio**2).sqrt()
        score = (ratio - benchmark) * Decimal(len(returns) - 1).sqrt() / below
    return NormalDist().cdf(float(score))


def deflated_sharpe(returns: Sequence[Decimal], trials: Sequence[Decimal]) -> float:
    """The same against the greatest Sharpe ratio to be expected of so many trials; their variance has ddof 1."""
    n = len(trials)
    normal = NormalDist()
    with localcontext(Context(prec=50)):
        first, second = (Decimal(normal.inv_cdf(1 - 1 / (n * each))) for each in (1, math.e))
        expected = deviation(trials) * ((1 - EULER) * first + EULER * second)
    return probabilistic_sharpe(returns, expected)
