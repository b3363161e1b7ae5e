"""The look-ahead check: cheats are caught at the first bar that shows them, honest signals pass."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.backtest.markets import strategy, walk

from tradewind.backtest.blocks import Integers
from tradewind.backtest.lookahead import Signals, UnsteadySignalsError, check_lookahead, vectorised
from tradewind.backtest.market import Market, lay_market
from tradewind.backtest.rule_signals import grid_sides
from tradewind.signals.catalog import RULES
from tradewind.signals.rule import Floats
from tradewind.signals.series import CLOSE

Function = Callable[[Floats], Integers]


def future_shift(bars: Floats) -> Integers:
    """Buys before a rise, sells before a fall: the close of tomorrow."""
    moves = np.diff(bars[:, CLOSE], append=bars[-1:, CLOSE])
    return np.sign(moves).astype(np.int64)


def rare_shift(bars: Floats) -> Integers:
    """As a shift, but only before the rarest of moves."""
    moves = np.diff(bars[:, CLOSE], append=bars[-1:, CLOSE]) / bars[:, CLOSE]
    return (moves > 0.025).astype(np.int64)


def full_sample_scaling(bars: Floats) -> Integers:
    """Buys far below the mean of all closes, sells far above it: in deviations of all of them."""
    closes = bars[:, CLOSE]
    scores = (closes - closes.mean()) / (closes.std() or 1.0)
    return np.where(scores < -1, 1, np.where(scores > 1, -1, 0))


def centred_window(bars: Floats) -> Integers:
    """Compares the close with the mean of five bars around it."""
    closes = bars[:, CLOSE]
    padded = np.pad(closes, 2, mode="edge")
    mean = np.convolve(padded, np.ones(5) / 5, mode="valid")
    return np.where(closes < mean * 0.99, 1, np.where(closes > mean * 1.01, -1, 0))


def trailing_window(bars: Floats) -> Integers:
    """The honest one: the mean of the last five bars."""
    closes = bars[:, CLOSE]
    padded = np.pad(closes, (4, 0), mode="edge")
    mean = np.convolve(padded, np.ones(5) / 5, mode="valid")
    return np.where(closes < mean * 0.99, 1, np.where(closes > mean * 1.01, -1, 0))


CHEATS = [future_shift, full_sample_scaling, centred_window]


def market(days: int, seed: int = 1, missing: float = 0.0) -> Market:
    spec = strategy(days, 1)
    return lay_market(spec.symbols, {s: walk(s, days, seed, missing) for s in spec.symbols}, spec.feed.replay)


def differences(function: Function, laid: Market) -> list[tuple[int, int, int]]:
    """The slow and obvious way: (instant, symbol, cut) of every side that differs in any cut history, in order."""
    present = laid.history.present
    found = []
    for i in range(present.shape[1]):
        here = np.flatnonzero(present[:, i])
        if len(here) == 0:
            continue
        hindsight = function(laid.series[i, here])
        for count in range(1, len(here) + 1):
            last = len(present) if count == len(here) else int(here[count])
            sides = function(laid.series[i, here[:count]])
            for place in np.flatnonzero(sides != hindsight[:count]):
                found += [(int(here[place]), i, cut) for cut in range(int(here[count - 1]) + 1, last + 1)]
    return sorted(found)


@settings(max_examples=25, deadline=None)
@given(
    cheat=st.sampled_from(CHEATS),
    seed=st.integers(0, 10_000),
    days=st.integers(2, 60),
    cuts=st.sampled_from([2, 30, 500]),
    missing=st.sampled_from([0.0, 0.2]),
)
def test_a_cheat_is_caught_at_the_first_bar_that_shows_it(
    cheat: Function, seed: int, days: int, cuts: int, missing: float
) -> None:
    laid = market(days, seed, missing)
    expected = differences(cheat, laid)
    verdict = check_lookahead(vectorised(cheat), laid.series, laid.history.present, cuts, seed)
    found = verdict.difference
    if cuts >= days:
        assert ([] if found is None else [(found.instant, found.symbol, found.cut)]) == expected[:1]
    if found is None:
        return
    assert found.first
    assert found.without != found.with_
    assert (found.instant, found.symbol, found.cut) in expected
    # With fewer cuts, too: no bar before it differs when it is the last.
    assert [each for each in expected if each[0] < found.instant and each[2] == each[0] + 1] == []


@pytest.mark.parametrize("cheat", [*CHEATS, rare_shift])
@pytest.mark.parametrize("seed", range(3))
def test_a_long_history_of_a_cheat_is_caught_with_few_cuts(cheat: Function, seed: int) -> None:
    laid = market(700, seed)
    found = check_lookahead(vectorised(cheat), laid.series, laid.history.present, 40, seed).difference
    expected = differences(cheat, laid)
    assert found is not None
    assert found.first
    assert (found.instant, found.symbol, found.cut) in expected
    if cheat in (future_shift, rare_shift):
        assert (found.instant, found.symbol, found.cut) == expected[0]
    else:
        assert found.instant <= next(instant for instant, _, cut in expected if cut == instant + 1)


@settings(max_examples=30, deadline=None)
@given(
    name=st.sampled_from(sorted(RULES)),
    seed=st.integers(0, 10_000),
    days=st.integers(1, 200),
    cuts=st.integers(1, 300),
    missing=st.sampled_from([0.0, 0.3]),
)
def test_every_rule_of_the_catalog_passes(name: str, seed: int, days: int, cuts: int, missing: float) -> None:
    laid = market(max(days, 2), seed, missing)
    rule = RULES[name]
    parameters = rule.read({})
    verdict = check_lookahead(
        lambda series, present: grid_sides(rule, parameters, present, series),
        laid.series,
        laid.history.present,
        cuts,
        seed,
    )
    assert verdict.difference is None
    assert verdict.cuts == min(cuts, len(laid.history.time) - 1)


@pytest.mark.parametrize("days", [40, 900])
def test_an_honest_function_passes(days: int) -> None:
    laid = market(days, missing=0.1)
    verdict = check_lookahead(vectorised(trailing_window), laid.series, laid.history.present, 50)
    assert verdict.difference is None
    assert verdict.cuts == min(50, len(laid.history.time) - 1)
    assert verdict.sides > verdict.cuts


def test_half_of_the_cuts_are_where_signals_change() -> None:
    laid = market(1000)
    lengths: list[int] = []

    def watched(series: Floats, present: Integers) -> Integers:
        lengths.append(series.shape[1])
        return np.tile((np.arange(len(present)) % 50 == 7).astype(np.int64)[:, None], 2)

    check_lookahead(watched, laid.series, laid.history.present, 101)
    changes = {t + 1 for t in range(1000) if t % 50 in (7, 8)}
    assert changes <= set(lengths)
    assert 999 in lengths
    assert len(set(lengths)) == 102


def test_signals_get_no_way_back_to_the_bars_that_were_cut() -> None:
    laid = market(30)

    def prying(series: Floats, present: Integers) -> Integers:
        assert series.base is None
        assert present.base is None
        series[:] = 0
        present[:] = 0
        return np.zeros_like(present)

    assert check_lookahead(prying, laid.series, laid.history.present, 30).difference is None
    assert laid.series.any()


def test_what_can_not_be_checked_is_said() -> None:
    laid = market(30)
    calls: list[int] = []

    def moody(series: Floats, present: Integers) -> Integers:
        calls.append(0)
        return np.full(present.shape, len(calls) % 2)

    def short(series: Floats, present: Integers) -> Integers:
        return np.zeros((len(present) - 1, 2), np.int64)

    cases: list[tuple[Signals, str]] = [(moody, "other signals the second time"), (short, r"shape \[29, 2\], not")]
    for signals, said in cases:
        with pytest.raises(UnsteadySignalsError, match=said):
            check_lookahead(signals, laid.series, laid.history.present, 5)
    with pytest.raises(ValueError, match="cuts 0 is not at least 1"):
        check_lookahead(vectorised(trailing_window), laid.series, laid.history.present, 0)
