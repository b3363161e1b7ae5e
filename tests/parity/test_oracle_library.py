"""The whole library against the oracles, over the real sample bars: sides, fills, cash, metrics."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache

import empyrical
import numpy as np
import pytest
from tests.parity.markets import happening_of
from tests.parity.oracle import Oracle
from tests.parity.oracle_metrics import (
    Figures,
    Mark,
    buy_and_hold,
    deflated_sharpe,
    deviation,
    figures,
    mean,
    probabilistic_sharpe,
    profits_of,
    returns_of,
)
from tests.parity.oracle_signals import ACROSS, Answer, answers, answers_across
from tests.parity.terms import Action, Day, Happening, Quote, Terms

from tradewind.backtest import sharpe
from tradewind.backtest.metrics import session_returns
from tradewind.backtest.report import Report, backtest_rule
from tradewind.backtest.simulator import simulate
from tradewind.domain.bars import Bar, Split
from tradewind.domain.money import MONEY_SCALE, PRICE_SCALE, QUANTITY_SCALE, to_decimal
from tradewind.domain.orders import Side
from tradewind.ingestion.sources.replay import ReplaySource
from tradewind.manifest.resources import API_VERSION, TradingStrategy

NEAR = Decimal("1e-9")
CASH = Decimal(100_000)
SESSIONS_PER_YEAR = 252
FOUR = ("AAPL", "GOOG", "IBM", "MSFT")
EXAMPLE = {"from": "2005-03-01", "tradeFrom": "2006-03-01", "to": "2013-03-01"}
EARLY = {"from": "2002-09-01", "tradeFrom": "2002-09-03", "to": "2007-06-29"}
"""Traded from its first bar, so that warm-up is seen; with two splits, and without GOOG until August 2004."""
TERMS = Terms(
    fraction=Decimal("0.20"),
    max_position=Decimal("0.25"),
    max_concentration=Decimal("0.40"),
    stop_loss=Decimal("0.05"),
    take_profit=Decimal("0.10"),
    max_daily_loss=Decimal("0.03"),
    fee=Decimal("0.0005"),
    slippage=Decimal("0.0002"),
    lot=Decimal(1),
    max_signal_age=timedelta(days=7),
)


@dataclass(frozen=True)
class Case:
    """A rule with its parameters, on a window of the sample."""

    rule: str
    parameters: tuple[tuple[str, str], ...]
    given: bool = True  # named in the manifest; else they are the page's defaults
    symbols: tuple[str, ...] = FOUR
    window: str = "example"

    def __str__(self) -> str:
        """Name the case in pytest's report."""
        return f"{self.rule}-{'given' if self.given else 'default'}"


def default(rule: str, symbols: tuple[str, ...] = FOUR, **parameters: str) -> Case:
    return Case(rule, tuple(parameters.items()), False, symbols)


def other(rule: str, symbols: tuple[str, ...] = FOUR, **parameters: str) -> Case:
    return Case(rule, tuple(parameters.items()), True, symbols, "early")


CASES = (
    default("SMACross", fast="10", slow="50"),
    other("SMACross", fast="3", slow="20"),
    default("EMACross", fast="12", slow="26"),
    other("EMACross", fast="1", slow="15"),
    default("RSI", period="14", oversold="30", overbought="70"),
    other("RSI", period="5", oversold="25.5", overbought="60"),
    default("MACD", fast="12", slow="26", signal="9"),
    other("MACD", fast="5", slow="13", signal="4"),
    default("BollingerReversion", period="20", lower="2.0", upper="0.0"),
    other("BollingerReversion", period="10", lower="1.25", upper="0.75"),
    default("DonchianBreakout", entry="20", exit="10"),
    other("DonchianBreakout", entry="7", exit="12"),
    default("BuyAndHold"),
    other("BuyAndHold"),
    default("MomentumRank", lookback="126", hold="1", rebalance="21"),
    other("MomentumRank", lookback="15", hold="2", rebalance="4"),
    default("PairsSpread", ("IBM", "MSFT"), lookback="60", entry="2.0", exit="0.5", legs="1"),
    other("PairsSpread", ("GOOG", "AAPL"), lookback="20", entry="1.5", exit="0.0", legs="2"),
)


