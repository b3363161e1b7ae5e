"""The trading service's routes of orders, on a real ledger; every answer is held against the OpenAPI document."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4, uuid5

import pytest
from tests.integration.trading.paper import PRICE, PaperDesk, an_order, rows_of
from tests.postgres import fresh_database

from tradewind.store.database import connect
from tradewind.store.ledger import record_fault


@pytest.fixture
def desk(database_url: str) -> Iterator[PaperDesk]:
    with PaperDesk(database_url) as desk:
        yield desk


@pytest.fixture(scope="module")
def still_desk(postgres_url: str, template_database: str) -> Iterator[PaperDesk]:
    """For tests that change nothing."""
    with fresh_database(postgres_url, template_database) as url, PaperDesk(url) as desk:
        yield desk


def test_an_order_is_taken_and_found_again(desk: PaperDesk) -> None:
    client = desk.client
    wanted = an_order(stop_price="90", target_price="120.5")
    answer = client.post("/orders", json=wanted)
    assert answer.status_code == 202
    assert answer.headers["Location"] == f"/orders/{wanted['client_order_id']}"
    found = client.get(answer.headers["Location"]).json()
    assert found == answer.json()
    assert (found["status"], found["quantity"], found["origin"]) == ("INITIALIZED", "10.00000000", "COMMAND")
    assert (found["stop_price"], found["target_price"]) == ("90.0000", "120.5000")


def test_the_same_order_twice_is_one_order_whatever_has_become_of_it(desk: PaperDesk) -> None:
    wanted = an_order()
    assert [desk.client.post("/orders", json=wanted).status_code for _ in range(3)] == [202, 200, 200]
    assert rows_of(desk, "commands") == 1
    assert desk.client.post("/orders", json={**wanted, "quantity": "11"}).status_code == 409
    assert desk.client.post("/orders", json={**wanted, "stop_price": "1"}).status_code == 409
    desk.day()
    desk.day()
    record_fault(desk.connection, desk.strategy_id, "a test wanted it")
    again = desk.client.post("/orders", json={**wanted, "quantity": "10.0"})
    assert (again.status_code, again.json()["status"]) == (200, "FILLED")


def test_an_idempotency_key_names_the_request(desk: PaperDesk) -> None:
    client = desk.client
    unnamed = an_order()
    del unnamed["client_order_id"]

    def post(key: str, **changes: Any) -> Any:
        return client.post("/orders", json={**unnamed, **changes}, headers={"Idempotency-Key": key})

    first, again, other = post("monday"), post("monday", quantity="10.00"), post("monday", side="SELL")
    assert (first.status_code, again.status_code, other.status_code) == (202, 200, 409)
    assert first.json() == again.json()
    assert "monday" in other.json()["detail"]
    assert client.post("/orders", json=unnamed).status_code == 422
    assert client.post("/orders", json=unnamed, headers={"Idempotency-Key": ""}).status_code == 422
    named = post("tuesday", client_order_id=str(uuid4()))
    assert named.status_code == 202
    assert post("tuesday", client_order_id=str(uuid4())).status_code == 409
    assert rows_of(desk, "orders") == 2


def test_a_key_that_is_forgotten_makes_nothing_twice(desk: PaperDesk) -> None:
    unnamed = {key: value for key, value in an_order().items() if key != "client_order_id"}
    headers = {"Idempotency-Key": "old"}
    first = desk.client.post("/orders", json=unnamed, headers=headers).json()
    desk.connection.execute("DELETE FROM idempotency_keys")
    again = desk.client.post("/orders", json=unnamed, headers=headers)
    assert (again.status_code, again.json()) == (200, first)


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
        ({"client_order_id": str(uuid5(uuid4(), "a signal's"))}, 422, "version 5"),
        ({"quantity": "1_0"}, 422, "quantity"),
        ({"price": "1"}, 422, "price"),
        ({"stop_price": "0"}, 422, "stop_price"),
        ({"stop_price": 90.5}, 422, "text"),
        ({"stop_price": "0.00001"}, 422, "finer"),
        ({"target_price": "1000000000"}, 422, "at most 922337203"),
        ({"stop_price": "90", "target_price": "90"}, 422, "not below"),
        ({"side": "SELL", "stop_price": "90"}, 422, "a sale has none"),
        ({"symbol": "A\u0000"}, 404, "not a symbol"),
    ],
)
def test_a_bad_order_is_refused_with_a_problem_document(
    still_desk: PaperDesk, changes: dict[str, object], status: int, word: str
) -> None:
    desk = still_desk
    answer = desk.client.post("/orders", json=an_order(**changes))
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert word in problem["detail"]
    assert rows_of(desk, "orders") == rows_of(desk, "commands") == rows_of(desk, "idempotency_keys") == 0


def test_no_order_is_taken_of_a_symbol_without_a_price(desk: PaperDesk) -> None:
    desk.connection.execute("DELETE FROM market_data WHERE symbol = 'IBM'")
    answer = desk.client.post("/orders", json=an_order(symbol="IBM"), headers={"Idempotency-Key": "k"})
    assert answer.status_code == 409
    assert "no price of IBM" in answer.json()["detail"]
    assert rows_of(desk, "orders") == rows_of(desk, "idempotency_keys") == 0


def test_an_unknown_order_is_404_and_a_malformed_id_422(still_desk: PaperDesk) -> None:
    client = still_desk.client
    for method in ("GET", "DELETE", "PATCH"):
        body = {"json": {"quantity": "1"}} if method == "PATCH" else {}
        assert client.request(method, f"/orders/{uuid4()}", **body).status_code == 404
        assert client.request(method, "/orders/7", **body).status_code == 422
    assert client.get("/nothing").headers["content-type"] == "application/problem+json"
    assert client.put("/orders").status_code == 405


def test_a_desk_that_decides_nothing_takes_no_order_and_says_why(desk: PaperDesk) -> None:
    working = desk.order()
    desk.day()
    waiting = desk.order()
    record_fault(desk.connection, desk.strategy_id, "a test wanted it")
    given = [
        desk.client.delete(f"/orders/{working['client_order_id']}"),
        desk.client.post("/orders", json=an_order(), headers={"Idempotency-Key": "k"}),
        desk.client.patch(f"/orders/{waiting['client_order_id']}", json={"quantity": "1"}),
        desk.client.post("/flatten", json={"reason": "out"}),
    ]
    assert [answer.status_code for answer in given] == [409] * 4
    assert all("a test wanted it" in answer.json()["detail"] for answer in given)
    assert rows_of(desk, "orders") == 2
    assert desk.read(working)["status"] == "ACCEPTED"
    assert desk.read(waiting)["status"] == "INITIALIZED"
    account = desk.client.get("/account").json()
    assert (account["trading_state"], account["fault"]) == ("HALTED", "a test wanted it")
    assert desk.client.delete(f"/orders/{waiting['client_order_id']}").json()["status"] == "CANCELED"


def test_an_order_that_nobody_has_taken_up_is_canceled_at_once(desk: PaperDesk) -> None:
    order = desk.order()
    url = f"/orders/{order['client_order_id']}"
    canceled = desk.client.delete(url)
    assert canceled.status_code == 200
    found = canceled.json()
    assert (found["status"], found["reason"], found["leaves_qty"]) == ("CANCELED", "CANCELED_BY_REQUEST", "0.00000000")
    assert desk.client.delete(url).json() == found
    desk.day()
    assert desk.read(order) == found
    assert rows_of(desk, "commands WHERE outcome = 'WITHDRAWN'") == 1


def test_a_working_order_is_canceled_by_the_next_instant_before_its_open(desk: PaperDesk) -> None:
    order = desk.order()
    url = f"/orders/{order['client_order_id']}"
    desk.day()
    assert desk.read(order)["status"] == "ACCEPTED"
    answers = [desk.client.delete(url) for _ in range(2)]
    assert [(a.status_code, a.json()["status"]) for a in answers] == [(202, "PENDING_CANCEL")] * 2
    desk.day()
    ended = desk.client.delete(url)
    assert (ended.status_code, ended.json()["status"], ended.json()["filled_qty"]) == (200, "CANCELED", "0.00000000")
    assert desk.client.get("/trades").json()["trades"] == []
    assert desk.client.get("/account").json()["reserved"] == "0.0000"


def test_a_filled_order_is_past_canceling_and_replacing(desk: PaperDesk) -> None:
    order = desk.order()
    url = f"/orders/{order['client_order_id']}"
    desk.day()
    desk.day()
    ended = desk.client.delete(url)
    assert (ended.status_code, ended.json()["status"]) == (200, "FILLED")
    refused = desk.client.patch(url, json={"quantity": "1"})
    assert (refused.status_code, refused.json()["order_status"]) == (409, "FILLED")
    assert rows_of(desk, "orders") == 1


def test_a_canceled_order_is_not_revived_by_replacing_it(desk: PaperDesk) -> None:
    order = desk.order()
    url = f"/orders/{order['client_order_id']}"
    desk.client.delete(url)
    assert desk.client.patch(url, json={"quantity": "1"}).status_code == 409
    working = desk.order()
    desk.day()
    desk.client.delete(f"/orders/{working['client_order_id']}")
    pending = desk.client.patch(f"/orders/{working['client_order_id']}", json={"quantity": "1"})
    assert (pending.status_code, pending.json()["order_status"]) == (409, "PENDING_CANCEL")
    assert rows_of(desk, "orders") == 2


def test_replacing_makes_a_new_order_that_is_checked_anew(desk: PaperDesk) -> None:
    old = desk.order(stop_price="90", target_price="120")
    desk.day()
    url = f"/orders/{old['client_order_id']}"
    answer = desk.client.patch(url, json={"quantity": "7", "stop_price": "95.5", "target_price": None})
    assert answer.status_code == 202
    new = answer.json()
    assert answer.headers["Location"] == f"/orders/{new['client_order_id']}"
    assert (new["replaces"], new["quantity"]) == (old["client_order_id"], "7.00000000")
    assert (new["stop_price"], new["target_price"], new["status"]) == ("95.5000", None, "INITIALIZED")
    replaced = desk.read(old)
    assert (replaced["status"], replaced["replaced_by"]) == ("PENDING_UPDATE", new["client_order_id"])
    desk.day()
    assert (desk.read(old)["status"], desk.read(new)["status"]) == ("CANCELED", "ACCEPTED")
    desk.day()
    assert desk.read(new)["status"] == "FILLED"
    held = desk.client.get("/positions").json()["positions"]
    assert [(p["symbol"], p["quantity"], p["stop_price"]) for p in held] == [("AAPL", "7.00000000", "95.5000")]


def test_replacing_twice_is_replacing_once(desk: PaperDesk) -> None:
    old = desk.order()
    desk.day()
    url = f"/orders/{old['client_order_id']}"
    first = desk.client.patch(url, json={"quantity": "7"})
    again = desk.client.patch(url, json={"quantity": "7.0"})
    assert (first.status_code, again.status_code) == (202, 200)
    assert first.json() == again.json()
    assert desk.client.patch(url, json={"quantity": "8"}).status_code == 409
    other = desk.client.patch(url, json={"quantity": "7"}, headers={"Idempotency-Key": "another"})
    assert (other.status_code, other.json()["replaced_by"]) == (409, first.json()["client_order_id"])
    assert rows_of(desk, "orders") == 2
    desk.day()
    desk.day()
    assert desk.client.patch(url, json={"quantity": "7"}).json()["status"] == "FILLED"


def test_a_replacement_keeps_what_is_not_named_and_fills_what_was_left(database_url: str) -> None:
    with PaperDesk(database_url, broker={"type": "Paper", "maxParticipation": "10%"}) as desk:
        old = desk.order(quantity="10", target_price="150")
        desk.day()
        desk.day(volume=40 * 10**8)  # four of the ten
        assert (desk.read(old)["status"], desk.read(old)["leaves_qty"]) == ("PARTIALLY_FILLED", "6.00000000")
        new = desk.client.patch(f"/orders/{old['client_order_id']}", json={"stop_price": "90"}).json()
        assert (new["quantity"], new["stop_price"], new["target_price"]) == ("6.00000000", "90.0000", "150.0000")
        desk.day()
        desk.day()
        ended = desk.read(old)
        assert (ended["status"], ended["filled_qty"], ended["leaves_qty"]) == ("CANCELED", "4.00000000", "0.00000000")
        assert desk.read(new)["status"] == "FILLED"
        assert desk.client.get("/positions").json()["positions"][0]["quantity"] == "10.00000000"


def test_an_order_can_not_be_replaced_by_itself_or_by_one_that_is_there(desk: PaperDesk) -> None:
    old, other = desk.order(quantity="10"), desk.order(symbol="IBM", quantity="10")
    desk.day()
    url = f"/orders/{old['client_order_id']}"
    for taken in (old, other):
        answer = desk.client.patch(url, json={"quantity": "10", "client_order_id": taken["client_order_id"]})
        assert answer.status_code == 409
    assert desk.read(old)["status"] == "ACCEPTED"
    assert rows_of(desk, "orders WHERE replaces IS NOT NULL") == 0


def test_a_replacement_is_refused_when_it_makes_no_sense(desk: PaperDesk) -> None:
    bought = desk.order()
    desk.day()
    desk.day()
    sale = desk.order(side="SELL", quantity="5")
    url = f"/orders/{sale['client_order_id']}"
    for body, word in (
        ({}, "nothing to change"),
        ({"stop_price": "90"}, "a sale has none"),
        ({"quantity": "1.5"}, "lot"),
        ({"quantity": "30000000000"}, "more than an account"),
        ({"symbol": "IBM", "quantity": "1"}, "symbol"),
    ):
        answer = desk.client.patch(url, json=body)
        assert (answer.status_code, word in answer.json()["detail"]) == (422, True)
    assert desk.read(sale)["status"] == "INITIALIZED"
    assert desk.read(bought)["status"] == "FILLED"


def test_if_match_lets_nobody_change_an_order_that_has_moved_on(desk: PaperDesk) -> None:
    order = desk.order()
    url = f"/orders/{order['client_order_id']}"
    seen = desk.client.get(url).headers["ETag"]
    desk.day()
    for changed in (
        desk.client.delete(url, headers={"If-Match": seen}),
        desk.client.patch(url, json={"quantity": "1"}, headers={"If-Match": f'"other", W/{seen}'}),
    ):
        assert changed.status_code == 412
        assert changed.json()["etag"] == desk.client.get(url).headers["ETag"]
    assert desk.read(order)["status"] == "ACCEPTED"
    now = desk.client.get(url).headers["ETag"]
    replaced = desk.client.patch(url, json={"quantity": "1"}, headers={"If-Match": f'"other", {now}'})
    assert replaced.status_code == 202
    # The answer was lost: the same request again is not refused for what it did itself.
    assert desk.client.patch(url, json={"quantity": "1"}, headers={"If-Match": now}).status_code == 200
    assert desk.client.delete(url, headers={"If-Match": "*"}).status_code == 202


def test_a_bracket_sells_at_its_stop(desk: PaperDesk) -> None:
    bought = desk.order(stop_price="97", target_price="120")
    desk.day()
    desk.day()
    desk.day(prices={"AAPL": 96_0000})
    assert desk.read(bought)["status"] == "FILLED"
    sold = desk.client.get("/orders", params={"origin": "STOP_LOSS"}).json()["orders"]
    assert [(o["side"], o["status"], o["quantity"]) for o in sold] == [("SELL", "FILLED", "10.00000000")]
    assert desk.client.get("/positions").json()["positions"][0]["stop_price"] is None


def test_an_order_that_is_too_large_is_denied_with_its_numbers(desk: PaperDesk) -> None:
    order = desk.order(quantity="400")
    desk.day(prices={"AAPL": PRICE})
    denied = desk.read(order)
    assert (denied["status"], denied["reason"]) == ("DENIED", "POSITION_EXCEEDS_MAXIMUM")
    assert (denied["reason_value"], denied["reason_limit"]) == ("40000.00000000", "25000.00000000")
    assert desk.client.get("/orders", params={"reason": "POSITION_EXCEEDS_MAXIMUM"}).json()["orders"] == [denied]


def test_a_request_whose_connection_breaks_is_503_and_has_done_nothing(desk: PaperDesk, database_url: str) -> None:
    waits = "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    with ThreadPoolExecutor(1) as background, connect(database_url) as holder, holder.transaction():
        holder.execute("SELECT lock_account(%s)", [desk.strategy_id])
        asked = background.submit(desk.client.post, "/orders", json=an_order())
        deadline = time.monotonic() + 20
        while (waiting := desk.connection.execute(waits).fetchone()) is None:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        desk.connection.execute("SELECT pg_terminate_backend(%s, 5000)", [waiting[0]])
        answer = asked.result(20)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert "the database does not answer" in answer.json()["detail"]
    assert rows_of(desk, "orders") == 0
    desk.order()
