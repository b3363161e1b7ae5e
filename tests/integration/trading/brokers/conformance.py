"""What the desk expects of every broker. A broker's own tests derive from it and give it a market."""

from decimal import Decimal
from typing import Protocol

import pytest
from tests.integration.trading.brokers.market import PaperMarket

from tradewind.domain.orders import Side


class OpenMarket(Protocol):
    """Opens a market; the rate is the share of a bar's volume that one order may fill."""

    def __call__(self, max_participation: str | None = None) -> PaperMarket: ...


class BrokerConformance:
    @pytest.fixture
    def open_market(self) -> OpenMarket:
        raise NotImplementedError

    def test_an_accepted_order_is_filled_once_and_costs_what_it_says(self, open_market: OpenMarket) -> None:
        market = open_market()
        order = market.order(Side.BUY, "10")
        assert market.read(order)["status"] == "ACCEPTED"
        assert market.account() == (Decimal(100_000), Decimal(1_000))
        market.bar("101", "102", "100", "101", times=3)
        assert market.fills() == [("BUY", Decimal(10), Decimal(101))]
        assert market.account() == (Decimal(98_990), Decimal(0))
        found = market.read(order)
        assert (found["status"], found["filled_qty"], found["avg_px"]) == ("FILLED", "10.00000000", "101.0000")

    def test_an_order_handed_over_again_by_the_next_leader_is_one_order(self, open_market: OpenMarket) -> None:
        market = open_market()
        order = market.order(Side.BUY, "10")
        for _ in range(3):
            market.restart()
        market.bar("101", "102", "100", "101")
        market.restart()
        market.bar("102", "102", "102", "102")
        assert market.fills() == [("BUY", Decimal(10), Decimal(101))]
        assert market.read(order)["status"] == "FILLED"

    def test_fills_come_in_parts_and_the_rest_works_on_after_a_restart(self, open_market: OpenMarket) -> None:
        market = open_market(max_participation="10%")
        order = market.order(Side.BUY, "10")
        market.bar("100", "100", "100", "100", volume="40")
        found = market.read(order)
        assert (found["status"], found["filled_qty"]) == ("PARTIALLY_FILLED", "4.00000000")
        assert market.account() == (Decimal(99_600), Decimal(600))
        market.restart()
        market.bar("100", "100", "100", "100", volume="0")
        market.bar("106", "106", "106", "106", volume="60")
        assert market.fills() == [("BUY", Decimal(4), Decimal(100)), ("BUY", Decimal(6), Decimal(106))]
        found = market.read(order)
        assert (found["status"], found["avg_px"]) == ("FILLED", "103.6000")
        assert market.account()[1] == 0

    def test_a_cancel_that_comes_in_time_wins_and_frees_the_cash(self, open_market: OpenMarket) -> None:
        market = open_market()
        order = market.order(Side.BUY, "10")
        assert market.cancel(order) == "PENDING_CANCEL"
        assert market.cancel(order) == "PENDING_CANCEL"
        market.bar("101", "102", "100", "101")
        found = market.read(order)
        assert (found["status"], found["reason"]) == ("CANCELED", "CANCELED_BY_REQUEST")
        assert market.fills() == []
        assert market.account() == (Decimal(100_000), Decimal(0))

    def test_a_cancel_that_loses_the_race_changes_nothing(self, open_market: OpenMarket) -> None:
        market = open_market()
        order = market.order(Side.BUY, "10")
        market.bar("101", "102", "100", "101")
        assert market.cancel(order) == "FILLED"
        market.bar("101", "102", "100", "101")
        assert market.held() == 10
        assert market.read(order)["status"] == "FILLED"

    def test_a_canceled_order_keeps_what_it_has_filled(self, open_market: OpenMarket) -> None:
        market = open_market(max_participation="10%")
        order = market.order(Side.BUY, "10")
        market.bar("100", "100", "100", "100", volume="40")
        market.cancel(order)
        market.bar("100", "100", "100", "100")
        found = market.read(order)
        assert (found["status"], found["filled_qty"]) == ("CANCELED", "4.00000000")
        assert market.held() == 4
        assert market.account() == (Decimal(99_600), Decimal(0))

    def test_a_stop_works_while_the_desk_is_down_and_ends_the_target(self, open_market: OpenMarket) -> None:
        market = open_market()
        market.order(Side.BUY, "10", stop="95", target="110")
        market.bar("100", "101", "99", "100")
        market.restart()
        market.bar("99", "112", "94", "100")  # both are touched: the stop comes first
        market.bar("111", "112", "111", "112")
        assert market.fills() == [("BUY", Decimal(10), Decimal(100)), ("SELL", Decimal(10), Decimal(95))]
        assert market.held() == 0

    def test_a_target_is_filled_at_its_price_and_a_gap_at_the_open(self, open_market: OpenMarket) -> None:
        market = open_market()
        market.order(Side.BUY, "10", stop="90", target="110")
        market.bar("100", "101", "99", "100")
        market.bar("105", "111", "104", "110")
        market.order(Side.BUY, "10", stop="90")
        market.bar("100", "101", "99", "100")
        market.bar("80", "85", "80", "82")
        prices = [price for _, _, price in market.fills()]
        assert prices == [Decimal(100), Decimal(110), Decimal(100), Decimal(80)]

    def test_an_order_that_its_open_cannot_fund_is_canceled_with_the_numbers(self, open_market: OpenMarket) -> None:
        market = open_market()
        order = market.order(Side.BUY, "900")
        market.bar("120", "120", "120", "120")
        found = market.read(order)
        assert (found["status"], found["reason"]) == ("CANCELED", "NOTIONAL_EXCEEDS_FREE_BALANCE")
        assert (found["reason_value"], found["reason_limit"]) == ("108000.00000000", "100000.00000000")
        assert market.account() == (Decimal(100_000), Decimal(0))
