"""The trading service's routes, on a real ledger."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4, uuid5

import pytest
from fastapi.testclient import TestClient

from tradewind.domain.bars import Bar
from tradewind.manifest.load import load_strategy
from tradewind.manifest.plan import plan_strategy
from tradewind.runtime.app import create_app
from tradewind.runtime.health import Health
from tradewind.store.database import connect, open_pool
from tradewind.store.ledger import halt
from tradewind.store.market_data import insert_bars
from tradewind.store.strategies import register_strategy
from tradewind.trading.api import add_routes

STRATEGY = load_strategy(Path(__file__).resolve().parents[3] / "examples" / "sma-cross.yaml")


@pytest.fixture
def client(database_url: str) -> Iterator[TestClient]:
    with connect(database_url) as connection:
        register_strategy(connection, STRATEGY, plan_strategy(STRATEGY))
        at = datetime(2006, 2, 28, 21, tzinfo=UTC)
        insert_bars(connection, "REPLAY", [Bar("AAPL", "1d", at, 680_000, 690_000, 670_000, 685_000, 0)])
    with open_pool(database_url) as pool:
        app = create_app("trading", Health())
        add_routes(app, pool, STRATEGY)
        with TestClient(app, raise_server_exceptions=False) as client:
            yield client


def order(**changes: object) -> dict[str, object]:
    return {"symbol": "AAPL", "side": "BUY", "quantity": "10", "client_order_id": str(uuid4()), **changes}


def test_an_order_is_taken_and_found_again(client: TestClient) -> None:
    wanted = order()
    answer = client.post("/orders", json=wanted)
    assert answer.status_code == 202
    assert answer.headers["Location"] == f"/orders/{wanted['client_order_id']}"
    found = client.get(answer.headers["Location"]).json()
    assert found == answer.json()
    assert (found["status"], found["quantity"], found["origin"]) == ("INITIALIZED", "10.00000000", "COMMAND")


def test_the_same_order_twice_is_one_order(client: TestClient, database_url: str) -> None:
    wanted = order()
    assert [client.post("/orders", json=wanted).status_code for _ in range(3)] == [202, 200, 200]
    with connect(database_url) as connection:
        assert connection.execute("SELECT count(*) FROM commands").fetchone() == (1,)
    assert client.post("/orders", json={**wanted, "quantity": "11"}).status_code == 409


def test_an_idempotency_key_names_the_order(client: TestClient) -> None:
    unnamed = order()
    del unnamed["client_order_id"]
    first = client.post("/orders", json=unnamed, headers={"Idempotency-Key": "monday"})
    again = client.post("/orders", json=unnamed, headers={"Idempotency-Key": "monday"})
    other = client.post("/orders", json={**unnamed, "side": "SELL"}, headers={"Idempotency-Key": "monday"})
    assert (first.status_code, again.status_code, other.status_code) == (202, 200, 409)
    assert first.json() == again.json()
    assert client.post("/orders", json=unnamed).status_code == 422


@pytest.mark.parametrize(
    ("changes", "status", "word"),
    [
        ({"symbol": "NOPE"}, 404, "NOPE"),
        ({"quantity": "-1"}, 422, "quantity"),
        ({"quantity": "0"}, 422, "quantity"),
        ({"quantity": "ten"}, 422, "quantity"),
        ({"quantity": "NaN"}, 422, "quantity"),
        ({"quantity": 1.5}, 422, "text"),
        ({"quantity": "1.5"}, 422, "lot"),
        ({"quantity": "1e30"}, 422, "64 bits"),
        ({"quantity": "30000000000"}, 422, "more than an account can count"),
        ({"side": "HOLD"}, 422, "side"),
        ({"client_order_id": "7"}, 422, "client_order_id"),
        ({"client_order_id": str(uuid5(STRATEGY.id.uid, "a signal's"))}, 422, "version 5"),
        ({"quantity": "1_0"}, 422, "quantity"),
        ({"symbol": "IBM"}, 409, "no price of IBM"),
        ({"price": "1"}, 422, "price"),
    ],
)
def test_a_bad_order_is_refused_with_a_problem_document(
    client: TestClient, database_url: str, changes: dict[str, object], status: int, word: str
) -> None:
    answer = client.post("/orders", json=order(**changes))
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert word in problem["detail"]
    with connect(database_url) as connection:
        assert connection.execute("SELECT count(*) FROM orders").fetchone() == (0,)


def test_an_unknown_order_is_404_and_a_malformed_id_422(client: TestClient) -> None:
    assert client.get(f"/orders/{uuid4()}").status_code == 404
    assert client.get("/orders/7").status_code == 422
    assert client.get("/nothing").headers["content-type"] == "application/problem+json"


def test_a_halted_desk_takes_no_order_and_says_why(client: TestClient, database_url: str) -> None:
    with connect(database_url) as connection:
        halt(connection, str(STRATEGY.id), "a test wanted it")
    answer = client.post("/orders", json=order())
    assert answer.status_code == 409
    assert "a test wanted it" in answer.json()["detail"]
    assert client.get("/account").json()["trading_state"] == "HALTED"


def test_a_new_account_is_worth_its_cash(client: TestClient) -> None:
    portfolio = client.get("/portfolio").json()
    assert portfolio["equity"] == portfolio["cash"] == "100000.0000"
    assert portfolio["total_return"] == "0.00000000"
    assert portfolio["max_drawdown"] is None
    assert client.get("/positions").json()["positions"] == []
    assert client.get("/trades").json()["trades"] == []
    assert client.get("/trades", params={"symbol": "NOPE"}).status_code == 404
    assert client.get("/trades", params={"limit": 0}).status_code == 422


def test_every_service_has_health_and_metrics(client: TestClient) -> None:
    assert client.get("/healthz").json()["status"] == "ok"
    assert client.get("/readyz").status_code == 200
    assert "tradewind_http_requests_total" in client.get("/metrics").text
