"""Closed trades, flat to flat and net of fees, counted as they close: what Kelly's criterion is reckoned from."""

from tradewind.domain.rules.arithmetic import bounded, mul_div
from tradewind.domain.rules.book import GAINED, LOSSES, LOST, WINS, Book


def earn(book: Book, i: int, held: int, filled: int, realized: int, fee: int) -> None:
    """Add a fill to the symbol's open trade; one that empties or flips what was held closes it.

    Args:
        book: its trades are changed.
        i: the symbol.
        held: the signed position before the fill.
        filled: bought (positive) or sold (negative), not zero.
        realized: gross, by the fill, money units.
        fee: the fill's, money units; a flip's is split by quantity.

    Raises:
        OverflowError: a sum passes AMOUNT_MAX.
    """
    if held == 0 or (held > 0) == (filled > 0) or abs(filled) < abs(held):
        book.earned[i] = bounded(book.earned[i] + realized - fee)
        return
    closing_fee = mul_div(fee, abs(held), abs(filled))
    book.earned[i] = bounded(book.earned[i] + realized - closing_fee)
    close_trade(book, i)
    book.earned[i] = closing_fee - fee


def close_trade(book: Book, i: int) -> None:
    """Count the symbol's open trade among the wins or the losses; one that broke even is neither.

    Raises:
        OverflowError: what was gained or lost in all passes AMOUNT_MAX.
    """
    account, earned = book.account, book.earned[i]
    if earned > 0:
        account[WINS] += 1
        account[GAINED] = bounded(account[GAINED] + earned)
    elif earned < 0:
        account[LOSSES] += 1
        account[LOST] = bounded(account[LOST] - earned)
    book.earned[i] = 0
