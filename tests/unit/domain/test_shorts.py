"""Short positions: opened, turned round, covered at their exits, and what they hold and cost meanwhile."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.domain.desk import FLAT, FREE, SHARE, Desk, kinds, reasons

from tradewind.domain.money import MONEY_SCALE, RATE_SCALE
from tradewind.domain.rules import book as columns
from tradewind.domain.rules import codes
from tradewind.domain.rules.book import CASH, EQUITY, FEES, MARGIN, REALIZED_GROSS, RESERVED
from tradewind.domain.rules.codes import BUY, SELL, SIGNAL, STOP_LOSS, TAKE_PROFIT, TRAILING_STOP
from tradewind.domain.rules.exits import exit_of

PERCENT = RATE_SCALE // 100
SHORTS = FREE._replace(allow_short=1)
REVERSING = SHORTS._replace(reverse=1)
PLENTY = (10**6 * SHARE,)
CHEAP = (9_000, 9_000, 9_000, 9_000)
prices = st.integers(1, 10**6)


def sold(rules: columns.Rules) -> Desk:
    """A desk that is short 100 shares at 1.0000: all of its 100.0000."""
    desk = Desk(rules)
    desk.step(FLAT, sides=(SELL,))
    desk.step(FLAT, volumes=PLENTY)
    assert desk.book.quantity == [-100 * SHARE]
    return desk


def test_a_short_is_sized_as_a_purchase_and_holds_twice_its_proceeds() -> None:
    desk = Desk(SHORTS)
    desk.step(FLAT, sides=(SELL,))
    assert [desk.account(column) for column in (CASH, RESERVED, MARGIN)] == [1_000_000, 1_000_000, 0]
    desk.step(FLAT)
    assert desk.book.cost == [-1_000_000]
    held = [desk.account(column) for column in (CASH, RESERVED, MARGIN, EQUITY)]
    assert held == [2_000_000, 0, 2_000_000, 1_000_000]


def test_without_shorts_a_sale_closes_at_most() -> None:
    desk = Desk(FREE)
    assert desk.step(FLAT, sides=(SELL,)) == []
    rows = desk.step(FLAT, commands=((SELL, SHARE),))
    assert reasons(rows) == [(codes.DENIED, codes.REDUCE_ONLY_WOULD_INCREASE_POSITION, SHARE, 0)]


@pytest.mark.parametrize(("side", "ordered"), [(SELL, 0), (BUY, 100)])
def test_a_buy_covers_a_short_and_another_sell_orders_nothing(side: int, ordered: int) -> None:
    desk = sold(SHORTS)
    rows = desk.step(FLAT, sides=(side,))
    assert [row[columns.QUANTITY] for row in rows] == [ordered * SHARE] * (ordered > 0)
    desk.step(FLAT)
    assert desk.book.quantity == [(ordered - 100) * SHARE]


def test_one_order_turns_a_position_round_both_ways() -> None:
    desk = sold(REVERSING)
    desk.step(CHEAP, sides=(BUY,))
    desk.step(CHEAP, sides=(SELL,))
    # 10.0000 earned: 110.0000 buy 122 shares at 0.9000.
    assert (desk.book.quantity, desk.book.cost) == ([122 * SHARE], [122 * 9_000])
    assert [desk.account(column) for column in (REALIZED_GROSS, MARGIN)] == [100_000, 0]
    desk.step(CHEAP)
    assert (desk.book.quantity, desk.book.cost) == ([-122 * SHARE], [-122 * 9_000])
    assert desk.account(MARGIN) == 2 * 122 * 9_000


def test_a_reversal_that_may_not_open_closes() -> None:
    desk = sold(REVERSING)
    rows = desk.step(FLAT, sides=(BUY,), state=codes.REDUCING)
    assert [(row[columns.KIND], row[columns.QUANTITY]) for row in rows] == [(codes.ACCEPTED, 100 * SHARE)]
    assert desk.account(RESERVED) == 0


def test_a_reversal_whose_open_pays_for_the_cover_alone_covers() -> None:
    desk = sold(REVERSING)
    desk.step(FLAT, sides=(BUY,))
    rows = desk.step((11_000, 11_000, 11_000, 11_000))
    assert kinds(rows) == [(codes.PARTIALLY_FILLED, SIGNAL), (codes.CANCELED, SIGNAL)]
    assert rows[1][columns.CODE] == codes.NOTIONAL_EXCEEDS_FREE_BALANCE
    assert (desk.book.quantity, desk.account(MARGIN), desk.account(RESERVED)) == ([0], 0, 0)
    assert desk.account(CASH) == 900_000


def test_a_persons_sale_beyond_the_position_opens_and_is_denied_as_a_whole() -> None:
    desk = Desk(SHORTS._replace(max_order_notional=10 * 10_000))
    desk.step(FLAT, commands=((BUY, 5 * SHARE),))
    desk.step(FLAT)
    rows = desk.step(FLAT, commands=((SELL, 16 * SHARE),))
    # Its opening part is 11.0000.
    assert reasons(rows) == [(codes.DENIED, codes.NOTIONAL_EXCEEDS_MAX_PER_ORDER, 110_000, 100_000)]
    desk.step(FLAT, commands=((SELL, 15 * SHARE),))
    desk.step(FLAT)
    assert desk.book.quantity == [-10 * SHARE]


@pytest.mark.parametrize(
    ("bar", "expected"),
    [
        ((10_000, 10_500, 9_500, 10_000), [(STOP_LOSS, 10_500)]),
        ((10_600, 10_700, 9_000, 10_000), [(STOP_LOSS, 10_600)]),
        ((10_000, 10_499, 9_000, 10_000), [(TAKE_PROFIT, 9_000)]),
        ((8_900, 10_600, 8_000, 10_000), [(TAKE_PROFIT, 8_900)]),
        ((10_000, 10_500, 9_000, 10_000), [(STOP_LOSS, 10_500)]),
        ((10_000, 10_499, 9_001, 10_000), []),
    ],
)
def test_exits_of_a_short_are_mirrored(bar: tuple[int, int, int, int], expected: list[tuple[int, int]]) -> None:
    desk = sold(SHORTS._replace(stop_loss=5 * PERCENT, take_profit=10 * PERCENT))
    rows = desk.step(bar, volumes=PLENTY)
    accepted = [row for row in rows if row[columns.KIND] == codes.ACCEPTED]
    assert [(row[columns.ORIGIN], row[columns.PRICE]) for row in accepted] == expected


@given(prices, prices, st.tuples(prices, prices, prices, prices))
def test_an_exit_of_a_short_is_that_of_a_long_one_upside_down(stop: int, target: int, four: tuple[int, ...]) -> None:
    low, one, _, high = sorted(four)
    top = 10**6 + 1
    origin, price = exit_of(BUY, STOP_LOSS, stop, target, one, high, low)
    mirrored = exit_of(SELL, STOP_LOSS, top - stop, top - target, top - one, top - low, top - high)
    assert mirrored == ((origin, top - price) if origin else (0, 0))


def test_the_trail_of_a_short_follows_the_lowest_price() -> None:
    desk = sold(SHORTS._replace(trailing_stop=10 * PERCENT))
    assert desk.step((10_000, 10_000, 8_000, 8_500), volumes=PLENTY) == []
    assert desk.book.peak == [8_000]
    rows = desk.step((8_500, 8_900, 8_500, 8_600), volumes=PLENTY)
    assert [rows[0][column] for column in (columns.ORIGIN, columns.SIDE, columns.PRICE)] == [TRAILING_STOP, BUY, 8_800]
    assert (desk.book.quantity, desk.book.peak) == ([0], [0])


def test_a_bracket_guards_a_persons_short() -> None:
    desk = Desk(SHORTS)
    desk.step(FLAT, commands=((SELL, 10 * SHARE),), brackets=((11_000, 9_500),))
    desk.step(FLAT)
    assert (desk.book.stop, desk.book.target) == ([11_000], [9_500])
    rows = desk.step((10_000, 10_100, 9_400, 9_600))
    assert [(row[columns.ORIGIN], row[columns.PRICE]) for row in rows] == [(TAKE_PROFIT, 9_500)] * 2
    assert (desk.book.stop, desk.book.target, desk.account(CASH)) == ([0], [0], 1_005_000)


def test_a_weekend_is_borrowed_for_three_days() -> None:
    desk = sold(SHORTS._replace(borrow_rate=365 * PERCENT))
    desk.step((10_000, 10_000, 10_000, 12_000), later=1)
    assert desk.account(FEES) == 0
    desk.step(FLAT, days=3)
    # 3% of 120.0000, as it was marked last.
    assert (desk.account(FEES), desk.account(CASH)) == (36_000, 2_000_000 - 36_000)


def test_what_is_covered_in_the_session_that_opened_it_owes_nothing() -> None:
    desk = Desk(SHORTS._replace(borrow_rate=PERCENT))
    desk.step(FLAT, sides=(SELL,))
    desk.step(FLAT, later=1, sides=(BUY,))
    desk.step(FLAT, later=1, sides=(BUY,))
    assert desk.book.quantity == [0]
    desk.step(FLAT, days=5)
    assert desk.account(FEES) == 0


def test_a_short_pays_dividends_and_splits() -> None:
    desk = sold(SHORTS)
    desk.step((5_000, 5_000, 5_000, 5_000), splits={0: (2, 1)}, dividends={0: 100})
    assert (desk.book.quantity, desk.book.cost) == ([-200 * SHARE], [-1_000_000])
    assert [desk.account(column) for column in (REALIZED_GROSS, EQUITY, MARGIN)] == [-20_000, 980_000, 2_000_000]


def test_a_cover_fills_whatever_it_costs() -> None:
    desk = sold(SHORTS)
    dear = (50_000, 50_000, 50_000, 50_000)
    desk.step(dear, sides=(BUY,), state=codes.REDUCING)
    rows = desk.step(dear)
    assert kinds(rows) == [(codes.FILLED, SIGNAL)]
    assert [desk.account(column) for column in (CASH, EQUITY, MARGIN)] == [-3_000_000, -3_000_000, 0]


Move = tuple[tuple[int, int, int, int], int, tuple[int, int] | None, int, tuple[int, int] | None, int, int]
bars = st.tuples(prices, prices, prices, prices).map(lambda four: _bar(*four))
moves = st.tuples(
    bars,
    st.sampled_from([SELL, BUY, 0]),
    st.sampled_from([None, None, (SELL, 7 * SHARE), (BUY, 200 * SHARE), (SELL, 60 * SHARE)]),
    st.integers(0, 100).map(lambda units: units * SHARE),
    st.sampled_from([None, None, None, (2, 1), (1, 3)]),
    st.sampled_from([0, 0, 25]),
    st.integers(1, 4),
)


def _bar(a: int, b: int, c: int, d: int) -> tuple[int, int, int, int]:
    return a, max(a, b, c, d), min(a, b, c, d), d


@settings(max_examples=150, deadline=None)
@given(
    st.lists(moves, max_size=25),
    st.sampled_from([0, 1]),
    st.sampled_from([0, 40 * PERCENT]),
    st.sampled_from([0, 5 * PERCENT]),
)
def test_a_cover_needs_no_cash_and_margin_is_twice_the_cost(
    path: list[Move], reverse: int, participation: int, exits: int
) -> None:
    desk = Desk(
        SHORTS._replace(
            reverse=reverse,
            max_participation=participation,
            stop_loss=exits,
            trailing_stop=2 * exits,
            take_profit=3 * exits,
            fraction=RATE_SCALE // 2,
            fee_rate=PERCENT // 10,
            slippage=PERCENT // 10,
            borrow_rate=3 * PERCENT,
        ),
        cash=10_000 * MONEY_SCALE,
    )
    for bar, side, command, volume, split, dividend, days in path:
        rows = desk.step(
            bar,
            sides=(side,),
            commands=(command,) if command else (),
            volumes=(volume,),
            splits={0: split} if split else None,
            dividends={0: dividend},
            days=days,
        )
        account, cost = desk.book.account, desk.book.cost[0]
        assert account[MARGIN] == 2 * max(0, -cost)
        assert (cost > 0) == (desk.book.quantity[0] > 0) or cost == 0
        for row in rows:
            if row[columns.CODE] == codes.NOTIONAL_EXCEEDS_FREE_BALANCE and row[columns.KIND] == codes.CANCELED:
                # It would have opened: what it had to close is closed.
                assert row[columns.SIDE] * desk.book.quantity[0] >= 0
        assert account[FEES] >= sum(row[columns.FEE] for row in desk.rows)
