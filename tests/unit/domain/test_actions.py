"""Splits and dividends before the opens: units change hands with no money, and what is lost or earned is realized."""

import pytest
from tests.unit.domain.desk import FLAT, FREE, SHARE, Desk, bought, kinds, reasons

from tradewind.domain.money import AMOUNT_MAX, QUANTITY_MAX, QUANTITY_SCALE
from tradewind.domain.rules import book as columns
from tradewind.domain.rules import codes
from tradewind.domain.rules.actions import dividend_of, split_price, split_quantity

BUY = codes.BUY


def test_what_a_split_makes_of_a_quantity() -> None:
    assert split_quantity(100, 2, 1) == 200
    assert split_quantity(100, 3, 2) == 150
    assert split_quantity(5, 1, 10) == 1
    assert split_quantity(4, 1, 10) == 0
    with pytest.raises(OverflowError, match="a quantity"):
        split_quantity(QUANTITY_MAX, 2, 1)


def test_what_a_split_makes_of_a_price() -> None:
    assert split_price(1001, 2, 1) == 501
    assert split_price(1000, 1, 10) == 10_000
    # A price is at least one unit, and none stays none.
    assert split_price(1, 10, 1) == 1
    assert split_price(0, 2, 1) == 0


def test_what_a_dividend_earns() -> None:
    assert dividend_of(3 * QUANTITY_SCALE, 5) == 15
    assert dividend_of(QUANTITY_SCALE // 2, 5) == 3
    with pytest.raises(OverflowError, match="an amount"):
        dividend_of(2 * QUANTITY_SCALE, AMOUNT_MAX)


def test_a_split_changes_units_and_no_money() -> None:
    desk = bought(FREE)
    desk.step((5_000, 5_000, 5_000, 5_000), splits={0: (2, 1)})
    assert (desk.book.quantity[0], desk.book.cost[0]) == (200 * SHARE, 1_000_000)
    assert (desk.account(columns.EQUITY), desk.account(columns.REALIZED_GROSS)) == (1_000_000, 0)


def test_a_split_without_a_bar_moves_the_mark() -> None:
    desk = bought(FREE)
    desk.step(None, splits={0: (4, 1)})
    assert (desk.book.mark[0], desk.account(columns.EQUITY)) == (2_500, 1_000_000)


def test_a_split_moves_a_bracket_and_leaves_none_where_there_was_none() -> None:
    desk = Desk(FREE, symbols=2)
    desk.step(FLAT, FLAT, commands=((BUY, 10 * SHARE), (BUY, 10 * SHARE)), brackets=((9_000, 12_001),))
    desk.step(FLAT, FLAT)
    half = (5_000, 5_000, 5_000, 5_000)
    assert desk.step(half, half, splits={0: (2, 1), 1: (2, 1)}) == []
    assert (list(desk.book.stop), list(desk.book.target)) == ([4_500, 0], [6_001, 0])


def test_a_split_cancels_the_working_order() -> None:
    desk = Desk(FREE)
    desk.step(FLAT, sides=(BUY,))
    assert reasons(desk.step(FLAT, splits={0: (2, 1)})) == [(codes.CANCELED, codes.CORPORATE_ACTION, 0, 0)]
    assert desk.account(columns.RESERVED) == 0


def test_a_cancel_comes_before_a_split() -> None:
    desk = Desk(FREE)
    desk.step(FLAT, sides=(BUY,))
    assert reasons(desk.step(FLAT, splits={0: (2, 1)}, cancel=(0,))) == [
        (codes.CANCELED, codes.CANCELED_BY_REQUEST, 0, 0)
    ]


def test_a_reverse_split_that_leaves_nothing_loses_what_it_cost() -> None:
    desk = Desk(FREE)
    desk.step(FLAT, commands=((BUY, 2),), brackets=((9_000, 12_000),))
    desk.step(FLAT, commands=((BUY, 10 * SHARE),), brackets=((9_000, 12_000),))
    desk.step(FLAT)
    desk.step(FLAT, splits={0: (1, 10**10)})
    assert (desk.book.quantity[0], desk.book.cost[0], desk.book.stop[0], desk.book.target[0]) == (0, 0, 0, 0)
    assert (desk.account(columns.CASH), desk.account(columns.EQUITY)) == (900_000, 900_000)
    assert desk.account(columns.REALIZED_GROSS) == -100_000


def test_a_dividend_is_for_what_is_held_before_the_open_and_after_the_split() -> None:
    desk = Desk(FREE)
    desk.step(FLAT, commands=((BUY, 10 * SHARE),))
    # Decided before, filled after: the dividend comes too early for it.
    desk.step(FLAT, dividends={0: 100})
    assert desk.account(columns.REALIZED_GROSS) == 0
    desk.step(FLAT, splits={0: (2, 1)}, dividends={0: 100})
    assert (desk.account(columns.REALIZED_GROSS), desk.account(columns.CASH)) == (2_000, 902_000)


def test_a_dividend_pays_for_purchases_of_the_same_open() -> None:
    desk = Desk(FREE, symbols=2)
    desk.step(FLAT, FLAT, commands=((BUY, 50 * SHARE),))
    desk.step(FLAT, FLAT, commands=((0, 0), (BUY, 50 * SHARE)))
    dear = (11_000, 11_000, 11_000, 11_000)
    assert kinds(desk.step(FLAT, dear, dividends={0: 1_000})) == [(codes.FILLED, codes.COMMAND)]
    assert desk.account(columns.CASH) == 0