@dataclass(frozen=True)
class Run:
    """One case, by the product and by the oracles."""

    report: Report
    happened: Sequence[Happening]  # by the product
    answers: Sequence[Mapping[str, Answer]]  # the oracle's, by traded instant
    days: Sequence[Day]
    told: Sequence[Happening]
    marks: Sequence[Mark]


@cache
def sample(window: str, symbols: tuple[str, ...]) -> tuple[datetime, Mapping[str, Sequence[Bar]], Sequence[Split]]:
    replay = manifest(Case("BuyAndHold", (), symbols=symbols, window=window)).spec.feed.replay
    source = ReplaySource(replay, sorted(symbols))
    splits = [action for action in source.actions() if isinstance(action, Split)]
    assert len(splits) == len(source.actions())
    return source.traded_sessions()[0], source.bars(), splits


def manifest(case: Case) -> TradingStrategy:
    signal: dict[str, object] = {"model": case.rule}
    if case.given:
        signal["parameters"] = dict(case.parameters)
    risk = {"maxPosition": "25%", "maxConcentration": "40%", "maxDailyLoss": "3%", "stopLoss": "5%"}
    spec = {
        "symbols": list(case.symbols),
        "feed": {"source": "Replay", "interval": "1d", "replay": EXAMPLE if case.window == "example" else EARLY},
        "signal": signal,
        "sizing": {"fraction": "20%"},
        "risk": risk | {"takeProfit": "10%"},
        "account": {"currency": "USD", "initialCash": "100000"},
        "broker": {"type": "Paper", "fee": "0.05%", "slippage": "0.02%"},
    }
    document = {"apiVersion": API_VERSION, "kind": "TradingStrategy", "metadata": {"name": "library"}, "spec": spec}
    return TradingStrategy.model_validate(document)


def quote_of(bar: Bar) -> Quote:
    open_, high, low, close = (to_decimal(price, PRICE_SCALE) for price in (bar.open, bar.high, bar.low, bar.close))
    return Quote(open_, high, low, close, to_decimal(bar.volume, QUANTITY_SCALE), "HOLD")


def sides_of(case: Case, quotes: Mapping[str, Mapping[datetime, Quote]]) -> dict[datetime, dict[str, Answer]]:
    """The oracle's answers by instant, warm-up and all."""
    parameters = {name: Decimal(value) for name, value in case.parameters}
    times = sorted({time for of_symbol in quotes.values() for time in of_symbol})
    if case.rule in ACROSS:
        instants = [{s: of_symbol[time] for s, of_symbol in quotes.items() if time in of_symbol} for time in times]
        return dict(zip(times, answers_across(case.rule, parameters, case.symbols, instants), strict=True))
    told: dict[datetime, dict[str, Answer]] = {time: {} for time in times}
    for symbol, of_symbol in quotes.items():
        for time, answer in zip(of_symbol, answers(case.rule, parameters, list(of_symbol.values())), strict=True):
            told[time][symbol] = answer
    return told


@cache
def run(case: Case) -> Run:
    first, bars, splits = sample(case.window, case.symbols)
    strategy = manifest(case)
    report = backtest_rule(strategy, bars, splits)
    simulation = simulate(report.history, strategy.spec.rules(), strategy.spec.initial_cash)
    quotes = {symbol: {bar.close_time: quote_of(bar) for bar in of_symbol} for symbol, of_symbol in bars.items()}
    said = sides_of(case, quotes)
    actions: dict[datetime, dict[str, Action]] = {}
    for split in splits:
        actions.setdefault(split.close_time, {})[split.symbol] = Action((split.numerator, split.denominator))
    oracle = Oracle(TERMS, CASH)
    days, marks = [], []
    for time in sorted(said):
        if time < first:
            continue
        with_sides = {
            symbol: replace(of_symbol[time], signal=said[time][symbol].side)
            for symbol, of_symbol in quotes.items()
            if time in of_symbol
        }
        day = Day(time, with_sides, actions=actions.get(time, {}))
        oracle.instant(day)
        days.append(day)
        marks.append(Mark(time, oracle.cash, oracle.equity))
    happened = [happening_of(row, report.history.symbols) for row in simulation.rows.tolist()]
    return Run(report, happened, [said[day.time] for day in days], days, oracle.happenings, marks)


def traded_by(happenings: Sequence[Happening]) -> Decimal:
    fills = [h for h in happenings if h.kind in ("FILLED", "PARTIALLY_FILLED")]
    return sum((h.price * h.quantity for h in fills), Decimal(0))


