"""What analysts read, on a desk that really traded: a purchase, a split, a dividend, a sale, refusals, late signals."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import yaml
from psycopg.rows import dict_row
from tests.postgres import fresh_database

from tradewind.backtest.metrics import session_returns
from tradewind.domain.bars import Bar
from tradewind.domain.identity import signal_id
from tradewind.domain.orders import Side
from tradewind.manifest.load import parse_resource
from tradewind.manifest.owners import trading_owner
from tradewind.manifest.plan import plan_strategy
from tradewind.manifest.resources import TradingStrategy
from tradewind.store.database import Connection, connect
from tradewind.store.desk import Command, request_order
from tradewind.store.inbox import InboxRow, insert_inbox
from tradewind.store.journal import read_snapshots
from tradewind.store.market_data import insert_bars
from tradewind.store.roles import service_url
from tradewind.store.signals import SignalRow, insert_signals
from tradewind.store.strategies import register_strategy
from tradewind.trading.decide import Decider

MANIFEST = """
apiVersion: tradewind.dev/v1alpha1
kind: TradingStrategy
metadata: {name: views}
spec:
  symbols: [AAPL, IBM]
  feed: {source: Replay, interval: 1d, replay: {from: "2005-03-01", tradeFrom: "2006-03-01", to: "2006-03-31"}}
  signal: {model: SMACross, parameters: {fast: "10", slow: "50"}}
  sizing: {fraction: "20%"}
  risk: {maxPosition: "25%", maxConcentration: "40%"}
  account: {currency: USD, initialCash: "100000"}
  broker: {type: Paper, fee: "0.1%", slippage: "1%"}
"""
DAYS = [datetime(2006, 3, day, 21, tzinfo=UTC) for day in (1, 2, 3, 6, 7, 8)]
IBM_OPEN_CLOSE = [(100, 100), (100, 110), (55, 55), (56, 60), (60, 66), (70, 70)]
IBM_SIDES = [Side.BUY, Side.HOLD, Side.HOLD, Side.SELL, Side.HOLD, Side.HOLD]
Row = dict[str, Any]


def load() -> TradingStrategy:
    found = parse_resource(yaml.safe_load(MANIFEST), Path("views.yaml"))
    assert isinstance(found, TradingStrategy)
    return found


STRATEGY = load()
STRATEGY_ID = str(STRATEGY.id)
OWNER = trading_owner(STRATEGY_ID)
TOO_MUCH = Command(uuid4(), "AAPL", Side.BUY, 100_000 * 10**8)
SPLIT_AWAY = Command(uuid4(), "IBM", Side.BUY, 10**8)
SOME = Command(uuid4(), "AAPL", Side.BUY, 100 * 10**8)
COMMANDS = {1: [SPLIT_AWAY], 3: [TOO_MUCH], 4: [SOME]}


def day_rows(day: int) -> list[InboxRow]:
    """One day's bars and signals: IBM as listed, AAPL always 10 and HOLD."""
    at = DAYS[day]
    opened, closed = (price * 10_000 for price in IBM_OPEN_CLOSE[day])
    prices = {"IBM": (opened, max(opened, closed), min(opened, closed), closed), "AAPL": (100_000,) * 4}
    sides = {"IBM": IBM_SIDES[day], "AAPL": Side.HOLD}
    rows = []
    for symbol in ("AAPL", "IBM"):
        o, h, low, c = prices[symbol]
        name = signal_id(STRATEGY.id.uid, symbol, "1d", at)
        rows += [
            InboxRow(at, symbol, "BAR", o, h, low, c, volume=10**8),
            InboxRow(at, symbol, "SIGNAL", signal_id=name, side=sides[symbol]),
        ]
    if day == 2:
        rows.append(InboxRow(at, "IBM", "SPLIT", numerator=2, denominator=1))
    if day == 3:
        rows.append(InboxRow(at, "IBM", "DIVIDEND", amount=5_000))
    return rows


