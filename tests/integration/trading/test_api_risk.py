"""The routes of risk, of the trading state and of the way out, on a real ledger."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.integration.trading.paper import PRICE, START, PaperDesk, an_order, pages, rows_of
from tests.postgres import fresh_database

from tradewind.domain.orders import Side
from tradewind.store.inbox import InboxRow
from tradewind.store.ledger import record_fault
from tradewind.store.strategies import set_trading_state


@pytest.fixture(scope="module")
def still_desk(postgres_url: str, template_database: str) -> Iterator[PaperDesk]:
    """For tests that change nothing."""
    with fresh_database(postgres_url, template_database) as url, PaperDesk(url) as desk:
        yield desk


@pytest.fixture
def desk(database_url: str) -> Iterator[PaperDesk]:
    with PaperDesk(database_url) as desk:
        yield desk


def set_state(desk: PaperDesk, state: str, reason: str = "a test") -> Any:
    answer = desk.client.post("/trading-state", json={"state": state, "reason": reason})
    assert answer.status_code == 200, answer.text
    return answer.json()


def flatten(desk: PaperDesk, reason: str = "out", key: str | None = None) -> Any:
    headers = {} if key is None else {"Idempotency-Key": key}
    return desk.client.post("/flatten", json={"reason": reason}, headers=headers)


def names(orders: list[dict[str, Any]]) -> list[str]:
    return [order["client_order_id"] for order in orders]


def test_the_operator_sets_the_manifests_side_and_loosens_no_other(desk: PaperDesk) -> None:
    set_state(desk, "HALTED", "the feed looks wrong")

    def set_manifest(state: str) -> Any:
        body = {"side": "MANIFEST", "state": state, "reason": "the manifest says so"}
        answer = desk.client.post("/trading-state", json=body)
        assert answer.status_code == 200, answer.text
        return {side["side"]: side["state"] for side in answer.json()["sides"]} | {"is": answer.json()["effective"]}

    assert set_manifest("REDUCING") == {
        "MANIFEST": "REDUCING", "PERSON": "HALTED", "AUTOMATIC": "ACTIVE", "FAULT": "ACTIVE", "is": "HALTED",
    }  # fmt: skip
    assert set_state(desk, "ACTIVE")["effective"] == "REDUCING"
    assert set_manifest("ACTIVE")["is"] == "ACTIVE"
    [latest, *_] = desk.client.get("/trading-state/history").json()["changes"]
    assert (latest["side"], latest["state"]) == ("MANIFEST", "ACTIVE")
    body = {"side": "AUTOMATIC", "state": "ACTIVE", "reason": "no one may"}
    assert desk.client.post("/trading-state", json=body).status_code == 422


def test_a_person_stops_and_starts_the_desk(desk: PaperDesk) -> None:
    halted = set_state(desk, "HALTED", "the feed looks wrong")
    assert halted["effective"] == "HALTED"
    sides = {side["side"]: side for side in halted["sides"]}
    assert list(sides) == ["MANIFEST", "PERSON", "AUTOMATIC", "FAULT"]
    assert (sides["PERSON"]["state"], sides["PERSON"]["reason"]) == ("HALTED", "the feed looks wrong")
    assert sides["PERSON"]["since"] is not None
    assert (sides["MANIFEST"]["state"], sides["MANIFEST"]["since"]) == ("ACTIVE", None)
    assert desk.client.get("/trading-state").json() == halted
    denied = desk.order()
    desk.day(signals={"IBM": Side.BUY})
    assert desk.read(denied)["reason"] == "TRADING_HALTED"
    assert set_state(desk, "ACTIVE", "it was the clock")["effective"] == "ACTIVE"
    assert desk.order()["status"] == "INITIALIZED"
    desk.day(signals={"IBM": Side.BUY})
    reasons = [order["reason"] for order in desk.client.get("/orders").json()["orders"]]
    assert reasons == [None, None, "TRADING_HALTED", "TRADING_HALTED"]


@pytest.mark.parametrize("others", ["MANIFEST", "AUTOMATIC", "FAULT"])
def test_a_person_loosens_nothing_that_another_side_set(database_url: str, others: str) -> None:
    with PaperDesk(database_url, risk={"maxDailyLoss": "1%", "maxPosition": "90%", "maxConcentration": "100%"}) as desk:
        if others == "MANIFEST":
            set_trading_state(desk.connection, desk.strategy_id, "MANIFEST", "HALTED", "the manifest says so")
        elif others == "FAULT":
            record_fault(desk.connection, desk.strategy_id, "they came apart")
        else:
            desk.order(quantity="500")
            desk.day()
            desk.day()
            desk.day(prices={"AAPL": 90_0000})
        stopped = desk.client.get("/trading-state").json()
        assert stopped["effective"] == ("REDUCING" if others == "AUTOMATIC" else "HALTED")
        side = next(side for side in stopped["sides"] if side["side"] == others)
        assert side["state"] == stopped["effective"]
        assert side["reason"]
        for state in ("REDUCING", "ACTIVE"):
            after = set_state(desk, state)
            assert after["effective"] == stopped["effective"]
            assert next(s for s in after["sides"] if s["side"] == others) == side


def test_a_halted_desk_lets_a_person_sell(desk: PaperDesk) -> None:
    desk.order()
    desk.day()
    desk.day()
    set_state(desk, "HALTED")
    sale, purchase = desk.order(side="SELL"), desk.order(symbol="IBM")
    desk.day(signals={"AAPL": Side.SELL})
    assert (desk.read(sale)["status"], desk.read(purchase)["reason"]) == ("ACCEPTED", "TRADING_HALTED")
    desk.day()
    assert desk.read(sale)["status"] == "FILLED"


@pytest.mark.parametrize(
    "body",
    [
        {"state": "HALTED"},
        {"state": "STOPPED", "reason": "x"},
        {"state": "HALTED", "reason": ""},
        {"state": "HALTED", "reason": "a\u0000b"},
        {"state": "HALTED", "reason": "x", "side": "AUTOMATIC"},
        {"state": "HALTED", "reason": "x" * 501},
    ],
)
def test_a_state_asked_for_badly_is_422_and_changes_nothing(still_desk: PaperDesk, body: dict[str, str]) -> None:
    assert still_desk.client.post("/trading-state", json=body).status_code == 422
    assert rows_of(still_desk, "trading_state_changes") == 0


def test_the_history_says_who_did_what(desk: PaperDesk) -> None:
    for n in range(5):
        set_state(desk, "HALTED" if n % 2 == 0 else "ACTIVE", f"reason {n}")
    set_state(desk, "HALTED", "no change")
    set_trading_state(desk.connection, desk.strategy_id, "MANIFEST", "REDUCING", "the manifest says so")
    shown = [row for page in pages(desk.client, "/trading-state/history", "changes", limit=2) for row in page]
    assert [row["reason"] for row in shown] == ["the manifest says so", *(f"reason {n}" for n in range(4, -1, -1))]
    person = pages(desk.client, "/trading-state/history", "changes", limit=3, side="PERSON")
    assert [len(page) for page in person] == [3, 2]
    assert desk.client.get("/trading-state/history", params={"cursor": "LTE"}).status_code == 422
    assert desk.client.get("/trading-state/history", params={"side": "NOBODY"}).status_code == 422


def held_and_working(desk: PaperDesk) -> dict[str, Any]:
    """AAPL and GOOG are held, a purchase of IBM works, a purchase of MSFT and a part sale of GOOG wait."""
    for symbol in ("AAPL", "GOOG"):
        desk.order(symbol=symbol)
    desk.day()
    desk.day()
    working = desk.order(symbol="IBM")
    desk.day()
    return {
        "working": working,
        "waiting": desk.order(symbol="MSFT"),
        "part": desk.order(symbol="GOOG", side="SELL", quantity="4"),
    }


def test_flattening_gets_out_of_everything(desk: PaperDesk) -> None:
    orders = held_and_working(desk)
    answer = flatten(desk, "closing the book")
    assert answer.status_code == 202
    done = answer.json()
    assert names(done["canceled"]) == [orders["working"]["client_order_id"]]
    assert sorted(names(done["withdrawn"])) == sorted(orders[key]["client_order_id"] for key in ("waiting", "part"))
    assert [(s["symbol"], s["side"], s["quantity"]) for s in done["sales"]] == [
        ("AAPL", "SELL", "10.00000000"),
        ("GOOG", "SELL", "10.00000000"),
    ]
    assert (done["person_state_before"], done["person_state"], done["left_to_work"]) == ("ACTIVE", "REDUCING", [])
    state = desk.client.get("/trading-state").json()
    assert (state["effective"], state["sides"][1]["reason"]) == ("REDUCING", "closing the book")
    desk.day(signals=dict.fromkeys(desk.strategy.spec.symbols, Side.BUY))
    desk.day()
    assert [p["quantity"] for p in desk.client.get("/positions").json()["positions"]] == ["0.00000000"] * 2
    statuses = {desk.read(order)["status"] for order in (*done["canceled"], *done["withdrawn"])}
    assert statuses == {"CANCELED"}
    assert {desk.read(order)["status"] for order in done["sales"]} == {"FILLED"}
    assert desk.client.get("/orders", params={"status": "ACCEPTED"}).json()["orders"] == []


def test_flattening_again_sells_nothing_twice(desk: PaperDesk) -> None:
    held_and_working(desk)
    first = flatten(desk).json()
    again = flatten(desk).json()
    assert (again["canceled"], again["withdrawn"], again["sales"]) == ([], [], [])
    assert names(again["left_to_work"]) == names(first["sales"])
    desk.day()
    working = flatten(desk).json()
    assert names(working["left_to_work"]) == names(first["sales"])
    assert (working["canceled"], working["sales"]) == ([], [])
    desk.day()
    nothing = flatten(desk).json()
    assert [nothing[key] for key in ("canceled", "withdrawn", "left_to_work", "sales")] == [[]] * 4
    assert {p["quantity"] for p in desk.client.get("/positions").json()["positions"]} == {"0.00000000"}


def test_a_key_makes_flattening_one_request(desk: PaperDesk) -> None:
    held_and_working(desk)
    first, again = flatten(desk, key="panic"), flatten(desk, key="panic")
    assert (first.status_code, again.status_code) == (202, 200)
    assert first.json() == again.json()
    assert flatten(desk, "another reason", key="panic").status_code == 409
    order = desk.client.post("/orders", json=an_order(side="SELL"), headers={"Idempotency-Key": "panic"})
    assert order.status_code == 409
    desk.client.post("/orders", json=an_order(side="SELL"), headers={"Idempotency-Key": "sale"})
    assert flatten(desk, key="sale").status_code == 409
    desk.day()
    desk.day()
    assert flatten(desk, key="panic").json() == first.json()


def test_many_at_once_flatten_once(desk: PaperDesk) -> None:
    held_and_working(desk)
    with ThreadPoolExecutor(8) as people:
        answers = list(people.map(lambda _: flatten(desk, key="panic"), range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [202]
    assert len({answer.text for answer in answers}) == 1
    assert rows_of(desk, "orders WHERE side = 'SELL' AND status = 'INITIALIZED'") == 2


def test_flattening_leaves_a_halted_desk_halted(desk: PaperDesk) -> None:
    held_and_working(desk)
    set_state(desk, "HALTED", "first")
    done = flatten(desk, "then out").json()
    assert (done["person_state_before"], done["person_state"]) == ("HALTED", "HALTED")
    assert desk.client.get("/trading-state").json()["sides"][1]["reason"] == "first"
    desk.day()
    desk.day()
    assert {p["quantity"] for p in desk.client.get("/positions").json()["positions"]} == {"0.00000000"}


def test_flattening_replaces_a_sale_of_a_part_and_one_that_is_being_canceled(desk: PaperDesk) -> None:
    for symbol in ("AAPL", "GOOG"):
        desk.order(symbol=symbol)
    desk.day()
    desk.day()
    part, whole = desk.order(side="SELL", quantity="3"), desk.order(symbol="GOOG", side="SELL")
    desk.day()
    desk.client.delete(f"/orders/{whole['client_order_id']}")
    done = flatten(desk).json()
    assert names(done["canceled"]) == names([part])
    assert [sale["symbol"] for sale in done["sales"]] == ["AAPL", "GOOG"]
    desk.day()
    desk.day()
    assert {p["quantity"] for p in desk.client.get("/positions").json()["positions"]} == {"0.00000000"}
    assert (desk.read(part)["status"], desk.read(whole)["status"]) == ("CANCELED", "CANCELED")


def test_the_kill_switch_needs_no_instant(desk: PaperDesk) -> None:
    """Nothing arrives between these requests; what is asked stands and is obeyed once something does."""
    held_and_working(desk)
    desk.health.unmet("broker", "no broker answers")
    assert desk.client.get("/readyz").status_code == 503
    assert set_state(desk, "HALTED")["effective"] == "HALTED"
    assert flatten(desk).status_code == 202
    desk.day()
    desk.day()
    assert {p["quantity"] for p in desk.client.get("/positions").json()["positions"]} == {"0.00000000"}


def test_risk_gives_each_limit_and_its_use(database_url: str) -> None:
    risk = {"maxPosition": "25%", "maxConcentration": "40%", "maxDailyLoss": "3%", "maxOrderNotional": "20000",
            "ordersPerMinute": 5}  # fmt: skip
    with PaperDesk(database_url, risk=risk, broker={"type": "Paper", "fee": "0%", "slippage": "0%"}) as desk:
        new = desk.client.get("/risk").json()
        assert new["limits"] == {
            "max_position": "0.25000000", "max_concentration": "0.40000000", "max_daily_loss": "0.03000000",
            "max_order_notional": "20000.0000", "orders_per_minute": 5,
        }  # fmt: skip
        assert (new["session"]["day"], new["minute"]["minute"], new["positions"], new["waiting"]) == (
            None,
            None,
            [],
            None,
        )
        desk.order(quantity="100")
        desk.day()
        assert desk.client.get("/risk").json()["cash"] == {
            "cash": "100000.0000", "reserved": "10000.0000", "margin": "0.0000", "free_cash": "90000.0000"
        }  # fmt: skip
        desk.day()
        desk.order(symbol="IBM", quantity="1")
        at = desk.day(prices={"AAPL": 90_0000})
        now = desk.client.get("/risk").json()
        assert now["equity"] == "99000.0000"
        assert now["positions"] == [{
            "symbol": "AAPL", "cost": "10000.0000", "position_limit": "24750.0000", "position_use": "0.40404040",
            "market_value": "9000.0000", "concentration_limit": "39600.0000", "concentration_use": "0.22727273",
        }]  # fmt: skip
        assert now["session"] == {
            "day": at.date().isoformat(), "equity": "100000.0000", "loss": "1000.0000", "limit": "3000.0000",
            "use": "0.33333333",
        }  # fmt: skip
        assert now["minute"] == {"minute": at.isoformat().replace("+00:00", "Z"), "orders": 1, "limit": 5,
                                 "use": "0.20000000"}  # fmt: skip
        assert now["drawdown"] == {
            "peak_equity": "100000.0000", "drawdown": "-0.01000000", "max_drawdown": "-0.01000000"
        }  # fmt: skip
        assert now["trading_state"] == desk.client.get("/trading-state").json()


def test_limits_that_are_off_are_null(database_url: str) -> None:
    with PaperDesk(database_url, risk={}) as desk:
        desk.order()
        desk.day()
        desk.day()
        risk = desk.client.get("/risk").json()
        assert set(risk["limits"].values()) == {None}
        assert [risk["positions"][0][key] for key in ("position_limit", "position_use", "concentration_use")] == [
            None
        ] * 3
        assert [risk[part][key] for part in ("session", "minute") for key in ("limit", "use")] == [None] * 4


def test_risk_says_what_an_open_instant_waits_for_and_since_when(desk: PaperDesk) -> None:
    desk.day()
    at = desk.now
    desk.journal(desk.bar("AAPL", at), desk.signal("AAPL", at), desk.bar("GOOG", at), InboxRow(at, "MSFT", "MISSING"))
    desk.journal(*(row for s in desk.strategy.spec.symbols for row in (desk.bar(s, at + timedelta(days=1)),)))
    waiting = desk.client.get("/risk").json()["waiting"]
    first = desk.connection.execute("SELECT min(received_at) FROM inbox WHERE instant = %s", [at]).fetchone()
    assert first is not None
    assert waiting == {
        "instant": at.isoformat().replace("+00:00", "Z"),
        "since": first[0].isoformat().replace("+00:00", "Z"),
        "symbols": [{"symbol": "GOOG", "lacks": ["SIGNAL"]}, {"symbol": "IBM", "lacks": ["BAR", "SIGNAL"]}],
    }
    desk.journal(desk.signal("GOOG", at), desk.bar("IBM", at), desk.signal("IBM", at))
    assert desk.client.get("/risk").json()["waiting"]["symbols"] == []
    desk.decide()
    assert desk.client.get("/risk").json()["waiting"]["instant"] == (at + timedelta(days=1)).isoformat()[:19] + "Z"


def test_a_late_bar_opens_no_instant(desk: PaperDesk) -> None:
    desk.day()
    desk.journal(desk.bar("AAPL", START - timedelta(days=3)))
    assert desk.client.get("/risk").json()["waiting"] is None


def test_signals_say_what_became_of_them(desk: PaperDesk) -> None:
    first = desk.day(signals={"AAPL": Side.BUY, "IBM": Side.BUY}, missing=("MSFT",))
    second = desk.day(signals={"AAPL": Side.SELL})
    desk.journal(desk.signal("MSFT", first, Side.BUY), desk.signal("AAPL", desk.now, Side.BUY))
    signals = [row for page in pages(desk.client, "/signals", "signals", limit=3) for row in page]
    shown = {(row["symbol"], row["instant"][:10]): row for row in signals}
    assert len(shown) == len(signals) == 9
    assert [row["instant"] for row in signals] == sorted((row["instant"] for row in signals), reverse=True)
    bought = shown["AAPL", first.date().isoformat()]
    assert (bought["took_part"], bought["late"], bought["order_status"]) == (True, False, "FILLED")
    assert desk.read(bought)["signal_id"] == bought["signal_id"]
    held = shown["GOOG", first.date().isoformat()]
    assert (held["side"], held["took_part"], held["client_order_id"]) == ("HOLD", True, None)
    late = shown["MSFT", first.date().isoformat()]
    assert (late["late"], late["took_part"]) == (True, False)
    waiting = shown["AAPL", desk.now.date().isoformat()]
    assert (waiting["took_part"], waiting["decided_at"], waiting["client_order_id"]) == (False, None, None)

    def asked(**params: Any) -> int:
        return sum(map(len, pages(desk.client, "/signals", "signals", limit=2, **params)))

    assert asked(symbol="AAPL") == 3
    assert asked(side="BUY") == 4
    assert asked(side="BUY", symbol="AAPL", late=False) == 2
    assert asked(late=True) == 1
    assert asked(**{"from": second.isoformat()}) == 5
    assert asked(to=first.isoformat()) == 4
    assert asked(**{"from": second.isoformat(), "to": second.isoformat()}) == 4
    assert desk.client.get("/signals", params={"symbol": "NOPE"}).status_code == 404
    assert desk.client.get("/signals", params={"cursor": "WzEsMl0"}).status_code == 422


def test_a_new_account_is_worth_its_cash(desk: PaperDesk) -> None:
    portfolio = desk.client.get("/portfolio").json()
    assert portfolio["equity"] == portfolio["cash"] == "100000.0000"
    assert portfolio["total_return"] == "0.00000000"
    account = desk.client.get("/account").json()
    assert (account["currency"], account["free_cash"], account["session_day"]) == ("USD", "100000.0000", None)
    assert desk.client.get("/positions").json()["positions"] == []
    assert desk.client.get("/trades").json()["trades"] == []
    assert desk.client.get("/trades", params={"symbol": "NOPE"}).status_code == 404
    assert desk.client.get("/trades", params={"limit": 0}).status_code == 422


def test_the_account_is_what_its_trades_made_of_it(desk: PaperDesk) -> None:
    bought = desk.order(quantity="100")
    desk.order(symbol="IBM", quantity="7")
    desk.day()
    desk.day()
    sold = desk.order(side="SELL", quantity="40")
    desk.day()
    last = desk.day(prices={"AAPL": 103_0000})
    trades = [row for page in pages(desk.client, "/trades", "trades", limit=2) for row in page]
    assert [(t["symbol"], t["side"]) for t in trades] == [("AAPL", "SELL"), ("IBM", "BUY"), ("AAPL", "BUY")]
    account = desk.client.get("/account").json()
    spent = sum((1 if t["side"] == "BUY" else -1) * Decimal(t["notional"]) + Decimal(t["fee"]) for t in trades)
    assert Decimal(account["cash"]) == Decimal(100_000) - spent
    assert Decimal(account["equity"]) == Decimal(account["cash"]) + 60 * Decimal(103) + 7 * Decimal(PRICE) / 10_000
    assert account["session_day"] == last.date().isoformat()
    portfolio = desk.client.get("/portfolio").json()
    assert (portfolio["equity"], portfolio["fills"], portfolio["open_positions"]) == (account["equity"], 3, 2)
    assert Decimal(portfolio["total_return"]) == round(Decimal(account["equity"]) / 100_000 - 1, 8)
    of_order = desk.client.get("/trades", params={"client_order_id": bought["client_order_id"]}).json()["trades"]
    assert [t["last_qty"] for t in of_order] == ["100.00000000"]
    for params, count in (({"side": "SELL"}, 1), ({"symbol": "IBM"}, 1), ({"from": last.isoformat()}, 1),
                          ({"to": (last - timedelta(days=1)).isoformat()}, 2), ({"symbol": "IBM", "side": "SELL"}, 0),
                          ({"client_order_id": sold["client_order_id"], "side": "BUY"}, 0)):  # fmt: skip
        assert sum(map(len, pages(desk.client, "/trades", "trades", limit=1, **params))) == count, params
