"""Stories of short positions, for test_stories.py."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.parity.markets import DAY, Tick, Wish

from tradewind.domain.orders import Side

if TYPE_CHECKING:
    from tests.parity.test_stories import Desk

PERCENT: Final = 1_000_000
BUY, SELL = Tick(side=Side.BUY), Tick(side=Side.SELL)
SHORT: Final = {"allow_short": 1, "borrow_rate": 3 * PERCENT}


def a_short_is_borrowed_splits_pays_a_dividend_and_is_stopped(desk: Desk) -> None:
    desk.begin(symbols=2, **SHORT, stop_loss=10 * PERCENT, take_profit=50 * PERCENT)
    desk.day(SELL, SELL)
    desk.day()
    desk.day(after=3 * DAY)
    desk.start(told=True)
    desk.announce_split(0, (2, 1))
    desk.announce_dividend(1, 100)
    desk.day(None, None)
    desk.day(SELL, Tick(down=6_000))
    desk.day(Tick(up=3_000), Tick())
    desk.day()


def a_signal_turns_a_position_round(desk: Desk) -> None:
    desk.begin(**SHORT, reverse=1, trailing_stop=20 * PERCENT)
    desk.day(BUY)
    desk.day(SELL)
    desk.day(Tick(move=-500))
    desk.start(told=False)
    desk.day(BUY)
    desk.day(Tick(move=500))
    desk.day()


def a_reversal_that_is_denied_closes_all_the_same(desk: Desk) -> None:
    desk.begin(**SHORT, reverse=1, max_order_notional=20_000 * 10_000)
    desk.day(BUY)
    desk.day(Tick(move=500))
    desk.day(SELL)
    desk.day()
    desk.day()


def a_reversal_that_its_open_can_not_fund_closes_all_the_same(desk: Desk) -> None:
    desk.begin(**SHORT, reverse=1, fraction=95 * PERCENT)
    desk.day(SELL)
    desk.day(BUY)
    desk.day(Tick(gap=2_000))
    desk.day()


def a_short_doubles_twice_and_leaves_less_than_nothing(desk: Desk) -> None:
    desk.begin(**SHORT, fraction=95 * PERCENT)
    desk.day(SELL)
    desk.day(Tick(move=10_000))
    desk.day(Tick(move=10_000))
    desk.day(BUY)
    desk.day()
    desk.day(BUY)
    desk.day()


def a_person_sells_more_than_is_held_and_flattens(desk: Desk) -> None:
    desk.begin(**SHORT)
    desk.day(BUY)
    desk.day()
    desk.ask(0, Wish(Side.SELL, 100, -1_000, 300), False)
    desk.day()
    desk.day()
    desk.flatten(False)
    desk.day()
    desk.day()


SHORT_STORIES: Final = (
    a_short_is_borrowed_splits_pays_a_dividend_and_is_stopped,
    a_signal_turns_a_position_round,
    a_reversal_that_is_denied_closes_all_the_same,
    a_reversal_that_its_open_can_not_fund_closes_all_the_same,
    a_short_doubles_twice_and_leaves_less_than_nothing,
    a_person_sells_more_than_is_held_and_flattens,
)
