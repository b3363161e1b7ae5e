"""The rule book against an oracle: plain Decimals, written from docs/backtesting.md alone."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.parity.oracle import Happening, Quote, Terms, run

from tradewind.domain.bars import session_of, to_micros
from tradewind.domain.money import MONEY_SCALE, QUANTITY_SCALE, RATE_SCALE, to_decimal, to_units
from tradewind.domain.orders import OrderStatus, Origin, Reason, Side, to_order_event
from tradewind.domain.rules.book import CASH, EQUITY, Instant, Rules, new_book, new_events
from tradewind.domain.rules.instant import run_instant
from tradewind.ingestion.sources.replay import ReplaySource
from tradewind.manifest.load import load_strategy
from tradewind.signals.catalog import RULES
from tradewind.signals.series import row_of

SYMBOLS = ("AAA", "BBB", "CCC")
START = datetime(2020, 1, 2, 21, tzinfo=UTC)
Days = Sequence[tuple[datetime, Mapping[str, Quote]]]


def terms_of(rules: Rules) -> Terms:
    def rate(units: int) -> Decimal | None:
        return to_decimal(units, RATE_SCALE) if units else None

    return Terms(
        fraction=to_decimal(rules.fraction, RATE_SCALE),
        max_position=rate(rules.max_position),
        max_concentration=rate(rules.max_concentration),
        stop_loss=rate(rules.stop_loss),
        take_profit=rate(rules.take_profit),
        max_daily_loss=rate(rules.max_daily_loss),
        fee=to_decimal(rules.fee_rate, RATE_SCALE),
        slippage=to_decimal(rules.slippage, RATE_SCALE),
        lot=to_decimal(rules.lot, QUANTITY_SCALE),
        max_signal_age=timedelta(microseconds=rules.max_signal_age),
    )


def run_rule_book(
    rules: Rules, cash: int, symbols: Sequence[str], days: Days
) -> tuple[list[Happening], list[Decimal], Decimal]:
    """The rule book, its answers in the oracle's terms."""
    book = new_book(len(symbols), cash)
    happenings, equity = [], []
    for time, quotes in days:
        micros = to_micros(time)
        instant = Instant(micros, session_of(micros), *([0] * len(symbols) for _ in range(8)))
        for i, symbol in enumerate(symbols):
            if symbol in quotes:
                lay(instant, i, quotes[symbol])
        rows = new_events(len(symbols))
        count = run_instant(rules, book, instant, rows, 0)
        happenings += [happening(row, symbols) for row in rows[:count]]
        equity.append(to_decimal(book.account[EQUITY], MONEY_SCALE))
    return happenings, equity, to_decimal(book.account[CASH], MONEY_SCALE)


def lay(instant: Instant, i: int, quote: Quote) -> None:
    instant.present[i] = 1
    instant.open[i] = to_units(quote.open, MONEY_SCALE)
    instant.high[i] = to_units(quote.high, MONEY_SCALE)
    instant.low[i] = to_units(quote.low, MONEY_SCALE)
    instant.close[i] = to_units(quote.close, MONEY_SCALE)
    instant.side[i] = Side[quote.signal]
    if quote.command is not None:
        instant.command_side[i] = Side[quote.command[0]]
        instant.command_quantity[i] = to_units(quote.command[1], QUANTITY_SCALE)


def happening(row: Sequence[int], symbols: Sequence[str]) -> Happening:
    event = to_order_event(row, symbols, lambda *_: UUID(int=0))
    scale = MONEY_SCALE
    if event.reason is Reason.REDUCE_ONLY_WOULD_INCREASE_POSITION:
        scale = QUANTITY_SCALE
    if event.reason is Reason.SIGNAL_TOO_OLD:
        scale = 1_000_000
    return Happening(
        time=event.time,
        kind=event.kind.value,
        symbol=event.symbol,
        origin=event.origin.value,
        decided=event.decided,
        side=event.side.name,
        quantity=to_decimal(event.quantity, QUANTITY_SCALE),
        price=to_decimal(event.price, MONEY_SCALE),
        fee=to_decimal(event.fee, MONEY_SCALE),
        realized=to_decimal(event.realized_pnl_gross, MONEY_SCALE),
        code=None if event.reason is None else event.reason.value,
        value=to_decimal(event.value, scale),
        limit=to_decimal(event.limit, scale),
    )


