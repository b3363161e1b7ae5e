"""Lists and copies: pages, filters and entity tags of the trading service's routes."""

from collections.abc import Iterator
from typing import Any

import pytest
from tests.integration.trading.paper import PaperDesk, pages
from tests.postgres import fresh_database

from tradewind.domain.orders import Side


@pytest.fixture
def desk(database_url: str) -> Iterator[PaperDesk]:
    with PaperDesk(database_url) as desk:
        yield desk


@pytest.fixture(scope="module")
def still_desk(postgres_url: str, template_database: str) -> Iterator[PaperDesk]:
    """For tests that change nothing."""
    with fresh_database(postgres_url, template_database) as url, PaperDesk(url) as desk:
        yield desk


def test_orders_come_page_by_page_newest_first_and_filtered(desk: PaperDesk) -> None:
    given = [desk.order(symbol=symbol, quantity=str(n + 1)) for n, symbol in enumerate(["AAPL", "IBM", "GOOG"] * 3)]
    names = [order["client_order_id"] for order in reversed(given)]
    for limit in (1, 4, 9, 10):
        shown = pages(desk.client, "/orders", "orders", limit=limit)
        assert [order["client_order_id"] for page in shown for order in page] == names
        assert [len(page) for page in shown][:-1] == [limit] * (len(shown) - 1)
    first, second = desk.day(signals={"MSFT": Side.BUY}), desk.day()

    def ids(**params: Any) -> list[str]:
        return [order["client_order_id"] for page in pages(desk.client, "/orders", "orders", limit=2, **params)
                for order in page]  # fmt: skip

    assert len(ids()) == 10
    assert ids(symbol="IBM") == names[1::3]
    assert len(ids(status="FILLED")) == 4
    assert ids(status="FILLED", symbol="IBM") == [names[7]]
    assert len(ids(origin="SIGNAL")) == 1
    assert ids(side="SELL") == ids(reason="TRADING_HALTED") == []
    assert len(ids(to=first.isoformat())) == 4
    assert len(ids(**{"from": second.isoformat()})) == 3
    assert len(ids(**{"from": first.isoformat(), "to": second.isoformat()}, symbol="AAPL")) == 2


@pytest.mark.parametrize(
    "params",
    [
        {"limit": 0},
        {"limit": 1001},
        {"status": "NOPE"},
        {"side": "HOLD"},
        {"from": "2020-01-01T00:00:00"},
        {"cursor": "nonsense"},
        {"cursor": "WyJjcmVhdGVkIl0"},
        {"cursor": "\u00e9"},
    ],
)
def test_a_list_asked_for_badly_is_422(still_desk: PaperDesk, params: dict[str, Any]) -> None:
    assert still_desk.client.get("/orders", params=params).status_code == 422


def test_a_cursor_of_other_filters_is_422(desk: PaperDesk) -> None:
    for _ in range(3):
        desk.order()
    cursor = desk.client.get("/orders", params={"limit": 1}).json()["next"]
    answer = desk.client.get("/orders", params={"cursor": cursor, "to": "2020-01-06T21:00:00Z"})
    assert (answer.status_code, "other filters" in answer.json()["detail"]) == (422, True)


def test_a_copy_that_is_new_is_not_sent_again(desk: PaperDesk) -> None:
    desk.order()
    desk.day()
    for path in ("/orders", "/positions", "/portfolio", "/account", "/trades", "/signals", "/risk", "/trading-state",
                 "/trading-state/history", f"/orders/{desk.order()['client_order_id']}"):  # fmt: skip
        first = desk.client.get(path)
        tag = first.headers["ETag"]
        assert tag.startswith('"')
        for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
            again = desk.client.get(path, headers={"If-None-Match": known})
            assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
        assert desk.client.get(path, headers={"If-None-Match": '"other"'}).content == first.content


def test_a_tag_changes_with_the_order(desk: PaperDesk) -> None:
    order = desk.order()
    url = f"/orders/{order['client_order_id']}"
    tag = desk.client.get(url).headers["ETag"]
    desk.day()
    moved = desk.client.get(url, headers={"If-None-Match": tag})
    assert (moved.status_code, moved.json()["status"]) == (200, "ACCEPTED")
