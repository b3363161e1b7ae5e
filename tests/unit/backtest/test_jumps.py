"""Runs that jump from event to event against runs bar by bar: the same summary, to the last bit, or the same error."""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple
from unittest.mock import patch

import numpy as np
import pytest
from tests.unit.backtest.markets import strategy, walk

from tradewind.backtest import sweep
from tradewind.backtest.blocks import Integers
from tradewind.backtest.jumps import HANDLED, Stretch, may_jump
from tradewind.backtest.market import Market, lay_market, run_trial
from tradewind.backtest.simulator import GRID, History
from tradewind.backtest.summaries import Marks, summarise, summarise_marks
from tradewind.backtest.sweep import Span, run_trials
from tradewind.backtest.trials import make_trials
from tradewind.domain.money import QUANTITY_SCALE, RATE_SCALE
from tradewind.domain.rules.book import Rules
from tradewind.manifest.trials import Sweep

PERCENT = RATE_SCALE // 100
HOUR = 3_600_000_000
PLENTY = 10_000 * QUANTITY_SCALE


def made_market(chance: np.random.Generator, count: int, price: int, missing: float, busy: float, hours: int) -> Market:
    """Return a random walk with gaps: bars are missing, volumes 0, and a person or a company acts, now and then."""
    shape = (count, 1)
    scale = price * chance.choice([0.002, 0.02, 0.1])
    steps = chance.normal(0, scale, (2, count))
    open_ = np.maximum(1, price + np.cumsum(steps.sum(axis=0)) - steps[1]).astype(np.int64)
    close = np.maximum(1, open_ + steps[1]).astype(np.int64)
    wicks = np.abs(chance.normal(0, scale / 2, (2, count)))
    high = np.maximum(open_, close) + wicks[0].astype(np.int64)
    low = np.maximum(1, np.minimum(open_, close) - wicks[1].astype(np.int64))
    grid = {name: np.zeros(shape, np.int64) for name in GRID}
    prices = {"open": open_, "high": high, "low": low, "close": close}
    grid |= {name: values[:, None].copy() for name, values in prices.items()}
    grid["volume"] = np.where(chance.random(shape) < 0.1, 0, chance.integers(1, PLENTY, shape))
    grid["present"] = (chance.random(shape) >= missing).astype(np.int64)
    for name in ("open", "high", "low", "close", "volume"):
        grid[name][grid["present"] == 0] = chance.integers(0, 2**60)  # means nothing

    def now_and_then() -> Any:
        return chance.random(shape) < busy

    grid["command_side"] = np.where(now_and_then(), chance.choice([-1, 1], shape), 0)
    grid["command_quantity"] = np.where(grid["command_side"] != 0, QUANTITY_SCALE * chance.integers(1, 50, shape), 0)
    grid["command_stop"] = np.where(now_and_then(), int(price * 0.98), 0)
    grid["command_target"] = np.where(now_and_then(), int(price * 1.05), 0)
    grid["cancel"] = now_and_then().astype(np.int64)
    split = now_and_then()
    grid["split_numerator"], grid["split_denominator"] = np.where(split, 3, 0), np.where(split, 2, 0)
    grid["dividend"] = np.where(now_and_then(), price // 100, 0)
    time = 14_000 * 24 * HOUR + hours * HOUR * np.arange(1, count + 1, dtype=np.int64)
    states = np.where(chance.random(count) < busy, chance.integers(0, 3, count), 0)
    history = History(("AAA",), time, (time - 1) // (24 * HOUR), states, **grid)
    return Market(history, np.zeros((1, count, 5)), 0)


def made_rules(chance: np.random.Generator, plain: bool) -> Rules:
    """Return rules that leave every field as it is by default which runs that jump do not handle."""

    def now_and_then(least: int, most: int) -> int:
        return int(chance.integers(least, most + 1)) if chance.random() < 0.6 else 0

    def rate() -> int:
        return now_and_then(PERCENT // 10, 20 * PERCENT)

    costs = Rules(
        fraction=int(chance.integers(PERCENT, 110 * PERCENT)),
        max_position=0,
        max_concentration=8 * rate(),
        stop_loss=rate(),
        take_profit=rate(),
        max_daily_loss=0,
        fee_rate=now_and_then(1, PERCENT),
        slippage=now_and_then(1, PERCENT),
        lot=int(chance.choice([QUANTITY_SCALE, QUANTITY_SCALE // 1000, 7])),
        max_signal_age=1000 * HOUR,
    )
    if plain:
        return costs
    return costs._replace(
        max_position=8 * rate(),
        max_daily_loss=rate(),
        max_signal_age=int(chance.choice([0, 2 * HOUR, 100 * HOUR])),
        max_order_notional=now_and_then(10**7, 10**9),
        orders_per_minute=now_and_then(1, 2),
        max_participation=now_and_then(PERCENT, 50 * PERCENT),
        slippage_points=now_and_then(1, 300),
        fee_per_unit=now_and_then(1, 300),
        fee_per_order=now_and_then(1, 10**6),
        min_fee=now_and_then(1, 10**6),
        trailing_stop=rate(),
        cool_down=now_and_then(1, 50 * HOUR),
        notional=now_and_then(10**6, 10**9),
        order_type=int(chance.integers(0, 4)),
        time_in_force=int(chance.integers(0, 3)),
        limit_offset=now_and_then(1, 3 * PERCENT),
        stop_offset=now_and_then(1, 3 * PERCENT),
        tick=int(chance.choice([1, 100])),
    )


def outcome_of(work: Callable[[], Any]) -> Any:
    try:
        return work()
    except (ArithmeticError, ValueError) as error:
        return type(error), str(error)


def run_both(seed: int) -> int:
    """Run one scenario both ways, hold their summaries equal, and return how many fills there were."""
    # Drawn by a generator of its own: hypothesis likes short runs without a trade.
    chance = np.random.default_rng(seed)
    count, often = int(chance.choice([3, 60, 250])), chance.choice([0.02, 0.1, 0.6])
    scales = [(500_000, 10**9), (500_000, 10**9), (30, 10**6), (10**9, 10**13), (2**53, 2**55)]
    price, cash = (int(each) for each in chance.choice(scales))
    rules = made_rules(chance, seed % 2 == 0)
    missing, busy = chance.choice([0, 0, 0.2]), chance.choice([0, 0, 0.02])
    market = made_market(chance, count, price, missing, busy, int(chance.choice([1, 6, 24])))
    drawn = np.where(chance.random((count, 1)) < often, chance.choice([-1, 1], (count, 1)), 0)
    sides: Integers = drawn * market.history.present
    start = int(chance.integers(0, count // 2))
    instants = range(start, int(chance.integers(start + 1, count + 1)) if chance.random() < 0.3 else count)
    stretch = Stretch.of(market, instants)
    counted = chance.random(len(stretch.ends)) < 0.8
    if np.count_nonzero(counted) < 2:
        counted[:] = True
    assert may_jump(rules, 1)
    signals = np.flatnonzero(sides[:, 0])
    jumped = outcome_of(lambda: stretch.run(sides, signals, rules, cash))
    walked = outcome_of(lambda: run_trial(market, sides, rules, cash, instants))
    if not isinstance(jumped, Marks):
        assert jumped == walked
        return 0
    for which in (None, counted):
        summary = outcome_of(partial(summarise_marks, jumped, cash, 252, which))
        assert summary == outcome_of(partial(summarise, walked, cash, 252, which))
    return jumped.fills


@pytest.mark.parametrize("hundred", range(8))
def test_a_jump_comes_to_what_every_bar_comes_to(hundred: int) -> None:
    fills = [run_both(seed) for seed in range(100 * hundred, 100 * hundred + 100)]
    assert sum(each > 4 for each in fills) > 5


class LaterRules(NamedTuple):
    """Rules with fields that nobody has thought of here."""

    fraction: int
    allow_short: int = 0


def test_rules_that_are_not_thought_of_are_run_bar_by_bar() -> None:
    def may(rules: Any, symbols: int = 1) -> bool:
        return may_jump(rules, symbols)

    assert set(Rules._fields) >= HANDLED
    assert may(LaterRules(1))
    assert not may(LaterRules(1, 1))
    assert not may(LaterRules(1), 2)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_sweep_of_one_symbol_is_what_it_is_bar_by_bar(workers: int) -> None:
    spec = strategy(200, 30, ("AAA",))
    laid = lay_market(spec.symbols, {"AAA": walk("AAA", 200, 5, 0.05)}, spec.feed.replay)
    asked = Sweep.model_validate({"parameters": {"fast": [2, 3, 4], "slow": [5, 9], "risk.stopLoss": ["2%", "9%"]}})
    trials = make_trials(spec, asked).tried
    spans = [Span(range(30, 110)), Span(range(60, 180))]
    with patch.object(sweep, "run_trial", side_effect=AssertionError("bar by bar")):
        jumped = run_trials(spec, laid, trials, spans, workers=workers)
    with patch.object(sweep, "may_jump", return_value=False):
        assert run_trials(spec, laid, trials, spans, workers=workers) == jumped
    assert len({summaries[0] for summaries in jumped}) > 5
