"""What stops purchases and sales: trading states, the session's loss, the orders of a minute."""

import pytest
from tests.unit.domain.desk import FLAT, FREE, SHARE, Desk, bought, kinds, reasons

from tradewind.domain.rules import book as columns
from tradewind.domain.rules import codes
from tradewind.domain.rules.book import Rules

BUY, SELL = codes.BUY, codes.SELL
SECOND = 1_000_000
MINUTE = 60 * SECOND
HALTED, REDUCING = codes.HALTED, codes.REDUCING


@pytest.mark.parametrize(
    ("state", "origin", "side", "expected"),
    [
        (REDUCING, codes.SIGNAL, BUY, (codes.REDUCE_ONLY_WOULD_INCREASE_POSITION, 100 * SHARE, 0)),
        (REDUCING, codes.COMMAND, BUY, (codes.REDUCE_ONLY_WOULD_INCREASE_POSITION, SHARE, 0)),
        (REDUCING, codes.SIGNAL, SELL, None),
        (REDUCING, codes.COMMAND, SELL, None),
        (HALTED, codes.SIGNAL, BUY, (codes.TRADING_HALTED, 0, 0)),
        (HALTED, codes.COMMAND, BUY, (codes.TRADING_HALTED, 0, 0)),
        (HALTED, codes.SIGNAL, SELL, (codes.TRADING_HALTED, 0, 0)),
        (HALTED, codes.COMMAND, SELL, None),
    ],
)
def test_what_a_trading_state_lets_in(
    state: int, origin: int, side: int, expected: tuple[int, int, int] | None
) -> None:
    desk = bought(FREE) if side == SELL else Desk(FREE)
    if origin == codes.SIGNAL:
        (row,) = reasons(desk.step(FLAT, sides=(side,), state=state))
    else:
        (row,) = reasons(desk.step(FLAT, commands=((side, SHARE),), state=state))
    assert row == ((codes.ACCEPTED, 0, 0, 0) if expected is None else (codes.DENIED, *expected))


def test_a_sale_of_more_than_is_held_is_denied_while_halted_too() -> None:
    assert reasons(Desk(FREE).step(FLAT, commands=((SELL, SHARE),), state=HALTED)) == [
        (codes.DENIED, codes.REDUCE_ONLY_WOULD_INCREASE_POSITION, SHARE, 0)
    ]


def test_what_is_at_work_goes_on_while_halted() -> None:
    desk = Desk(FREE._replace(stop_loss=5_000_000))
    desk.step(FLAT, sides=(BUY,))
    assert kinds(desk.step(FLAT, state=HALTED)) == [(codes.FILLED, codes.SIGNAL)]
    rows = desk.step((9_000, 9_000, 9_000, 9_000), state=HALTED)
    assert kinds(rows) == [(codes.ACCEPTED, codes.STOP_LOSS), (codes.FILLED, codes.STOP_LOSS)]


RATE = FREE._replace(orders_per_minute=2, fraction=10_000_000)


def test_a_purchase_past_the_orders_of_its_minute_stops_purchases_for_the_session() -> None:
    desk = Desk(RATE, symbols=3)
    rows = desk.step(FLAT, FLAT, FLAT, sides=(BUY, BUY, BUY))
    assert kinds(rows)[:2] == [(codes.ACCEPTED, codes.SIGNAL)] * 2
    assert reasons(rows[2:]) == [(codes.DENIED, codes.RATE_LIMIT_EXCEEDED, 3, 2)]
    assert desk.account(columns.AUTOMATIC_HALT) == codes.RATE_LIMIT_EXCEEDED
    # A minute later the count begins anew, the halt stands; the next session lifts it.
    assert reasons(desk.step(None, None, FLAT, sides=(0, 0, BUY), later=MINUTE)) == [
        (codes.DENIED, codes.RATE_LIMIT_EXCEEDED, 1, 2)
    ]
    assert kinds(desk.step(None, None, FLAT, sides=(0, 0, BUY))) == [(codes.ACCEPTED, codes.SIGNAL)]


def test_sales_count_and_are_not_stopped() -> None:
    desk = Desk(RATE, symbols=3)
    desk.step(FLAT, FLAT, FLAT, sides=(BUY, BUY, 0))
    desk.step(FLAT, FLAT, FLAT)
    rows = desk.step(FLAT, FLAT, FLAT, sides=(SELL, SELL, BUY))
    assert kinds(rows)[:2] == [(codes.ACCEPTED, codes.SIGNAL)] * 2
    assert reasons(rows[2:]) == [(codes.DENIED, codes.RATE_LIMIT_EXCEEDED, 3, 2)]
    one = Desk(RATE._replace(orders_per_minute=1), symbols=1)
    one.step(FLAT, commands=((BUY, 2 * SHARE),))
    one.step(FLAT)
    assert kinds(one.step(FLAT, commands=((SELL, SHARE),))) == [(codes.ACCEPTED, codes.COMMAND)]
    assert kinds(one.step(FLAT, commands=((SELL, SHARE),), later=SECOND)) == [
        (codes.FILLED, codes.COMMAND),
        (codes.ACCEPTED, codes.COMMAND),
    ]
    assert one.account(columns.ORDERS_IN_MINUTE) == 2


