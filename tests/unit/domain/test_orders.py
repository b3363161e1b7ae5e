"""The order state machine, and event rows in the terms that people handle."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewind.domain.orders import (
    MOVES,
    Order,
    OrderMoveError,
    OrderStatus,
    Origin,
    OverfillError,
    Reason,
    Side,
    TradingState,
    to_order_event,
)
from tradewind.domain.rules import book, codes

FINAL = {OrderStatus.DENIED, OrderStatus.REJECTED, OrderStatus.FILLED, OrderStatus.CANCELED, OrderStatus.EXPIRED}
statuses = st.sampled_from(list(OrderStatus))


def order(status: OrderStatus = OrderStatus.INITIALIZED, quantity: int = 100, filled: int = 0) -> Order:
    return Order(UUID(int=1), "AAPL", Side.BUY, quantity, Origin.SIGNAL, status, filled)


@given(statuses, statuses)
def test_only_the_planned_moves_are_made(now: OrderStatus, wanted: OrderStatus) -> None:
    if wanted in MOVES[now]:
        assert order(now).to(wanted).status is wanted
    else:
        with pytest.raises(OrderMoveError, match=f"is {now} and cannot become {wanted}"):
            order(now).to(wanted)


@given(st.lists(statuses, max_size=20))
def test_nothing_leaves_a_final_status(wanted: list[OrderStatus]) -> None:
    now = order()
    for status in wanted:
        if now.is_closed:
            assert now.status in FINAL
            with pytest.raises(OrderMoveError):
                now.to(status)
        elif status in MOVES[now.status]:
            now = now.to(status)


def test_every_status_has_its_row_and_the_final_ones_are_final() -> None:
    assert set(MOVES) == set(OrderStatus)
    assert {status for status, moves in MOVES.items() if not moves} == FINAL


@given(st.integers(1, 100), st.lists(st.integers(1, 40), max_size=10))
def test_fills_add_up_and_never_pass_the_quantity(quantity: int, sizes: list[int]) -> None:
    now = order(OrderStatus.ACCEPTED, quantity)
    for size in sizes:
        if now.is_closed:
            break
        if size > now.leaves_qty:
            with pytest.raises(OverfillError, match=f"a fill of {size} passes the {now.leaves_qty} left"):
                now.filled(size)
            continue
        now = now.filled(size)
        assert now.filled_qty + now.leaves_qty == quantity
        assert now.status is (OrderStatus.PARTIALLY_FILLED if now.leaves_qty else OrderStatus.FILLED)


def test_what_can_not_be_filled_is_not() -> None:
    with pytest.raises(OrderMoveError):
        order(OrderStatus.DENIED).filled(100)
    with pytest.raises(OverfillError):
        order(OrderStatus.ACCEPTED).filled(0)


def test_an_event_row_in_words() -> None:
    row = [0] * book.EVENT_COLUMNS
    values = {
        book.TIME: 1_000_000,
        book.KIND: codes.DENIED,
        book.SYMBOL: 1,
        book.ORIGIN: codes.COMMAND,
        book.SIDE: codes.SELL,
        book.QUANTITY: 5,
        book.PRICE: 7,
        book.CODE: codes.REDUCE_ONLY_WOULD_INCREASE_POSITION,
        book.VALUE: 5,
        book.LIMIT: 3,
    }
    for column, value in values.items():
        row[column] = value
    event = to_order_event(row, ["AAA", "BBB"], lambda *_: UUID(int=9))
    assert (event.symbol, event.side, event.origin, event.kind) == (
        "BBB",
        Side.SELL,
        Origin.COMMAND,
        OrderStatus.DENIED,
    )
    assert event.time == datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)
    assert (event.reason, event.value, event.limit) == (Reason.REDUCE_ONLY_WOULD_INCREASE_POSITION, 5, 3)


def test_every_reason_has_its_code() -> None:
    assert {getattr(codes, reason) for reason in Reason} == set(range(1, codes.TIME_IN_FORCE + 1))


def test_the_stricter_state_is_the_greater() -> None:
    assert TradingState.ACTIVE < TradingState.REDUCING < TradingState.HALTED
    assert [state.value for state in TradingState] == [codes.ACTIVE, codes.REDUCING, codes.HALTED]


def test_a_fill_in_words_says_which_of_its_order_it_is() -> None:
    row = [0] * book.EVENT_COLUMNS
    row[book.KIND], row[book.ORIGIN], row[book.SIDE], row[book.FILL] = (
        codes.PARTIALLY_FILLED,
        codes.STOP_LOSS,
        codes.SELL,
        3,
    )
    event = to_order_event(row, ["AAA"], lambda *_: UUID(int=9))
    assert (event.kind, event.origin, event.fill, event.reason) == (
        OrderStatus.PARTIALLY_FILLED,
        Origin.STOP_LOSS,
        3,
        None,
    )
