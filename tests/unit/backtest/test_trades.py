"""Closed trades: the compiled loop against a plain one, and against what the account realized."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tradewind.backtest.trades import PNL, fill_rows, round_trips
from tradewind.domain.money import QUANTITY_SCALE
from tradewind.domain.rules import book, codes
from tradewind.domain.rules.fills import apply_fill

Fill = tuple[int, int, int, int, int, int, int, int]
Step = tuple[int, int, int, int, int]
STEPS = st.lists(
    st.tuples(
        st.integers(0, 1),
        st.sampled_from([1, -1]),
        st.integers(1, 5).map(lambda n: n * QUANTITY_SCALE // 2),
        st.integers(1, 10**9),
        st.integers(0, 1000),
    ),
    max_size=25,
)


def rounded(value: Fraction) -> int:
    whole = int(abs(value) + Fraction(1, 2))
    return whole if value >= 0 else -whole


def fills_of(steps: list[Step]) -> list[Fill]:
    """Return fills of two symbols with what each realized."""
    held, cost = [0, 0], [0, 0]
    fills = []
    for number, (symbol, side, quantity, price, fee) in enumerate(steps):
        notional = rounded(Fraction(price * quantity, QUANTITY_SCALE))
        held[symbol], cost[symbol], gross = apply_fill(held[symbol], cost[symbol], side * quantity, side * notional)
        fills.append((symbol, number, side, quantity, price, fee, gross, 1 + number % 4))
    return fills


@dataclass
class Trip:
    entry: int
    side: int
    entered: int = 0
    left: int = 0
    paid: int = 0
    got: int = 0
    fees: int = 0
    gross: int = 0


def plain(fills: list[Fill]) -> tuple[list[list[int]], int]:
    """Return the trades, and what open trips have realized less their fees."""
    trips: dict[int, Trip] = {}
    trades = []
    for symbol, time, side, quantity, price, fee, gross, origin in fills:
        notional = rounded(Fraction(price * quantity, QUANTITY_SCALE))
        trip = trips.get(symbol)
        if trip is not None and trip.side != side:
            part = min(trip.left, quantity)
            part_fee = rounded(Fraction(fee * part, quantity))
            part_notional = rounded(Fraction(notional * part, quantity))
            trip.left -= part
            trip.got += part_notional
            trip.fees += part_fee
            trip.gross += gross
            gross = 0
            quantity, fee, notional = quantity - part, fee - part_fee, notional - part_notional
            if trip.left == 0:
                prices = [rounded(Fraction(money * QUANTITY_SCALE, trip.entered)) for money in (trip.paid, trip.got)]
                pnl = trip.gross - trip.fees
                trades.append([symbol, trip.entry, time, trip.entered, *prices, trip.fees, pnl, origin, trip.side])
                del trips[symbol]
        if quantity > 0:
            trip = trips.setdefault(symbol, Trip(time, side))
            trip.entered += quantity
            trip.left += quantity
            trip.paid += notional
            trip.fees += fee
            trip.gross += gross
    return trades, sum(trip.gross - trip.fees for trip in trips.values())


# The first call compiles.
@settings(deadline=None)
@given(STEPS)
def test_the_compiled_loop_equals_a_plain_one_and_adds_up_to_what_was_realized(steps: list[Step]) -> None:
    fills = fills_of(steps)
    given_rows = np.array(fills, np.int64).reshape(-1, 8)
    trades = round_trips(given_rows, np.zeros((0, 5), np.int64), 2)
    expected, still_open = plain(fills)
    assert trades.tolist() == expected
    realized = sum(fill[6] - fill[5] for fill in fills)
    assert int(trades[:, PNL].sum()) + still_open == realized


def test_a_short_trade_that_flips_in_one_fill() -> None:
    # 2 sold at 10.00, 3 bought at 8.00 with a fee of 0.0300: 0.0200 of it closes, 0.0100 opens.
    one = QUANTITY_SCALE
    fills = [
        (0, 1, -1, 2 * one, 100_000, 100, 0, codes.SIGNAL),
        (0, 2, 1, 3 * one, 80_000, 300, 40_000, codes.STOP_LOSS),
        (0, 3, -1, one, 90_000, 50, 10_000, codes.TAKE_PROFIT),
    ]
    assert round_trips(np.array(fills), np.zeros((0, 5), np.int64), 1).tolist() == [
        [0, 1, 2, 2 * one, 100_000, 80_000, 300, 39_700, codes.STOP_LOSS, -1],
        [0, 2, 3, one, 80_000, 90_000, 150, 9_850, codes.TAKE_PROFIT, 1],
    ]


def test_a_short_pays_dividends_and_a_split_that_leaves_nothing_ends_a_trade() -> None:
    one = QUANTITY_SCALE
    fills = [
        (0, 1, -1, one, 100_000, 0, 0, codes.SIGNAL),
        (1, 1, 1, 1, 10**12, 5, 0, codes.COMMAND),
        (0, 4, 1, one, 100_000, 0, 0, codes.SIGNAL),
    ]
    actions = [(0, 2, 0, 0, 70), (1, 3, 1, 4, 0)]
    trades = round_trips(np.array(fills), np.array(actions), 2)
    # 10^-8 of 100,000,000.0000 cost 1.0000.
    assert trades[:, PNL].tolist() == [-10_000 - 5, -70]


def test_only_fills_are_taken_from_event_rows() -> None:
    rows = np.zeros((4, book.EVENT_COLUMNS + 2), np.int64)
    rows[:, book.KIND] = [codes.ACCEPTED, codes.FILLED, codes.DENIED, codes.PARTIALLY_FILLED]
    rows[:, book.QUANTITY] = [1, 2, 3, 4]
    assert fill_rows(rows)[:, 3].tolist() == [2, 4]
