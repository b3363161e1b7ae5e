"""The one multiplication and division of the rule book, and the bound that keeps its sums within 64 bits."""

from tradewind.domain.money import AMOUNT_MAX, INT64_MAX


def mul_div(a: int, b: int, d: int) -> int:
    """Return a * b / d, exact in between, rounded half away from zero.

    Raises:
        ValueError: d is not positive.
        OverflowError: the result passes 64 bits.

    `tradewind.backtest.compiler` gives numba an equal of it: there, integers wrap silently.
    """
    if d <= 0:
        raise ValueError("mul_div: the divisor must be positive")
    product = a * b
    quotient = (2 * abs(product) + d) // (2 * d)
    if quotient > INT64_MAX:
        raise OverflowError("mul_div: the result passes 64 bits")
    return quotient if product >= 0 else -quotient


def bounded(amount: int) -> int:
    """Return the amount, so that sums of a few hundred such amounts can't wrap silently where they are compiled.

    Raises:
        OverflowError: it passes AMOUNT_MAX.
    """
    if abs(amount) > AMOUNT_MAX:
        raise OverflowError("an amount passes the greatest that an account may hold")
    return amount
