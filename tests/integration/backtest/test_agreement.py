"""The live desk on a real ledger against the simulator on its journal: every order, fill and unit of cash."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from uuid import UUID, uuid5

import pytest

from tradewind.backtest.agreement import UnknownAccountError, compare, order_naming, simulate_journal
from tradewind.backtest.history import rule_history
from tradewind.domain.identity import TRADEWIND, signal_id
from tradewind.domain.money import QUANTITY_SCALE
from tradewind.domain.orders import OrderStatus, Origin, Reason, Side
from tradewind.ingestion.sources.replay import ReplaySource
from tradewind.manifest.load import load_strategy
from tradewind.manifest.owners import trading_owner
from tradewind.manifest.plan import plan_strategy
from tradewind.manifest.resources import TradingStrategy
from tradewind.manifest.terms import Broker, Risk, Sizing
from tradewind.signals.catalog import RULES
from tradewind.store.database import Connection, connect
from tradewind.store.desk import Command, request_order
from tradewind.store.inbox import InboxRow, insert_inbox
from tradewind.store.journal import read_cash, read_fills, read_journal, read_orders, read_snapshots
from tradewind.store.strategies import register_strategy
from tradewind.trading.decide import Decider

SMA_CROSS = load_strategy(Path(__file__).resolve().parents[3] / "examples" / "sma-cross.yaml")
START = datetime(2020, 1, 2, 21, tzinfo=UTC)
AS_BOOKED = "ALTER TABLE trades DISABLE TRIGGER trigger_keep_trades; "
"""What was traded can't be changed otherwise."""
Commands = dict[int, list[Command]]


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    with connect(database_url) as connection:
        yield connection


def sample_journal(strategy: TradingStrategy, instants: int) -> list[list[InboxRow]]:
    """The first traded sessions of real bars with the rule's signals, instant by instant."""
    replay = strategy.spec.feed.replay
    bars = ReplaySource(replay, strategy.spec.symbols).bars()
    rule = RULES[strategy.spec.signal.model]
    history = rule_history(strategy.spec.symbols, bars, rule, rule.read(strategy.spec.signal.parameters), replay)
    by_time = {(symbol, bar.close_time): bar for symbol, rows in bars.items() for bar in rows}
    times = sorted({time for _, time in by_time if time.date() >= replay.trade_from})
    journal = []
    for t, time in enumerate(times[:instants]):
        rows: list[InboxRow] = []
        for i, symbol in enumerate(strategy.spec.symbols):
            bar = by_time[symbol, time]
            side = Side(int(history.side[t, i]))
            rows += bar_and_signal(strategy, symbol, time, (bar.open, bar.high, bar.low, bar.close), side)
        journal.append(rows)
    return journal


def random_journal(strategy: TradingStrategy, instants: int, seed: int) -> list[list[InboxRow]]:
    """Wild bars with gaps and absences, and signals at random."""
    random = Random(seed)
    last = dict.fromkeys(strategy.spec.symbols, 1_000_000)
    journal = []
    time = START
    for _ in range(instants):
        time += timedelta(days=random.choice([1, 1, 1, 4, 9]))
        rows: list[InboxRow] = []
        for symbol in strategy.spec.symbols:
            if random.random() < 0.15:
                rows.append(InboxRow(time, symbol, "MISSING"))
                continue
            swing = last[symbol] // random.choice([8, 40, 100])
            prices = [max(1, last[symbol] + random.randint(-swing, swing)) for _ in range(4)]
            last[symbol] = prices[3]
            side = random.choice([Side.BUY, Side.BUY, Side.HOLD, Side.SELL])
            rows += bar_and_signal(strategy, symbol, time, (prices[0], max(prices), min(prices), prices[3]), side)
        journal.append(rows)
    return journal


def random_commands(strategy: TradingStrategy, instants: int, seed: int) -> Commands:
    random = Random(seed)
    commands: Commands = {}
    for t in range(0, instants, 3):
        quantity = random.choice([1, 5, 400, 10_000]) * QUANTITY_SCALE
        side = random.choice([Side.BUY, Side.SELL])
        name = uuid5(TRADEWIND, f"{seed} {t}")
        commands[t] = [Command(name, random.choice(strategy.spec.symbols), side, quantity)]
    return commands


