"""The buy-and-hold baseline: what the same money would have done in the same symbols, at the same costs."""

from collections.abc import Callable

import numpy as np
from numba import njit

from tradewind.backtest.blocks import Integers
from tradewind.backtest.compiler import CACHED, inner
from tradewind.backtest.curve import Curve
from tradewind.backtest.simulator import History
from tradewind.domain.money import RATE_SCALE
from tradewind.domain.rules.actions import dividend_of, split_price, split_quantity
from tradewind.domain.rules.arithmetic import mul_div
from tradewind.domain.rules.book import Rules
from tradewind.domain.rules.codes import BUY
from tradewind.domain.rules.fills import fee_due, notional_of, slipped_price
from tradewind.domain.rules.sizing import fixed_notional


def buy_and_hold(history: History, rules: Rules, initial_cash: int) -> Curve:
    """Return the account after each instant: an equal share of the cash in every symbol, whole lots, never sold.

    Each symbol is bought at the first open that the strategy itself could have traded: its first bar after the first
    instant, worse by the slippage and with the fee. What whole lots leave stays cash.

    Raises:
        OverflowError: an amount passes what the rule book can hold.
    """
    cash, equity = (np.zeros(len(history.time), np.int64) for _ in range(2))
    bars = tuple(np.ascontiguousarray(getattr(history, name)) for name in ("present", "open", "close"))
    others = history.acted()
    acts = tuple(getattr(history, name)[others] for name in ("split_numerator", "split_denominator", "dividend"))
    _hold(rules, initial_cash, bars, others, acts, cash, equity)
    return Curve(history.time, history.session, equity, cash, equity != cash)


@inner
def _purchase(open_: int, budget: int, rules: Rules) -> tuple[int, int]:
    """Return (quantity, cost with fee) of the whole lots that a budget buys at an open."""
    price = slipped_price(rules, BUY, open_)
    room = budget - max(rules.fee_per_order, rules.min_fee)
    each = price + mul_div(price, rules.fee_rate, RATE_SCALE) + rules.fee_per_unit
    # Lots above the quotient, then down: rounding and what the least fee covers stand between it and the budget.
    quantity = fixed_notional(room + rules.min_fee, each, rules.lot) + 2 * rules.lot
    while quantity > 0:
        notional = notional_of(price, quantity)
        cost = notional + fee_due(rules, quantity, notional)
        if cost <= budget:
            return quantity, cost
        quantity -= rules.lot
    return 0, 0


def _account(
    rules: Rules,
    initial_cash: int,
    bars: tuple[Integers, ...],
    others: Integers,
    acts: tuple[Integers, ...],
    cash: Integers,
    equity: Integers,
) -> None:
    present, open_, close = bars
    numerators, denominators, dividends = acts
    instants, symbols = present.shape
    other = 0
    left, share = initial_cash, initial_cash // symbols
    held, marks, bought = np.zeros(symbols, np.int64), np.zeros(symbols, np.int64), np.zeros(symbols, np.int64)
    for t in range(instants):
        value = 0
        acted = other < len(others) and others[other] == t
        for i in range(symbols):
            if acted:
                numerator, denominator = numerators[other, i], denominators[other, i]
                if numerator != 0:
                    held[i] = split_quantity(held[i], numerator, denominator)
                    marks[i] = split_price(marks[i], numerator, denominator)
                left += dividend_of(held[i], dividends[other, i])
            if present[t, i] != 0:
                if t > 0 and bought[i] == 0:
                    held[i], cost = _purchase(open_[t, i], share, rules)
                    left -= cost
                    bought[i] = 1
                marks[i] = close[t, i]
            value += notional_of(marks[i], held[i])
        other += acted
        cash[t], equity[t] = left, left + value


_hold: Callable[..., None] = njit(cache=CACHED)(_account)
