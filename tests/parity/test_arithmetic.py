"""mul_div interpreted against compiled: same results, same errors."""

from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tradewind.backtest.compiler import mul_div_compiled
from tradewind.domain.rules.arithmetic import mul_div

LEAST, MOST = -(2**63), 2**63 - 1
whole = st.one_of(
    st.integers(LEAST, MOST),
    st.integers(-1000, 1000),
    st.builds(lambda power, offset: max(LEAST, min(MOST, 2**power + offset)), st.integers(0, 63), st.integers(-3, 3)),
)


def outcome(function: Callable[[int, int, int], int], a: int, b: int, d: int) -> object:
    try:
        return function(a, b, d)
    except (ValueError, OverflowError) as error:
        return type(error), str(error)


@settings(max_examples=3000, deadline=None)
@given(whole, whole, whole)
@example(LEAST, 1, 1)
@example(LEAST, LEAST, MOST)
@example(LEAST, -1, 1)
@example(LEAST, 1, MOST)
@example(MOST, MOST, MOST)
@example(MOST, 1, 1)
@example(-MOST, 1, 1)
@example(1, 1, 2)
@example(-1, 1, 2)
@example(MOST, 2, 2)
@example(MOST, 3, 2)
@example(1, 1, 0)
@example(1, 1, -5)
@example(0, LEAST, MOST)
def test_interpreted_equals_compiled(a: int, b: int, d: int) -> None:
    assert outcome(mul_div_compiled, a, b, d) == outcome(mul_div, a, b, d)


@settings(max_examples=1000, deadline=None)
@given(st.integers(2**31, MOST), st.integers(2**33, MOST), st.integers(0, 2**20), st.sampled_from([-1, 1]))
def test_products_past_64_bits_give_results_of_64(a: int, b: int, offset: int, sign: int) -> None:
    d = min(MOST, a * b // MOST + 1 + offset)
    expected = outcome(mul_div, sign * a, b, d)
    assert outcome(mul_div_compiled, sign * a, b, d) == expected


@settings(max_examples=1000, deadline=None)
@given(st.integers(0, 2**62), st.integers(1, 2**40), st.sampled_from([-1, 1]))
def test_ties_round_away_from_zero(quotient: int, half: int, sign: int) -> None:
    # (2 * quotient + 1) * half over 2 * half lies exactly between two integers.
    a = sign * (2 * quotient + 1)
    if abs(a) <= MOST:
        assert mul_div_compiled(a, half, 2 * half) == sign * (quotient + 1) == mul_div(a, half, 2 * half)


@settings(max_examples=1000, deadline=None)
@given(st.integers(1, MOST), st.integers(1, MOST), st.integers(0, 2**31))
def test_quotients_beside_the_greatest(b: int, d: int, offset: int) -> None:
    a = min(MOST, MOST * d // b + offset)
    assert outcome(mul_div_compiled, a, b, d) == outcome(mul_div, a, b, d)


def test_errors_say_the_same() -> None:
    with pytest.raises(ValueError, match="divisor must be positive"):
        mul_div_compiled(1, 1, 0)
    with pytest.raises(OverflowError, match="passes 64 bits"):
        mul_div_compiled(MOST, 2, 1)
