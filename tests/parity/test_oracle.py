"""The trading contract once more, in plain decimals and from the plan's words alone, on real bars.

It shares no code with the rule book: what both get wrong in the same way would have to be in the plan.
"""

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal, localcontext
from itertools import pairwise
from pathlib import Path

import pytest

from tradewind.backtest.history import rule_history
from tradewind.backtest.simulator import simulate
from tradewind.domain.bars import Bar, to_micros
from tradewind.domain.rules import book as columns
from tradewind.domain.rules import codes
from tradewind.ingestion.sources.replay import ReplaySource
from tradewind.manifest.load import load_strategy
from tradewind.signals.catalog import RULES

STRATEGY = load_strategy(Path(__file__).resolve().parents[2] / "examples" / "sma-cross.yaml")
Fill = tuple[int, str, int, Decimal, Decimal, Decimal]
Signals = dict[tuple[str, datetime], int]
FEE, SLIPPAGE, FRACTION = Decimal("0.0005"), Decimal("0.0002"), Decimal("0.20")
MAX_POSITION, MAX_CONCENTRATION = Decimal("0.25"), Decimal("0.40")
STOP_LOSS, TAKE_PROFIT, MAX_DAILY_LOSS = Decimal("0.05"), Decimal("0.10"), Decimal("0.03")


