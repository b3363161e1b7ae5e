"""Buy and hold: an equal share each, whole lots, at the first open that could be traded, at the same costs."""

import random
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from tests.unit.backtest.markets import walk

from tradewind.backtest.baseline import _account, buy_and_hold
from tradewind.backtest.history import build_history
from tradewind.domain.bars import Bar, CorporateAction, Dividend, Split
from tradewind.domain.money import QUANTITY_SCALE
from tradewind.domain.rules.book import Rules

START = datetime(2020, 1, 1, 21, tzinfo=UTC)
RULES = Rules(10**7, 0, 0, 1, 1, 1, 1_000_000, 2_000_000, QUANTITY_SCALE, 1)


def bar(symbol: str, day: int, open_: int, close: int) -> Bar:
    time = START + timedelta(days=day)
    return Bar(symbol, "1d", time, open_, max(open_, close), min(open_, close), close, 0)


def test_each_symbol_is_bought_at_its_first_tradable_open() -> None:
    # Money 100.0000, 50.0000 a symbol; fee 1%, slippage 2%.
    a = [bar("AAA", 0, 10_000, 10_000), bar("AAA", 1, 10_000, 20_000), bar("AAA", 2, 20_000, 30_000)]
    b = [bar("BBB", 0, 10_000, 10_000), bar("BBB", 2, 100_000, 90_000)]
    history = build_history(["AAA", "BBB"], {"AAA": a, "BBB": b}, {})
    curve = buy_and_hold(history, RULES, 1_000_000)
    # A: 48 at 1.02 is 48.96, fee 0.4896, together 49.4496; 49 would be 50.4798.
    # B: 4 at 10.20 is 40.80, fee 0.4080; 5 would be 51.51.
    assert [point.cash for point in curve] == [1_000_000, 1_000_000 - 494_496, 1_000_000 - 494_496 - 412_080]
    assert [point.equity for point in curve] == [1_000_000, 505_504 + 48 * 20_000, 93_424 + 48 * 30_000 + 4 * 90_000]


def test_what_buys_no_lot_stays_cash() -> None:
    bars = [bar("AAA", 0, 10_000, 10_000), bar("AAA", 1, 10_000, 10_000)]
    history = build_history(["AAA"], {"AAA": bars}, {})
    # A lot costs 1.02 and 0.0102 of fee: one unit short of it buys none.
    assert buy_and_hold(history, RULES, 10_301)[-1].cash == 10_301
    assert buy_and_hold(history, RULES, 10_302)[-1].cash == 0


def test_it_lives_through_splits_and_dividends() -> None:
    bars = [bar("AAA", day, 10_000, 10_000) for day in range(2)] + [bar("AAA", 3, 5_000, 5_000)]
    actions: list[CorporateAction] = [
        Split("AAA", START + timedelta(days=2), 2, 1),
        Dividend("AAA", START + timedelta(days=3), 100),
    ]
    history = build_history(["AAA"], {"AAA": bars}, {}, actions=actions)
    curve = buy_and_hold(history, RULES, 1_000_000)
    # 97 at 1.0200 and 1% of fee are 99.9294; 194 units then earn 0.0100 each.
    assert [point.cash for point in curve] == [1_000_000, 706, 706 + 19_400]
    assert [point.equity for point in curve] == [1_000_000, 706 + 970_000, 20_106 + 970_000]


@pytest.mark.parametrize("seed", range(10))
def test_compiled_and_interpreted_hold_the_same(seed: int) -> None:
    chance = random.Random(seed)
    symbols = ["AAA", "BBB", "CCC"]
    bars = {symbol: walk(symbol, 60, seed, 0.2) for symbol in symbols}
    actions: list[CorporateAction] = [
        Split(chance.choice(symbols), START + timedelta(days=chance.randrange(60)), chance.randint(1, 5), 3)
        for _ in range(5)
    ]
    actions += [Dividend(symbol, START + timedelta(days=chance.randrange(60)), 123) for symbol in symbols]
    rules = RULES._replace(lot=chance.choice([10**6, QUANTITY_SCALE]), min_fee=chance.choice([0, 10_000]))
    history = build_history(symbols, bars, {}, actions=actions)
    cash, equity = np.zeros(len(history.time), np.int64), np.zeros(len(history.time), np.int64)
    others = history.acted()
    # Python's own integers: NumPy's would wrap.
    given = tuple(getattr(history, name).astype(object) for name in ("present", "open", "close"))
    names = ("split_numerator", "split_denominator", "dividend")
    acts = tuple(getattr(history, name)[others].astype(object) for name in names)
    _account(rules, 10**9, given, others, acts, cash, equity)
    compiled = buy_and_hold(history, rules, 10**9)
    assert (compiled.cash.tolist(), compiled.equity.tolist()) == (cash.tolist(), equity.tolist())
    assert len(set(compiled.cash.tolist())) > 3
