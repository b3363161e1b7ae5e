"""Where exactly a bar triggers an exit: levels are met, not only passed."""

import pytest

from tradewind.domain.money import QUANTITY_SCALE
from tradewind.domain.rules.codes import STOP_LOSS, TAKE_PROFIT
from tradewind.domain.rules.exits import exit_of

# Ten units at 100.0000 each; stop at 95, target at 110.
TEN, COST = 10 * QUANTITY_SCALE, 10_000_000
FIVE_PERCENT, TEN_PERCENT = 5_000_000, 10_000_000


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
def test_levels(open_: int, high: int, low: int, expected: tuple[int, int]) -> None:
    assert exit_of(TEN, COST, open_, high, low, FIVE_PERCENT, TEN_PERCENT) == expected


def test_a_rate_of_0_switches_an_exit_off() -> None:
    assert exit_of(TEN, COST, 1_000_000, 2_000_000, 100, 0, 0) == (0, 0)
    assert exit_of(TEN, COST, 1_000_000, 2_000_000, 100, 0, TEN_PERCENT) == (TAKE_PROFIT, 1_100_000)
    assert exit_of(TEN, COST, 1_000_000, 2_000_000, 100, FIVE_PERCENT, 0) == (STOP_LOSS, 950_000)
