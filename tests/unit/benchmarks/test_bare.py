"""The hand-written loop of the benchmarks does what the simulator does, or it is no yardstick."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.benchmarks import bare
from tests.benchmarks.simulator import COSTS, make_history, make_signals

from tradewind.backtest.curve import Curve
from tradewind.backtest.metrics import measure
from tradewind.backtest.simulator import History, simulate
from tradewind.backtest.trades import PNL, action_rows, fill_rows, round_trips, traded_of
from tradewind.domain.money import MONEY_SCALE, QUANTITY_SCALE

FAST, SLOW = 10, 50


def coarse(history: History, step: int) -> History:
    """Round prices to a step, so that averages tie and prices meet levels exactly."""
    rounded = {name: getattr(history, name) // step * step + step for name in ("open", "high", "low", "close")}
    return replace(history, **rounded)


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    symbols=st.integers(1, 5),
    step=st.sampled_from([1, 100, 5_000, 20_000]),
    move=st.sampled_from([0.001, 0.01, 0.05]),
    thousands=st.sampled_from([21, 60, 10_000]),
)
def test_the_bare_loop_agrees_with_the_simulator(
    seed: int, symbols: int, step: int, move: float, thousands: int
) -> None:
    history = make_signals(coarse(make_history(1_500, symbols, seed=seed, move=move), step))
    cash = thousands * 1_000 * MONEY_SCALE
    made = simulate(history, COSTS, cash)
    own = bare.run(history.open, history.high, history.low, history.close, FAST, SLOW, COSTS.notional, cash)
    fills = fill_rows(made.rows)
    assert np.array_equal(history.time[own.fills[:, bare.TIME]], fills[:, 1])
    assert np.array_equal(own.fills[:, [bare.SYMBOL, bare.SIDE]], fills[:, [0, 2]])
    assert np.array_equal(own.fills[:, bare.SHARES] * QUANTITY_SCALE, fills[:, 3])
    assert np.array_equal(own.fills[:, [bare.PRICE, bare.FEE, bare.REALIZED]], fills[:, [4, 5, 6]])
    trades = round_trips(fills, action_rows((), history.symbols), symbols)
    assert np.array_equal(own.profits, trades[:, PNL])
    assert np.array_equal(own.equity, made.equity)
    assert np.array_equal(own.cash, made.cash)


def test_its_metrics_are_those_of_a_backtest() -> None:
    history = make_signals(make_history(20_000, 3))
    cash = 1_000_000 * MONEY_SCALE
    made = simulate(history, COSTS, cash)
    fills = fill_rows(made.rows)
    trades = round_trips(fills, action_rows((), history.symbols), 3)
    curve = Curve(made.time, made.session, made.equity, made.cash, made.equity != made.cash)
    wanted = measure(cash, curve, trades[:, PNL], bare.SESSIONS_A_YEAR, traded=traded_of(fills))
    own = bare.run(history.open, history.high, history.low, history.close, FAST, SLOW, COSTS.notional, cash)
    got = bare.summarise(own, history.session, cash)
    names = "total_return cagr sharpe sortino max_drawdown calmar volatility exposure turnover win_rate profit_factor"
    for name in names.split():
        assert getattr(got, name) == pytest.approx(getattr(wanted, name), rel=1e-9), name
    assert got.trades == wanted.closed_trades
    assert wanted.expectancy is not None
    assert got.expectancy / MONEY_SCALE == pytest.approx(float(wanted.expectancy), abs=1e-4)
