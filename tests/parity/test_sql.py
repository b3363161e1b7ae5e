"""Rules that stand in SQL as well: both give the same, to the unit."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tradewind.domain.money import MONEY_SCALE, QUANTITY_SCALE, RATE_SCALE, to_decimal
from tradewind.domain.orders import MOVES, OrderStatus, Reason, TradingState
from tradewind.domain.rules import codes
from tradewind.domain.rules.actions import dividend_of, split_price, split_quantity
from tradewind.domain.rules.arithmetic import mul_div
from tradewind.domain.rules.book import (
    AUTOMATIC_HALT,
    CASH,
    EQUITY,
    GAINED,
    LOST,
    ORDERS_IN_MINUTE,
    RESERVED,
    SESSION_EQUITY,
    new_book,
)
from tradewind.domain.rules.checks import check_order
from tradewind.domain.rules.fills import (
    apply_fill,
    fee_due,
    funds,
    margin_of,
    notional_of,
    opening_part,
    slipped_price,
)
from tradewind.domain.rules.trades import earn
from tradewind.manifest.load import load_strategy
from tradewind.manifest.plan import plan_strategy
from tradewind.store.database import Connection, connect
from tradewind.store.strategies import register_strategy

COSTS = ("slippage_points", "fee_per_unit", "fee_per_order", "min_fee")
AGES = 10**18
"""Longer ago than any pause, microseconds."""
STRATEGY = load_strategy(Path(__file__).resolve().parents[2] / "examples" / "sma-cross.yaml")
PROPERTY = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    with connect(database_url) as connection:
        register_strategy(connection, STRATEGY, plan_strategy(STRATEGY))
        yield connection


@PROPERTY
@given(a=st.integers(-(2**62), 2**62), b=st.integers(-(2**62), 2**62), d=st.integers(-2, 2**62) | st.integers(1, 9))
def test_mul_div(connection: Connection, a: int, b: int, d: int) -> None:
    statement = "SELECT mul_div(%s, %s, %s)"
    try:
        expected = mul_div(a * MONEY_SCALE, b, d)
    except (OverflowError, ValueError) as error:
        code = "TW003" if isinstance(error, OverflowError) else "TW002"
        with pytest.raises(psycopg.errors.Error) as caught:
            connection.execute(statement, [Decimal(a), Decimal(b), Decimal(d)])
        assert caught.value.sqlstate == code
    else:
        row = connection.execute(statement, [Decimal(a), Decimal(b), Decimal(d)]).fetchone()
        assert row == (to_decimal(expected, MONEY_SCALE),)


amounts = st.integers(1, 10**12)


@PROPERTY
@given(
    held=st.integers(-(10**12), 10**12), cost=amounts, filled=amounts, notional=amounts, side=st.sampled_from([1, -1])
)
def test_apply_fill(connection: Connection, held: int, cost: int, filled: int, notional: int, side: int) -> None:
    signed_cost = (held > 0) * cost - (held < 0) * cost
    quantity, new_cost, realized = apply_fill(held, signed_cost, side * filled, side * notional)
    row = connection.execute(
        "SELECT * FROM apply_fill(%s, %s, %s, %s)",
        [
            to_decimal(held, QUANTITY_SCALE),
            to_decimal(signed_cost, MONEY_SCALE),
            to_decimal(side * filled, QUANTITY_SCALE),
            to_decimal(side * notional, MONEY_SCALE),
        ],
    ).fetchone()
    expected = (to_decimal(quantity, QUANTITY_SCALE), *(to_decimal(n, MONEY_SCALE) for n in (new_cost, realized)))
    assert row == expected


@PROPERTY
@given(
    held=st.integers(-100, 100),
    filled=st.integers(-150, 150).filter(bool),
    earned=st.integers(-(10**9), 10**9),
    realized=st.integers(-(10**9), 10**9),
    fee=st.integers(0, 10**6),
)
def test_closed_trade(connection: Connection, held: int, filled: int, earned: int, realized: int, fee: int) -> None:
    book = new_book(1, 1)
    book.earned[0] = earned
    earn(book, 0, held, filled, realized, fee)
    row = connection.execute(
        "SELECT earned, coalesce(greatest(closed, 0), 0), coalesce(greatest(-closed, 0), 0)"
        " FROM closed_trade(%s, %s, %s, %s, %s)",
        [
            to_decimal(earned, MONEY_SCALE),
            *(to_decimal(quantity, QUANTITY_SCALE) for quantity in (held, filled)),
            *(to_decimal(amount, MONEY_SCALE) for amount in (realized, fee)),
        ],
    ).fetchone()
    assert row == tuple(
        to_decimal(amount, MONEY_SCALE) for amount in (book.earned[0], book.account[GAINED], book.account[LOST])
    )


def test_moves_between_statuses(connection: Connection) -> None:
    for was in OrderStatus:
        for wanted in OrderStatus:
            row = connection.execute("SELECT order_move_is_legal(%s, %s)", [was.value, wanted.value]).fetchone()
            assert row == (wanted in MOVES[was],), (was, wanted)


@st.composite
def near(draw: st.DrawFn, value: int) -> int:
    """A number at or about a value, so that limits are met exactly as often as they are passed."""
    return max(1, value + draw(st.sampled_from([-1, 0, 1, -(10**6), 10**6])))


@PROPERTY
@given(data=st.data())
def test_checks_of_an_order(connection: Connection, data: st.DataObject) -> None:
    side = data.draw(st.sampled_from([codes.BUY, codes.BUY, codes.BUY, codes.SELL]), "side")
    allow_short = data.draw(st.sampled_from([0, 1]), "allow_short")
    price = data.draw(st.integers(1, 10_000_000), "price")
    quantity = data.draw(st.integers(1, 10**12), "quantity")
    fee_rate, slippage = data.draw(st.integers(0, 10**6), "fee"), data.draw(st.integers(0, 10**6), "slippage")
    way = data.draw(st.sampled_from([1, 1, -1]), "long or short") if allow_short else 1
    held = way * data.draw(st.just(0) | near(quantity) | near(quantity // 2 + 1), "held")
    cost = way * data.draw(st.integers(1, 10**12), "cost") if held else 0
    mark = data.draw(st.integers(1, 10_000_000), "mark")
    value = notional_of(mark, held)
    opening = opening_part(held, side, quantity)
    adds = side * held > 0
    notional = notional_of(price, opening)
    costs = {name: data.draw(st.just(0) | st.integers(1, 10**5), name) for name in COSTS}
    cool_down = data.draw(st.sampled_from([0, 0, 60, 2 * 86_400]), "cool_down") * 1_000_000
    since_stop = data.draw(st.just(cool_down) | near(cool_down), "since the last stop")
    costing = STRATEGY.spec.rules()._replace(fee_rate=fee_rate, slippage=slippage, **costs)
    slipped = notional_of(slipped_price(costing, side, price), quantity)
    need, released = funds(side, held, cost, quantity, slipped, fee_due(costing, quantity, slipped))
    margin = margin_of(held, cost)
    added_to = (abs(cost), abs(value)) if adds else (0, 0)
    equity = data.draw(st.one_of(*(near(2 * (each + notional)) for each in added_to), st.integers(1, 10**14)), "equity")
    half, off = RATE_SCALE // 2, 0
    max_position = data.draw(st.sampled_from([half, RATE_SCALE, off]), "max_position")
    max_concentration = data.draw(st.sampled_from([half, RATE_SCALE, off]), "max_concentration")
    max_order_notional = data.draw(st.just(off) | near(max(1, notional)), "max_order_notional")
    orders_per_minute = data.draw(st.sampled_from([off, 1, 3]), "orders_per_minute")
    placed = data.draw(st.integers(0, 3), "orders in this minute")
    free = data.draw(near(max(1, need - released)), "free")
    halts = [codes.NO_REASON] * 3 + [codes.DAILY_LOSS_LIMIT_REACHED, codes.RATE_LIMIT_EXCEEDED]
    halt = data.draw(st.sampled_from(halts), "automatic halt")
    manifest, person = (data.draw(st.sampled_from([*TradingState, TradingState.ACTIVE]), who) for who in "mp")
    session_equity, max_daily_loss = equity + 7 * MONEY_SCALE, 3_000_000
    rules = costing._replace(
        max_position=max_position, max_concentration=max_concentration, max_daily_loss=max_daily_loss,
        max_order_notional=max_order_notional, orders_per_minute=orders_per_minute, cool_down=cool_down,
        allow_short=allow_short,
    )  # fmt: skip
    account = list(new_book(1, 1).account)
    account[CASH], account[RESERVED], account[EQUITY] = free + margin + 5 * MONEY_SCALE, 5 * MONEY_SCALE, equity
    account[SESSION_EQUITY], account[AUTOMATIC_HALT], account[ORDERS_IN_MINUTE] = session_equity, halt, placed

    code, worth, limit = check_order(
        rules, account, max(manifest, person), codes.COMMAND, side, quantity, opening, notional, need,
        free + released, *added_to, since_stop if held else AGES,
    )  # fmt: skip
    scale = MONEY_SCALE
    if code == codes.REDUCE_ONLY_WOULD_INCREASE_POSITION:
        scale = QUANTITY_SCALE
    elif code == codes.RATE_LIMIT_EXCEEDED:
        scale = 1
    elif code == codes.COOLDOWN_ACTIVE:
        scale = 1_000_000
    expected: tuple[object, ...] = ("ACCEPTED", None, None, None)
    if code != codes.NO_REASON:
        reason = next(reason for reason in Reason if getattr(codes, reason.name) == code)
        expected = ("DENIED", reason.value, to_decimal(worth, scale), to_decimal(limit, scale))

    order = uuid4()
    with connection.transaction(force_rollback=True):
        connection.execute(
            "UPDATE strategies SET max_position = %s, max_concentration = %s, max_daily_loss = %s, fee_rate = %s,"
            " slippage = %s, max_order_notional = %s, slippage_points = %s, fee_per_unit = %s, fee_per_order = %s,"
            " min_fee = %s, cool_down = %s, orders_per_minute = %s, trading_state = %s, allow_short = %s",
            [
                *(to_decimal(n, RATE_SCALE) for n in (max_position, max_concentration, max_daily_loss)),
                *(to_decimal(n, RATE_SCALE) for n in (fee_rate, slippage)),
                to_decimal(max_order_notional, MONEY_SCALE),
                *(to_decimal(costs[name], MONEY_SCALE) for name in COSTS),
                timedelta(microseconds=cool_down),
                orders_per_minute,
                manifest.name,
                bool(allow_short),
            ],
        )
        if held:
            connection.execute(
                "INSERT INTO positions (strategy_id, symbol, quantity, cost, mark, stopped_at, may_be_short)"
                " VALUES (%s, 'IBM', %s, %s, %s, now() - %s, true)",
                [
                    str(STRATEGY.id),
                    to_decimal(held, QUANTITY_SCALE),
                    to_decimal(cost, MONEY_SCALE),
                    to_decimal(mark, MONEY_SCALE),
                    timedelta(microseconds=since_stop),
                ],
            )
        connection.execute(
            "UPDATE account SET cash = %s, reserved = 5, margin = %s, may_overdraw = true, marked_equity = %s,"
            " session_equity = %s, automatic_halt = %s, person_state = %s, orders_in_minute = %s",
            [
                to_decimal(account[CASH], MONEY_SCALE),
                to_decimal(margin, MONEY_SCALE),
                to_decimal(equity, MONEY_SCALE),
                to_decimal(session_equity, MONEY_SCALE),
                next((reason.value for reason in Reason if getattr(codes, reason.name) == halt), None),
                person.name,
                placed,
            ],
        )
        words = ("BUY" if side == codes.BUY else "SELL", to_decimal(quantity, QUANTITY_SCALE))
        connection.execute(
            "SELECT request_order(%s, %s, 'IBM', %s, %s, NULL, NULL, NULL, '')", [str(STRATEGY.id), order, *words]
        )
        row = connection.execute(
            "SELECT status, reason, reason_value, reason_limit FROM submit_order("
            "%s, %s, 'IBM', %s, 'COMMAND', NULL, %s, now(), %s)",
            [order, str(STRATEGY.id), *words, to_decimal(price, MONEY_SCALE)],
        ).fetchone()
        after = connection.execute("SELECT reserved, orders_in_minute, automatic_halt FROM account").fetchone()
    assert row == expected
    taken = max(0, need - released) if code == codes.NO_REASON else 0
    halted = codes.RATE_LIMIT_EXCEEDED if code == codes.RATE_LIMIT_EXCEEDED else halt
    assert after == (
        to_decimal(taken + 5 * MONEY_SCALE, MONEY_SCALE),
        placed + (code == codes.NO_REASON),
        next((reason.value for reason in Reason if getattr(codes, reason.name) == halted), None),
    )


ratios = st.integers(1, 12) | st.integers(1, 2**31 - 1)
no_price_or_one = st.just(0) | st.integers(1, 10**9)


@PROPERTY
@given(
    held=st.integers(1, 10**12) | st.integers(1, 100),
    cost=amounts,
    prices=st.tuples(st.integers(1, 10**9), no_price_or_one, no_price_or_one),
    numerator=ratios,
    denominator=ratios,
    dividend=st.integers(1, 10**6),
)
def test_corporate_actions(
    connection: Connection,
    held: int,
    cost: int,
    prices: tuple[int, int, int],
    numerator: int,
    denominator: int,
    dividend: int,
) -> None:
    try:
        quantity = split_quantity(held, numerator, denominator)
        mark, stop, target = (split_price(price, numerator, denominator) for price in prices)
        earned = dividend_of(quantity, dividend)
        notional_of(mark, quantity)
    except OverflowError:
        return  # beyond what an account can hold, which the machine's stories show
    lost = 0 if quantity else cost
    bracket = [to_decimal(price, MONEY_SCALE) if price and quantity else None for price in (stop, target)]
    with connection.transaction(force_rollback=True):
        connection.execute(
            "INSERT INTO positions (strategy_id, symbol, quantity, cost, mark, stop_price, target_price)"
            " VALUES (%s, 'IBM', %s, %s, %s, %s, %s)",
            [
                str(STRATEGY.id),
                to_decimal(held, QUANTITY_SCALE),
                to_decimal(cost, MONEY_SCALE),
                *(to_decimal(price, MONEY_SCALE) if price else None for price in prices),
            ],
        )
        cash = STRATEGY.spec.initial_cash
        for _ in range(2):  # the second one of the same name changes nothing
            connection.execute(
                "SELECT apply_split(%s, %s, 'IBM', %s, %s, now())",
                [str(STRATEGY.id), UUID(int=1), numerator, denominator],
            )
            connection.execute(
                "SELECT apply_dividend(%s, %s, 'IBM', %s, now())",
                [str(STRATEGY.id), UUID(int=2), to_decimal(dividend, MONEY_SCALE)],
            )
        position = connection.execute(
            "SELECT quantity, cost, mark, stop_price, target_price, realized_pnl_gross FROM positions"
        ).fetchone()
        account = connection.execute("SELECT cash, realized_pnl_gross, portfolio_value FROM account").fetchone()
    assert position == (
        to_decimal(quantity, QUANTITY_SCALE),
        *(to_decimal(price, MONEY_SCALE) for price in (cost - lost, mark)),
        *bracket,
        to_decimal(earned - lost, MONEY_SCALE),
    )
    sums = (cash + earned, earned - lost, notional_of(mark, quantity))
    assert account == tuple(to_decimal(amount, MONEY_SCALE) for amount in sums)
