"""The paper desk against a real PostgreSQL: what it books is what the rule book says, to the unit."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tradewind.backtest.agreement import compare
from tradewind.domain.bars import Split
from tradewind.domain.identity import signal_id
from tradewind.domain.orders import Side
from tradewind.domain.rules.book import CASH, EQUITY, FEES, KIND, ORIGIN, new_book, new_events
from tradewind.domain.rules.codes import FILLED, STOP_LOSS, TAKE_PROFIT
from tradewind.domain.rules.instant import run_instant
from tradewind.ingestion.sources.replay import ReplaySource
from tradewind.manifest.feed import Replay
from tradewind.manifest.load import load_strategy
from tradewind.manifest.owners import trading_owner
from tradewind.manifest.plan import plan_strategy
from tradewind.manifest.resources import TradingStrategy
from tradewind.signals.sma_cross import SMA_CROSS
from tradewind.store.database import Connection, connect
from tradewind.store.desk import Command, read_order, request_order
from tradewind.store.inbox import InboxRow, insert_inbox
from tradewind.store.strategies import register_strategy
from tradewind.trading.decide import Decided, Decider, DecisionFailedError
from tradewind.trading.instants import complete_instants

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
START = datetime(2020, 1, 2, 21, tzinfo=UTC)


def sma_cross() -> TradingStrategy:
    return load_strategy(EXAMPLES / "sma-cross.yaml")


def journal_of_sample(strategy: TradingStrategy) -> list[InboxRow]:
    """Real bars from tradeFrom on with the rule's signals, as the trading service would receive them."""
    source = ReplaySource(strategy.spec.feed.replay, strategy.spec.symbols)
    rule = SMA_CROSS
    parameters = rule.read(strategy.spec.signal.parameters)
    first = source.traded_sessions()[0]
    rows = []
    for symbol, bars in source.bars().items():
        state = np.zeros(rule.state_size(parameters))
        for bar in bars:
            prices = (bar.open / 10_000, bar.high / 10_000, bar.low / 10_000, bar.close / 10_000)
            side = rule.step(state, parameters, *prices, bar.volume / 10**8)
            if bar.close_time >= first:
                rows += bar_and_signal(strategy, symbol, bar.close_time, (bar.open, bar.high, bar.low, bar.close), side)
    return sorted(rows, key=lambda row: row.instant)


def bar_and_signal(
    strategy: TradingStrategy, symbol: str, instant: datetime, prices: tuple[int, int, int, int], side: int
) -> list[InboxRow]:
    name = signal_id(strategy.id.uid, symbol, "1d", instant)
    return [
        InboxRow(instant, symbol, "BAR", *prices),
        InboxRow(instant, symbol, "SIGNAL", signal_id=name, side=Side(side)),
    ]


def run_desk(
    connection: Connection, strategy: TradingStrategy, rows: Sequence[InboxRow], decider: Decider | None = None
) -> list[Decided]:
    owner = trading_owner(str(strategy.id))
    insert_inbox(connection, str(strategy.id), owner, rows)
    decider = decider or Decider(strategy, owner)
    decided: list[Decided] = []
    while True:
        with connection.transaction():
            more = decider.decide(connection, epoch=1)
        if not more:
            return decided
        decided += more


def run_rule_book(strategy: TradingStrategy, rows: Sequence[InboxRow]) -> tuple[list[list[int]], list[int]]:
    """The same journal through the rule book alone: event rows and the account at the end."""
    symbols = strategy.spec.symbols
    book = new_book(len(symbols), strategy.spec.initial_cash)
    events = []
    for gathered in complete_instants(rows, symbols):
        out = new_events(len(symbols))
        count = run_instant(strategy.spec.rules(), book, gathered.to_rules(symbols), out, 0)
        events += out[:count]
    return events, list(book.account)


def register(connection: Connection, strategy: TradingStrategy) -> None:
    register_strategy(connection, strategy, plan_strategy(strategy))


def test_the_ledger_holds_what_the_rule_book_says_on_real_bars(database_url: str) -> None:
    strategy = sma_cross()
    rows = journal_of_sample(strategy)
    expected, account = run_rule_book(strategy, rows)
    with connect(database_url) as connection:
        register(connection, strategy)
        decided = run_desk(connection, strategy, rows)
        stored = connection.execute("SELECT cash, fees, cash + portfolio_value FROM account").fetchone()
        fills = connection.execute("SELECT count(*) FROM trades").fetchone()
        snapshots = connection.execute("SELECT count(*), count(DISTINCT instant) FROM portfolio_snapshots").fetchone()
    assert sum(len(d.events) for d in decided) == len(expected)
    assert stored == tuple(Decimal(account[column]).scaleb(-4) for column in (CASH, FEES, EQUITY))
    filled = [row for row in expected if row[KIND] == FILLED]
    assert fills == (len(filled),)
    assert len(filled) >= 30
    assert {row[ORIGIN] for row in filled} >= {STOP_LOSS, TAKE_PROFIT}
    assert snapshots == (len(decided), len(decided))


