"""What a purchase is worth: a volatility to aim at, and a part of Kelly's share."""

from fractions import Fraction
from math import isqrt, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.domain.desk import FREE, SHARE, Desk, kinds

from tradewind.domain.money import AMOUNT_MAX, INT64_MAX, RATE_SCALE
from tradewind.domain.rules import codes
from tradewind.domain.rules.book import EQUITY, GAINED, LOSSES, LOST, WINS, new_book
from tradewind.domain.rules.codes import BUY, SELL
from tradewind.domain.rules.sizing import kelly_share, opening_quantity, volatility_share
from tradewind.domain.rules.trades import close_trade, earn
from tradewind.domain.rules.volatility import WARM_UP, note_return, rate_per_bar, square_root

PERCENT = 1_000_000
AIMING = FREE._replace(target_volatility=PERCENT, lot=1)
BETTING = FREE._replace(kelly=RATE_SCALE, kelly_trades=1, lot=1)


@given(st.integers(0, INT64_MAX) | st.integers(0, 10**6) | st.integers(1, isqrt(INT64_MAX)).map(lambda n: n * n))
def test_a_square_root_is_the_nearest_integer(n: int) -> None:
    root = square_root(n)
    # Of an integer's root none lies half way between two.
    assert root == isqrt(n) + (n > isqrt(n) * (isqrt(n) + 1))


@pytest.mark.parametrize(("yearly", "bars", "expected"), [(15 * PERCENT, 252, 944_911), (100, 4, 50), (1, 252, 1)])
def test_a_years_volatility_is_a_bars_times_the_root_of_its_bars(yearly: int, bars: int, expected: int) -> None:
    assert rate_per_bar(yearly, bars) == expected


moves = st.lists(st.floats(-0.3, 0.4), min_size=WARM_UP + 1, max_size=80)


@given(moves)
def test_the_variance_is_that_of_floats_within_rounding(drawn: list[float]) -> None:
    book = new_book(1, 1)
    expected, last = 0.0, 10**9
    book.mark[0] = last
    for n, move in enumerate(drawn, 1):
        close = max(10**6, round(last * (1 + move)))
        note_return(book, 0, close)
        expected += ((close / last - 1) ** 2 - expected) * (1 / n if n <= WARM_UP else 0.06)
        book.mark[0] = last = close
    assert book.returns[0] == WARM_UP
    # Each return is rounded to 10^-8.
    assert book.variance[0] == pytest.approx(expected * 1e16, abs=2e8)
    assert square_root(book.variance[0]) == pytest.approx(sqrt(expected) * 1e8, abs=2)