def money(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.0001"), ROUND_HALF_UP)


def price_of(units: int) -> Decimal:
    return Decimal(units) / 10_000


def crossings(bars: list[Bar], fast: int, slow: int) -> list[int]:
    """1 where the fast average has come to lie above the slow one, -1 where it no longer does."""
    closes = [bar.close for bar in bars]
    above = [
        sum(closes[t - fast + 1 : t + 1]) * slow > sum(closes[t - slow + 1 : t + 1]) * fast
        for t in range(slow - 1, len(closes))
    ]
    changes = [0 if was == now else 1 if now else -1 for was, now in pairwise(above)]
    return [0] * slow + changes


class Oracle:
    """A cash account that trades as the plan says."""

    def __init__(self, cash: Decimal, fraction: Decimal) -> None:
        self.cash = self.equity = cash
        self.fraction = fraction
        self.held: dict[str, tuple[Decimal, Decimal]] = {}
        self.orders: dict[str, tuple[int, Decimal, Decimal]] = {}
        self.fills: list[Fill] = []
        self.denied = self.canceled = 0

    def live_through(self, time: int, bars: dict[str, Bar], sides: dict[str, int]) -> None:
        start = self.equity
        for wanted in (-1, 1):
            for symbol in sorted(self.orders):
                if self.orders[symbol][0] == wanted:
                    self.open(time, symbol, price_of(bars[symbol].open))
        for symbol in sorted(self.held):
            self.exit(time, symbol, bars[symbol])
        marks = {symbol: price_of(bar.close) for symbol, bar in bars.items()}
        self.equity = self.cash + sum(
            (money(marks[s] * quantity) for s, (quantity, _) in self.held.items()), Decimal(0)
        )
        lost = start - self.equity >= money(start * MAX_DAILY_LOSS)
        for symbol in sorted(bars):
            self.decide(symbol, marks[symbol], sides[symbol], lost)

    def open(self, time: int, symbol: str, open_: Decimal) -> None:
        side, quantity, _ = self.orders.pop(symbol)
        price = open_ + side * money(open_ * SLIPPAGE)
        need = money(price * quantity) + money(money(price * quantity) * FEE)
        if side == 1 and need > self.cash - sum((reserved for _, _, reserved in self.orders.values()), Decimal(0)):
            self.canceled += 1
        else:
            self.fill(time, symbol, side, quantity, price)

    def fill(self, time: int, symbol: str, side: int, quantity: Decimal, price: Decimal) -> None:
        notional = money(price * quantity)
        fee = money(notional * FEE)
        self.cash -= side * notional + fee
        if side == 1:
            self.held[symbol] = quantity, notional
        else:
            assert self.held.pop(symbol)[0] == quantity
        self.fills.append((time, symbol, side, quantity, price, fee))

    def exit(self, time: int, symbol: str, bar: Bar) -> None:
        quantity, cost = self.held[symbol]
        average = money(cost / quantity)
        stop, target = average - money(average * STOP_LOSS), average + money(average * TAKE_PROFIT)
        open_, high, low = price_of(bar.open), price_of(bar.high), price_of(bar.low)
        if open_ <= stop or (open_ < target and low <= stop):
            level = min(open_, stop)
            self.fill(time, symbol, -1, quantity, level - money(level * SLIPPAGE))
        elif high >= target:
            self.fill(time, symbol, -1, quantity, max(open_, target))

    def decide(self, symbol: str, close: Decimal, side: int, lost: bool) -> None:
        if side == -1 and symbol in self.held:
            self.orders[symbol] = -1, self.held[symbol][0], Decimal(0)
        if side != 1 or symbol in self.held:
            return
        quantity = money(self.equity * self.fraction) // close
        notional = money(close * quantity)
        slipped = money((close + money(close * SLIPPAGE)) * quantity)
        need = slipped + money(slipped * FEE)
        free = self.cash - sum((reserved for _, _, reserved in self.orders.values()), Decimal(0))
        limit = money(self.equity * min(MAX_POSITION, MAX_CONCENTRATION))
        if lost or notional > limit or need > free:
            self.denied += 1
        elif quantity > 0:
            self.orders[symbol] = 1, quantity, need


@pytest.mark.parametrize("fraction", ["20%", "25%"])
def test_the_simulator_does_what_the_plan_says_on_real_bars(fraction: str) -> None:
    spec = STRATEGY.spec
    replay = spec.feed.replay
    bars = ReplaySource(replay, spec.symbols).bars()
    signals: Signals = {
        (symbol, bar.close_time): side
        for symbol, rows in bars.items()
        for bar, side in zip(rows, crossings(rows, 10, 50), strict=True)
    }
    by_time: dict[datetime, dict[str, Bar]] = {}
    for symbol, rows in bars.items():
        for bar in rows:
            if bar.close_time.date() >= replay.trade_from:
                by_time.setdefault(bar.close_time, {})[symbol] = bar
    oracle = Oracle(Decimal(100_000), Decimal(fraction[:-1]) / 100)
    with localcontext(prec=50):
        for time in sorted(by_time):
            oracle.live_through(to_micros(time), by_time[time], {s: signals[s, time] for s in by_time[time]})

    rule = RULES["SMACross"]
    history = rule_history(spec.symbols, bars, rule, rule.read(spec.signal.parameters), replay)
    rules = spec.rules()._replace(fraction=int(Decimal(fraction[:-1]) * 1_000_000))
    simulation = simulate(history, rules, spec.initial_cash)
    rows_ = simulation.rows.tolist()
    fills = [
        (
            row[columns.TIME],
            spec.symbols[row[columns.SYMBOL]],
            row[columns.SIDE],
            Decimal(row[columns.QUANTITY]) / 10**8,
            price_of(row[columns.PRICE]),
            price_of(row[columns.FEE]),
        )
        for row in rows_
        if row[columns.KIND] == codes.FILLED
    ]
    assert fills == oracle.fills
    assert len(fills) >= 30
    assert simulation.final_cash == oracle.cash * 10_000
    assert int(simulation.equity[-1]) == oracle.equity * 10_000
    kinds = [row[columns.KIND] for row in rows_]
    assert (kinds.count(codes.DENIED), kinds.count(codes.CANCELED)) == (oracle.denied, oracle.canceled)
    # Four times a quarter leaves nothing for costs: some are denied, and a gap cancels one.
    assert (oracle.denied > 0 and oracle.canceled > 0) == (fraction == "25%")
