"""What arrives is decided by the transaction that journals it, and by one of its own where that fails."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event as Flag
from typing import cast
from uuid import uuid4

import pytest

from tradewind.bus.consumer import Consumer, Message
from tradewind.bus.events import MARKET_DATA, TRADING_SIGNALS, BarClosed, Event, SignalGiven, encode
from tradewind.domain.identity import signal_id
from tradewind.manifest.load import load_strategy
from tradewind.manifest.owners import trading_owner
from tradewind.manifest.plan import feed_id_of, plan_strategy
from tradewind.manifest.resources import TradingStrategy
from tradewind.runtime.reader import Reader
from tradewind.store.database import connect
from tradewind.store.strategies import register_strategy
from tradewind.store.writer import Writer
from tradewind.trading.arrivals import Arrivals
from tradewind.trading.decide import Decider
from tradewind.trading.desk import TOPICS
from tradewind.trading.intake import Intake
from tradewind.trading.receive import Receiver

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
START = datetime(2020, 1, 2, 21, tzinfo=UTC)


class Script:
    """A consumer whose polls give what is written down for them, and nothing once that has ended."""

    def __init__(self) -> None:
        self.polls: list[list[bytes]] = []
        self._next = 0

    def identities(self, topics: Sequence[str]) -> Mapping[str, str]:
        return dict.fromkeys(topics, "script")

    def start(self, topics: Sequence[str], positions: object) -> None:
        pass

    def commit(self, positions: object) -> None:
        pass

    def poll(self, limit: int, timeout: float) -> list[Message]:
        values = self.polls.pop(0) if self.polls else []
        first = self._next
        self._next += len(values)
        return [
            Message(TRADING_SIGNALS if b"signal_id" in value else MARKET_DATA, 0, first + n, None, value)
            for n, value in enumerate(values)
        ]


class Taking:
    """An intake on a database of its own, of a strategy of one symbol."""

    def __init__(self, writer: Writer, strategy: TradingStrategy) -> None:
        self.writer = writer
        self.strategy = strategy
        self.script = Script()
        arrivals = Arrivals(strategy, writer.owner)
        self.decider = Decider(strategy, writer.owner, arrivals=arrivals)
        self.intake = Intake(writer, Receiver(strategy, feed_id_of(strategy), arrivals), self.decider, arrivals)
        consumer = cast(Consumer, self.script)
        self.reader = Reader(consumer, writer, TOPICS, self.intake, self.intake.rolled_back, self.intake.lacks)
        self.reader.start()
        self.decide()  # the journal's end and the books are in memory from now on

    def bar(self, day: int) -> bytes:
        event = BarClosed(
            feed_id=feed_id_of(self.strategy), source="TEST", symbol="IBM", interval="1d",
            close_time=START + timedelta(days=day), open=1_000_000, high=1_000_000, low=1_000_000, close=1_000_000,
            volume=10**8,
        )  # fmt: skip
        return encode(event)

    def signal(self, day: int, named: int | None = None) -> bytes:
        at = START + timedelta(days=day)
        named_at = START + timedelta(days=day if named is None else named)
        event: Event = SignalGiven(
            strategy_id=str(self.strategy.id), signal_id=signal_id(self.strategy.id.uid, "IBM", "1d", named_at),
            symbol="IBM", interval="1d", close_time=at, side="BUY", expected_return=None, confidence=None,
            model_version="test", reason="test",
        )  # fmt: skip
        return encode(event)

    def read(self, *polls: list[bytes]) -> list[int]:
        """Read one batch; return the days that it decided."""
        self.script.polls = list(polls)
        self.intake.begin(decides=True)
        self.reader.read(0.0)
        return [(decided.time - START).days for decided in self.intake.decided]

    def decide(self) -> list[int]:
        """Decide by a transaction of its own; return the days."""
        if not self.decider.may_decide():
            return []
        with self.writer.pipeline() as connection:
            decided = self.decider.decide(connection, self.writer.epoch)
        return [(instant.time - START).days for instant in decided]

    def rows(self, statement: str) -> list[tuple[object, ...]]:
        return self.writer.connection.execute(statement.encode()).fetchall()

    def transactions(self) -> int:
        """How many transactions have left their mark on journal and instants."""
        return len(self.rows("SELECT xmin::text FROM inbox UNION SELECT xmin::text FROM instants"))


@contextmanager
def taking(database_url: str) -> Iterator[Taking]:
    base = load_strategy(EXAMPLES / "sma-cross.yaml")
    metadata = base.metadata.model_copy(update={"name": f"intake-{uuid4().hex[:12]}", "uid": uuid4()})
    spec = base.spec.model_copy(update={"symbols": ("IBM",)})
    strategy = base.model_copy(update={"metadata": metadata, "spec": spec})
    with connect(database_url) as connection:
        register_strategy(connection, strategy, plan_strategy(strategy))
    with Writer(database_url, trading_owner(str(strategy.id))) as writer:
        assert writer.acquire(Flag(), lambda _: None)
        yield Taking(writer, strategy)


def test_a_batch_that_completes_instants_is_decided_by_its_own_transaction(database_url: str) -> None:
    with taking(database_url) as it:
        assert it.read([it.bar(0), it.signal(0), it.bar(1), it.signal(1)]) == [0, 1]
        assert it.transactions() == 1
        assert it.read([it.signal(2)], []) == []
        assert it.read([it.bar(2)]) == [2]
        assert it.transactions() == 3
        assert it.decide() == []


def test_a_bar_waits_a_moment_for_its_signal(database_url: str) -> None:
    with taking(database_url) as it:
        assert it.read([it.bar(0)], [it.signal(0)]) == [0]
        assert it.transactions() == 1
        assert it.read([it.bar(1)]) == []
        assert it.rows("SELECT count(*) FROM inbox") == [(3,)]
        assert it.read([it.signal(1)], [it.bar(2)]) == [1]
        assert it.script.polls == [[it.bar(2)]]


def test_a_second_copy_is_no_reason_to_decide(database_url: str) -> None:
    with taking(database_url) as it:
        assert it.read([it.bar(0), it.bar(0)], []) == []
        assert it.decide() == []
        assert it.read([it.signal(0), it.signal(0)]) == [0]
        assert it.read([it.bar(0), it.signal(0), it.bar(1), it.signal(1)]) in ([], [1])
        it.decide()
        assert it.rows("SELECT count(*), count(DISTINCT instant) FROM instants") == [(2, 2)]
        assert it.rows("SELECT count(*) FROM inbox WHERE late") == [(0,)]


def test_what_is_malformed_is_buried_beside_a_decision(database_url: str) -> None:
    with taking(database_url) as it:
        assert it.read([it.bar(0), b"not json", it.signal(0)]) == [0]
        dead = "SELECT count(*) FROM outbox WHERE topic LIKE '%.dlq'"
        assert it.rows(dead) == [(1,)]
        # A forged signal ends the transaction; the rest is journaled message by message, and decided afterwards.
        assert it.read([it.bar(1), it.signal(5, named=6), it.signal(1)]) == []
        assert it.rows(dead) == [(2,)]
        assert it.decide() == [1]
        assert it.read([it.bar(2), it.signal(2)]) == [2]


def test_a_batch_whose_decision_fails_is_journaled_and_left_undecided(database_url: str) -> None:
    failing = (START + timedelta(days=1)).isoformat()
    with taking(database_url) as it:
        assert it.read([it.bar(0), it.signal(0)]) == [0]
        it.writer.connection.execute(
            f"ALTER TABLE portfolio_snapshots ADD CONSTRAINT broken CHECK (instant <> '{failing}')".encode()
        )
        assert it.read([it.bar(1), it.signal(1), it.bar(2), it.signal(2)]) == []
        assert it.rows("SELECT count(*) FROM inbox") == [(6,)]
        assert it.rows("SELECT count(*) FROM instants") == [(1,)]
        assert it.rows("SELECT count(*) FROM outbox WHERE topic LIKE '%.dlq'") == [(0,)]
        with pytest.raises(Exception, match="broken"):
            it.decide()
        it.decider.forget()
        it.writer.connection.execute("ALTER TABLE portfolio_snapshots DROP CONSTRAINT broken")
        assert it.decide() == [1, 2]
        assert it.read([it.bar(3), it.signal(3)]) == [3]


def test_a_halted_desk_journals_and_decides_nothing(database_url: str) -> None:
    with taking(database_url) as it:
        it.script.polls = [[it.bar(0), it.signal(0)]]
        it.intake.begin(decides=False)
        assert it.reader.read(0.0) == 2
        assert it.intake.decided == []
        assert it.rows("SELECT count(*) FROM inbox") == [(2,)]
        assert it.rows("SELECT count(*) FROM instants") == [(0,)]
