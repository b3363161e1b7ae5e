"""Runs that jump from event to event against runs bar by bar: the same summary, to the last bit, or the same error."""

from collections.abc import Callable
from typing import Any, NamedTuple
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.backtest.markets import strategy, walk

from tradewind.backtest import sweep
from tradewind.backtest.blocks import Integers
from tradewind.backtest.jumps import HANDLED, Stretch, may_jump
from tradewind.backtest.market import Market, lay_market, run_trial
from tradewind.backtest.simulator import GRID, History
from tradewind.backtest.summaries import summarise, summarise_marks
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


def optional(values: st.SearchStrategy[int]) -> st.SearchStrategy[int]:
    return st.one_of(st.just(0), values)


def handled(rules: Rules) -> Rules:
    """Leave every field as it is by default that runs which jump do not handle."""
    return rules._replace(**{name: rules._field_defaults[name] for name in rules._fields if name not in HANDLED})


rates = optional(st.integers(PERCENT // 10, 20 * PERCENT))
all_rules = st.builds(
    Rules,
    fraction=st.integers(PERCENT, 110 * PERCENT),
    max_position=rates.map(lambda rate: 5 * rate),
    max_concentration=rates.map(lambda rate: 5 * rate),
    stop_loss=rates,
    take_profit=rates,
    max_daily_loss=rates,
    fee_rate=optional(st.integers(1, PERCENT)),
    slippage=optional(st.integers(1, PERCENT)),
    lot=st.sampled_from([QUANTITY_SCALE, QUANTITY_SCALE // 1000, 7]),
    max_signal_age=st.sampled_from([0, 2 * HOUR, 100 * HOUR]),
    max_order_notional=optional(st.integers(10**7, 10**9)),
    orders_per_minute=optional(st.integers(1, 2)),
    max_participation=optional(st.integers(PERCENT, 50 * PERCENT)),
    slippage_points=optional(st.integers(1, 300)),
    fee_per_unit=optional(st.integers(1, 300)),
    fee_per_order=optional(st.integers(1, 10**6)),
    min_fee=optional(st.integers(1, 10**6)),
    trailing_stop=rates,
    cool_down=optional(st.integers(1, 50 * HOUR)),
    notional=optional(st.integers(10**6, 10**9)),
    order_type=st.integers(0, 3),
    time_in_force=st.integers(0, 2),
    limit_offset=optional(st.integers(1, 3 * PERCENT)),
    stop_offset=optional(st.integers(1, 3 * PERCENT)),
    tick=st.sampled_from([1, 100]),
)
plain_rules = st.builds(
    Rules,
    fraction=st.integers(PERCENT, 105 * PERCENT),
    max_position=st.just(0),
    max_concentration=rates.map(lambda rate: 8 * rate),
    stop_loss=rates,
    take_profit=rates,
    max_daily_loss=st.just(0),
    fee_rate=optional(st.integers(1, PERCENT)),
    slippage=optional(st.integers(1, PERCENT)),
    lot=st.sampled_from([QUANTITY_SCALE, 7]),
    max_signal_age=st.just(1000 * HOUR),
)


def outcome_of(work: Callable[[], Any]) -> Any:
    try:
        return work()
    except (ArithmeticError, ValueError) as error:
        return type(error), str(error)


@settings(max_examples=400, deadline=None)
@given(
    rules=st.one_of(plain_rules, plain_rules, all_rules).map(handled),
    seed=st.integers(0, 2**32 - 1),
    count=st.integers(1, 250),
    price=st.sampled_from([500_000, 500_000, 30, 10**9, 2**53]),
    missing=st.sampled_from([0.0, 0.0, 0.2]),
    busy=st.sampled_from([0.0, 0.0, 0.02]),
    hours=st.sampled_from([1, 6, 24]),
    often=st.sampled_from([0.01, 0.1, 0.6]),
    cash=st.sampled_from([10**9, 10**9, 10**6, 2**55]),
    data=st.data(),
)
def test_a_jump_comes_to_what_every_bar_comes_to(
    rules: Rules,
    seed: int,
    count: int,
    price: int,
    missing: float,
    busy: float,
    hours: int,
    often: float,
    cash: int,
    data: st.DataObject,
) -> None:
    chance = np.random.default_rng(seed)
    market = made_market(chance, count, price, missing, busy, hours)
    drawn = np.where(chance.random((count, 1)) < often, chance.choice([-1, 1], (count, 1)), 0)
    sides: Integers = drawn * market.history.present
    start = data.draw(st.integers(0, count - 1))
    instants = range(start, data.draw(st.integers(start + 1, count)))
    stretch = Stretch.of(market, instants)
    counted = chance.random(len(stretch.ends)) < 0.8
    if np.count_nonzero(counted) < 2:
        counted[:] = True
    assert may_jump(rules, 1)
    signals = np.flatnonzero(sides[:, 0])
    for which in (None, counted):
        jumped = outcome_of(lambda: summarise_marks(stretch.run(sides, signals, rules, cash), cash, 252, which))  # noqa: B023
        walked = outcome_of(lambda: summarise(run_trial(market, sides, rules, cash, instants), cash, 252, which))  # noqa: B023
        assert jumped == walked


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
