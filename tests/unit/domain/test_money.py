"""Numbers in and out of fixed-point units: exact or refused."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewind.domain.money import (
    MONEY_SCALE,
    QUANTITY_SCALE,
    RATE_SCALE,
    RateError,
    UnitsError,
    parse_rate,
    to_decimal,
    to_units,
)

units = st.integers(-(2**63) + 1, 2**63 - 1)
scales = st.sampled_from([MONEY_SCALE, QUANTITY_SCALE])


@given(units, scales)
def test_there_and_back(amount: int, scale: int) -> None:
    decimal = to_decimal(amount, scale)
    assert to_units(decimal, scale) == amount
    assert to_units(str(decimal), scale) == amount


@given(units)
def test_percentages(rate: int) -> None:
    assert parse_rate(f"{Decimal(rate).scaleb(-6):f}%") == rate


@pytest.mark.parametrize(
    "value", ["", "abc", "1,5", "0x10", "nan", "inf", "-Infinity", "0.00001", 1.5, True, "1e30", 10**15]
)
def test_what_cannot_be_held_is_refused(value: Any) -> None:
    with pytest.raises(UnitsError):
        to_units(value, MONEY_SCALE)


@pytest.mark.parametrize("text", ["5", "5 percent", "%", "x%", "0.0000001%", "nan%"])
def test_what_is_no_percentage_is_refused(text: str) -> None:
    with pytest.raises(RateError, match="is not a percentage"):
        parse_rate(text)


def test_the_scales_are_the_plans() -> None:
    assert to_units("1.2345", MONEY_SCALE) == 12_345
    assert to_units(3, QUANTITY_SCALE) == 300_000_000
    assert parse_rate("1%") == 1_000_000 == RATE_SCALE // 100
    assert parse_rate("-0.05%") == -50_000