def record_signals(connection: Connection) -> None:
    """What the ml service said: a signal for every bar of IBM, and one for a day that never came."""
    for at, side in zip([*DAYS, DAYS[-1] + timedelta(days=1)], [*IBM_SIDES, Side.BUY], strict=True):
        name = signal_id(STRATEGY.id.uid, "IBM", "1d", at)
        insert_signals(
            connection, [SignalRow(name, STRATEGY_ID, "IBM", "1d", at, side, None, None, "SMACross-1", "a test")]
        )


@pytest.fixture(scope="module")
def desk(each_server: str, each_template: str) -> Iterator[str]:
    """The URL of a database with a desk that traded six days."""
    with fresh_database(each_server, each_template) as url:
        with connect(url) as connection:
            register_strategy(connection, STRATEGY, plan_strategy(STRATEGY))
            insert_bars(connection, "REPLAY", [Bar("IBM", "1d", DAYS[0], 100, 120, 90, 110, 10**8)])
            record_signals(connection)
            decider = Decider(STRATEGY, OWNER)
            for day in range(len(DAYS)):
                for command in COMMANDS.get(day, ()):
                    request_order(connection, STRATEGY_ID, command)
                insert_inbox(connection, STRATEGY_ID, OWNER, day_rows(day))
                with connection.transaction():
                    assert len(decider.decide(connection, epoch=1)) == 1
            late = signal_id(STRATEGY.id.uid, "AAPL", "1d", DAYS[0] - timedelta(days=1))
            row = InboxRow(DAYS[0] - timedelta(days=1), "AAPL", "SIGNAL", signal_id=late, side=Side.BUY)
            insert_inbox(connection, STRATEGY_ID, OWNER, [row])
            insert_signals(
                connection,
                [SignalRow(late, STRATEGY_ID, "AAPL", "1d", row.instant, Side.BUY, None, None, "SMACross-1", "a test")],
            )
        yield url


@pytest.fixture
def analyst(desk: str) -> Iterator[Connection]:
    """A connection with an analyst's rights, and nothing more."""
    with connect(service_url(desk, "analytics")) as connection:
        yield connection


def read(connection: Connection, text: str) -> list[Row]:
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(text.encode()).fetchall()


def test_every_balance_is_added_up_again(analyst: Connection) -> None:
    [row] = read(analyst, "SELECT * FROM analytics.account_balances")
    # 200 IBM at 101, made 400 by the split, a dividend of 0.50 on each, sold at 59.40; then 100 AAPL at 10.10.
    assert row["agrees"] is True
    fees = Decimal("20.2") + Decimal("23.76") + Decimal("1.01")
    assert row["realized_pnl_gross"] == 23_760 - 20_200 + 200
    assert row["fees"] == row["posted_fees"] == fees
    assert row["cash"] == row["posted_cash"] == 100_000 - 20_200 + 200 + 23_760 - 1010 - fees
    assert row["posted_cost"] == 1010
    assert row["equity"] == row["cash"] + 1000
    assert row["unrealized_pnl"] == -10
    assert row["equity"] == 100_000 + row["realized_pnl"] + row["unrealized_pnl"]


def test_a_balance_that_was_changed_past_the_procedures_is_seen(desk: str) -> None:
    with connect(desk) as connection, connection.transaction(force_rollback=True):
        connection.execute("UPDATE account SET cash = cash + 1, marked_equity = marked_equity + 1")
        assert [row["agrees"] for row in read(connection, "SELECT * FROM analytics.account_balances")] == [False]
    with connect(desk) as connection, connection.transaction(force_rollback=True):
        connection.execute("UPDATE positions SET quantity = quantity + 1 WHERE symbol = 'AAPL'")
        rows = read(connection, "SELECT * FROM analytics.positions ORDER BY symbol")
        assert [row["agrees"] for row in rows] == [False, True]