def close_to(number: Decimal | float) -> object:
    return pytest.approx(float(number), rel=1e-9, abs=1e-12)


def assert_figures(found: Mapping[str, object], expected: Figures) -> None:
    """A document's metrics are the oracle's, all of them but the bootstrap's intervals."""
    assert set(found) - set(expected) == {"sharpe_interval", "total_return_interval"}
    for name, value in expected.items():
        given = found[name]
        if value is None or isinstance(value, bool | int):
            assert given == value, name
        elif isinstance(given, str):
            assert Decimal(given) == value, name  # money: to the last digit
        else:
            assert given == close_to(value), name


@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_side_is_the_one_on_the_page(case: Case) -> None:
    ran = run(case)
    history = ran.report.history
    near = acted = 0
    for t, said in enumerate(ran.answers):
        for s, symbol in enumerate(history.symbols):
            assert bool(history.present[t, s]) == (symbol in said)
            if symbol in said:
                side = Side(int(history.side[t, s])).name
                acted += side != "HOLD"
                if said[symbol].margin <= NEAR:
                    near += 1  # doubles may decide a tie otherwise
                else:
                    assert side == said[symbol].side, (ran.days[t].time, symbol, said[symbol])
    assert acted >= 20
    assert near <= 2


@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_fill_and_the_cash_are_those_of_the_page(case: Case) -> None:
    ran = run(case)
    assert ran.happened == ran.told
    assert [mark.time for mark in ran.marks] == [point.time for point in ran.report.curve]
    for mark, point in zip(ran.marks, ran.report.curve, strict=True):
        stand = (to_decimal(point.cash, MONEY_SCALE), to_decimal(point.equity, MONEY_SCALE))
        assert stand == (mark.cash, mark.equity), mark.time
    assert ran.report.final_cash == ran.marks[-1].cash
    assert {"SIGNAL", "STOP_LOSS", "TAKE_PROFIT"} <= {h.origin for h in ran.told if h.kind == "FILLED"}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_metric_is_the_one_on_the_page(case: Case) -> None:
    ran = run(case)
    document = ran.report.document()
    held = buy_and_hold(TERMS, CASH, case.symbols, ran.days)
    profits = profits_of(ran.told, ran.days)
    assert len(profits) >= 10
    own = figures(CASH, ran.marks, profits, SESSIONS_PER_YEAR, traded_by(ran.told), held)
    assert_figures(document["metrics"], own)
    assert_figures(document["baseline"], figures(CASH, held, [], SESSIONS_PER_YEAR))
    assert sorted(Decimal(trade["pnl"]) for trade in document["trades"]) == sorted(profits)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_metrics_that_empyrical_has_alike(case: Case) -> None:
    report = run(case).report
    initial = int(CASH) * MONEY_SCALE
    returns, market = (np.array(session_returns(initial, curve)) for curve in (report.curve, report.baseline_curve))
    found = report.metrics
    alpha, beta = empyrical.alpha_beta(returns, market)
    pairs = {
        "sharpe": (found.sharpe, empyrical.sharpe_ratio(returns)),
        "sortino": (found.sortino, empyrical.sortino_ratio(returns)),
        "volatility": (found.volatility, empyrical.annual_volatility(returns)),
        "value at risk": (found.value_at_risk, empyrical.value_at_risk(returns)),
        "tail ratio": (found.tail_ratio, empyrical.tail_ratio(returns)),
        "alpha": (found.alpha, alpha),
        "beta": (found.beta, beta),
        "max drawdown": (found.max_drawdown, empyrical.max_drawdown(returns)),  # daily bars: every mark is a session's
    }
    for name, (ours, theirs) in pairs.items():
        assert ours == close_to(theirs), name


def test_the_sharpe_ratios_of_trials() -> None:
    returns = {case: returns_of(CASH, run(case).marks) for case in CASES}
    trials = [mean(each) / deviation(each) for each in returns.values()]
    for case, of_case in returns.items():
        floats = np.array(session_returns(int(CASH) * MONEY_SCALE, run(case).report.curve))
        assert sharpe.probabilistic_sharpe(floats) == close_to(probabilistic_sharpe(of_case))
        found = sharpe.deflated_sharpe(floats, [float(trial) for trial in trials])
        assert found == close_to(deflated_sharpe(of_case, trials))
