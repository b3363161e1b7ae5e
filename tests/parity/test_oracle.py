"""The rule book against an oracle: plain Decimals, written from docs/backtesting.md alone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
from hypothesis import HealthCheck, given, settings
from tests.parity.markets import Moment, day_of, happening_of, instant_of, markets, terms_of
from tests.parity.oracle import Oracle
from tests.parity.oracle_book import Position
from tests.parity.oracle_sizing import Closes
from tests.parity.terms import Happening

from tradewind.domain.money import MONEY_SCALE, PRICE_SCALE, QUANTITY_SCALE, to_decimal
from tradewind.domain.orders import OrderStatus, Origin, Reason, Side
from tradewind.domain.rules import codes
from tradewind.domain.rules.book import (
    AUTOMATIC_HALT,
    CASH,
    EQUITY,
    FEES,
    GAINED,
    LOSSES,
    LOST,
    MARGIN,
    ORDERS_IN_MINUTE,
    REALIZED_GROSS,
    RESERVED,
    SESSION_EQUITY,
    WINS,
    Book,
    Rules,
    new_book,
    new_events,
)
from tradewind.domain.rules.instant import run_instant
from tradewind.ingestion.sources.replay import ReplaySource
from tradewind.manifest.load import load_strategy
from tradewind.signals.series import row_of
from tradewind.signals.sma_cross import SMA_CROSS

SYMBOLS = ("AAA", "BBB", "CCC")
HALTS: dict[str | None, int] = {None: codes.NO_REASON} | {r.value: getattr(codes, r.name) for r in Reason}


@dataclass(frozen=True)
class Stand:
    """Where an account stands after an instant.

    money: cash, reserved, realized, fees, equity, reference.
    positions: quantity, cost, mark, stop, target, peak by symbol.
    sizing: variance and returns by symbol, or wins, losses, gained, lost; as far as its size is made of them.
    """

    money: list[Decimal]
    halt: int
    orders_of_minute: int
    positions: list[list[Decimal]]
    sizing: list[Decimal]


def stand_of_book(book: Book, rules: Rules) -> Stand:
    account = book.account
    columns = (CASH, RESERVED, REALIZED_GROSS, FEES, EQUITY, SESSION_EQUITY, MARGIN)
    prices = zip(book.cost, book.mark, book.stop, book.target, book.peak, strict=True)
    positions = [
        [to_decimal(quantity, QUANTITY_SCALE), *(to_decimal(price, PRICE_SCALE) for price in five)]
        for quantity, five in zip(book.quantity, prices, strict=True)
    ]
    money = [to_decimal(account[column], MONEY_SCALE) for column in columns]
    sizing: list[Decimal] = []
    if rules.target_volatility:
        sizing = [to_decimal(variance, 10**16) for variance in book.variance] + [Decimal(n) for n in book.returns]
    if rules.kelly:
        sums = (to_decimal(account[column], MONEY_SCALE) for column in (GAINED, LOST))
        sizing = [Decimal(account[WINS]), Decimal(account[LOSSES]), *sums]
    return Stand(money, account[AUTOMATIC_HALT], account[ORDERS_IN_MINUTE], positions, sizing)


def stand_of_oracle(oracle: Oracle, symbols: Sequence[str]) -> Stand:
    positions = []
    for symbol in symbols:
        held = oracle.positions.get(symbol, Position())
        numbers = (held.quantity, held.cost, held.mark, held.bracket.stop, held.bracket.target, held.peak)
        positions.append([number or Decimal(0) for number in numbers])
    margin = oracle.margin()
    reserved = oracle.cash - margin - oracle.free()
    money = [oracle.cash, reserved, oracle.realized, oracle.fees, oracle.equity, oracle.reference, margin]
    sizing: list[Decimal] = []
    known = oracle.sizing
    if oracle.terms.target_volatility is not None:
        closes = [known.closes.get(symbol, Closes()) for symbol in symbols]
        sizing = [each.variance for each in closes] + [Decimal(min(20, each.returns)) for each in closes]
    if oracle.terms.kelly is not None:
        gains, losses = [e for e in known.closed if e > 0], [e for e in known.closed if e < 0]
        sizing = [Decimal(len(gains)), Decimal(len(losses)), sum(gains, Decimal(0)), -sum(losses, Decimal(0))]
    return Stand(money, HALTS[oracle.halt], oracle.orders_of_minute, positions, sizing)


def assert_equal(rules: Rules, cash: int, symbols: Sequence[str], moments: Sequence[Moment]) -> list[Happening]:
    """Rule book and oracle tell the same story, and stand the same after every instant; return the story."""
    book, told = new_book(len(symbols), cash), 0
    oracle = Oracle(terms_of(rules), to_decimal(cash, MONEY_SCALE))
    for moment in moments:
        rows = new_events(len(symbols))
        try:
            count = run_instant(rules, book, instant_of(moment, symbols), rows, 0)
        except OverflowError:
            break  # beyond what an account can hold the page promises an error, and the oracle has no bounds
        oracle.instant(day_of(moment))
        assert [happening_of(row, symbols) for row in rows[:count]] == oracle.happenings[told:], moment
        told = len(oracle.happenings)
        assert stand_of_book(book, rules) == stand_of_oracle(oracle, symbols), moment
    return oracle.happenings


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(market=markets(SYMBOLS, 20))
def test_the_rule_book_is_what_the_page_says(market: tuple[Rules, int, list[Moment]]) -> None:
    rules, cash, moments = market
    assert_equal(rules, cash, SYMBOLS, moments)


def test_the_example_on_the_page() -> None:
    rules = Rules(20_000_000, 0, 0, 5_000_000, 0, 0, 50_000, 20_000, QUANTITY_SCALE, 7 * 86_400_000_000)
    opened = datetime(2020, 1, 2, 21, tzinfo=UTC)
    moments = [
        Moment(opened, bars={"AAA": (995_000, 1_010_000, 990_000, 1_000_000, 0)}, sides={"AAA": Side.BUY}),
        Moment(opened + timedelta(days=1), bars={"AAA": (1_005_000, 1_020_000, 998_000, 1_010_000, 0)}),
        Moment(
            opened + timedelta(days=2), bars={"AAA": (504_000, 506_000, 477_000, 480_000, 0)}, splits={"AAA": (2, 1)}
        ),
    ]
    story = assert_equal(rules, 100_000 * MONEY_SCALE, ["AAA"], moments)
    told = [(h.kind, h.origin, h.quantity, h.price, h.fee, h.realized) for h in story]
    assert told == [
        ("ACCEPTED", "SIGNAL", Decimal(200), Decimal(100), Decimal(0), Decimal(0)),
        ("FILLED", "SIGNAL", Decimal(200), Decimal("100.5201"), Decimal("10.0520"), Decimal(0)),
        ("ACCEPTED", "STOP_LOSS", Decimal(400), Decimal("47.7471"), Decimal(0), Decimal(0)),
        ("FILLED", "STOP_LOSS", Decimal(400), Decimal("47.7376"), Decimal("9.5475"), Decimal("-1008.9800")),
    ]
    book = new_book(1, 100_000 * MONEY_SCALE)
    reserved, equity = [], []
    for moment in moments:
        run_instant(rules, book, instant_of(moment, ["AAA"]), new_events(1), 0)
        reserved.append(book.account[RESERVED])
        equity.append(book.account[EQUITY])
    assert reserved == [200_140_020, 0, 0]
    assert equity == [1_000_000_000, 1_000_859_280, 989_714_205]


def test_the_rule_book_is_what_the_page_says_on_real_bars() -> None:
    spec = load_strategy(Path(__file__).resolve().parents[2] / "examples" / "sma-cross.yaml").spec
    source = ReplaySource(spec.feed.replay, spec.symbols)
    rule = SMA_CROSS
    parameters = rule.read(spec.signal.parameters)
    first = source.traded_sessions()[0]
    moments: dict[datetime, Moment] = {}
    for symbol, bars in source.bars().items():
        state = np.zeros(rule.state_size(parameters))
        for bar in bars:
            side = Side(rule.step(state, parameters, *row_of(bar)))
            if bar.close_time >= first:
                moment = moments.setdefault(bar.close_time, Moment(bar.close_time, bars={}, sides={}))
                prices = (bar.open, bar.high, bar.low, bar.close)
                moments[bar.close_time] = replace(
                    moment,
                    bars={**moment.bars, symbol: (*prices, bar.volume)},
                    sides={**moment.sides, symbol: side},
                )
    days = [moments[time] for time in sorted(moments)]
    story = assert_equal(spec.rules(), spec.initial_cash, spec.symbols, days)
    fills = [h for h in story if h.kind == OrderStatus.FILLED]
    assert len(fills) >= 30
    assert {h.origin for h in fills} == {Origin.SIGNAL, Origin.STOP_LOSS, Origin.TAKE_PROFIT}
