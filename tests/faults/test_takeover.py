"""A second writer waits, and takes over from one that has died, hangs or is cut off; never from a healthy one."""

import json
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from tests.torture.feed import Feed, make_feed
from tests.torture.feeder import Feeder
from tests.torture.strategy import write_strategy

from tradewind.bus.access import KafkaAccess
from tradewind.manifest.owners import trading_owner
from tradewind.manifest.plan import plan_strategy
from tradewind.store.database import Connection, connect
from tradewind.store.roles import service_url
from tradewind.store.strategies import register_strategy
from tradewind.store.watermarks import read_watermark

ROOT = Path(__file__).resolve().parents[2]
HEALTHY_SECONDS = 3.0
"""After a contender has begun to say that it hears nothing."""


class Candidate:
    """A process that wants to write, and what it says."""

    def __init__(self, database_url: str, owner: str, mode: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.writing", database_url, owner, mode],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        self._said: queue.Queue[dict[str, Any]] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._said.put(json.loads(line))

    def hear(self, what: str, seconds: float = 20.0) -> Any:
        """Wait until it says this, and return what; everything said before is passed over."""
        deadline = time.monotonic() + seconds
        while True:
            said = self._said.get(timeout=max(0.0, deadline - time.monotonic()))
            if what in said:
                return said[what]

    def says_nothing_of(self, what: str, seconds: float) -> bool:
        try:
            self.hear(what, seconds)
        except queue.Empty:
            return True
        return False

    def send(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def release(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()


Start = Callable[..., Candidate]


@pytest.fixture
def owner() -> str:
    return f"owner-{uuid4()}"


@pytest.fixture
def start(database_url: str, owner: str) -> Iterator[Start]:
    """Starts candidates, for one owner unless told another; all of them have ended afterwards."""
    started: list[Candidate] = []

    def begin(mode: str, owner: str = owner) -> Candidate:
        started.append(Candidate(database_url, owner, mode))
        return started[-1]

    yield begin
    for candidate in started:
        candidate.end()


def test_the_second_waits_says_who_leads_and_follows_a_killed_leader_at_once(start: Start) -> None:
    leader = start("idle")
    assert leader.hear("leads") == 1
    contender = start("idle")
    reason = contender.hear("waits")
    assert f":{leader.process.pid}, since 20" in reason
    assert reason.endswith(", epoch 1")
    killed = time.monotonic()
    leader.send(signal.SIGKILL)
    assert contender.hear("leads") == 2
    assert time.monotonic() - killed < 3


def test_a_leader_stopped_in_mid_transaction_loses_its_turn_and_writes_nothing(
    start: Start, database_url: str, owner: str
) -> None:
    leader = start("transaction")
    leader.hear("writes")
    contender = start("transaction")
    contender.hear("waits")
    stopped = time.monotonic()
    leader.send(signal.SIGSTOP)
    assert "; not heard of for " in contender.hear("waits")
    # It holds the lock on this row of the epochs and on this watermark: the contender needs both.
    assert contender.hear("writes") == 2
    assert time.monotonic() - stopped < 10

    leader.release()
    leader.send(signal.SIGCONT)
    assert leader.hear("lost") in ("AdminShutdown", "OperationalError")
    assert leader.process.wait(10) == 1
    with connect(database_url) as connection:
        assert read_watermark(connection, owner) is None
        contender.release()
        deadline = time.monotonic() + 10
        while read_watermark(connection, owner) is None:
            assert time.monotonic() < deadline
            time.sleep(0.01)


def test_one_of_many_contenders_follows_a_stopped_leader_that_hears_of_it_afterwards(start: Start) -> None:
    leader = start("idle")
    leader.hear("leads")
    contenders = [start("idle") for _ in range(3)]
    for contender in contenders:
        contender.hear("waits")
    leader.send(signal.SIGSTOP)
    deadline = time.monotonic() + 10
    leading: list[Candidate] = []
    while not leading and time.monotonic() < deadline:
        leading = [c for c in contenders if not c.says_nothing_of("leads", 0.1)]
    assert len(leading) == 1
    assert all(c.says_nothing_of("leads", 1.0) for c in contenders if c not in leading)
    leader.send(signal.SIGCONT)
    assert leader.hear("lost") == "TurnOverError"
    assert leader.process.wait(10) == 1


def test_healthy_leaders_keep_their_turns_however_busy_slow_or_mute(start: Start, database_url: str) -> None:
    with connect(database_url) as connection:
        connection.execute("ALTER TABLE writers ADD CONSTRAINT no_beat CHECK (owner <> 'mute' OR beat_at = since)")
        connection.execute("ALTER TABLE writers ALTER since SET DEFAULT now(), ALTER beat_at SET DEFAULT now()")
    leaders = [start("busy", "busy"), start("transaction", "slow"), start("often", "mute")]
    for leader in leaders:
        leader.hear("leads", 30)
    contenders = [start("idle", owner) for owner in ("busy", "slow", "mute")]
    assert "; not heard of for " in [contenders[2].hear("waits") for _ in range(2)][1]
    assert contenders[2].says_nothing_of("leads", HEALTHY_SECONDS)
    assert all(contender.says_nothing_of("leads", 0.1) for contender in contenders[:2])
    assert [leader.process.poll() for leader in leaders] == [None] * 3


def test_an_idle_writer_without_a_heartbeat_is_taken_for_dead(start: Start, database_url: str) -> None:
    with connect(database_url) as connection:
        connection.execute("ALTER FUNCTION beat RENAME TO beat_that_nobody_finds")
    start("idle").hear("leads")
    contender = start("idle")
    assert contender.hear("leads") == 2


def test_a_writer_whose_session_was_ended_ends_though_nobody_else_wants_its_turn(
    start: Start, database_url: str
) -> None:
    leader = start("idle")
    leader.hear("leads")
    with connect(database_url) as connection:
        connection.execute("SELECT pg_terminate_backend(backend_pid) FROM writers")
    assert leader.hear("lost") == "TurnOverError"
    assert leader.process.wait(10) == 1


class TradingService:
    """The real trading service as a process of its own."""

    def __init__(self, environment: dict[str, str], port: int, log: Path) -> None:
        self.port = port
        with log.open("ab") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tradewind.trading"],
                env={**os.environ, **environment, "TRADEWIND_PORT": str(port)},
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
            )

    def unmet(self) -> dict[str, str] | None:
        """Which conditions /readyz says are unmet, and why; None while it does not answer."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5):
                return {}
        except urllib.error.HTTPError as refused:
            conditions: dict[str, str] = json.loads(refused.read())["conditions"]
            return conditions
        except OSError:
            return None

    def end(self) -> None:
        self.process.kill()
        self.process.wait()


@dataclass
class Desk:
    """Two trading services of one strategy, fed with bars and signals that make orders."""

    feed: Feed
    feeder: Feeder
    owner: str
    connection: Connection
    start: Callable[[], TradingService]

    def feed_until(self, condition: Callable[[], bool], what: str, seconds: float = 40.0) -> None:
        """Keep a hundred signals waiting for whoever decides, until a condition holds."""
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, f"did not come within {seconds:.0f} s: {what}"
            decided = self.feed.signals_through(read_watermark(self.connection, self.owner))
            if self.feeder.signals < decided + 100:
                self.feeder.feed()
            else:
                time.sleep(0.01)

    def has_ordered(self, epoch: int) -> bool:
        """Whether orders were decided under this epoch."""
        found = self.connection.execute(
            "SELECT FROM orders o JOIN instants i ON i.instant = o.decided_at WHERE i.epoch = %s LIMIT 1", [epoch]
        )
        return found.fetchone() is not None


@pytest.fixture
def desk(database_url: str, kafka: KafkaAccess, tmp_path: Path) -> Iterator[Desk]:
    strategy = write_strategy(tmp_path / "strategy.yaml", uuid4().hex[:8])
    plan = plan_strategy(strategy)
    started: list[TradingService] = []
    environment = {
        "TRADEWIND_STRATEGY_ID": plan.strategy_id,
        "TRADEWIND_FEED_ID": plan.feed_id,
        "TRADEWIND_MANIFEST": str(tmp_path / "strategy.yaml"),
        "TRADEWIND_DATABASE_URL": service_url(database_url, "trading"),
        "TRADEWIND_KAFKA_BOOTSTRAP_SERVERS": kafka.bootstrap_servers,
        "TRADEWIND_KAFKA_GENERATION": kafka.generation,
        "TRADEWIND_DATA_DIR": str(tmp_path),
        "TRADEWIND_LOG_FORMAT": "text",
    }

    def begin() -> TradingService:
        started.append(TradingService(environment, free_port(), tmp_path / "trading.log"))
        return started[-1]

    with connect(database_url) as connection:
        register_strategy(connection, strategy, plan)
        feed = make_feed(strategy, 20_000, seed=1)
        feeder = Feeder(feed, kafka, plan.strategy_id)
        yield Desk(feed, feeder, trading_owner(plan.strategy_id), connection, begin)
        for service in started:
            service.end()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP], ids=["killed", "stopped"])
def test_a_trading_service_follows_one_that_is(desk: Desk, number: signal.Signals) -> None:
    leader = desk.start()
    desk.feed_until(lambda: desk.has_ordered(1), "the first order")
    contender = desk.start()
    desk.feed_until(lambda: "since" in (contender.unmet() or {}).get("writer", ""), "a contender that says so")
    assert f":{leader.process.pid}, since 20" in (contender.unmet() or {})["writer"]
    assert leader.unmet() == {}
    ended = time.monotonic()
    leader.process.send_signal(number)
    desk.feed_until(lambda: desk.has_ordered(2), "an order of the new leader")
    assert time.monotonic() - ended < 10
    assert contender.unmet() == {}
    if number == signal.SIGSTOP:
        leader.process.send_signal(signal.SIGCONT)
        assert leader.process.wait(20) == 1
