"""Short stories for the machine of test_machine.py: every branch of the trading contract, each time the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from tests.parity.machine import ACTIVE, HALTED, REDUCING, DeskMachine, connected
from tests.parity.markets import DAY, HOUR, SECOND, Tick, Wish
from tests.parity.reached import EVERY
from tests.parity.sizings import YEARLY
from tests.parity.stories_of_shorts import SHORT_STORIES
from tests.postgres import fresh_database

from tradewind.domain.money import MONEY_SCALE, QUANTITY_SCALE
from tradewind.domain.orders import Side
from tradewind.domain.rules import codes
from tradewind.domain.rules.book import LOSSES, WINS, Rules
from tradewind.store.ledger import Ledger
from tradewind.store.migrate import migrate

PERCENT = 1_000_000
SHARE = QUANTITY_SCALE
QUIET = Tick()
BUY, SELL = Tick(side=Side.BUY), Tick(side=Side.SELL)
PURCHASE, SALE = Wish(Side.BUY, 10), Wish(Side.SELL, 100)
LIMIT = {"order_type": codes.LIMIT_ORDER, "limit_offset": PERCENT}
STOP = {"order_type": codes.STOP_ORDER, "stop_offset": PERCENT}
STOP_LIMIT = {**STOP, "order_type": codes.STOP_LIMIT, "limit_offset": PERCENT // 2}
AIM = next(of_bar for of_bar, percent in YEARLY.items() if percent == 5)
PARTS = {"max_participation": 10 * PERCENT}


class Desk(DeskMachine):
    """The machine, led by hand. The n-th symbol that is spoken of is the n-th of those held, then of the others."""

    def begin(self, symbols: int = 1, cash: int = 100_000, price: int = 1_000_000, **limits: int) -> None:
        """Open a desk that spends a fifth of its equity at a time, with these limits and costs."""
        rules = Rules(20 * PERCENT, 0, 0, 0, 0, 0, 50_000, 20_000, SHARE, 7 * 86_400_000_000, tick=100)._replace(
            **limits
        )
        self.open((rules, cash * MONEY_SCALE), symbols, (price, price, price), ACTIVE)

    def day(self, *bars: Tick | None, after: timedelta = DAY) -> None:
        """Let an instant pass; symbols that no bar is given for have a quiet one."""
        self.live([self.moment(after, (*bars, QUIET, QUIET, QUIET)[:3])])

    def tell(self, what: str) -> None:
        print(what)


def an_order_filled_in_parts_is_canceled(desk: Desk) -> None:
    desk.begin(**PARTS)
    desk.day(BUY)
    desk.day(Tick(volume=300 * SHARE))
    desk.start(told=False)
    desk.end(0)
    desk.start(told=True)
    desk.day()
    desk.end(0)


def an_order_filled_in_parts_expires(desk: Desk) -> None:
    desk.begin(**PARTS, max_signal_age=86_400_000_000)
    desk.day(BUY)
    desk.day(Tick(volume=300 * SHARE))
    desk.day()


def the_rest_of_a_purchase_cannot_be_paid(desk: Desk) -> None:
    desk.begin(**PARTS, fraction=99 * PERCENT)
    desk.day(BUY)
    desk.day(Tick(volume=7000 * SHARE, gap=3_000))
    desk.day(Tick(gap=3_000))


def an_exit_takes_several_bars(desk: Desk) -> None:
    desk.begin(**PARTS, stop_loss=5 * PERCENT)
    desk.day(BUY)
    desk.day(Tick(volume=3000 * SHARE))
    desk.day(Tick(down=1_000, volume=500 * SHARE))
    desk.start(told=True)
    desk.day(SELL, after=HOUR)
    desk.day(None)
    desk.day(Tick(volume=90 * SHARE), after=30 * DAY)
    desk.day()


def an_exit_meets_no_volume_and_its_rest_is_canceled(desk: Desk) -> None:
    desk.begin(**PARTS, stop_loss=5 * PERCENT)
    desk.day(BUY)
    desk.day(Tick(volume=3000 * SHARE))
    desk.day(Tick(gap=-1_000, volume=0))
    desk.end(0)
    desk.day(Tick(volume=0))
    desk.day(Tick(volume=3000 * SHARE))


def a_bracket_is_split_and_touched(desk: Desk) -> None:
    desk.begin(stop_loss=5 * PERCENT, take_profit=5 * PERCENT)
    desk.enter(0, Wish(Side.BUY, 10, stop=-1_000, target=1_500))
    desk.start(told=True)
    desk.announce_split(0, (7, 3))
    desk.announce_dividend(0, 50)
    desk.day()
    desk.day(Tick(down=900))
    desk.day(Tick(down=1_500))


def a_target_is_touched_and_gapped_over(desk: Desk) -> None:
    desk.begin(symbols=2, take_profit=5 * PERCENT)
    desk.enter(0, Wish(Side.BUY, 10, target=300))
    desk.enter(1, Wish(Side.BUY, 10))
    desk.day(Tick(up=400), Tick(gap=1_500))
    desk.day()


def a_second_purchase_brings_another_bracket(desk: Desk) -> None:
    desk.begin()
    desk.enter(0, Wish(Side.BUY, 10, stop=-1_000))
    desk.enter(0, Wish(Side.BUY, 10))
    desk.enter(0, Wish(Side.BUY, 10, target=300))
    desk.day(Tick(down=3_000))
    desk.day(Tick(up=400))


def a_split_finds_no_bracket(desk: Desk) -> None:
    desk.begin(symbols=2)
    desk.enter(0, PURCHASE)
    desk.announce_split(0, (2, 1))
    desk.day(None)
    desk.start(told=True)
    desk.day()
    desk.announce_split(0, (1, 10))
    desk.day(SELL)
    desk.day()


def a_split_finds_an_order_at_work(desk: Desk) -> None:
    desk.begin()
    desk.day(BUY)
    desk.announce_split(0, (3, 2))
    desk.ask(0, PURCHASE, True)
    desk.day()
    desk.day()


def a_reverse_split_leaves_nothing(desk: Desk) -> None:
    desk.begin(cash=1_000)
    desk.enter(0, Wish(Side.BUY, 30, stop=-1_000))
    desk.announce_split(0, (1, 2_147_483_647))
    desk.announce_dividend(0, 50)
    desk.day(BUY)
    desk.day()


def too_many_orders_in_a_minute_and_then_a_loss(desk: Desk) -> None:
    desk.begin(symbols=3, orders_per_minute=1, max_daily_loss=PERCENT)
    desk.enter(0, Wish(Side.BUY, 60))
    desk.ask(0, Wish(Side.SELL, 10), False)
    desk.day(QUIET, BUY, BUY)
    desk.start(told=True)
    desk.day(QUIET, None, BUY, after=60 * SECOND)
    desk.day(Tick(gap=-1_500), QUIET, BUY, after=60 * SECOND)
    desk.start(told=False)
    desk.day(SELL, BUY, BUY, after=60 * SECOND)
    desk.day(QUIET, QUIET, BUY)


def a_loss_that_is_made_good(desk: Desk) -> None:
    desk.begin(symbols=2, max_daily_loss=PERCENT, fraction=90 * PERCENT)
    desk.day(BUY)
    desk.day(Tick(gap=0, move=-1_000))
    desk.day(Tick(gap=5_000), BUY, after=SECOND)
    desk.day(QUIET, BUY)


def what_halted_desks_still_do(desk: Desk) -> None:
    desk.begin(symbols=3, stop_loss=5 * PERCENT)
    desk.enter(0, PURCHASE)
    desk.day(QUIET, BUY)
    desk.change_state("PERSON", HALTED)
    desk.change_state("MANIFEST", REDUCING)
    desk.ask(2, PURCHASE, False)
    desk.day(SELL, QUIET, BUY)
    desk.ask(0, Wish(Side.SELL, 50), False)
    desk.day(QUIET, Tick(gap=-1_000))
    desk.change_state("PERSON", ACTIVE)
    desk.change_state("PERSON", ACTIVE)
    desk.day(SELL, BUY, BUY)
    desk.day()


def orders_wait_and_are_taken_back_and_replaced(desk: Desk) -> None:
    desk.begin(symbols=2)
    desk.ask(0, PURCHASE, True)
    desk.ask(0, Wish(Side.BUY, 30, stop=-300, target=300), False)
    desk.ask(0, PURCHASE, False)
    desk.end(2)
    desk.replace_order(1, Wish(Side.BUY, 60, stop=-1_000))
    desk.day(None)
    desk.day()
    desk.replace_order(0, Wish(Side.BUY, 1))
    desk.replace_order(0, Wish(Side.BUY, 1))
    desk.day()
    desk.day()
    desk.end(9)
    desk.day()


def exits_come_first(desk: Desk) -> None:
    desk.begin(**PARTS, stop_loss=5 * PERCENT)
    desk.day(BUY)
    desk.day(Tick(down=1_500, volume=1000 * SHARE))
    desk.day(BUY)
    desk.day(Tick(gap=-1_500))
    desk.enter(0, PURCHASE)
    desk.ask(0, Wish(Side.BUY, 10), False)
    desk.day()
    desk.day(Tick(gap=-2_000, volume=0))
    desk.day(SELL)


def limits_deny(desk: Desk) -> None:
    desk.begin(max_position=15 * PERCENT, max_concentration=25 * PERCENT, max_order_notional=300_000_000)
    desk.ask(0, Wish(Side.BUY, 60), False)
    desk.day(BUY)
    desk.enter(0, PURCHASE)
    desk.day(Tick(gap=10_000))
    desk.ask(0, Wish(Side.BUY, 1), False)
    desk.day(Tick(gap=10_000))
    desk.ask(0, Wish(Side.SELL, 120), False)
    desk.day()


def concentration_and_cash_deny(desk: Desk) -> None:
    desk.begin(symbols=2, max_concentration=45 * PERCENT, fraction=40 * PERCENT)
    desk.day(BUY)
    desk.ask(1, Wish(Side.BUY, 60), False)
    desk.day(QUIET, BUY)
    desk.day()
    desk.ask(0, Wish(Side.BUY, 30), False)
    desk.day()


def an_open_cannot_be_paid(desk: Desk) -> None:
    desk.begin(symbols=2, fraction=49 * PERCENT)
    desk.day(BUY, BUY)
    desk.day(Tick(gap=600), Tick(gap=-150))
    desk.day(None, None)


def an_order_is_too_old(desk: Desk) -> None:
    desk.begin(symbols=2)
    desk.day(BUY)
    desk.day(None)
    desk.day(None, after=9 * DAY)


def orders_queue_behind_working_ones(desk: Desk) -> None:
    desk.begin(**PARTS)
    desk.day(BUY)
    desk.ask(0, PURCHASE, False)
    desk.ask(0, PURCHASE, False)
    desk.day(Tick(volume=0))
    desk.at_once(HOUR, [(Tick(volume=100 * SHARE),) * 3, (BUY,) * 3, (QUIET,) * 3])
    desk.end(0)
    desk.at_once(HOUR, [(QUIET,) * 3, (QUIET,) * 3])
    desk.day()


def everything_is_sold(desk: Desk) -> None:
    desk.begin(symbols=3, **PARTS)
    desk.enter(0, PURCHASE)
    desk.enter(1, PURCHASE)
    desk.day(QUIET, QUIET, BUY)
    desk.day(SELL)
    desk.ask(2, PURCHASE, False)
    desk.flatten(False)
    desk.day(None)
    desk.flatten(True)
    desk.day()
    desk.day()


def limits_are_met_and_not_passed(desk: Desk) -> None:
    a_fifth = {"max_position": 20 * PERCENT, "max_concentration": 20 * PERCENT, "max_order_notional": 200_000_000}
    desk.begin(symbols=2, fee_rate=0, slippage=0, max_daily_loss=PERCENT, **a_fifth)
    desk.day(BUY)
    # 200 shares lose 5 each: a hundredth of the equity, to the unit.
    desk.day(Tick(move=-500), BUY)
    desk.day(Tick(), BUY)


def a_loss_one_unit_short_of_its_limit(desk: Desk) -> None:
    desk.begin(symbols=2, fee_rate=0, slippage=0, max_daily_loss=PERCENT + 1)
    desk.day(BUY)
    desk.day(Tick(move=-500), BUY)


def all_cash_is_spent(desk: Desk) -> None:
    desk.begin(fee_rate=0, slippage=0, fraction=100 * PERCENT)
    desk.day(BUY)
    desk.day(Tick(move=600))
    desk.day(SELL)


def a_restart_knows_the_bracket_of_an_order_at_work(desk: Desk) -> None:
    desk.begin()
    desk.ask(0, Wish(Side.BUY, 60, stop=-1_000, target=1_500), False)
    desk.day()
    desk.start(told=True)
    desk.day()
    desk.day(Tick(down=1_500))


def a_restart_knows_what_is_reserved(desk: Desk) -> None:
    desk.begin()
    desk.ask(0, Wish(Side.BUY, 60), False)
    desk.day()
    desk.start(told=True)
    desk.end(0)
    desk.day()
    desk.ask(0, Wish(Side.BUY, 60), False)
    desk.day()
    desk.day()


def two_sales_of_everything_are_one_too_many(desk: Desk) -> None:
    desk.begin()
    desk.enter(0, PURCHASE)
    desk.day(SELL)
    desk.ask(0, SALE, False)
    desk.ask(0, SALE, False)
    desk.flatten(False)
    desk.day(None)
    desk.day()
    desk.day()


def a_trailing_stop_follows_a_split_and_a_restart(desk: Desk) -> None:
    desk.begin(symbols=2, trailing_stop=10 * PERCENT, cool_down=2 * 86_400_000_000, slippage_points=200)
    desk.day(BUY, BUY)
    desk.day(Tick(up=2_000), Tick(up=2_000))
    desk.start(told=True)
    desk.announce_split(0, (2, 1))
    desk.day(None, None)  # no bar whose marks would bring the peak along
    desk.announce_split(0, (3, 2))
    desk.day(Tick(move=1_000), Tick(gap=-2_000))
    desk.day(Tick(down=2_000), BUY)
    desk.start(told=False)
    desk.day(BUY, BUY)
    desk.day(BUY, BUY, after=2 * DAY)
    desk.day()


def the_rest_of_a_trailing_stop_is_split_away(desk: Desk) -> None:
    desk.begin(**PARTS, trailing_stop=PERCENT)
    desk.day(BUY)
    desk.day(Tick(volume=3_000 * SHARE))
    desk.day(Tick(gap=-500, volume=500 * SHARE))
    desk.day(Tick(move=10_000, volume=10 * SHARE))
    desk.announce_split(0, (2, 1))
    desk.day(Tick(down=50))
    desk.day(Tick(down=500))


def an_orders_least_fee_is_charged_once(desk: Desk) -> None:
    desk.begin(**PARTS, fee_per_unit=35, fee_per_order=10_000, min_fee=2_000_000)
    desk.day(BUY)
    desk.day(Tick(volume=300 * SHARE))
    desk.start(told=True)
    desk.day(Tick(volume=300 * SHARE))
    desk.day()
    desk.day(SELL)
    desk.day()


def a_sale_costs_more_than_it_brings_in(desk: Desk) -> None:
    desk.begin(cash=1_000, min_fee=50_000, fraction=99 * PERCENT, price=12_345)
    desk.day(BUY)
    desk.day()
    for _ in range(3):
        desk.day(Tick(move=-5_000))
    desk.ask(0, Wish(Side.SELL, 1), False)
    desk.day()
    desk.day()
    desk.ask(0, Wish(Side.SELL, 1), False)
    desk.day()
    desk.day(SELL)
    desk.day()


def a_purchase_of_a_fixed_amount_in_fractions(desk: Desk) -> None:
    desk.begin(notional=123_456_789, lot=SHARE // 1000)
    desk.day(BUY)
    desk.day(SELL)
    desk.day()


def limits_are_met_at_the_open_and_inside_the_bar(desk: Desk) -> None:
    desk.begin(symbols=2, **LIMIT, stop_loss=5 * PERCENT)
    desk.day(BUY, BUY)
    desk.day(Tick(gap=-200), Tick(down=50))
    desk.day(SELL, Tick(side=Side.SELL, down=200))
    desk.start(told=False)
    desk.day(Tick(gap=200), Tick(up=50))
    desk.day(None, Tick(up=150), after=30 * DAY)


def what_a_limit_bought_inside_a_bar_is_stopped_there(desk: Desk) -> None:
    desk.begin(symbols=2, **LIMIT, **PARTS, stop_loss=5 * PERCENT, take_profit=1 * PERCENT)
    desk.day(BUY, BUY)
    desk.day(Tick(down=1_000, up=500), Tick(down=1_000, volume=1_000 * SHARE))
    desk.day()


def a_limit_waits_for_volume_and_for_its_day(desk: Desk) -> None:
    desk.begin(symbols=2, **LIMIT, **PARTS, time_in_force=codes.DAY)
    desk.day(BUY, BUY)
    desk.day(Tick(down=200, volume=0), after=HOUR)
    desk.day(Tick(down=200, volume=500 * SHARE), None, after=HOUR)
    desk.start(told=True)
    desk.day(QUIET, None)


def stops_are_reached_at_the_open_and_inside_the_bar(desk: Desk) -> None:
    desk.begin(symbols=2, **STOP, **PARTS)
    desk.day(BUY, BUY)
    desk.start(told=False)
    desk.day(Tick(gap=200, volume=0), Tick(up=200))
    desk.start(told=True)
    desk.day(None, SELL)
    desk.day(QUIET, Tick(down=200), after=30 * DAY)
    desk.day(QUIET, Tick(down=20))


def a_stop_turns_into_a_limit(desk: Desk) -> None:
    desk.begin(symbols=3, **STOP_LIMIT)
    desk.day(BUY, BUY, BUY)
    desk.day(Tick(up=300), Tick(gap=300), Tick(gap=120))
    desk.start(told=False)
    desk.end(0)
    desk.day(QUIET, Tick(down=300))
    desk.day(SELL, SELL, SELL)
    desk.day(Tick(down=300), Tick(gap=-300), Tick(gap=-120))
    desk.day()


def what_is_not_filled_at_once_is_canceled(desk: Desk) -> None:
    desk.begin(symbols=2, **LIMIT, **PARTS, time_in_force=codes.IOC)
    desk.day(BUY, BUY)
    desk.day(Tick(gap=-200, volume=500 * SHARE), Tick(down=200))
    desk.day()


def an_order_for_a_day_without_a_price(desk: Desk) -> None:
    desk.begin(**PARTS, time_in_force=codes.DAY)
    desk.day(BUY)
    desk.day(Tick(volume=500 * SHARE))
    desk.day(Tick(volume=500 * SHARE), after=HOUR)
    desk.day()


def a_purchase_is_sized_by_volatility(desk: Desk) -> None:
    desk.begin(symbols=3, target_volatility=AIM, fraction=30 * PERCENT, slippage_points=100)
    desk.day(BUY, QUIET, QUIET)
    for _ in range(10):
        desk.day(Tick(move=150), QUIET, None)
        desk.day(Tick(move=-150), QUIET, Tick(move=3_000))
    desk.start(told=False)
    desk.announce_split(0, (3, 2))
    desk.day(None, None, None)
    desk.start(told=True)
    desk.day(BUY, BUY, BUY)
    desk.day(Tick(gap=300, move=-100))
    desk.day(SELL, SELL, BUY)
    desk.day(Tick(move=-300), BUY, None)
    desk.start(told=True)
    desk.announce_split(0, (1, 3))
    desk.day(BUY, None, BUY, after=HOUR)
    desk.day()


def a_purchase_is_sized_by_kellys_share(desk: Desk) -> None:
    desk.begin(symbols=2, kelly=50 * PERCENT, kelly_trades=2, fraction=40 * PERCENT, min_fee=10_000)
    desk.day(BUY, BUY)
    desk.announce_dividend(0, 30)
    desk.day(Tick(move=600), Tick(move=-150))
    desk.start(told=True)
    desk.announce_dividend(0, 30)
    desk.day(Tick(side=Side.SELL, move=20), SELL)
    desk.start(told=False)
    desk.day(BUY, QUIET)
    desk.day(BUY, QUIET)
    desk.day(Tick(move=-1_500))
    desk.day(SELL, None)
    desk.day(None, None)
    desk.day()
    desk.day(BUY, BUY)
    desk.day(BUY, BUY)


def a_reverse_split_ends_a_trade_that_counts(desk: Desk) -> None:
    desk.begin(kelly=50 * PERCENT, kelly_trades=1, **PARTS, price=77_777)
    desk.day(BUY)
    desk.day(Tick(volume=70 * SHARE))
    desk.end(0)
    desk.day()
    desk.start(told=False)
    desk.announce_split(0, (1, 2_147_483_647))
    desk.day(None)
    desk.day(BUY)
    desk.day(BUY)


def an_amount_is_past_all_bounds(desk: Desk) -> None:
    desk.begin(cash=10**9, price=3)
    desk.day(BUY)
    desk.day(BUY)


OWN_STORIES: list[Callable[[Desk], None]] = [
    story
    for name, story in list(globals().items())
    if callable(story) and getattr(story, "__module__", "") == __name__ and not isinstance(story, type)
]
STORIES = [*OWN_STORIES, *SHORT_STORIES]


@pytest.fixture(scope="module", autouse=True)
def a_database(postgres_url: str) -> Iterator[None]:
    with fresh_database(postgres_url) as url:
        migrate(url)
        with connected(url) as connection:
            Desk.connection, Desk.reached = connection, Counter()
            yield


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__.replace("_", " "))
def test_both_sides_tell_the_same_story(story: Callable[[Desk], None]) -> None:
    desk = Desk()
    story(desk)
    desk.teardown()


@pytest.mark.parametrize("story", [a_purchase_is_sized_by_volatility, a_purchase_is_sized_by_kellys_share])
def test_a_new_desk_restores_what_sizes_are_made_of(story: Callable[[Desk], None]) -> None:
    desk = Desk()
    story(desk)
    restored, _ = Ledger(desk.id, desk.twin.uid, "1d", desk.symbols).restore(desk.connection)
    book = desk.twin.book
    assert (restored.account, restored.earned) == (book.account, book.earned)
    assert (restored.mark, restored.variance, restored.returns) == (book.mark, book.variance, book.returns)
    assert any(book.variance) or book.account[WINS] + book.account[LOSSES] > 0


def test_the_stories_go_through_every_branch() -> None:
    Desk.reached = Counter()
    for story in STORIES:
        test_both_sides_tell_the_same_story(story)
    assert {branch for branch in EVERY if not Desk.reached[branch]} == set()
