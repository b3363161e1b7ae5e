"""Where exactly a bar triggers an exit: levels are met, not only passed."""

import pytest

from tradewind.domain.money import QUANTITY_SCALE
from tradewind.domain.rules.codes import STOP_LOSS, TAKE_PROFIT
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
    assert exit_of(STOP, TARGET, open_, high, low) == expected


def test_a_level_of_0_is_none() -> None:
    assert exit_of(0, 0, 1_000_000, 2_000_000, 100) == (0, 0)
    assert exit_of(0, TARGET, 1_000_000, 2_000_000, 100) == (TAKE_PROFIT, TARGET)
    assert exit_of(STOP, 0, 1_000_000, 2_000_000, 100) == (STOP_LOSS, STOP)


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
    assert exit_levels(TEN, COST, *bracket, *rates) == expected


def test_levels_are_of_the_average_price_rounded_half_away_from_zero() -> None:
    # 3 units for 2.0000: the average is 0.6667; half of it, 0.33335, is 0.3334.
    assert exit_levels(3 * QUANTITY_SCALE, 20_000, 0, 0, 50_000_000, 50_000_000) == (3_333, 10_001)
