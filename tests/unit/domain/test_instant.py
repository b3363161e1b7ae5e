"""One instant after another: the account's promises on random markets, and the contract's finer points by hand."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.domain.desk import DAY, FREE, SHARE, Desk, bought, kinds

from tradewind.domain.rules import book as columns
from tradewind.domain.rules import codes
from tradewind.domain.rules.book import Rules
from tradewind.domain.rules.fills import notional_of


def random_rules(random: Random) -> Rules:
    return Rules(
        fraction=random.randint(10**6, 10**8),
        max_position=random.choice([0, 50_000_000]),
        max_concentration=random.choice([0, 60_000_000]),
        stop_loss=random.choice([0, 2_000_000]),
        take_profit=random.choice([0, 3_000_000]),
        max_daily_loss=random.choice([0, 2_000_000]),
        fee_rate=random.randint(0, 1_000_000),
        slippage=random.randint(0, 1_000_000),
        lot=random.choice([1, SHARE]),
        max_signal_age=random.choice([DAY, 7 * DAY]),
        max_order_notional=random.choice([0, 10**6]),
        orders_per_minute=random.choice([0, 1, 3]),
        max_participation=random.choice([0, 10_000_000, 100_000_000]),
        slippage_points=random.choice([0, 0, 200]),
        fee_per_unit=random.choice([0, 0, 35]),
        fee_per_order=random.choice([0, 0, 10_000]),
        min_fee=random.choice([0, 0, 20_000]),
        trailing_stop=random.choice([0, 2_000_000]),
        cool_down=random.choice([0, 0, 3 * DAY]),
        notional=random.choice([0, 0, 10**6]),
    )


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32))
def test_the_account_keeps_its_promises(seed: int) -> None:
    random = Random(seed)
    desk = Desk(random_rules(random), symbols=3, cash=random.randint(10**4, 10**10))
    last = [random.randint(1, 10**6) for _ in range(3)]
    for _ in range(25):
        bars: list[tuple[int, int, int, int] | None] = []
        for i in range(3):
            swing = max(1, last[i] // random.choice([4, 30]))
            prices = [max(1, last[i] + random.randint(-swing, swing)) for _ in range(4)]
            bars.append(None if random.random() < 0.1 else (prices[0], max(prices), min(prices), prices[3]))
            last[i] = prices[3]
        sides = tuple(random.choice([1, 0, -1]) for _ in range(3))
        commands = tuple((random.choice([0, 0, 1, -1]), random.randint(1, 10**11)) for _ in range(3))
        near = [(random.choice([0, mark * 9 // 10]), random.choice([0, mark * 11 // 10])) for mark in desk.book.mark]
        desk.step(
            *bars,
            sides=sides,
            commands=commands,
            brackets=near,
            volumes=[random.randint(0, 10**12) for _ in range(3)],
            cancel=random.choice([(), (), (0, 1, 2)]),
            splits=random.choice([None, None, {1: (random.randint(1, 9), random.randint(1, 9))}]),
            dividends=random.choice([None, None, {2: random.randint(0, 9)}]),
            state=random.choice([codes.ACTIVE, codes.ACTIVE, codes.REDUCING, codes.HALTED]),
            days=random.choice([1, 1, 9]),
        )
        book, account = desk.book, desk.book.account
        value = sum(notional_of(m, q) for m, q in zip(book.mark, book.quantity, strict=True))
        unrealized = value - sum(book.cost)
        assert account[columns.EQUITY] == account[columns.CASH] + value
        assert (
            account[columns.EQUITY] == desk.cash + account[columns.REALIZED_GROSS] + unrealized - account[columns.FEES]
        )
        assert 0 <= account[columns.RESERVED] == sum(book.order_reserved) <= account[columns.CASH]
        assert min(book.quantity) >= 0
        empty = [i for i, quantity in enumerate(book.quantity) if quantity == 0]
        assert all(book.cost[i] == book.stop[i] == book.target[i] == 0 for i in empty)
        assert (account[columns.AUTOMATIC_HALT] == 0) or (account[columns.SESSION] == desk.time // DAY)
    assert sum(row[columns.FEE] for row in desk.rows) == desk.book.account[columns.FEES]


EXITS = FREE._replace(stop_loss=5_000_000, take_profit=10_000_000)


@pytest.mark.parametrize(
    ("bar", "origin", "price"),
    [
        ((10_000, 10_900, 9_600, 10_000), None, None),
        ((10_000, 10_000, 9_500, 9_800), codes.STOP_LOSS, 9_500),
        ((10_000, 11_000, 9_900, 10_500), codes.TAKE_PROFIT, 11_000),
        # A gap through a level fills at the open.
        ((9_000, 9_200, 8_900, 9_100), codes.STOP_LOSS, 9_000),
        ((12_000, 12_100, 11_900, 12_000), codes.TAKE_PROFIT, 12_000),
        # Both levels in one bar: the stop comes first, but for an open beyond the target.
        ((10_000, 11_500, 9_000, 10_000), codes.STOP_LOSS, 9_500),
        ((11_200, 11_500, 9_000, 10_000), codes.TAKE_PROFIT, 11_200),
    ],
)
def test_exits_inside_the_bar(bar: tuple[int, int, int, int], origin: int | None, price: int | None) -> None:
    rows = bought(EXITS).step(bar)
    if origin is None:
        assert rows == []
    else:
        assert kinds(rows) == [(codes.ACCEPTED, origin), (codes.FILLED, origin)]
        assert rows[1][columns.PRICE] == price


def test_the_entry_bar_can_exit() -> None:
    desk = Desk(EXITS)
    desk.step((10_000, 10_000, 10_000, 10_000), sides=(1,))
    rows = desk.step((10_000, 10_000, 9_400, 9_900))
    assert kinds(rows) == [
        (codes.FILLED, codes.SIGNAL),
        (codes.ACCEPTED, codes.STOP_LOSS),
        (codes.FILLED, codes.STOP_LOSS),
    ]


def test_a_stop_slips_and_a_target_does_not() -> None:
    costly = EXITS._replace(slippage=1_000_000, fraction=5 * 10**7)
    stop = bought(costly).step((10_000, 10_000, 9_000, 9_000))
    # Bought at 10_100: the stop is 9_595, and 96 worse; the target is 11_110.
    assert stop[1][columns.PRICE] == 9_595 - 96
    assert bought(costly).step((10_000, 12_000, 10_000, 11_000))[1][columns.PRICE] == 11_110


def test_sales_fund_the_purchases_of_the_same_open() -> None:
    desk = Desk(FREE, symbols=2)
    flat = (10_000, 10_000, 10_000, 10_000)
    desk.step(flat, flat, sides=(0, 1))
    desk.step(flat, flat, sides=(0, -1))
    # The sale comes first although its symbol sorts last.
    rows = desk.step(flat, flat, sides=(1, 0))
    assert [(row[columns.SYMBOL], row[columns.SIDE]) for row in rows[:1]] == [(1, codes.SELL)]


def test_an_open_that_cannot_be_funded_cancels_with_the_numbers() -> None:
    desk = Desk(FREE)
    desk.step((10_000, 10_000, 10_000, 10_000), sides=(1,))
    (row,) = desk.step((10_001, 10_001, 10_001, 10_001))
    assert (row[columns.KIND], row[columns.CODE]) == (codes.CANCELED, codes.NOTIONAL_EXCEEDS_FREE_BALANCE)
    assert (row[columns.VALUE], row[columns.LIMIT]) == (1_000_100, 1_000_000)
    assert desk.book.account[columns.RESERVED] == 0


def test_an_open_is_funded_to_the_last_unit_and_not_beyond() -> None:
    exact = Desk(FREE)
    exact.step((9_999, 9_999, 9_999, 9_999), sides=(1,))
    (row,) = exact.step((10_000, 10_000, 10_000, 10_000))
    assert (row[columns.KIND], exact.book.account[columns.CASH]) == (codes.FILLED, 0)
    one_unit_short = Desk(FREE._replace(fee_rate=100))
    one_unit_short.step((9_999, 9_999, 9_999, 9_999), sides=(1,))
    (row,) = one_unit_short.step((10_000, 10_000, 10_000, 10_000))
    assert (row[columns.KIND], row[columns.VALUE], row[columns.LIMIT]) == (codes.CANCELED, 1_000_001, 1_000_000)


def test_an_order_waits_for_its_symbol_and_expires() -> None:
    flat = (10_000, 10_000, 10_000, 10_000)
    waiting = Desk(FREE)
    waiting.step(flat, sides=(1,))
    assert waiting.step(None, days=7) == []
    (row,) = waiting.step(None, days=1)
    assert (row[columns.KIND], row[columns.CODE]) == (codes.EXPIRED, codes.SIGNAL_TOO_OLD)
    assert (row[columns.VALUE], row[columns.LIMIT]) == (8 * DAY, 7 * DAY)
    late = Desk(FREE)
    late.step(flat, sides=(1,))
    late.step(None, days=6)
    assert kinds(late.step(flat)) == [(codes.FILLED, codes.SIGNAL)]


def test_a_session_that_lost_its_limit_buys_no_more() -> None:
    desk = bought(FREE._replace(max_daily_loss=5_000_000, fraction=5 * 10**7))
    rows = desk.step((10_000, 10_000, 9_000, 9_000), commands=((1, SHARE),))
    assert (rows[0][columns.KIND], rows[0][columns.CODE]) == (codes.DENIED, codes.DAILY_LOSS_LIMIT_REACHED)
    assert (rows[0][columns.VALUE], rows[0][columns.LIMIT]) == (50_000, 50_000)
    # The next session starts afresh.
    assert kinds(desk.step((9_000, 9_000, 9_000, 9_000), commands=((1, SHARE),))) == [(codes.ACCEPTED, codes.COMMAND)]


@pytest.mark.parametrize(
    ("rules", "quantity", "code", "value", "limit"),
    [
        (FREE._replace(max_position=20_000_000), 21, codes.POSITION_EXCEEDS_MAXIMUM, 210_000, 200_000),
        (FREE._replace(max_concentration=20_000_000), 21, codes.CONCENTRATION_EXCEEDS_MAXIMUM, 210_000, 200_000),
        (FREE._replace(fee_rate=1_000_000), 100, codes.NOTIONAL_EXCEEDS_FREE_BALANCE, 1_010_000, 1_000_000),
        (FREE, -1, codes.REDUCE_ONLY_WOULD_INCREASE_POSITION, SHARE, 0),
    ],
)
def test_denials_carry_their_numbers(rules: Rules, quantity: int, code: int, value: int, limit: int) -> None:
    side = 1 if quantity > 0 else -1
    (row,) = Desk(rules).step((10_000, 10_000, 10_000, 10_000), commands=((side, abs(quantity) * SHARE),))
    assert (row[columns.KIND], row[columns.CODE]) == (codes.DENIED, code)
    assert (row[columns.VALUE], row[columns.LIMIT]) == (value, limit)


def test_a_signal_buys_what_is_not_held_and_sells_all_that_is() -> None:
    desk = bought(FREE)
    flat = (10_000, 10_000, 10_000, 10_000)
    assert desk.step(flat, sides=(1,)) == []
    (row,) = desk.step(flat, sides=(-1,))
    assert row[columns.QUANTITY] == 100 * SHARE
    assert desk.step(flat, sides=(-1,))[0][columns.KIND] == codes.FILLED
    assert desk.step(flat, sides=(-1,)) == []