def test_a_restarted_desk_goes_on_where_the_ledger_stands(database_url: str) -> None:
    strategy = sma_cross()
    rows = journal_of_sample(strategy)[: 8 * 400]
    _, account = run_rule_book(strategy, rows)
    with connect(database_url) as connection:
        register(connection, strategy)
        for part in range(0, len(rows), 8 * 7):
            # A new Decider each time has nothing but the ledger to go by.
            run_desk(connection, strategy, rows[part : part + 8 * 7])
        assert connection.execute("SELECT cash FROM account").fetchone() == (Decimal(account[CASH]).scaleb(-4),)


def test_what_comes_late_is_journaled_and_not_traded(database_url: str) -> None:
    strategy = sma_cross()
    rows = journal_of_sample(strategy)[: 8 * 20]
    with connect(database_url) as connection:
        register(connection, strategy)
        before = run_desk(connection, strategy, rows)
        late = replace(rows[0], symbol="AAPL", instant=rows[0].instant - timedelta(hours=1))
        assert run_desk(connection, strategy, [late, *rows]) == []
        marked = connection.execute("SELECT instant, late FROM inbox WHERE late").fetchall()
        instants = connection.execute("SELECT count(*) FROM instants").fetchone()
    assert marked == [(late.instant, True)]
    assert instants == (len(before),)


def test_an_instant_waits_for_every_symbol(database_url: str) -> None:
    strategy = sma_cross()
    rows = journal_of_sample(strategy)[:8]
    with connect(database_url) as connection:
        register(connection, strategy)
        assert run_desk(connection, strategy, rows[:-1]) == []
        assert len(run_desk(connection, strategy, rows[-1:])) == 1


def test_instants_are_decided_strictly_in_order(database_url: str) -> None:
    strategy = sma_cross()
    rows = journal_of_sample(strategy)[:24]
    waiting = rows.pop(7)
    with connect(database_url) as connection:
        register(connection, strategy)
        assert run_desk(connection, strategy, rows) == []
        assert [decided.time for decided in run_desk(connection, strategy, [waiting])] == sorted(
            {row.instant for row in rows}
        )


def test_a_symbol_known_to_be_missing_is_not_waited_for(database_url: str) -> None:
    strategy = sma_cross()
    rows = [row for row in journal_of_sample(strategy)[:8] if row.symbol != "IBM"]
    with connect(database_url) as connection:
        register(connection, strategy)
        assert run_desk(connection, strategy, rows) == []
        assert len(run_desk(connection, strategy, [InboxRow(rows[0].instant, "IBM", "MISSING")])) == 1
        assert connection.execute("SELECT bars, signals FROM instants").fetchone() == (["AAPL", "GOOG", "MSFT"],) * 2


def flat_bars(strategy: TradingStrategy, days: int, price: int = 100_0000) -> list[InboxRow]:
    prices = (price, price, price, price)
    return [
        row
        for day in range(days)
        for symbol in strategy.spec.symbols
        for row in bar_and_signal(strategy, symbol, START + timedelta(days=day), prices, 0)
    ]


def test_a_persons_order_is_checked_at_the_next_instant_and_filled_at_the_open_after(database_url: str) -> None:
    strategy = sma_cross()
    rows = flat_bars(strategy, 3)
    command = Command(uuid4(), "IBM", Side.BUY, 10 * 10**8)
    too_much = Command(uuid4(), "MSFT", Side.BUY, 100_000 * 10**8)
    with connect(database_url) as connection:
        register(connection, strategy)
        assert request_order(connection, str(strategy.id), command) == (command.client_order_id, True)
        assert request_order(connection, str(strategy.id), command) == (command.client_order_id, False)
        request_order(connection, str(strategy.id), too_much)
        run_desk(connection, strategy, rows[:8])
        accepted = read_order(connection, str(strategy.id), command.client_order_id)
        denied = read_order(connection, str(strategy.id), too_much.client_order_id)
        run_desk(connection, strategy, rows[8:])
        filled = read_order(connection, str(strategy.id), command.client_order_id)
        taken = connection.execute("SELECT DISTINCT instant FROM commands").fetchall()
    assert accepted is not None
    assert denied is not None
    assert filled is not None
    assert (accepted["status"], filled["status"], filled["avg_px"]) == ("ACCEPTED", "FILLED", "100.0200")
    assert (denied["status"], denied["reason"]) == ("DENIED", "POSITION_EXCEEDS_MAXIMUM")
    assert (denied["reason_value"], denied["reason_limit"]) == ("10000000.00000000", "25000.00000000")
    assert taken == [(START,)]