def test_positions_have_their_profit(analyst: Connection) -> None:
    rows = read(analyst, "SELECT * FROM analytics.positions ORDER BY symbol")
    held, sold = rows
    assert (held["symbol"], held["quantity"], held["avg_px"], held["mark"]) == (
        "AAPL",
        100,
        Decimal("10.1"),
        10,
    )
    assert (held["market_value"], held["unrealized_pnl"], held["realized_pnl"]) == (1000, -10, Decimal("-1.01"))
    assert (sold["quantity"], sold["avg_px"], sold["cost"]) == (0, None, 0)
    assert [row["agrees"] for row in rows] == [True, True]


def test_a_position_is_followed_through_fills_and_a_split(analyst: Connection) -> None:
    rows = read(analyst, "SELECT * FROM analytics.position_history WHERE symbol = 'IBM'")
    told = [(row["instant"], row["cause"], row["quantity_change"], row["quantity"], row["cost"]) for row in rows]
    assert told == [
        (DAYS[1], "BUY", 200, 200, 20_200),
        (DAYS[2], "SPLIT", 200, 400, 20_200),
        (DAYS[4], "SELL", -400, 0, 0),
    ]
    assert [row["avg_px"] for row in rows] == [101, Decimal("50.5"), None]
    assert sum(row["realized_pnl_gross"] for row in rows) == 23_760 - 20_200


def test_orders_have_their_fills_or_the_numbers_of_their_refusal(analyst: Connection) -> None:
    rows = {row["client_order_id"]: row for row in read(analyst, "SELECT * FROM analytics.orders")}
    denied = rows[TOO_MUCH.client_order_id]
    assert (denied["status"], denied["reason"]) == ("DENIED", "POSITION_EXCEEDS_MAXIMUM")
    assert (denied["reason_value"], denied["reason_unit"]) == (1_000_000, "MONEY")
    assert (denied["fills"], denied["notional"], denied["first_fill_at"]) == (0, 0, None)
    bought = next(row for row in rows.values() if row["origin"] == "SIGNAL" and row["side"] == "BUY")
    assert (bought["fills"], bought["notional"], bought["fees"]) == (1, 20_200, Decimal("20.2"))
    assert (bought["decision_px"], bought["avg_px"], bought["slippage"]) == (100, 101, 200)
    sold = next(row for row in rows.values() if row["side"] == "SELL")
    assert sold["slippage"] == 400 * Decimal("0.6")
    split_away = rows[SPLIT_AWAY.client_order_id]
    assert (split_away["status"], split_away["reason"]) == ("CANCELED", "CORPORATE_ACTION")
    assert split_away["reason_unit"] is None
    assert (sold["first_fill_at"], sold["leaves_qty"]) == (DAYS[4], 0)


def test_the_blotter_moves_the_cash(analyst: Connection) -> None:
    rows = read(analyst, "SELECT * FROM analytics.trade_blotter ORDER BY fill_number")
    assert [(row["symbol"], row["side"], row["last_px"], row["origin"]) for row in rows] == [
        ("IBM", "BUY", 101, "SIGNAL"),
        ("IBM", "SELL", Decimal("59.4"), "SIGNAL"),
        ("AAPL", "BUY", Decimal("10.1"), "COMMAND"),
    ]
    [account] = read(analyst, "SELECT * FROM analytics.account_balances")
    dividend = 200
    assert account["cash"] == account["initial_cash"] + dividend + sum(row["cash_change"] for row in rows)


def test_daily_returns_are_those_of_the_metrics(desk: str, analyst: Connection) -> None:
    rows = read(analyst, "SELECT * FROM analytics.daily_returns ORDER BY session")
    with connect(desk) as connection:
        expected = session_returns(STRATEGY.spec.initial_cash, read_snapshots(connection, STRATEGY_ID))
    assert [row["session"] for row in rows] == [day.date() for day in DAYS]
    assert [float(row["session_return"]) for row in rows] == pytest.approx(expected, abs=1e-12)
    equities = [Decimal(100_000), *(row["equity"] for row in rows)]
    assert [row["pnl"] for row in rows] == [after - before for before, after in pairwise(equities)]
    assert min(row["drawdown"] for row in rows) < 0
    [account] = read(analyst, "SELECT * FROM analytics.account_balances")
    assert round(min(row["drawdown"] for row in rows), 8) == account["max_drawdown"]
    assert rows[0]["exposure"] == 0
    assert rows[1]["exposure"] > Decimal("0.2")


