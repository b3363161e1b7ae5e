"""What fills do to positions: flips, round trips, and the average price."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.domain.desk import FREE

from tradewind.domain.money import AMOUNT_MAX, QUANTITY_MAX, QUANTITY_SCALE
from tradewind.domain.rules.arithmetic import bounded, mul_div
from tradewind.domain.rules.fills import apply_fill, fee_due, notional_of, slipped_price

quantities = st.integers(1, 10**13)
prices = st.integers(1, 10**9)
fills = st.lists(st.tuples(st.sampled_from([-1, 1]), quantities, prices), min_size=1, max_size=30)


def play(trades: list[tuple[int, int, int]]) -> tuple[int, int, int, int]:
    """Return quantity, cost, realized and the sum of the signed notionals."""
    quantity = cost = realized = paid = 0
    for side, size, price in trades:
        notional = side * notional_of(price, size)
        quantity, cost, gain = apply_fill(quantity, cost, side * size, notional)
        realized += gain
        paid += notional
    return quantity, cost, realized, paid


@given(fills)
def test_what_was_paid_is_the_cost_or_realized(trades: list[tuple[int, int, int]]) -> None:
    quantity, cost, realized, paid = play(trades)
    assert quantity == sum(side * size for side, size, _ in trades)
    # Money never appears or vanishes, to the unit: whatever rounding moved into the cost is missing in the gain.
    assert cost - realized == paid


@given(fills)
def test_a_round_trip_leaves_nothing(trades: list[tuple[int, int, int]]) -> None:
    held = sum(side * size for side, size, _ in trades)
    if held:
        trades = [*trades, (-1 if held > 0 else 1, abs(held), 1000)]
    quantity, cost, realized, paid = play(trades)
    assert (quantity, cost) == (0, 0)
    assert realized == -paid


@given(quantities, prices, quantities, prices)
def test_a_flip_costs_its_fill_price(held: int, bought_at: int, more: int, sold_at: int) -> None:
    cost = notional_of(bought_at, held)
    sold = held + more
    quantity, new_cost, realized = apply_fill(held, cost, -sold, -notional_of(sold_at, sold))
    assert quantity == -more
    assert realized == notional_of(sold_at, sold) + new_cost - cost
    assert abs(abs(new_cost) - notional_of(sold_at, more)) <= 1


@given(quantities, prices, st.integers(1, 99))
def test_a_reduction_leaves_the_average_price(held: int, price: int, percent: int) -> None:
    cost = notional_of(price, held)
    sold = max(1, held * percent // 100)
    if sold < held:
        quantity, new_cost, _ = apply_fill(held, cost, -sold, -notional_of(price + 1, sold))
        assert abs(new_cost * held - cost * quantity) * 2 <= held


@given(st.integers(-(10**18), 10**18), st.integers(-(10**18), 10**18), st.integers(1, 10**18))
def test_mul_div_rounds_half_away_from_zero(a: int, b: int, d: int) -> None:
    whole, rest = divmod(abs(a * b), d)
    expected = whole + (2 * rest >= d)
    if expected <= 2**63 - 1:
        assert mul_div(a, b, d) == (expected if a * b >= 0 else -expected)
    else:
        with pytest.raises(OverflowError):
            mul_div(a, b, d)


def test_rounding_by_hand() -> None:
    assert [mul_div(n, 1, 2) for n in (-3, -1, 1, 3, 4)] == [-2, -1, 1, 2, 2]
    assert [mul_div(n, 1, 3) for n in (-2, -1, 1, 2)] == [-1, 0, 0, 1]
    with pytest.raises(ValueError, match="positive"):
        mul_div(1, 1, 0)


def test_costs_by_hand() -> None:
    # 100 shares at 50.00 with a fee of 0.05% and a slippage of 0.02%.
    rules = FREE._replace(fee_rate=50_000, slippage=20_000)
    assert slipped_price(rules, 1, 500_000) == 500_100
    assert slipped_price(rules, -1, 500_000) == 499_900
    assert notional_of(500_100, 100 * QUANTITY_SCALE) == 50_010_000
    assert fee_due(rules, 100 * QUANTITY_SCALE, 50_010_000) == 25_005
    assert slipped_price(rules._replace(slippage=99_999_999), -1, 1) == 1
    two_ticks = rules._replace(slippage_points=200)
    assert slipped_price(two_ticks, 1, 500_000) == 500_300
    assert slipped_price(two_ticks, -1, 150) == 1


def test_an_orders_fee_by_hand() -> None:
    # 0.05% of the notional, 0.0035 a share and 0.20 an order, at least 1.00.
    rules = FREE._replace(fee_rate=50_000, fee_per_unit=35, fee_per_order=2_000, min_fee=10_000)
    assert fee_due(rules, 0, 0) == 0
    assert fee_due(rules, 1, 1) == 10_000
    assert fee_due(rules, 100 * QUANTITY_SCALE, 8_999_999) == 10_000
    assert fee_due(rules, 100 * QUANTITY_SCALE, 9_001_000) == 10_001
    assert fee_due(rules, 100 * QUANTITY_SCALE, 50_010_000) == 25_005 + 3_500 + 2_000


def test_amounts_and_quantities_have_bounds() -> None:
    assert bounded(AMOUNT_MAX) == AMOUNT_MAX
    assert bounded(-AMOUNT_MAX) == -AMOUNT_MAX
    with pytest.raises(OverflowError, match="an amount"):
        bounded(AMOUNT_MAX + 1)
    with pytest.raises(OverflowError, match="an amount"):
        notional_of(AMOUNT_MAX, 2 * QUANTITY_SCALE)
    with pytest.raises(OverflowError, match="a quantity"):
        notional_of(1, QUANTITY_MAX + 1)
