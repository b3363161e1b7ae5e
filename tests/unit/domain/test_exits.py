"""Where exactly a bar triggers an exit: levels are met, not only passed; and what follows a stop."""

import pytest
from tests.unit.domain.desk import DAY, FLAT, FREE, SHARE, Desk, bought, kinds

from tradewind.domain.money import QUANTITY_SCALE
from tradewind.domain.rules import book as columns
from tradewind.domain.rules import codes
from tradewind.domain.rules.codes import BUY, STOP_LOSS, TAKE_PROFIT, TRAILING_STOP
from tradewind.domain.rules.exits import exit_levels, exit_of

# Ten units at 100.0000 each; stop at 95, target at 110.
TEN, COST = 10 * QUANTITY_SCALE, 10_000_000
FIVE_PERCENT, TEN_PERCENT = 5_000_000, 10_000_000
STOP, TARGET = 950_000, 1_100_000


@pytest.mark.parametrize(
    ("open_", "high", "low", "expected"),
    [
        (1_000_000, 1_050_000, 950_001, (0, 0)),
        (1_000_000, 1_050_000, 950_000, (STOP_LOSS, 950_000)),
        (1_000_000, 1_099_999, 990_000, (0, 0)),
        (1_000_000, 1_100_000, 990_000, (TAKE_PROFIT, 1_100_000)),
        (950_000, 1_000_000, 940_000, (STOP_LOSS, 950_000)),
        (940_000, 1_200_000, 930_000, (STOP_LOSS, 940_000)),
        (1_100_000, 1_200_000, 1_000_000, (TAKE_PROFIT, 1_100_000)),
        (1_150_000, 1_200_000, 900_000, (TAKE_PROFIT, 1_150_000)),
        (1_000_000, 1_200_000, 900_000, (STOP_LOSS, 950_000)),
    ],
)
def test_what_a_bar_triggers(open_: int, high: int, low: int, expected: tuple[int, int]) -> None:
    assert exit_of(BUY, STOP_LOSS, STOP, TARGET, open_, high, low) == expected


def test_a_level_of_0_is_none() -> None:
    assert exit_of(BUY, STOP_LOSS, 0, 0, 1_000_000, 2_000_000, 100) == (0, 0)
    assert exit_of(BUY, STOP_LOSS, 0, TARGET, 1_000_000, 2_000_000, 100) == (TAKE_PROFIT, TARGET)
    assert exit_of(BUY, STOP_LOSS, STOP, 0, 1_000_000, 2_000_000, 100) == (STOP_LOSS, STOP)


@pytest.mark.parametrize(
    ("bracket", "rates", "expected"),
    [
        ((0, 0), (FIVE_PERCENT, TEN_PERCENT), (STOP, TARGET)),
        ((0, 0), (0, TEN_PERCENT), (0, TARGET)),
        ((0, 0), (FIVE_PERCENT, 0), (STOP, 0)),
        # A bracket's price stands in place of the rate, each for itself.
        ((970_000, 0), (FIVE_PERCENT, TEN_PERCENT), (970_000, TARGET)),
        ((0, 1_200_000), (FIVE_PERCENT, TEN_PERCENT), (STOP, 1_200_000)),
        ((970_000, 1_200_000), (0, 0), (970_000, 1_200_000)),
    ],
)
def test_levels(bracket: tuple[int, int], rates: tuple[int, int], expected: tuple[int, int]) -> None:
    rules = FREE._replace(stop_loss=rates[0], take_profit=rates[1])
    assert exit_levels(rules, TEN, COST, *bracket, peak=0) == (STOP_LOSS, *expected)


def test_levels_are_of_the_average_price_rounded_half_away_from_zero() -> None:
    # 3 units for 2.0000: the average is 0.6667; half of it, 0.33335, is 0.3334.
    rules = FREE._replace(stop_loss=50_000_000, take_profit=50_000_000)
    assert exit_levels(rules, 3 * QUANTITY_SCALE, 20_000, 0, 0, 0) == (STOP_LOSS, 3_333, 10_001)


