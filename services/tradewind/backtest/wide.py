"""mul_div for compiled code: exact 128-bit products out of 64-bit words, which wrap silently there.

The method is the schoolbook one in digits of 32 bits (Knuth, The Art of Computer Programming 2, 4.3.1, algorithms M
and D for two digits).
"""

import numpy as np

U0 = np.uint64(0)
U1 = np.uint64(1)
HALF = np.uint64(32)
DIGIT = np.uint64(0xFFFFFFFF)
BASE = np.uint64(1 << 32)
TOP_BIT = np.uint64(1 << 63)
GREATEST = np.uint64((1 << 63) - 1)
FAR_BELOW = 2.0**62


def magnitude(n: np.int64) -> np.uint64:
    """Return |n| of a 64-bit integer; right for -2**63 too, whose own abs wraps."""
    return np.uint64(n) if n >= 0 else ~np.uint64(n) + U1


def wide_product(a: np.uint64, b: np.uint64) -> tuple[np.uint64, np.uint64]:
    """Return (high, low) 64-bit words of a x b."""
    a_high, a_low = a >> HALF, a & DIGIT
    b_high, b_low = b >> HALF, b & DIGIT
    low = a_low * b_low
    middle = a_high * b_low + (low >> HALF)
    other = a_low * b_high + (middle & DIGIT)
    return a_high * b_high + (middle >> HALF) + (other >> HALF), (other << HALF) | (low & DIGIT)


def wide_quotient(high: np.uint64, low: np.uint64, d: np.uint64) -> tuple[np.uint64, np.uint64]:
    """Return (quotient, remainder) of high:low by d, for high < d, so that the quotient fits one word."""
    shift = U0
    while d & TOP_BIT == U0:
        d <<= U1
        shift += U1
    if shift > U0:
        high = (high << shift) | (low >> (np.uint64(64) - shift))
        low <<= shift
    first, rest = digit_quotient(high, low >> HALF, d)
    second, rest = digit_quotient(rest, low & DIGIT, d)
    return (first << HALF) | second, rest >> shift


def digit_quotient(high: np.uint64, digit: np.uint64, d: np.uint64) -> tuple[np.uint64, np.uint64]:
    """Return one 32-bit digit of the quotient of (high, digit) by a d whose top bit is set, and what remains."""
    d_high, d_low = d >> HALF, d & DIGIT
    q = high // d_high
    rest = high - q * d_high
    # The guess from the upper digit alone is at most two too great; high < d keeps its product within 64 bits.
    while q * d_low > ((rest << HALF) | digit):
        q -= U1
        rest += d_high
        if rest >= BASE:
            break
    return q, ((high << HALF) | digit) - q * d


def mul_div_64(a: np.int64, b: np.int64, d: np.int64) -> np.int64:
    """Return a * b / d as `tradewind.domain.rules.arithmetic.mul_div` does, within 64-bit words.

    Where the product fits one word, as nearly always, it is one multiplication and one division, and the division is
    by a constant where d is one.

    Raises:
        ValueError: d is not positive.
        OverflowError: the result passes 64 bits.
    """
    if d <= 0:
        raise ValueError("mul_div: the divisor must be positive")
    if fits(a, b):
        product = a * b
        # Half of d rounded down is enough: what an odd d's half has on top can't carry a whole number over.
        quotient = np.int64((np.uint64(abs(product)) + np.uint64(d >> 1)) // np.uint64(d))
        return quotient if product >= 0 else -quotient
    return mul_div_wide(a, b, d)


def fits(a: np.int64, b: np.int64) -> bool:
    """Return whether the product of two integers fits 64 bits and leaves room for a rounding.

    By their magnitudes as doubles: 2^62 is far enough from the bound for their rounding not to matter.
    """
    return abs(float(a) * float(b)) < FAR_BELOW


def mul_div_wide(a: np.int64, b: np.int64, d: np.int64) -> np.int64:
    """Return `mul_div_64` for products of any width."""
    divisor = np.uint64(d)
    high, low = wide_product(magnitude(a), magnitude(b))
    if high == U0:
        quotient = low // divisor
        rest = low - quotient * divisor
    elif high >= divisor:
        raise OverflowError("mul_div: the result passes 64 bits")
    else:
        quotient, rest = wide_quotient(high, low, divisor)
    if quotient > GREATEST:
        raise OverflowError("mul_div: the result passes 64 bits")
    if rest >= divisor - rest:
        quotient += U1
        if quotient > GREATEST:
            raise OverflowError("mul_div: the result passes 64 bits")
    return np.int64(quotient) if (a < 0) == (b < 0) else -np.int64(quotient)
