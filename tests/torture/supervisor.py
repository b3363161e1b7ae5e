"""A torture: it feeds, kills, restarts, and checks in the end that nothing was lost and nothing happened twice."""

import random
import signal
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import psycopg
from tests.torture import evidence
from tests.torture.faults import Fault
from tests.torture.feed import Feed, make_feed
from tests.torture.feeder import Feeder
from tests.torture.foundations import Broker, Postgres, some_broker
from tests.torture.mutants import VARIABLE, Mutant, mutate_database
from tests.torture.strategy import write_strategy
from tests.torture.traders import TortureError, Trader, Traders

from tradewind.manifest.owners import trading_owner
from tradewind.manifest.plan import plan_strategy
from tradewind.store.database import Connection, connect
from tradewind.store.migrate import migrate
from tradewind.store.roles import service_url
from tradewind.store.strategies import register_strategy

LEAST_BETWEEN: Final = 100
"""Signals that are decided between two faults, at the least."""
_SLACK: Final = 250
"""Signals more for each fault: some are decided while it is waited for. What is not needed is not fed."""
_BACKLOG: Final = 100
"""Signals fed ahead of what is decided: whoever takes over finds work."""
_PORTIONS_OF_WORK: Final = 16
"""Of the feed, a few hundred signals: an old leader that is not fenced goes on with them at once."""
_FAULT_SECONDS: Final = 60.0
_TICK: Final = 0.01
Say = Callable[[str], None]


@dataclass(frozen=True)
class Order:
    """What is asked of a torture."""

    faults: Sequence[Fault]
    signals: int
    seed: int
    mutant: Mutant | None = None

    def __post_init__(self) -> None:
        least = len(self.faults) * LEAST_BETWEEN
        if self.signals < least:
            raise ValueError(f"{len(self.faults)} kills need {least} signals at least, not {self.signals}")


@dataclass
class Outcome:
    """What came of it. `stuck` says why it could not be brought to its end; the invariants are checked all the same."""

    folder: Path
    done: list[Fault] = field(default_factory=list)
    begun_at: list[int] = field(default_factory=list)
    """How many signals were decided when each fault was begun."""
    stuck: str | None = None
    violations: list[evidence.Violation] = field(default_factory=list)
    signals: int = 0
    orders: int = 0
    fills: int = 0
    takeovers: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def held(self) -> bool:
        return self.stuck is None and not self.violations

    @property
    def least_between(self) -> int:
        """The fewest signals that were decided between two faults."""
        return min((later - earlier for earlier, later in pairwise(self.begun_at)), default=0)