@pytest.mark.parametrize(
    ("peak", "expected"),
    [
        (1_055_555, (STOP_LOSS, STOP)),  # ten percent below it is 95.0000 (94.99995 goes up): not above the stop
        (1_055_557, (TRAILING_STOP, 950_001)),
        (2_000_000, (TRAILING_STOP, 1_800_000)),
    ],
)
def test_the_higher_of_both_stops_is_the_stop(peak: int, expected: tuple[int, int]) -> None:
    rules = FREE._replace(stop_loss=FIVE_PERCENT, trailing_stop=TEN_PERCENT)
    assert exit_levels(rules, TEN, COST, 0, 0, peak) == (*expected, 0)
    assert exit_of(BUY, *expected, 0, expected[1] + 1, 3_000_000, expected[1]) == expected


TRAILING = FREE._replace(trailing_stop=TEN_PERCENT)


def test_a_trailing_stop_follows_the_highs_of_the_bars_before() -> None:
    desk = bought(TRAILING)  # at 1.0000
    # The high of a bar counts from the next one on: its own low, 10% below it, sells nothing.
    assert desk.step((10_000, 12_000, 10_000, 11_000)) == []
    assert desk.book.peak[0] == 12_000
    assert desk.step((11_000, 11_500, 10_801, 11_000)) == []
    rows = desk.step((11_000, 11_000, 10_800, 11_000), volumes=(10**6 * SHARE,))
    assert kinds(rows) == [(codes.ACCEPTED, TRAILING_STOP), (codes.FILLED, TRAILING_STOP)]
    assert rows[1][columns.PRICE] == 10_800
    assert (desk.book.peak[0], desk.book.stopped_at[0]) == (0, desk.time)


def test_a_gap_through_a_trailing_stop_sells_at_the_open() -> None:
    desk = bought(TRAILING)
    desk.step((10_000, 20_000, 10_000, 20_000))
    rows = desk.step((15_000, 15_000, 15_000, 15_000), volumes=(10**6 * SHARE,))
    assert [row[columns.PRICE] for row in rows] == [15_000, 15_000]


def test_a_split_moves_the_peak() -> None:
    desk = bought(TRAILING)
    desk.step((10_000, 12_000, 10_000, 11_000))
    assert desk.step((5_500, 5_600, 5_401, 5_500), splits={0: (2, 1)}) == []
    assert desk.book.peak[0] == 6_000


def test_nothing_is_bought_in_the_pause_after_a_stop() -> None:
    desk = bought(TRAILING._replace(cool_down=3 * DAY))
    low, lots = (8_000, 8_000, 8_000, 8_000), (10**6 * SHARE,)
    desk.step(low, volumes=lots)
    assert desk.step(low, sides=(1,), days=2)[0][columns.CODE] == codes.COOLDOWN_ACTIVE
    (row,) = desk.step(low, commands=((1, SHARE),), later=DAY - 1)
    assert (row[columns.VALUE], row[columns.LIMIT]) == (3 * DAY - 1, 3 * DAY)
    (row,) = desk.step(low, sides=(1,), later=1)
    assert row[columns.KIND] == codes.ACCEPTED


def test_a_target_is_followed_by_no_pause() -> None:
    desk = bought(FREE._replace(take_profit=TEN_PERCENT, cool_down=3 * DAY))
    high = (12_000, 12_000, 12_000, 12_000)
    rows = desk.step(high, sides=(1,), volumes=(10**6 * SHARE,))
    assert kinds(rows) == [(codes.ACCEPTED, TAKE_PROFIT), (codes.FILLED, TAKE_PROFIT), (codes.ACCEPTED, codes.SIGNAL)]


def test_an_orders_fee_is_one_however_many_fills_it_takes() -> None:
    desk = Desk(FREE._replace(fraction=50_000_000, max_participation=10**8, fee_per_order=700, min_fee=1_000))
    desk.step(FLAT, sides=(1,))  # 50 shares at 1.0000
    fees = [desk.step(FLAT, volumes=(n * SHARE,))[0][columns.FEE] for n in (20, 20, 20)]
    assert fees == [1_000, 0, 0]
    assert desk.account(columns.CASH) == 1_000_000 - 500_000 - 1_000


def test_a_purchase_of_a_fixed_amount() -> None:
    desk = Desk(FREE._replace(notional=123_456))
    (row,) = desk.step(FLAT, sides=(1,))
    assert row[columns.QUANTITY] == 12 * SHARE