def test_a_session_ends_with_its_last_instant_and_midnight_belongs_to_the_day_before(desk: str) -> None:
    with connect(desk) as connection, connection.transaction(force_rollback=True):
        for at, equity in (("2006-03-09 15:00+00", 200), ("2006-03-10 00:00+00", 300), ("2006-03-10 15:00+00", 150)):
            connection.execute(
                "INSERT INTO portfolio_snapshots VALUES (%s, %s, %s, 0, 0, %s, 0, 0, 0)",
                [STRATEGY_ID, at, equity, equity],
            )
        rows = read(
            connection,
            "SELECT session, equity, session_return FROM analytics.daily_returns "
            "WHERE session > '2006-03-08' ORDER BY session",
        )
        assert [(row["session"], row["equity"]) for row in rows] == [
            (date(2006, 3, 9), 300),
            (date(2006, 3, 10), 150),
        ]
        assert rows[1]["session_return"] == Decimal("-0.5")


def test_signals_have_their_outcome(analyst: Connection) -> None:
    rows = read(analyst, "SELECT * FROM analytics.signals ORDER BY close_time, symbol")
    assert [(row["side"], row["outcome"]) for row in rows] == [
        ("BUY", "LATE"),
        ("BUY", "FILLED"),
        ("HOLD", "NO_ORDER"),
        ("HOLD", "NO_ORDER"),
        ("SELL", "FILLED"),
        ("HOLD", "NO_ORDER"),
        ("HOLD", "NO_ORDER"),
        ("BUY", "NOT_RECEIVED"),
    ]
    returns = {row["close_time"]: row["next_return"] for row in rows if row["symbol"] == "IBM"}
    assert returns[DAYS[0]] == Decimal("0.1")
    assert returns[DAYS[1]] == 0  # 110 before a split of two for one, 55 after it
    assert returns[DAYS[5]] is None


def test_a_signal_whose_instant_is_not_decided_waits(desk: str) -> None:
    with connect(desk) as connection, connection.transaction(force_rollback=True):
        at = DAYS[-1] + timedelta(days=1)
        name = signal_id(STRATEGY.id.uid, "IBM", "1d", at)
        insert_inbox(connection, STRATEGY_ID, OWNER, [InboxRow(at, "IBM", "SIGNAL", signal_id=name, side=Side.BUY)])
        [row] = read(connection, f"SELECT outcome FROM analytics.signals WHERE signal_id = '{name}'")
        assert row["outcome"] == "WAITING"


def test_exposure_is_measured_against_the_limits(analyst: Connection) -> None:
    [row] = read(analyst, "SELECT * FROM analytics.exposure")
    assert (row["symbol"], row["market_value"]) == ("AAPL", 1000)
    assert row["share"] == row["total_share"] == round(1000 / row["equity"], 8)
    assert row["concentration_headroom"] == round(row["equity"] * Decimal("0.4"), 4) - 1000
    assert row["position_headroom"] == round(row["equity"] * Decimal("0.25"), 4) - 1010


def test_who_stopped_a_desk_is_told(desk: str) -> None:
    with connect(desk) as connection, connection.transaction(force_rollback=True):
        connection.execute("SELECT set_trading_state(%s, 'PERSON', 'HALTED', 'lunch')", [STRATEGY_ID])
        connection.execute("SELECT set_trading_state(%s, 'PERSON', 'ACTIVE', 'back')", [STRATEGY_ID])
        rows = read(connection, "SELECT side, state, reason FROM analytics.trading_states")
        assert [tuple(row.values()) for row in rows] == [("PERSON", "ACTIVE", "back"), ("PERSON", "HALTED", "lunch")]


def test_bars_are_read(analyst: Connection) -> None:
    [row] = read(analyst, "SELECT * FROM analytics.bars")
    assert (row["symbol"], row["close_time"], row["close"]) == ("IBM", DAYS[0], Decimal("0.011"))
