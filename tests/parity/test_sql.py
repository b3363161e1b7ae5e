"""Rules that stand in SQL as well: both give the same, to the unit."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tradewind.domain.money import MONEY_SCALE, QUANTITY_SCALE, RATE_SCALE, to_decimal
from tradewind.domain.orders import MOVES, OrderStatus, Reason
from tradewind.domain.rules import codes
from tradewind.domain.rules.arithmetic import mul_div
from tradewind.domain.rules.checks import check_order
from tradewind.domain.rules.fills import apply_fill, fee_of, notional_of, slipped_price
from tradewind.manifest.load import load_strategy
from tradewind.manifest.plan import plan_strategy
from tradewind.store.database import Connection, connect
from tradewind.store.strategies import register_strategy

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
    price = data.draw(st.integers(1, 10_000_000), "price")
    quantity = data.draw(st.integers(1, 10**12), "quantity")
    fee_rate, slippage = data.draw(st.integers(0, 10**6), "fee"), data.draw(st.integers(0, 10**6), "slippage")
    held = data.draw(st.just(0) | near(quantity), "held")
    cost = data.draw(st.integers(1, 10**12), "cost") if held else 0
    mark = data.draw(st.integers(1, 10_000_000), "mark")
    value = notional_of(mark, held)
    notional = notional_of(price, quantity)
    slipped = notional_of(slipped_price(side, price, slippage), quantity)
    need = slipped + fee_of(slipped, fee_rate)
    equity = data.draw(near(2 * (cost + notional)) | near(2 * (value + notional)) | st.integers(1, 10**14), "equity")
    half, off = RATE_SCALE // 2, 0
    max_position = data.draw(st.sampled_from([half, RATE_SCALE, off]), "max_position")
    max_concentration = data.draw(st.sampled_from([half, RATE_SCALE, off]), "max_concentration")
    free = data.draw(near(need), "free")
    reached = data.draw(st.sampled_from([0, 0, 0, 1]), "reached")
    session_equity, max_daily_loss = equity + 7 * MONEY_SCALE, 3_000_000

    code, worth, limit = check_order(
        side, quantity, notional, need, held, cost, value, equity, free, session_equity - equity,
        mul_div(session_equity, max_daily_loss, RATE_SCALE), reached, max_position, max_concentration,
    )  # fmt: skip
    scale = QUANTITY_SCALE if code == codes.REDUCE_ONLY_WOULD_INCREASE_POSITION else MONEY_SCALE
    expected: tuple[object, ...] = ("ACCEPTED", None, None, None)
    if code != codes.NO_REASON:
        reason = next(reason for reason in Reason if getattr(codes, reason.name) == code)
        expected = ("DENIED", reason.value, to_decimal(worth, scale), to_decimal(limit, scale))

    with connection.transaction(force_rollback=True):
        connection.execute(
            "UPDATE strategies SET max_position = %s, max_concentration = %s, max_daily_loss = %s, fee_rate = %s,"
            " slippage = %s",
            [to_decimal(n, RATE_SCALE) for n in (max_position, max_concentration, max_daily_loss, fee_rate, slippage)],
        )
        if held:
            connection.execute(
                "INSERT INTO positions (strategy_id, symbol, quantity, cost, mark) VALUES (%s, 'IBM', %s, %s, %s)",
                [
                    str(STRATEGY.id),
                    to_decimal(held, QUANTITY_SCALE),
                    to_decimal(cost, MONEY_SCALE),
                    to_decimal(mark, MONEY_SCALE),
                ],
            )
        connection.execute(
            "UPDATE account SET cash = %s, reserved = 5, marked_equity = %s, session_equity = %s, loss_reached = %s",
            [
                to_decimal(free + 5 * MONEY_SCALE, MONEY_SCALE),
                to_decimal(equity, MONEY_SCALE),
                to_decimal(session_equity, MONEY_SCALE),
                bool(reached),
            ],
        )
        row = connection.execute(
            "SELECT status, reason, reason_value, reason_limit FROM submit_order("
            "%s, %s, 'IBM', %s, 'COMMAND', NULL, %s, now(), %s)",
            [
                uuid4(),
                str(STRATEGY.id),
                "BUY" if side == codes.BUY else "SELL",
                to_decimal(quantity, QUANTITY_SCALE),
                to_decimal(price, MONEY_SCALE),
            ],
        ).fetchone()
        reserved = connection.execute("SELECT reserved FROM account").fetchone()
    assert row == expected
    taken = need if code == codes.NO_REASON and side == codes.BUY else 0
    assert reserved == (to_decimal(taken + 5 * MONEY_SCALE, MONEY_SCALE),)
