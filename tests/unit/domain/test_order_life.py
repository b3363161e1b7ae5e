"""What becomes of a working order: canceled, filled in parts, with a bracket, ended by an exit."""

import pytest
from tests.unit.domain.desk import DAY, FLAT, FREE, SHARE, Desk, Rows, bought, kinds, reasons

from tradewind.domain.rules import book as columns
from tradewind.domain.rules import codes
from tradewind.domain.rules.fills import fillable, reserve_left

PARTS = FREE._replace(max_participation=10_000_000)
"""An order fills a tenth of a bar's volume."""
BUY, SELL = codes.BUY, codes.SELL


def fills(rows: Rows) -> list[tuple[int, int, int]]:
    """Return kind, quantity in shares and number of each fill."""
    kinds = (codes.FILLED, codes.PARTIALLY_FILLED)
    return [
        (row[columns.KIND], row[columns.QUANTITY] // SHARE, row[columns.FILL])
        for row in rows
        if row[columns.KIND] in kinds
    ]


@pytest.mark.parametrize(
    ("quantity", "volume", "rate", "lot", "expected"),
    [
        (50, 0, 0, 1, 50),
        (50, 100, 10_000_000, 1, 10),
        (50, 109, 10_000_000, 1, 11),
        (50, 109, 10_000_000, 10, 10),
        (50, 99, 10_000_000, 11, 0),
        # The last part of an order may be less than a lot.
        (7, 1000, 10_000_000, 10, 7),
        (50, 50, 100_000_000, 1, 50),
    ],
)
def test_what_one_bar_fills(quantity: int, volume: int, rate: int, lot: int, expected: int) -> None:
    assert fillable(quantity, volume, rate, lot) == expected


def test_what_a_rest_keeps_reserved() -> None:
    assert reserve_left(100, 1, 3, 1000) == 33
    assert reserve_left(101, 1, 2, 1000) == 51
    assert reserve_left(100, 1, 3, 32) == 32


def test_a_person_cancels_before_the_opens() -> None:
    desk = Desk(FREE)
    desk.step(FLAT, sides=(BUY,))
    assert desk.account(columns.RESERVED) == 1_000_000
    (row,) = desk.step(FLAT, cancel=(0,))
    assert (row[columns.KIND], row[columns.CODE]) == (codes.CANCELED, codes.CANCELED_BY_REQUEST)
    assert (row[columns.QUANTITY], row[columns.PRICE], row[columns.DECIDED]) == (100 * SHARE, 0, DAY)
    assert desk.account(columns.RESERVED) == 0
    # There is nothing left to cancel, and the symbol is free for another order.
    assert kinds(desk.step(FLAT, cancel=(0,), sides=(BUY,))) == [(codes.ACCEPTED, codes.SIGNAL)]


def test_an_order_without_a_bar_is_canceled_too() -> None:
    desk = Desk(FREE)
    desk.step(FLAT, sides=(BUY,))
    assert reasons(desk.step(None, cancel=(0,))) == [(codes.CANCELED, codes.CANCELED_BY_REQUEST, 0, 0)]


def test_an_order_fills_in_parts_and_keeps_its_share_reserved() -> None:
    desk = Desk(PARTS)
    desk.step(FLAT, sides=(BUY,))
    half_price = (5_000, 5_000, 5_000, 5_000)
    assert fills(desk.step(half_price, volumes=(300 * SHARE,))) == [(codes.PARTIALLY_FILLED, 30, 1)]
    # 30 of 100 are paid at half of what was reserved for them: 70 keep 70 hundredths.
    assert (desk.account(columns.CASH), desk.account(columns.RESERVED)) == (850_000, 700_000)
    assert desk.step(half_price, volumes=(9 * SHARE,), sides=(BUY,)) == []
    assert fills(desk.step(half_price, volumes=(1000 * SHARE,))) == [(codes.FILLED, 70, 2)]
    assert (desk.account(columns.CASH), desk.account(columns.RESERVED)) == (500_000, 0)
    assert desk.book.quantity[0] == 100 * SHARE


def test_a_rest_reserves_no_more_than_is_free() -> None:
    desk = Desk(PARTS)
    desk.step(FLAT, sides=(BUY,))
    dear = (15_000, 15_000, 15_000, 15_000)
    desk.step(dear, volumes=(500 * SHARE,))
    assert (desk.account(columns.CASH), desk.account(columns.RESERVED)) == (250_000, 250_000)
    # 50 more at 1.50 are 75.0000, and 25.0000 are there.
    assert reasons(desk.step(dear, volumes=(5000 * SHARE,))) == [
        (codes.CANCELED, codes.NOTIONAL_EXCEEDS_FREE_BALANCE, 750_000, 250_000)
    ]
    # A smaller part of it could have been paid.
    assert (desk.book.quantity[0], desk.account(columns.RESERVED)) == (50 * SHARE, 0)


def test_a_part_filled_order_is_canceled_with_what_is_left_and_expires_by_its_decision() -> None:
    desk = Desk(PARTS)
    desk.step(FLAT, sides=(BUY,))
    desk.step(FLAT, volumes=(300 * SHARE,))
    (row,) = desk.step(FLAT, cancel=(0,))
    assert (row[columns.KIND], row[columns.QUANTITY]) == (codes.CANCELED, 70 * SHARE)
    old = Desk(PARTS)
    old.step(FLAT, sides=(BUY,))
    old.step(FLAT, volumes=(300 * SHARE,), days=7)
    (row,) = old.step(FLAT, volumes=(300 * SHARE,))
    assert (row[columns.KIND], row[columns.QUANTITY]) == (codes.EXPIRED, 70 * SHARE)
    assert (row[columns.VALUE], row[columns.LIMIT]) == (8 * DAY, 7 * DAY)


def test_a_bracket_stands_in_place_of_the_rates_from_the_first_fill_on() -> None:
    desk = Desk(PARTS._replace(stop_loss=5_000_000))
    desk.step(FLAT, commands=((BUY, 50 * SHARE),), brackets=((9_000, 12_000),))
    assert desk.book.stop[0] == 0
    desk.step(FLAT, volumes=(100 * SHARE,))
    assert (desk.book.stop[0], desk.book.target[0]) == (9_000, 12_000)
    # 5% below the average does not matter any more; the bracket's stop is met, not passed.
    assert desk.step((10_000, 10_000, 9_001, 9_500)) == []
    rows = desk.step((9_500, 9_500, 9_000, 9_500), volumes=(1000 * SHARE,), cancel=(0,))
    assert kinds(rows) == [
        (codes.CANCELED, codes.COMMAND),
        (codes.ACCEPTED, codes.STOP_LOSS),
        (codes.FILLED, codes.STOP_LOSS),
    ]
    assert rows[2][columns.PRICE] == 9_000
    assert (desk.book.stop[0], desk.book.target[0]) == (0, 0)


def test_an_order_without_a_bracket_leaves_the_positions_own() -> None:
    desk = Desk(FREE)
    desk.step(FLAT, commands=((BUY, 10 * SHARE),), brackets=((9_000, 0),))
    desk.step(FLAT, commands=((BUY, 10 * SHARE),))
    desk.step(FLAT, commands=((BUY, 10 * SHARE),), brackets=((0, 12_000),))
    assert (desk.book.stop[0], desk.book.target[0]) == (9_000, 0)
    desk.step(FLAT)
    # A bracket takes the place of another whole: what it lacks is none.
    assert (desk.book.stop[0], desk.book.target[0]) == (0, 12_000)


def test_a_signals_order_takes_over_no_bracket_of_an_order_before_it() -> None:
    desk = Desk(FREE)
    desk.step(FLAT, commands=((BUY, 10 * SHARE),), brackets=((9_000, 12_000),))
    desk.step(FLAT, cancel=(0,), sides=(BUY,))
    desk.step(FLAT)
    assert (desk.book.quantity[0], desk.book.stop[0], desk.book.target[0]) == (100 * SHARE, 0, 0)


def test_an_exit_ends_the_symbols_working_order() -> None:
    desk = Desk(PARTS._replace(stop_loss=5_000_000))
    desk.step(FLAT, sides=(BUY,))
    rows = desk.step((10_000, 10_000, 9_000, 9_000), volumes=(500 * SHARE,))
    assert kinds(rows) == [
        (codes.PARTIALLY_FILLED, codes.SIGNAL),
        (codes.CANCELED, codes.SIGNAL),
        (codes.ACCEPTED, codes.STOP_LOSS),
        (codes.FILLED, codes.STOP_LOSS),
    ]
    assert rows[1][columns.CODE] == codes.POSITION_EXITED
    # Each order counts the bar's volume for itself.
    assert fills(rows) == [(codes.PARTIALLY_FILLED, 50, 1), (codes.FILLED, 50, 1)]
    assert (desk.account(columns.RESERVED), desk.book.quantity[0]) == (0, 0)


def test_the_rest_of_an_exit_works_on_at_the_market_and_never_expires() -> None:
    desk = bought(PARTS._replace(take_profit=10_000_000, slippage=1_000_000, fraction=50_000_000))
    held = desk.book.quantity[0] // SHARE
    rows = desk.step((10_000, 12_000, 10_000, 11_500), volumes=(200 * SHARE,))
    # Bought at 1.0100, the target is 1.1110, and a limit does not slip.
    assert fills(rows) == [(codes.PARTIALLY_FILLED, 20, 1)]
    assert rows[1][columns.PRICE] == 11_110
    # What is left is a market order: it slips, and no second exit joins it, whatever the bar touches.
    assert desk.step((20_000, 20_000, 20_000, 20_000), sides=(SELL,), days=30) == []
    (row,) = desk.step((20_000, 20_000, 20_000, 20_000), volumes=(100 * SHARE,), days=30)
    assert (row[columns.KIND], row[columns.PRICE], row[columns.FILL]) == (codes.PARTIALLY_FILLED, 19_800, 2)
    (row,) = desk.step(FLAT, volumes=(10_000 * SHARE,))
    assert (row[columns.KIND], row[columns.QUANTITY]) == (codes.FILLED, (held - 30) * SHARE)
    assert row[columns.ORIGIN] == codes.TAKE_PROFIT


def test_an_exit_that_no_volume_meets_is_at_work_all_the_same() -> None:
    desk = bought(PARTS._replace(stop_loss=5_000_000))
    assert kinds(desk.step((9_000, 9_000, 9_000, 9_000))) == [(codes.ACCEPTED, codes.STOP_LOSS)]
    assert kinds(desk.step(FLAT, volumes=(10_000 * SHARE,))) == [(codes.FILLED, codes.STOP_LOSS)]


def test_a_canceled_rest_of_an_exit_is_looked_at_anew() -> None:
    desk = bought(PARTS._replace(stop_loss=5_000_000))
    low = (9_000, 9_000, 9_000, 9_000)
    desk.step(low)
    assert kinds(desk.step(low, cancel=(0,))) == [(codes.CANCELED, codes.STOP_LOSS), (codes.ACCEPTED, codes.STOP_LOSS)]


def test_a_persons_order_waits_while_one_is_at_work_and_a_signal_is_passed_over() -> None:
    desk = Desk(FREE)
    desk.step(FLAT, sides=(BUY,))
    assert desk.step(None, commands=((BUY, SHARE),), sides=(BUY,)) == []
    filled = desk.step(FLAT, commands=((SELL, SHARE),), sides=(SELL,))
    assert kinds(filled) == [(codes.FILLED, codes.SIGNAL), (codes.ACCEPTED, codes.COMMAND)]


def test_after_a_denied_order_of_a_person_the_signal_is_looked_at() -> None:
    rows = Desk(FREE).step(FLAT, commands=((SELL, SHARE),), sides=(BUY,))
    assert kinds(rows) == [(codes.DENIED, codes.COMMAND), (codes.ACCEPTED, codes.SIGNAL)]


def test_one_symbol_can_make_as_many_rows_as_there_is_room_for() -> None:
    desk = Desk(PARTS._replace(stop_loss=5_000_000, fraction=10_000_000))
    desk.step(FLAT, commands=((BUY, 50 * SHARE),))
    rows = desk.step((10_000, 10_000, 9_000, 9_000), volumes=(500 * SHARE,), commands=((SELL, SHARE),), sides=(BUY,))
    assert kinds(rows)[:1] == [(codes.FILLED, codes.COMMAND)]
    partly = Desk(PARTS._replace(stop_loss=5_000_000))
    partly.step(FLAT, commands=((BUY, 60 * SHARE),))
    rows = partly.step((10_000, 10_000, 9_000, 9_000), volumes=(500 * SHARE,), commands=((SELL, SHARE),), sides=(BUY,))
    assert len(rows) == columns.EVENTS_PER_SYMBOL - 2  # no stop is triggered here, and no reversal cut short
