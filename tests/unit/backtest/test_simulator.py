"""Histories that can't be true are refused, and name symbol, time and field."""

from typing import Any

import numpy as np
import pytest

from tradewind.backtest.simulator import GRID, History, HistoryError, simulate
from tradewind.domain.money import AMOUNT_MAX, QUANTITY_SCALE
from tradewind.domain.rules.book import Rules

DAY = 86_400_000_000
RULES = Rules(10**8, 0, 0, 0, 0, 0, 50_000, 20_000, QUANTITY_SCALE, 7 * DAY)
HALF = RULES._replace(fraction=5 * 10**7)
FLAT = {"present": 1, "open": 1000, "high": 1000, "low": 1000, "close": 1000}


def history(**changes: Any) -> History:
    """Three days of two symbols at a flat price, with changed cells {(t, i): value} or whole arrays."""
    arrays: dict[str, Any] = {name: np.full((3, 2), FLAT.get(name, 0), np.int64) for name in GRID}
    arrays |= {"time": np.array([1, 2, 3], np.int64) * DAY, "session": np.array([0, 1, 2], np.int64)}
    arrays["trading_state"] = np.zeros(3, np.int64)
    arrays["symbols"] = ("AAA", "BBB")
    for name, change in changes.items():
        if isinstance(change, dict):
            for cell, value in change.items():
                arrays[name][cell] = value
        else:
            arrays[name] = change
    return History(**arrays)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"close": {(1, 0): 0}}, "AAA at 1970-01-03T00:00:00.00:00: close 0 is not positive"),
        ({"open": {(2, 1): -5}}, "BBB at 1970-01-04T00:00:00.00:00: open -5 is not positive"),
        ({"high": {(0, 1): AMOUNT_MAX + 1}}, "BBB at 1970-01-02T00:00:00.00:00: high .* passes"),
        ({"low": {(1, 1): 1001}}, "BBB at 1970-01-03T00:00:00.00:00: low 1001 is above open or close"),
        ({"high": {(1, 1): 999}}, "high 999 is below open or close"),
        ({"side": {(0, 0): 2}}, "side 2 is not 1, -1 or 0"),
        ({"present": {(0, 0): 3}}, "present 3 is neither 0 nor 1"),
        ({"command_side": {(0, 0): 1}}, "command_quantity 0 is not above 0"),
        ({"volume": {(1, 0): -1}}, "AAA at 1970-01-03T00:00:00.00:00: volume -1 is negative"),
        ({"command_stop": {(1, 0): -1}}, "command_stop -1 is not at least 0"),
        ({"command_target": {(1, 0): AMOUNT_MAX + 1}}, "command_target .* at most"),
        ({"dividend": {(2, 0): -7}}, "dividend -7 is not at least 0"),
        ({"split_numerator": {(2, 1): 2}}, "BBB at 1970-01-04T00:00:00.00:00: split_numerator 2 is no part of a split"),
        ({"split_denominator": {(2, 1): 2}}, "split_numerator 0 is no part of a split"),
        ({"trading_state": np.array([0, 3, 0], np.int64)}, "trading_state is not 0, 1 or 2"),
        ({"trading_state": np.zeros(2, np.int64)}, r"trading_state is int64\[2\], not int64\[3\]"),
        ({"time": np.array([1, 3, 3], np.int64)}, "time does not come after the one before"),
        ({"session": np.array([0, 2, 1], np.int64)}, "session does not come after the one before"),
        ({"close": np.ones((3, 2))}, r"close is float64\[3, 2\], not int64\[3, 2\]"),
        ({"side": np.zeros((2, 2), np.int64)}, r"side is int64\[2, 2\], not int64\[3, 2\]"),
        ({"symbols": ("BBB", "AAA")}, "symbols .* ascending"),
        ({"symbols": ("AAA", "AAA")}, "symbols .* distinct"),
    ],
)
def test_a_history_that_cannot_be_true_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(HistoryError, match=message):
        history(**changes)


def test_what_an_absent_bar_holds_does_not_matter() -> None:
    odd = history(present={(1, 0): 0}, close={(1, 0): 0}, low={(1, 0): 7})
    assert simulate(odd, RULES, 10**6).final_cash == 10**6


def test_the_input_is_left_as_it_was() -> None:
    given = history(side={(0, 0): 1})
    before = [getattr(given, name).copy() for name in GRID]
    first, second = simulate(given, HALF, 10**6), simulate(given, HALF, 10**6)
    assert all((was == now).all() for was, now in zip(before, (getattr(given, name) for name in GRID), strict=True))
    assert first.rows.tolist() == second.rows.tolist()
    assert len(first.rows) == 2


@pytest.mark.parametrize("cash", [0, -1, AMOUNT_MAX + 1])
def test_initial_cash_has_bounds(cash: int) -> None:
    with pytest.raises(ValueError, match="initial_cash"):
        simulate(history(), RULES, cash)


def test_an_amount_past_the_bound_names_its_instant() -> None:
    huge = history(
        command_side={(1, 0): 1}, command_quantity={(1, 0): 2**61}, close={(1, 0): 10**7}, high={(1, 0): 10**7}
    )
    with pytest.raises(OverflowError, match="an amount passes") as caught:
        simulate(huge, RULES, 10**6)
    assert caught.value.__notes__ == ["at the instant 1970-01-03T00:00:00+00:00"]


def test_positions_and_equity_at_the_end() -> None:
    # 10^6 units are 100.0000; a whole unit costs 0.1000 and the slippage rounds to nothing.
    simulation = simulate(history(side={(0, 1): 1}), RULES._replace(fee_rate=0), 10**6)
    assert simulation.positions == {"BBB": 1000 * QUANTITY_SCALE}
    assert simulation.cash.tolist() == [10**6, 0, 0]
    assert simulation.equity.tolist() == [10**6, 10**6, 10**6]


def test_no_instant_changes_nothing() -> None:
    empty = {name: np.zeros((0, 2), np.int64) for name in GRID}
    none = np.zeros(0, np.int64)
    simulation = simulate(History(("AAA", "BBB"), none, none, none, **empty), RULES, 5)
    assert (simulation.final_cash, len(simulation.rows), simulation.positions) == (5, 0, {})
