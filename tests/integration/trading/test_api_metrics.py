"""What the trading service measures, on a real ledger."""

from collections.abc import Iterator

import pytest
from prometheus_client import REGISTRY, CollectorRegistry
from tests.integration.trading.paper import PRICE, PaperDesk

from tradewind.domain.orders import Side
from tradewind.store.database import open_pool
from tradewind.trading.decide import Decided
from tradewind.trading.latency import SignalLatency
from tradewind.trading.metrics import AccountMetrics


@pytest.fixture
def desk(database_url: str) -> Iterator[PaperDesk]:
    with PaperDesk(database_url) as desk:
        yield desk


def value(name: str, registry: CollectorRegistry | None = None, **labels: str) -> float | None:
    return (registry or REGISTRY).get_sample_value(name, labels)


def measured(name: str) -> tuple[float, float]:
    """How often a histogram was given something, and how much of it."""
    return value(f"{name}_count") or 0.0, value(f"{name}_sum") or 0.0


def one_day(desk: PaperDesk, *buys: str) -> list[Decided]:
    at = desk.now
    for symbol in desk.strategy.spec.symbols:
        side = Side.BUY if symbol in buys else Side.HOLD
        desk.journal(desk.bar(symbol, at), desk.signal(symbol, at, side))
    # Ten seconds and more ago by the database's clock.
    desk.connection.execute("UPDATE inbox SET received_at = received_at - interval '10 s' WHERE instant = %s", [at])
    desk.days += 1
    return desk.decide()


def test_signals_are_timed_from_the_journal_to_the_commit_of_their_order_and_fill(
    desk: PaperDesk, database_url: str
) -> None:
    with open_pool(database_url) as pool:
        latency = SignalLatency(pool, desk.strategy.id.uid, "1d")
        ordered, filled = measured("tradewind_signal_to_order_seconds"), measured("tradewind_signal_to_fill_seconds")
        desk.order(symbol="MSFT")
        first = one_day(desk, "AAPL", "IBM")
        latency.note(first)
        latency.observe()
        count, seconds = measured("tradewind_signal_to_order_seconds")
        assert count - ordered[0] == 2
        assert 20 <= seconds - ordered[1] < 60
        assert measured("tradewind_signal_to_fill_seconds") == filled
        second = one_day(desk)
        latency.note(second)
        latency.observe()
        latency.observe()
        count, seconds = measured("tradewind_signal_to_fill_seconds")
        assert count - filled[0] == 2  # a person's order came from no signal
        assert 20 <= seconds - filled[1] < 60
        assert measured("tradewind_signal_to_order_seconds")[0] - ordered[0] == 2


def test_the_accounts_metrics_are_the_ledgers(desk: PaperDesk, database_url: str) -> None:
    desk.order(quantity="100")
    desk.order(symbol="IBM", quantity="5")
    desk.day()
    desk.day()
    desk.day(prices={"AAPL": PRICE - 10_0000})
    working = desk.order(symbol="GOOG")
    desk.day(prices={"AAPL": PRICE - 10_0000})
    desk.client.post("/trading-state", json={"state": "REDUCING", "reason": "a test"})
    account, portfolio = desk.client.get("/account").json(), desk.client.get("/portfolio").json()
    risk = desk.client.get("/risk").json()
    assert desk.read(working)["status"] == "ACCEPTED"
    registry = CollectorRegistry()
    with open_pool(database_url) as pool:
        registry.register(AccountMetrics(pool, desk.strategy_id))
        for name in ("equity", "cash", "reserved"):
            key = "marked_equity" if name == "equity" else name
            assert value(f"tradewind_{name}_money", registry, currency="USD") == float(account[key])
        assert value("tradewind_drawdown_ratio", registry) == float(risk["drawdown"]["drawdown"]) < 0
        assert value("tradewind_max_drawdown_ratio", registry) == float(portfolio["max_drawdown"]) < 0
        exposure = float(account["portfolio_value"]) / float(account["equity"])
        assert value("tradewind_exposure_ratio", registry) == pytest.approx(exposure)
        assert value("tradewind_open_positions", registry) == 1.0 + (len(portfolio["positions"]) == 2)
        for side, state in (("PERSON", "REDUCING"), ("MANIFEST", "ACTIVE"), ("EFFECTIVE", "REDUCING")):
            states = ("ACTIVE", "REDUCING", "HALTED")
            found = [value("tradewind_trading_state", registry, side=side, state=one) for one in states]
            assert found == [float(one == state) for one in states]
    # The pool is closed: no sample is better than an old one.
    assert value("tradewind_cash_money", registry, currency="USD") is None


def test_requests_are_counted_by_the_template_of_their_route(desk: PaperDesk) -> None:
    order = desk.order()
    counted = {"method": "GET", "route": "/orders/{order_id}", "status": "200"}
    before = REGISTRY.get_sample_value("tradewind_http_requests_total", counted) or 0.0
    desk.read(order)
    assert REGISTRY.get_sample_value("tradewind_http_requests_total", counted) == before + 1
    desk.client.request("BREW", "/orders")
    desk.client.get("/no/such/thing")
    assert value("tradewind_http_requests_total", method="OTHER", route="/orders", status="405")
    assert value("tradewind_http_requests_total", method="GET", route="unmatched", status="404")


def test_an_error_that_nobody_foresaw_is_counted_and_answered(desk: PaperDesk) -> None:
    desk.connection.execute("ALTER TABLE positions RENAME TO gone")
    answer = desk.client.get("/positions")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    named = {"method": "GET", "route": "/positions", "error": "UndefinedTable"}
    assert REGISTRY.get_sample_value("tradewind_http_errors_total", named) == 1.0
    assert value("tradewind_http_requests_total", method="GET", route="/positions", status="500") == 1.0