class Torture:
    """One run on its own database and broker; as a context, the database lives on inside for further questions."""

    def __init__(self, order: Order, folder: Path, postgres: Postgres, broker: Broker, say: Say) -> None:
        self._order = order
        self._say = say
        self._broker = broker
        self._chance = random.Random(order.seed)
        strategy = write_strategy(folder / "strategy.yaml", folder.name.rpartition("-")[2])
        plan = plan_strategy(strategy)
        self.owner = trading_owner(plan.strategy_id)
        self.feed: Feed = make_feed(strategy, order.signals + len(order.faults) * _SLACK, order.seed)
        self.postgres = postgres
        migrate(self.postgres.url)
        with connect(self.postgres.url) as connection:
            register_strategy(connection, strategy, plan)
            mutate_database(connection, order.mutant)
            evidence.install(connection, plan.strategy_id, self.owner)
        self._feeder = Feeder(self.feed, broker.access, plan.strategy_id)
        self._sampler = evidence.OffsetSampler(self.owner)
        environment = {
            "TRADEWIND_STRATEGY_ID": plan.strategy_id,
            "TRADEWIND_FEED_ID": plan.feed_id,
            "TRADEWIND_MANIFEST": str(folder / "strategy.yaml"),
            "TRADEWIND_DATABASE_URL": service_url(self.postgres.url, "trading"),
            **broker.environment,
            "TRADEWIND_DATA_DIR": str(folder),
            "TRADEWIND_PORT": "1",
            "TRADEWIND_LOG_FORMAT": "text",
            VARIABLE: order.mutant or "",
        }
        self._traders = Traders(environment, folder / "traders.log")
        self._connection: Connection | None = None
        self._decided_at = 0.0
        self.decided = 0
        """Signals of decided instants."""
        self.outcome = Outcome(folder)

    def run(self) -> Outcome:
        """Torture, then check."""
        started = time.monotonic()
        faults = [fault.possible(self._broker.faults) for fault in self._order.faults]
        gap = self._order.signals // max(1, len(faults))
        self._sampler.start(self.postgres.url)
        try:
            for number, fault in enumerate(faults):
                self._decide_up_to(max(self.decided + LEAST_BETWEEN, number * gap))
                self.outcome.begun_at.append(self.decided)
                self._inject(fault)
                self.outcome.done.append(fault)
                self._say(f"{number + 1}/{len(faults)} faults, {self.decided} signals; last {fault.name}")
            self._finish()
        except TortureError as error:
            self.outcome.stuck = str(error)
            self._read_to_the_end()
        finally:
            self._traders.end()
            samples = self._sampler.end()
        with connect(self.postgres.url) as connection:
            evidence.collect(connection, self._broker.access, self._feeder.facts, samples)
            self.outcome.violations = evidence.check(connection)
            self.outcome.takeovers = evidence.describe_takeovers(connection)
            self.outcome.orders, self.outcome.fills = evidence.count_orders(connection)
        self.outcome.signals = self.decided
        self.outcome.seconds = time.monotonic() - started
        return self.outcome

    @property
    def broker_name(self) -> str:
        return self._broker.name

    def end(self) -> None:
        self._traders.end()
        if self._connection is not None:
            self._connection.close()

    # --- work goes on ---

    def _decide_up_to(self, signals: int) -> None:
        while self.decided < signals:
            step = min(self.decided + LEAST_BETWEEN, signals)
            self._work(lambda step=step: self.decided >= step, f"{step} signals decided")  # type: ignore[misc]

    def _work(
        self, until: Callable[[], bool], what: str, backlog: int = _BACKLOG, seconds: float = _FAULT_SECONDS
    ) -> None:
        """Feed so far ahead, keep the traders alive and look how far they are, until something holds.

        Raises:
            TortureError: it does not within this time, or trading is halted.
        """
        deadline = time.monotonic() + seconds
        while True:
            self._look()
            if until():
                return
            if time.monotonic() > deadline:
                raise TortureError(f"did not come within {seconds:.0f} s: {what}")
            self._traders.tend()
            if self._feeder.signals < self.decided + backlog and not self._feeder.is_done:
                self._feeder.feed()
            else:
                time.sleep(_TICK)

    def _look(self) -> None:
        """See how far the traders are, a hundred times a second at the most; the database may be away."""
        if time.monotonic() < self._decided_at + _TICK:
            return
        self._decided_at = time.monotonic()
        try:
            if self._connection is None:
                self._connection = connect(self.postgres.url)
            row = self._connection.execute(
                "SELECT (SELECT instant FROM watermarks WHERE owner = %s), (SELECT fault FROM account)", [self.owner]
            ).fetchone()
        except psycopg.OperationalError:
            self._connection = None
            return
        assert row is not None
        if row[1] is not None:
            raise TortureError(f"trading is halted: {row[1]}")
        self.decided = self.feed.signals_through(row[0].astimezone(UTC) if row[0] else None)

    def _finish(self) -> None:
        """Feed what is asked for and whole instants, and wait until all of it is decided, read and published."""
        self._decide_up_to(self._order.signals)
        self._feeder.round_off()
        last = self.feed.signals_through(self._feeder.last)
        self._decide_up_to(last)
        self._read_to_the_end()

    def _read_to_the_end(self) -> None:
        """Wait until all that was fed is read and all that is written is published, halted or not."""
        ends = evidence.ends_of(self._broker.access, evidence.FED_TOPICS)
        deadline = time.monotonic() + _FAULT_SECONDS
        while not (self._is_read(ends) and self._is_published()):
            if time.monotonic() > deadline:
                self.outcome.stuck = self.outcome.stuck or "not everything is read and published in the end"
                return
            self._traders.tend()
            time.sleep(_TICK)

    def _is_read(self, ends: dict[tuple[str, int], int]) -> bool:
        rows = self._ask("SELECT topic, partition, next_offset FROM offsets WHERE consumer_group = %s", self.owner)
        stored = {(row[0], row[1]): row[2] for row in rows}
        return all(stored.get(at, 0) >= end for at, end in ends.items())

    def _is_published(self) -> bool:
        return not self._ask("SELECT FROM outbox WHERE owner = %s AND published_at IS NULL LIMIT 1", self.owner)

    def _ask(self, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
        try:
            with connect(self.postgres.url) as connection:
                return connection.execute(statement.encode(), parameters).fetchall()
        except psycopg.OperationalError:
            return [()]

    # --- faults ---

    def _inject(self, fault: Fault) -> None:
        leader = self._leader_with_contender()
        match fault.kind:
            case "point":
                leader.arm(fault.point, "KILL", fault.count)
                self._work(lambda: not leader.lives, f"the leader's death {fault.point}")
                self._recover(fault, leader, datetime.now(UTC), -signal.SIGKILL)
            case "kill" | "kill-both":
                since = datetime.now(UTC)
                for victim in self._traders.all if fault.kind == "kill-both" else [leader]:
                    victim.send(signal.SIGKILL)
                self._recover(fault, leader, since, -signal.SIGKILL)
            case "stop":
                leader.arm(fault.point, "STOP", fault.count)
                self._work(lambda: leader.is_stopped, f"the leader stopped {fault.point}")
                self._recover(fault, leader, datetime.now(UTC), None)
                leader.send(signal.SIGCONT)
                self._expect(leader, 1)
            case "usurp":
                self._amid_work()
                since = datetime.now(UTC)
                self._ask("SELECT raise_epoch(%s, 'a usurper')", self.owner)
                self._recover(fault, leader, since, 1)
            case "postgres":
                since = datetime.now(UTC)
                self.postgres.kill()
                self.postgres.start()
                self._recover(fault, leader, since, 1)
            case "broker-kill" | "broker-pause":
                self._cut(fault)

    def _amid_work(self) -> None:
        """Return while the leader has much to do and does it."""
        for _ in range(_PORTIONS_OF_WORK):
            self._feeder.feed()
        before = self.decided
        self._work(lambda: self.decided > before, "progress with much work", backlog=0)

    def _leader_with_contender(self) -> Trader:
        """Wait until one leads and the other one waits for it to end."""

        def ready() -> bool:
            leader = self._traders.leader
            return leader is not None and any(t is not leader and t.waits.is_set() for t in self._traders.all)

        self._work(ready, "a leader and a contender", backlog=0)
        leader = self._traders.leader
        assert leader is not None
        return leader

    def _recover(self, fault: Fault, leader: Trader, since: datetime, status: int | None) -> None:
        """Wait until somebody else has decided something, and write down since when it was to be done."""
        before = self.decided
        # A usurped leader that is not fenced never ends; there is no need to watch it for long.
        seconds = _FAULT_SECONDS / 2 if fault.kind == "usurp" else _FAULT_SECONDS
        done = f"a decision after {fault.name}"
        self._work(lambda: self._successor(leader) and self.decided > before, done, seconds=seconds)
        if status is not None:
            self._expect(leader, status)
        with connect(self.postgres.url) as connection:
            connection.execute(
                "INSERT INTO torture.takeovers VALUES (%s, %s, %s, %s)",
                [fault.kind, fault.point, since, leader.epoch],
            )

    def _successor(self, leader: Trader) -> bool:
        successor = self._traders.leader
        return successor is not None and successor is not leader and (successor.epoch or 0) > (leader.epoch or 0)

    def _expect(self, leader: Trader, status: int) -> None:
        got = leader.wait(15)
        if got != status:
            raise TortureError(f"a leader ended with {got} instead of {status}; its log says why")

    def _cut(self, fault: Fault) -> None:
        how = fault.kind.removeprefix("broker-")
        self._broker.break_off(how)
        time.sleep(self._chance.uniform(0.2, 3.0))
        self._broker.bring_back(how)
        before = self.decided
        self._work(lambda: self.decided > before, f"a decision after {fault.name}")


@contextmanager
def tortured(order: Order, say: Say = lambda _: None, embedded: bool = False) -> Iterator[Torture]:
    """Give a torture with all that it stands on; everything has ended afterwards, and the folder stays."""
    folder = Path(tempfile.mkdtemp(prefix="tradewind-torture-"))
    with ExitStack() as stack:
        broker = stack.enter_context(some_broker(embedded))
        postgres = Postgres(folder)
        postgres.start()
        stack.callback(postgres.stop)
        torture = Torture(order, folder, postgres, broker, say)
        stack.callback(torture.end)
        yield torture
