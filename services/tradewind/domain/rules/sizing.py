"""How much to buy."""

from tradewind.domain.money import QUANTITY_SCALE, RATE_SCALE
from tradewind.domain.rules.arithmetic import mul_div
from tradewind.domain.rules.book import EQUITY, GAINED, LOSSES, LOST, WINS, Book, Rules
from tradewind.domain.rules.volatility import WARM_UP, square_root


def opening_quantity(rules: Rules, book: Book, i: int, price: int) -> int:
    """Return the whole lots that open a position of a symbol at the price; 0 where nothing is to be opened."""
    if rules.notional > 0:
        return fixed_notional(rules.notional, price, rules.lot)
    share = rules.fraction
    if rules.target_volatility > 0:
        share = volatility_share(rules, book, i)
    elif rules.kelly > 0:
        share = kelly_share(rules, book)
    return fixed_fraction(book.account[EQUITY], price, share, rules.lot)


def volatility_share(rules: Rules, book: Book, i: int) -> int:
    """Return the share of the equity (rate units) at which a symbol brings the volatility aimed at; the cap at most.

    0 while too few returns are known.
    """
    if book.returns[i] < WARM_UP:
        return 0
    volatility = square_root(book.variance[i])
    if volatility == 0:
        return rules.fraction
    return min(rules.fraction, mul_div(rules.target_volatility, RATE_SCALE, volatility))


def kelly_share(rules: Rules, book: Book) -> int:
    """Return the given part of Kelly's share of the equity (rate units), the cap at most; 0 without an edge.

    f = W - (1 - W) / R, with W the share of winners among the closed trades and R their mean gain over the mean loss,
    is W x (gained - lost) / gained. With too few trades it is the cap. Source: J. L. Kelly, A New Interpretation of
    Information Rate, Bell System Technical Journal 35 (1956).
    """
    account = book.account
    trades = account[WINS] + account[LOSSES]
    if trades < rules.kelly_trades:
        return rules.fraction
    gained, lost = account[GAINED], account[LOST]
    if gained <= lost:
        return 0
    full = mul_div(mul_div(gained - lost, RATE_SCALE, gained), account[WINS], trades)
    return min(rules.fraction, mul_div(full, rules.kelly, RATE_SCALE))


def fixed_fraction(equity: int, price: int, fraction: int, lot: int) -> int:
    """Return the whole lots that a fraction of the equity (rate units) buys at the price; 0 where it buys none."""
    return fixed_notional(mul_div(equity, fraction, RATE_SCALE), price, lot)


def fixed_notional(budget: int, price: int, lot: int) -> int:
    """Return the whole lots that a budget buys at the price; 0 where it buys none.

    Args:
        budget: what to spend, money units.
        price: of one unit, price units.
        lot: the least quantity and its step, quantity units.
    """
    if budget <= 0:
        return 0
    return mul_div(budget, QUANTITY_SCALE, price) // lot * lot