def test_a_position_held_over_a_split_keeps_its_worth_and_the_simulator_agrees(database_url: str) -> None:
    base = sma_cross()
    window = Replay(from_=date(2005, 1, 3), trade_from=date(2005, 2, 22), to=date(2005, 3, 8))
    feed = base.spec.feed.model_copy(update={"replay": window})
    risk = base.spec.risk.model_copy(update={"stop_loss": "20%", "take_profit": None})
    strategy = base.model_copy(update={"spec": base.spec.model_copy(update={"feed": feed, "risk": risk})})
    rows = [replace(row, side=Side.HOLD) if row.kind == "SIGNAL" else row for row in journal_of_sample(strategy)]
    (split,) = ReplaySource(window, strategy.spec.symbols).actions()
    assert isinstance(split, Split)
    rows.append(InboxRow(split.close_time, split.symbol, "SPLIT", numerator=2, denominator=1))
    with connect(database_url) as connection:
        register(connection, strategy)
        request_order(connection, str(strategy.id), Command(uuid4(), "AAPL", Side.BUY, 100 * 10**8))
        run_desk(connection, strategy, rows)
        held = connection.execute("SELECT quantity, cost / quantity FROM positions").fetchall()
        values = connection.execute("SELECT instant, portfolio_value FROM portfolio_snapshots ORDER BY instant")
        worth: dict[datetime, Decimal] = dict(values.fetchall())
        entries = connection.execute("SELECT sum(quantity), sum(amount) FROM ledger_entries WHERE symbol = 'AAPL'")
        assert entries.fetchone() == connection.execute("SELECT quantity, cost FROM positions").fetchone()
        agreement = compare(connection, strategy)
    assert [quantity for quantity, _ in held] == [200]
    day_before = max(instant for instant in worth if instant < split.close_time)
    assert worth[split.close_time] / worth[day_before] == pytest.approx(Decimal("1.008"), abs=Decimal("0.001"))
    assert str(agreement).startswith("live and simulated agree: 1 orders, 1 fills")


def test_a_rule_that_differs_on_one_side_is_noticed(database_url: str) -> None:
    strategy = sma_cross()
    with connect(database_url) as connection:
        register(connection, strategy)
        connection.execute("UPDATE strategies SET fee_rate = fee_rate + 0.00000001")
        with pytest.raises(
            DecisionFailedError, match=r"^the decision of .*: LedgerDisagreesError: the account: the rule book"
        ):
            run_desk(connection, strategy, journal_of_sample(strategy))
        assert connection.execute("SELECT count(*) FROM trades").fetchone() == (0,)


prices = st.integers(min_value=1, max_value=10**7)


@st.composite
def random_journal(draw: st.DrawFn) -> list[tuple[int, int, int, int, int, bool]]:
    """Open, high, low, close, side and presence for each of four symbols over a few days."""
    rows = []
    for _ in range(draw(st.integers(2, 12)) * 4):
        four = sorted(draw(st.tuples(prices, prices, prices, prices)))
        open_, close = draw(st.permutations([four[1], four[2]]))
        rows.append((open_, four[3], four[0], close, draw(st.sampled_from([-1, 0, 1, 1])), draw(st.booleans())))
    return rows


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(journal=random_journal(), near=st.booleans())
def test_sql_equals_the_rule_book_on_random_journals(
    database_url: str, journal: list[tuple[int, int, int, int, int, bool]], near: bool
) -> None:
    base = sma_cross()
    strategy = base.model_copy(
        update={"metadata": base.metadata.model_copy(update={"name": f"random-{uuid4().hex}", "uid": uuid4()})}
    )
    rows = []
    for n, (open_, high, low, close, side, absent) in enumerate(journal):
        instant, symbol = START + timedelta(days=n // 4), strategy.spec.symbols[n % 4]
        if near:
            open_, high, low, close = (1_000_000 + price % 100_000 for price in (open_, open_, open_, open_))
            high, low, close = open_ + high % 90_000, open_ - low % 90_000, open_
        if absent and n % 4:
            rows.append(InboxRow(instant, symbol, "MISSING"))
        else:
            rows += bar_and_signal(strategy, symbol, instant, (open_, high, low, close), side)
    expected, account = run_rule_book(strategy, rows)
    with connect(database_url) as connection:
        register(connection, strategy)
        decided = run_desk(connection, strategy, rows)
        cash = connection.execute("SELECT cash FROM account WHERE strategy_id = %s", [str(strategy.id)]).fetchone()
    assert sum(len(d.events) for d in decided) == len(expected)
    assert cash == (Decimal(account[CASH]).scaleb(-4),)