def test_the_minute_is_of_bar_time_and_denied_orders_and_exits_do_not_count() -> None:
    desk = Desk(RATE._replace(max_order_notional=10_000, stop_loss=5_000_000), symbols=1)
    desk.step(FLAT, commands=((BUY, 2 * SHARE),))
    assert desk.account(columns.ORDERS_IN_MINUTE) == 0
    desk.step(FLAT, commands=((BUY, SHARE),), later=59 * SECOND)
    desk.step((9_000, 9_000, 9_000, 9_000), later=500_000)
    assert desk.account(columns.ORDERS_IN_MINUTE) == 1
    desk.step(FLAT, later=500_000)
    assert desk.account(columns.ORDERS_IN_MINUTE) == 0


LOSS = FREE._replace(max_daily_loss=5_000_000, fraction=50_000_000)


def test_a_loss_halt_outlives_the_loss_and_ends_with_the_session() -> None:
    desk = bought(LOSS)
    low, high = (9_000, 9_000, 9_000, 9_000), (12_000, 12_000, 12_000, 12_000)
    desk.step(low)
    assert desk.account(columns.AUTOMATIC_HALT) == codes.DAILY_LOSS_LIMIT_REACHED
    # The loss is made good, and has become a gain of 100_000 on 1_000_000: the numbers say so, purchases stay stopped.
    assert reasons(desk.step(high, commands=((BUY, SHARE),), later=SECOND)) == [
        (codes.DENIED, codes.DAILY_LOSS_LIMIT_REACHED, -100_000, 50_000)
    ]
    assert kinds(desk.step(high, commands=((SELL, SHARE),), later=SECOND)) == [(codes.ACCEPTED, codes.COMMAND)]
    desk.step(None)
    assert desk.account(columns.AUTOMATIC_HALT) == codes.NO_REASON


def test_one_unit_short_of_the_loss_limit_does_not_halt() -> None:
    desk = bought(LOSS)
    desk.step((9_001, 9_001, 9_001, 9_001))
    assert desk.account(columns.AUTOMATIC_HALT) == codes.NO_REASON


def test_a_loss_takes_the_place_of_a_rate_and_not_the_other_way() -> None:
    desk = bought(LOSS._replace(orders_per_minute=1, fraction=90_000_000))
    asked = ((BUY, SHARE),)
    desk.step(FLAT, commands=((SELL, SHARE),))
    desk.step(FLAT, commands=asked, later=SECOND)
    assert desk.account(columns.AUTOMATIC_HALT) == codes.RATE_LIMIT_EXCEEDED
    desk.step((9_000, 9_000, 9_000, 9_000), later=SECOND)
    assert desk.account(columns.AUTOMATIC_HALT) == codes.DAILY_LOSS_LIMIT_REACHED
    (row,) = desk.step((9_000, 9_000, 9_000, 9_000), commands=asked, later=SECOND)
    assert row[columns.CODE] == codes.DAILY_LOSS_LIMIT_REACHED


@pytest.mark.parametrize(
    ("rules", "shares", "expected"),
    [
        (FREE._replace(max_order_notional=50_000), 5, None),
        (FREE._replace(max_order_notional=49_999), 5, (codes.NOTIONAL_EXCEEDS_MAX_PER_ORDER, 50_000, 49_999)),
        # The first check that fails is the one that is told.
        (
            FREE._replace(max_order_notional=49_999, max_position=1, max_concentration=1),
            101,
            (codes.NOTIONAL_EXCEEDS_MAX_PER_ORDER, 1_010_000, 49_999),
        ),
        (
            FREE._replace(max_position=10_000_000, max_concentration=1),
            101,
            (codes.POSITION_EXCEEDS_MAXIMUM, 1_010_000, 100_000),
        ),
        (FREE._replace(max_concentration=100), 101, (codes.CONCENTRATION_EXCEEDS_MAXIMUM, 1_010_000, 1)),
    ],
)
def test_limits_on_a_purchase(rules: Rules, shares: int, expected: tuple[int, int, int] | None) -> None:
    (row,) = Desk(rules).step(FLAT, commands=((BUY, shares * SHARE),))
    if expected is None:
        assert row[columns.KIND] == codes.ACCEPTED
    else:
        assert (row[columns.CODE], row[columns.VALUE], row[columns.LIMIT]) == expected


def test_a_limit_on_notional_does_not_stop_a_sale() -> None:
    desk = bought(FREE._replace(max_order_notional=1_000_000))
    desk.step((20_000, 20_000, 20_000, 20_000))
    (row,) = desk.step((20_000, 20_000, 20_000, 20_000), sides=(SELL,))
    assert row[columns.KIND] == codes.ACCEPTED
