"""What is kept of the journal in memory gives the same as the journal read afresh."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tradewind.domain.identity import signal_id
from tradewind.domain.orders import Side
from tradewind.manifest.load import load_strategy
from tradewind.manifest.owners import trading_owner
from tradewind.manifest.plan import plan_strategy
from tradewind.manifest.resources import TradingStrategy
from tradewind.store.database import Connection, connect
from tradewind.store.inbox import InboxRow
from tradewind.store.strategies import register_strategy
from tradewind.store.watermarks import advance_watermark
from tradewind.trading import arrivals
from tradewind.trading.arrivals import Arrivals
from tradewind.trading.instants import Gathered

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
START = datetime(2020, 1, 2, 21, tzinfo=UTC)


def a_strategy(connection: Connection) -> TradingStrategy:
    base = load_strategy(EXAMPLES / "sma-cross.yaml")
    named = base.metadata.model_copy(update={"name": f"arrivals-{uuid4().hex}", "uid": uuid4()})
    strategy = base.model_copy(update={"metadata": named})
    register_strategy(connection, strategy, plan_strategy(strategy))
    return strategy


def row(strategy: TradingStrategy, day: int, number: int, kind: Any) -> InboxRow:
    at, symbol = START + timedelta(days=day), strategy.spec.symbols[number]
    match kind:
        case "BAR":
            return InboxRow(at, symbol, "BAR", 1_000_000, 1_000_500, 999_500, 1_000_000, 10**8)
        case "SIGNAL":
            name = signal_id(strategy.id.uid, symbol, "1d", at)
            return InboxRow(at, symbol, "SIGNAL", signal_id=name, side=Side.BUY)
        case "SPLIT":
            return InboxRow(at, symbol, "SPLIT", numerator=2, denominator=1)
    return InboxRow(at, symbol, "MISSING")


def days(strategy: TradingStrategy, first: int, count: int) -> list[InboxRow]:
    return [
        row(strategy, day, number, kind)
        for day in range(first, first + count)
        for number in range(len(strategy.spec.symbols))
        for kind in ("BAR", "SIGNAL")
    ]


def add(connection: Connection, arrived: Arrivals, rows: list[InboxRow]) -> None:
    with connection.pipeline(), connection.transaction():
        arrived.add(connection, rows)


def decide(connection: Connection, strategy: TradingStrategy, arrived: Arrivals, most: int | None = None) -> int:
    """Decide the oldest instants, as far as the journal is concerned; return how many."""
    found = arrived.oldest(connection, most)
    if found:
        advance_watermark(connection, trading_owner(str(strategy.id)), found[-1].time)
        arrived.decided([gathered.time for gathered in found])
    return len(found)


def in_order(found: list[Gathered]) -> list[Gathered]:
    return [
        Gathered(g.time, dict(sorted(g.bars.items())), dict(sorted(g.signals.items())), g.missing, g.actions)
        for g in found
    ]


arriving = st.sampled_from(["BAR", "SIGNAL", "BAR", "SIGNAL", "MISSING", "SPLIT"])
batches = st.lists(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3), arriving), min_size=1, max_size=30), max_size=12
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    batches=batches,
    rolled_back=st.sets(st.integers(0, 11)),
    together=st.sets(st.integers(0, 11)),
    kept=st.sampled_from([6, 21, 10_000]),
)
def test_memory_and_journal_are_one(
    database_url: str, batches: list[list[tuple[int, int, str]]], rolled_back: set[int], together: set[int], kept: int
) -> None:
    with connect(database_url) as connection, pytest.MonkeyPatch.context() as patch:
        patch.setattr(arrivals, "_MOST_KEPT", kept)
        strategy = a_strategy(connection)
        owner = trading_owner(str(strategy.id))
        arrived = Arrivals(strategy, owner)
        for number, batch in enumerate(batches):
            rows = [row(strategy, *of) for of in batch]
            with connection.pipeline(), connection.transaction(force_rollback=number in rolled_back):
                arrived.add(connection, rows)
                if number in together and arrived.could_be_complete():
                    within = Arrivals(strategy, owner).oldest(connection, 1)
                    assert in_order(arrived.oldest(connection, 1)) == in_order(within)
                    decide(connection, strategy, arrived, 1)
            if number in rolled_back:
                arrived.forget()
            read = Arrivals(strategy, owner).oldest(connection)
            if arrived.may_be_complete():
                assert in_order(arrived.oldest(connection)) == in_order(read)
                decide(connection, strategy, arrived, 1)
            else:
                assert read == []


def test_the_journal_is_read_once_and_then_remembered(database_url: str) -> None:
    with connect(database_url) as connection:
        strategy = a_strategy(connection)
        arrived = Arrivals(strategy, trading_owner(str(strategy.id)))
        assert arrived.may_be_complete()
        assert decide(connection, strategy, arrived) == 0
        assert not arrived.may_be_complete()
        rows = days(strategy, 0, 2)
        add(connection, arrived, rows[:9])
        assert arrived.may_be_complete()
        connection.execute("ALTER TABLE inbox RENAME TO hidden")
        assert decide(connection, strategy, arrived) == 1
        assert not arrived.may_be_complete()
        assert arrived.waiting is not None
        assert (arrived.waiting.time, list(arrived.waiting.symbols)) == (rows[8].instant, list(strategy.spec.symbols))


def test_what_is_late_or_not_new_is_left_to_the_journal(database_url: str) -> None:
    with connect(database_url) as connection:
        strategy = a_strategy(connection)
        arrived = Arrivals(strategy, trading_owner(str(strategy.id)))
        rows = days(strategy, 0, 2)
        add(connection, arrived, rows[:8])
        assert decide(connection, strategy, arrived) == 1
        add(connection, arrived, rows[4:10])  # half of them for the second time, and late
        assert decide(connection, strategy, arrived) == 0
        add(connection, arrived, rows[10:])
        assert decide(connection, strategy, arrived) == 1


def test_a_transaction_takes_no_more_than_its_share(database_url: str) -> None:
    with connect(database_url) as connection:
        strategy = a_strategy(connection)
        arrived = Arrivals(strategy, trading_owner(str(strategy.id)))
        add(connection, arrived, days(strategy, 0, 70))
        assert [decide(connection, strategy, arrived, 3), decide(connection, strategy, arrived)] == [3, 50]
        assert [decide(connection, strategy, arrived), decide(connection, strategy, arrived)] == [17, 0]
