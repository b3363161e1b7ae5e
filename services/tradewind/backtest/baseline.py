"""The buy-and-hold baseline: what the same money would have done in the same symbols, at the same costs."""

from tradewind.backtest.simulator import History
from tradewind.domain.bars import from_micros
from tradewind.domain.money import RATE_SCALE
from tradewind.domain.rules.actions import dividend_of, split_price, split_quantity
from tradewind.domain.rules.arithmetic import mul_div
from tradewind.domain.rules.book import Rules
from tradewind.domain.rules.codes import BUY
from tradewind.domain.rules.fills import fee_due, notional_of, slipped_price
from tradewind.domain.rules.sizing import fixed_notional
from tradewind.store.journal import Snapshot


def buy_and_hold(history: History, rules: Rules, initial_cash: int) -> list[Snapshot]:
    """Return the account after each instant: an equal share of the cash in every symbol, whole lots, never sold.

    Each symbol is bought at the first open that the strategy itself could have traded: its first bar after the first
    instant, worse by the slippage and with the fee. What whole lots leave stays cash.
    """
    cash = initial_cash
    share = initial_cash // len(history.symbols)
    held = [0] * len(history.symbols)
    marks = [0] * len(history.symbols)
    bought = [False] * len(history.symbols)
    curve = []
    for t, time in enumerate(history.time.tolist()):
        for i in range(len(held)):
            if history.split_numerator[t, i]:
                numbers = int(history.split_numerator[t, i]), int(history.split_denominator[t, i])
                held[i], marks[i] = split_quantity(held[i], *numbers), split_price(marks[i], *numbers)
            cash += dividend_of(held[i], int(history.dividend[t, i]))
            if not history.present[t, i]:
                continue
            if t > 0 and not bought[i]:
                held[i], cost = _purchase(int(history.open[t, i]), share, rules)
                cash -= cost
                bought[i] = True
            marks[i] = int(history.close[t, i])
        value = sum(notional_of(mark, quantity) for mark, quantity in zip(marks, held, strict=True))
        curve.append(Snapshot(from_micros(time), cash, cash + value))
    return curve


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