def bar_and_signal(
    strategy: TradingStrategy, symbol: str, time: datetime, prices: tuple[int, int, int, int], side: Side
) -> list[InboxRow]:
    name = signal_id(strategy.id.uid, symbol, "1d", time)
    return [InboxRow(time, symbol, "BAR", *prices), InboxRow(time, symbol, "SIGNAL", signal_id=name, side=side)]


def trade_live(
    connection: Connection,
    strategy: TradingStrategy,
    journal: Sequence[Sequence[InboxRow]],
    commands: Commands | None = None,
) -> None:
    """Run the paper desk over a journal, a person's orders coming in between."""
    register_strategy(connection, strategy, plan_strategy(strategy))
    owner = trading_owner(str(strategy.id))
    decider = Decider(strategy, owner)
    for t, rows in enumerate(journal):
        for command in (commands or {}).get(t, ()):
            request_order(connection, str(strategy.id), command)
        with connection.transaction():
            insert_inbox(connection, str(strategy.id), owner, rows)
            decider.decide(connection, epoch=1)


def costing(strategy: TradingStrategy, fee: str) -> TradingStrategy:
    """The strategy with another fee."""
    broker = Broker(type="Paper", fee=fee, slippage=strategy.spec.broker.slippage)
    return strategy.model_copy(update={"spec": strategy.spec.model_copy(update={"broker": broker})})


def test_real_bars_agree_order_by_order(connection: Connection) -> None:
    trade_live(connection, SMA_CROSS, sample_journal(SMA_CROSS, 700))
    agreement = compare(connection, SMA_CROSS)
    assert agreement.agrees, str(agreement)
    assert agreement.instants == 700
    assert agreement.fills >= 30
    fills = read_fills(connection, str(SMA_CROSS.id))
    assert {fill.origin for fill in fills} >= {Origin.SIGNAL, Origin.STOP_LOSS, Origin.TAKE_PROFIT}
    assert str(agreement) == (
        f"live and simulated agree: {agreement.orders} orders, {len(fills)} fills, cash {agreement.cash_amount}"
    )


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_commands_absences_and_denials_agree(connection: Connection, seed: int) -> None:
    trade_live(connection, SMA_CROSS, random_journal(SMA_CROSS, 90, seed), random_commands(SMA_CROSS, 90, seed))
    agreement = compare(connection, SMA_CROSS)
    assert agreement.agrees, str(agreement)
    orders = read_orders(connection, str(SMA_CROSS.id))
    assert {order.status for order in orders} >= {OrderStatus.DENIED, OrderStatus.FILLED, OrderStatus.EXPIRED}
    assert {order.origin for order in orders} >= {Origin.COMMAND, Origin.SIGNAL}
    assert Reason.REDUCE_ONLY_WOULD_INCREASE_POSITION in {order.reason for order in orders}


def test_purchases_that_their_open_cannot_fund_agree(connection: Connection) -> None:
    spec = SMA_CROSS.spec.model_copy(update={"sizing": Sizing(fraction="99%"), "risk": Risk(stop_loss="5%")})
    greedy = SMA_CROSS.model_copy(update={"spec": spec})
    trade_live(connection, greedy, random_journal(greedy, 90, seed=4))
    agreement = compare(connection, greedy)
    assert agreement.agrees, str(agreement)
    orders = read_orders(connection, str(greedy.id))
    canceled = [order for order in orders if order.status is OrderStatus.CANCELED]
    assert canceled
    assert all(order.value > order.limit for order in canceled)


def test_a_fee_changed_by_one_unit_on_one_side_turns_it_red(connection: Connection) -> None:
    trade_live(connection, SMA_CROSS, sample_journal(SMA_CROSS, 100))
    assert costing(SMA_CROSS, "0.050001%").spec.rules().fee_rate == SMA_CROSS.spec.rules().fee_rate + 1
    agreement = compare(connection, costing(SMA_CROSS, "0.050001%"))
    assert not agreement.agrees
    assert agreement.difference is not None
    assert agreement.difference.what.startswith("fee of fill 1,")
    assert "live and simulated differ: fee of fill 1, of " in str(agreement)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("UPDATE account SET cash = cash + 0.0001", "the final cash"),
        (AS_BOOKED + "UPDATE trades SET last_px = last_px + 0.0001 WHERE fill_number = 2", "price of fill 2"),
        (AS_BOOKED + "DELETE FROM trades WHERE fill_number = 1", "client_order_id of fill 1"),
        ("UPDATE portfolio_snapshots SET cash = cash + 1, equity = equity + 1", "cash of the account at "),
        ("UPDATE inbox SET close = close - 0.01 WHERE close - 0.01 >= low", ""),
        ("UPDATE instants SET bars = '{}'", ""),
    ],
)
def test_whatever_is_changed_on_one_side_is_named(connection: Connection, change: str, what: str) -> None:
    trade_live(connection, SMA_CROSS, sample_journal(SMA_CROSS, 60))
    assert compare(connection, SMA_CROSS).agrees
    connection.execute(change.encode())
    difference = compare(connection, SMA_CROSS).difference
    assert difference is not None
    assert difference.what.startswith(what)