rates = st.integers(0, 40).map(lambda percent: percent * RATE_SCALE // 100)
prices = st.integers(900_000, 1_100_000) | st.integers(1, 3_000_000)


@st.composite
def rules(draw: st.DrawFn) -> Rules:
    return Rules(
        fraction=draw(st.integers(1, 60)) * RATE_SCALE // 100,
        max_position=draw(rates),
        max_concentration=draw(rates),
        stop_loss=draw(rates),
        take_profit=draw(rates),
        max_daily_loss=draw(st.integers(0, 3)) * RATE_SCALE // 100,
        fee_rate=draw(st.integers(0, 300_000)),
        slippage=draw(st.integers(0, 300_000)),
        lot=draw(st.sampled_from([QUANTITY_SCALE, QUANTITY_SCALE // 1000, 7])),
        max_signal_age=draw(st.integers(1, 4)) * 86_400_000_000,
    )


@st.composite
def quotes(draw: st.DrawFn) -> Quote:
    low, a, b, high = (to_decimal(p, MONEY_SCALE) for p in sorted(draw(st.tuples(prices, prices, prices, prices))))
    open_, close = draw(st.permutations([a, b]))
    command = None
    if draw(st.integers(0, 5)) == 0:
        command = (draw(st.sampled_from(["BUY", "SELL"])), Decimal(draw(st.integers(1, 900))))
    return Quote(open_, high, low, close, draw(st.sampled_from(["BUY", "BUY", "HOLD", "SELL"])), command)


@st.composite
def days(draw: st.DrawFn) -> Days:
    made = []
    time = START
    for _ in range(draw(st.integers(2, 25))):
        present = draw(st.sets(st.sampled_from(SYMBOLS), min_size=1))
        made.append((time, {symbol: draw(quotes()) for symbol in sorted(present)}))
        time += timedelta(hours=draw(st.sampled_from([6, 24, 24, 24, 72])))
    return made


@settings(max_examples=300, deadline=None)
@given(rules=rules(), days=days())
def test_the_rule_book_is_what_the_page_says(rules: Rules, days: Days) -> None:
    cash = 100_000 * MONEY_SCALE
    expected = run(terms_of(rules), to_decimal(cash, MONEY_SCALE), days)
    assert run_rule_book(rules, cash, SYMBOLS, days) == expected


def test_the_rule_book_is_what_the_page_says_on_real_bars() -> None:
    spec = load_strategy(Path(__file__).resolve().parents[2] / "examples" / "sma-cross.yaml").spec
    source = ReplaySource(spec.feed.replay, spec.symbols)
    rule = RULES[spec.signal.model]
    parameters = rule.read(spec.signal.parameters)
    first = source.traded_sessions()[0]
    by_day: dict[datetime, dict[str, Quote]] = {}
    for symbol, bars in source.bars().items():
        state = np.zeros(rule.state_size(parameters))
        for bar in bars:
            side = Side(rule.step(state, parameters, *row_of(bar)))
            if bar.close_time >= first:
                open_, high, low, close = (
                    to_decimal(price, MONEY_SCALE) for price in (bar.open, bar.high, bar.low, bar.close)
                )
                by_day.setdefault(bar.close_time, {})[symbol] = Quote(open_, high, low, close, side.name)
    days = sorted(by_day.items())
    ours = run_rule_book(spec.rules(), spec.initial_cash, spec.symbols, days)
    assert ours == run(terms_of(spec.rules()), to_decimal(spec.initial_cash, MONEY_SCALE), days)
    fills = [h for h in ours[0] if h.kind == OrderStatus.FILLED]
    assert len(fills) >= 30
    assert {h.origin for h in fills} == {Origin.SIGNAL, Origin.STOP_LOSS, Origin.TAKE_PROFIT}