def test_nothing_is_bought_before_enough_returns_are_known() -> None:
    desk = Desk(AIMING)
    for n in range(WARM_UP + 1):
        price = 10_000 + 100 * (n % 2)
        rows = desk.step((price, price, price, price), sides=(BUY,))
        assert kinds(rows) == ([(codes.ACCEPTED, codes.SIGNAL)] if n == WARM_UP else [])
    # Returns of 1% and -0.990099%, alternately: a volatility of 0.995%, so that the cap is not reached.
    assert desk.book.order_quantity[0] == 1_000_000 * SHARE // 10_000
    tighter = AIMING._replace(target_volatility=PERCENT // 2)
    assert volatility_share(tighter, desk.book, 0) == 50_248_125  # 0.5% of 0.995062%


def test_a_price_that_stands_still_is_bought_up_to_the_cap() -> None:
    desk = Desk(AIMING._replace(fraction=30 * PERCENT))
    for _ in range(WARM_UP + 1):
        desk.step((10_000,) * 4, sides=(BUY,))
    assert desk.book.variance[0] == 0
    assert desk.book.order_quantity[0] == 30 * SHARE


@given(st.integers(0, INT64_MAX), st.integers(1, RATE_SCALE), st.integers(1, RATE_SCALE))
def test_a_share_brings_the_volatility_aimed_at_or_is_the_cap(variance: int, target: int, cap: int) -> None:
    book = new_book(1, 1)
    book.variance[0], book.returns[0] = variance, WARM_UP
    share = volatility_share(AIMING._replace(target_volatility=target, fraction=cap), book, 0)
    volatility = square_root(variance)
    exact = Fraction(target * RATE_SCALE, volatility) if volatility else Fraction(cap)
    assert 0 <= share <= cap
    assert share == cap if exact >= cap else abs(share - exact) <= Fraction(1, 2)


def test_a_split_is_no_return_and_a_missing_bar_neither() -> None:
    desk = Desk(AIMING)
    desk.step((10_000,) * 4)
    desk.step(None)
    assert desk.book.returns == [0]
    desk.step((5_000,) * 4, splits={0: (2, 1)})
    assert (desk.book.returns, desk.book.variance) == ([1], [0])


def test_strategies_with_another_size_keep_no_variance_and_count_no_trades() -> None:
    desk = Desk(FREE)
    for price in (10_000, 11_000, 12_000, 13_000):
        desk.step((price,) * 4, sides=(SELL if desk.book.quantity[0] else BUY,), dividends={0: 5})
    assert desk.book.returns == desk.book.variance == desk.book.earned == [0]
    assert desk.account(WINS) == 0


def test_a_return_counts_as_a_thousand_percent_at_the_most() -> None:
    variances = []
    for close in (11, 12, 32, AMOUNT_MAX):
        book = new_book(1, 1)
        book.mark[0] = 1
        note_return(book, 0, close)
        variances.append(book.variance[0])
    assert variances == [10**18] * 4


def with_trades(*earned: int) -> list[int]:
    book = new_book(1, 10_000)
    for each in earned:
        book.earned[0] = each
        close_trade(book, 0)
    return list(book.account)


@pytest.mark.parametrize(
    ("earned", "share"),
    [
        ((300, -100), 33_333_334),  # W 1/2, R 3: 1/2 - 1/2 / 3
        ((200, 100, 0, -100, -100), 16_666_667),  # W 1/2, R 1.5
        ((100, -100), 0),
        ((100, -101), 0),
        ((-1,), 0),
        ((5,), RATE_SCALE),
        ((0,), RATE_SCALE),  # none has won or lost
    ],
)
def test_kellys_share_by_hand(earned: tuple[int, ...], share: int) -> None:
    book = new_book(1, 10_000)
    book.account[:] = with_trades(*earned)
    assert kelly_share(BETTING, book) == share
    capped = BETTING._replace(fraction=10 * PERCENT, kelly=RATE_SCALE // 2)
    assert kelly_share(capped, book) == (min(10 * PERCENT, (share + 1) // 2) if any(earned) else 10 * PERCENT)
    assert kelly_share(BETTING._replace(kelly_trades=9, fraction=7), book) == 7


amounts = st.integers(1, 10**12) | st.integers(1, 9)


@given(st.lists(amounts, min_size=1), st.lists(amounts, min_size=1), st.integers(1, RATE_SCALE))
def test_kellys_share_is_the_formula_within_rounding(gains: list[int], losses: list[int], part: int) -> None:
    book = new_book(1, 10_000)
    book.account[:] = with_trades(*gains, *(-loss for loss in losses))
    assert book.account[WINS] == len(gains)
    won = Fraction(len(gains), len(gains) + len(losses))
    ratio = Fraction(sum(gains), len(gains)) / Fraction(sum(losses), len(losses))
    exact = max(Fraction(0), won - (1 - won) / ratio) * Fraction(part, RATE_SCALE)
    assert abs(Fraction(kelly_share(BETTING._replace(kelly=part), book), RATE_SCALE) - exact) <= Fraction(2, RATE_SCALE)


@given(st.lists(st.tuples(st.integers(-50, 50).filter(bool), st.integers(-900, 900), st.integers(0, 9)), max_size=30))
def test_trades_close_where_nothing_is_held_or_the_side_changes(fills: list[tuple[int, int, int]]) -> None:
    book = new_book(1, 1)
    held, closed = 0, 0
    for filled, realized, fee in fills:
        earn(book, 0, held, filled, realized, fee)
        closed += held != 0 and held * (held + filled) <= 0
        held += filled
        if held == 0:
            assert book.earned[0] == 0
    account = book.account
    assert account[WINS] + account[LOSSES] <= closed
    net = sum(realized - fee for _, realized, fee in fills)
    assert account[GAINED] - account[LOST] + book.earned[0] == net


def test_a_flip_closes_one_trade_and_opens_another_with_its_part_of_the_fee() -> None:
    book = new_book(1, 1)
    earn(book, 0, 0, -10, 0, 4)
    earn(book, 0, -10, 30, 100, 9)
    assert (book.account[WINS], book.account[GAINED], book.earned[0]) == (1, 93, -6)


def test_dividends_and_what_a_reverse_split_leaves_nothing_of_belong_to_a_trade() -> None:
    desk = Desk(BETTING._replace(lot=SHARE))
    desk.step((10_000,) * 4, sides=(BUY,))
    desk.step((10_000,) * 4, dividends={0: 100}, volumes=(0,))
    assert desk.book.earned == [0]
    desk.step((10_000,) * 4, dividends={0: 100})
    assert desk.book.earned == [100 * 100]
    desk.step(None, splits={0: (1, 2**36)})
    account = desk.book.account
    assert (account[WINS], account[LOSSES], account[LOST], desk.book.earned[0]) == (0, 1, 1_000_000 - 10_000, 0)


def test_without_an_edge_nothing_is_bought() -> None:
    desk = Desk(BETTING)
    desk.step((10_000,) * 4, sides=(BUY,))
    desk.step((10_000,) * 4)
    desk.step((9_000,) * 4, sides=(SELL,))
    desk.step((9_000,) * 4)
    assert (desk.account(LOSSES), desk.account(LOST)) == (1, 100_000)
    assert desk.step((9_000,) * 4, sides=(BUY,)) == []


def test_a_fixed_amount_is_what_it_was() -> None:
    book = new_book(1, 10_000)
    book.account[EQUITY] = 10**9
    assert opening_quantity(FREE._replace(notional=50_000), book, 0, 10_000) == 5 * SHARE