def test_an_order_that_only_one_side_has_is_named(connection: Connection) -> None:
    trade_live(connection, SMA_CROSS, sample_journal(SMA_CROSS, 60))
    first = read_orders(connection, str(SMA_CROSS.id))[0]
    connection.execute("UPDATE inbox SET side = 'HOLD' WHERE kind = 'SIGNAL' AND instant = %s", [first.decided])
    difference = compare(connection, SMA_CROSS).difference
    assert difference is not None
    assert (difference.live, difference.simulated) == ("has it", "has none")
    assert f"the SIGNAL order of {first.symbol}" in difference.what


def test_the_simulated_side_never_reads_orders_or_fills(connection: Connection) -> None:
    trade_live(connection, SMA_CROSS, sample_journal(SMA_CROSS, 60))
    strategy_id = str(SMA_CROSS.id)
    fills, cash = len(read_fills(connection, strategy_id)), read_cash(connection, strategy_id)
    connection.execute("TRUNCATE trades, portfolio_snapshots, ledger_entries, commands, orders CASCADE")
    connection.execute("UPDATE account SET cash = 1, reserved = 0")
    simulation = simulate_journal(read_journal(connection, strategy_id, "1d"), SMA_CROSS)
    assert cash is not None
    assert simulation.final_cash == cash.now
    assert int((simulation.rows[:, 1] == 3).sum()) == fills > 0


def test_late_rows_take_no_part(connection: Connection) -> None:
    journal = sample_journal(SMA_CROSS, 60)
    trade_live(connection, SMA_CROSS, journal)
    before = compare(connection, SMA_CROSS)
    late = InboxRow(journal[0][0].instant - timedelta(days=1), "AAPL", "BAR", 1, 1, 1, 1)
    insert_inbox(connection, str(SMA_CROSS.id), trading_owner(str(SMA_CROSS.id)), [late])
    assert compare(connection, SMA_CROSS) == before


def test_a_persons_order_that_waits_is_no_order_yet(connection: Connection) -> None:
    trade_live(connection, SMA_CROSS, sample_journal(SMA_CROSS, 3))
    waiting = Command(UUID(int=7), "AAPL", Side.BUY, QUANTITY_SCALE)
    request_order(connection, str(SMA_CROSS.id), waiting)
    agreement = compare(connection, SMA_CROSS)
    assert agreement.agrees
    assert agreement.orders == 0


def test_a_desk_that_has_decided_nothing_agrees_on_its_cash(connection: Connection) -> None:
    register_strategy(connection, SMA_CROSS, plan_strategy(SMA_CROSS))
    agreement = compare(connection, SMA_CROSS)
    assert (agreement.agrees, agreement.instants, agreement.cash) == (True, 0, SMA_CROSS.spec.initial_cash)


def test_no_account_is_said_so(connection: Connection) -> None:
    with pytest.raises(UnknownAccountError, match="no account of default"):
        compare(connection, SMA_CROSS)


def test_a_snapshot_stands_for_every_instant(connection: Connection) -> None:
    trade_live(connection, SMA_CROSS, sample_journal(SMA_CROSS, 30))
    journal = read_journal(connection, str(SMA_CROSS.id), "1d")
    assert [snapshot.time for snapshot in read_snapshots(connection, str(SMA_CROSS.id))] == list(journal.instants)
    name = order_naming(SMA_CROSS, journal)
    assert name(Origin.SIGNAL, "AAPL", START) != name(Origin.STOP_LOSS, "AAPL", START)
