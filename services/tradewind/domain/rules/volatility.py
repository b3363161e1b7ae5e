"""How much a symbol's closes move: an exponentially weighted variance of their returns, in integers.

Source: J.P. Morgan and Reuters, RiskMetrics Technical Document, 4th ed. (1996), 5.2: lambda 0.94 for daily returns,
their mean taken as 0.
"""

from typing import Final

from tradewind.domain.money import RATE_SCALE
from tradewind.domain.rules.arithmetic import mul_div
from tradewind.domain.rules.book import Book

WARM_UP: Final = 20
"""Returns that a variance is the plain mean of; with fewer it says nothing."""
_MOST: Final = 10
"""What a return counts as at the most: 1,000%."""
_WEIGHT: Final = 6
"""Of every later return, in percent: 1 - lambda."""


def note_return(book: Book, i: int, close: int) -> None:
    """Take a symbol's return since its last close into its variance; without a last close there is none."""
    last = book.mark[i]
    if last == 0:
        return
    # No more than its square can be held of: nothing is bought with a variance like that anyway.
    change = _MOST * RATE_SCALE if (close - last) // _MOST >= last else mul_div(close - last, RATE_SCALE, last)
    square = mul_div(change, change, 1)
    variance = book.variance[i]
    if book.returns[i] < WARM_UP:
        book.returns[i] += 1
        book.variance[i] = variance + mul_div(square - variance, 1, book.returns[i])
    else:
        book.variance[i] = variance + mul_div(square - variance, _WEIGHT, 100)


def square_root(n: int) -> int:
    """Return the integer nearest to the square root of n, which is not negative and fits 64 bits."""
    rest, root, bit = n, 0, 1 << 62
    while bit > 0:
        if rest >= root + bit:
            rest -= root + bit
            root = (root >> 1) + bit
        else:
            root >>= 1
        bit >>= 2
    return root + 1 if rest > root else root


def rate_per_bar(yearly: int, bars: int) -> int:
    """Return a yearly volatility, rate units, as that of one of so many bars of a year; at least one unit."""
    return max(1, square_root(mul_div(yearly, yearly, bars)))
