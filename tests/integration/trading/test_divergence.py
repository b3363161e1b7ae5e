"""Divergence: the journal's replay against the ledger, while the desk trades."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from tests.integration.trading.brokers.market import PaperMarket

from tradewind.domain.orders import Side
from tradewind.store.database import Connection, connect
from tradewind.trading.divergence import Divergence


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    with connect(database_url) as connection:
        yield connection


def test_nothing_differs_on_paper_whatever_a_person_does(database_url: str, connection: Connection) -> None:
    market = PaperMarket(connection, max_participation="10%")
    divergence = Divergence(database_url, market.strategy)
    assert divergence.check(connection) is not None
    market.order(Side.BUY, "10", stop="95", target="120")
    market.bar("100", "101", "99", "100", volume="40")
    market.bar("100", "101", "99", "100")
    canceled = market.order(Side.BUY, "5")
    market.cancel(canceled)
    market.bar("90", "91", "89", "90")
    market.order(Side.SELL, "1")
    market.bar("100", "100", "100", "100")
    found = divergence.check(connection)
    assert found is not None
    assert found.is_zero, found
    afresh = Divergence(database_url, market.strategy).check(connection)
    assert afresh == found


@pytest.mark.parametrize(
    ("tampering", "cash", "held", "orders"),
    [
        ("UPDATE account SET cash = cash + 0.0001", 1, 0, 0),
        ("UPDATE positions SET quantity = quantity - 0.00000003", 0, -3, 0),
        (
            "ALTER TABLE trades DISABLE TRIGGER trigger_keep_trades; UPDATE trades SET last_px = last_px + 1",
            0,
            0,
            2,
        ),
        ("UPDATE orders SET quantity = quantity + 1, filled_qty = filled_qty + 1", 0, 0, 2),
    ],
)
def test_each_kind_of_difference_is_told_apart(
    database_url: str, connection: Connection, tampering: str, cash: int, held: int, orders: int
) -> None:
    market = PaperMarket(connection)
    market.order(Side.BUY, "10")
    market.bar("101", "101", "101", "101")
    connection.execute(tampering.encode())
    found = Divergence(database_url, market.strategy).check(connection)
    assert found is not None
    assert (found.cash, found.positions["IBM"], found.orders) == (cash, held, orders)
    assert not found.is_zero


def test_what_it_has_compared_it_compares_no_more_and_a_long_journal_comes_in_parts(
    database_url: str, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tradewind.trading.divergence._MOST_INSTANTS", 3)
    market = PaperMarket(connection)
    market.order(Side.BUY, "10")
    for _ in range(5):
        market.bar("100", "101", "99", "100")
    divergence = Divergence(database_url, market.strategy)
    parts = [divergence.check(connection) for _ in range(4)]
    assert parts[:2] == [None, None]
    assert parts[2] is not None
    assert parts[2].is_zero
    assert parts[3] == parts[2]
    assert market.held() == Decimal(10)
