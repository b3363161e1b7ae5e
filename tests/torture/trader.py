"""A trading process that dies at named points: `python -m tests.torture.trader`, settings by environment.

It is composed as `tradewind.trading` is, of adapters that say which point they are at; nothing of the product is
patched. Lines on standard input arm a point: NAME KILL|STOP COUNT. Standard output says who leads, in JSON lines:
{"waits": reason}, {"leads": epoch}. It ends when standard input closes, and with status 1 when a worker fails.
"""

import json
import os
import random
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import psycopg
from psycopg.rows import TupleRow
from tests.torture.mutants import trader_mutant
from tests.torture.points import Points

from tradewind.bus.access import KafkaAccess
from tradewind.bus.consumer import Consumer, Message
from tradewind.bus.producer import Outgoing, Producer
from tradewind.manifest.load import load_strategy
from tradewind.manifest.owners import trading_owner
from tradewind.manifest.resources import TradingStrategy
from tradewind.runtime.health import Health
from tradewind.runtime.logs import configure_logs
from tradewind.runtime.process import Worker
from tradewind.runtime.reader import Reader
from tradewind.runtime.relay import Relay
from tradewind.runtime.turn import InTurn, TurnWatch
from tradewind.store.database import Connection
from tradewind.store.queries import query
from tradewind.store.writer import Writer
from tradewind.trading.arrivals import Arrivals
from tradewind.trading.brokers.paper import PaperBroker
from tradewind.trading.brokers.port import Ticket
from tradewind.trading.decide import Decider
from tradewind.trading.desk import TOPICS, TradingDesk
from tradewind.trading.intake import Intake
from tradewind.trading.receive import Receiver
from tradewind.trading.settings import TradingSettings


class Transaction:
    """What the writer's open transaction has done so far, told from its statements."""

    def __init__(self, points: Points) -> None:
        self._points = points
        self._names = {query(name): name for name in ("insert_inbox", "insert_outbox", "book_instant")}
        self._done: set[str] = set()
        self._buries = False

    @property
    def kind(self) -> str:
        """Bury, decide or receive; "nothing" for one that changed nothing of the kind."""
        if self._buries:
            return "bury"
        if "book_instant" in self._done:
            return "decide"
        return "receive" if self._done else "nothing"

    def before(self, statement: object) -> None:
        name = self._names.get(str(statement))
        if name in ("insert_inbox", "insert_outbox") and not self._done:
            # The offsets have been advanced; they come first.
            self._points.reach(f"between-offset-and-{name.removeprefix('insert_')}")
        if name == "insert_outbox" and "book_instant" not in self._done:
            self._buries = True
        if name is not None:
            self._done.add(name)

    def after(self, statement: object) -> None:
        if self._names.get(str(statement)) == "book_instant":
            self._points.reach("amid-decide")


class TorturedWriter(Writer):
    """Reaches points around each commit and between the statements of a transaction."""

    def __init__(self, database_url: str, owner: str, points: Points) -> None:
        super().__init__(database_url, owner)
        self._points = points
        self._open = Transaction(points)
        self.received = False
        writer = self

        class Statements(psycopg.Cursor[TupleRow]):
            def execute(self, statement: Any, *arguments: Any, **options: Any) -> Any:  # type: ignore[override]
                writer._open.before(statement)
                done = super().execute(statement, *arguments, **options)
                writer._open.after(statement)
                return done

            def executemany(self, statement: Any, *arguments: Any, **options: Any) -> None:  # type: ignore[override]
                writer._open.before(statement)
                super().executemany(statement, *arguments, **options)

        self.connection.cursor_factory = Statements

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        with self._watched(super().transaction()) as connection:
            yield connection

    @contextmanager
    def pipeline(self) -> Iterator[Connection]:
        with self._watched(super().pipeline()) as connection:
            yield connection

    @contextmanager
    def _watched(self, transaction: AbstractContextManager[Connection]) -> Iterator[Connection]:
        self._open = Transaction(self._points)
        with transaction as connection:
            yield connection
            if connection.pgconn.pipeline_status != psycopg.pq.PipelineStatus.OFF:
                # All but the commit is to have happened.
                with connection.pipeline() as pipeline:
                    pipeline.sync()
            kind = self._open.kind
            self._points.reach(f"before-commit-of-{kind}")
        self._points.reach(f"after-commit-of-{kind}")
        self.received = self.received or kind in ("receive", "bury")


class TorturedProducer(Producer):
    """Reaches points before, amid and after each publication."""

    def __init__(self, access: KafkaAccess, points: Points) -> None:
        super().__init__(access)
        self._points = points
        self._marked = False

    def publish(self, messages: Sequence[Outgoing], stop: threading.Event | None = None) -> list[int]:
        self._say_marked()
        self._points.reach("relay-before-publish")
        half = len(messages) // 2
        too_large = super().publish(messages[:half], stop)
        self._points.reach("relay-amid-publish")
        too_large += [half + position for position in super().publish(messages[half:], stop)]
        self._points.reach("relay-before-mark")
        self._marked = True
        return too_large

    def check(self) -> None:
        self._say_marked()
        super().check()

    def _say_marked(self) -> None:
        """When the relay comes back here, the batch before is marked."""
        if self._marked:
            self._marked = False
            self._points.reach("relay-after-mark")


class RandomBatches(Consumer):
    """Gives batches of any size up to the reader's limit."""

    def __init__(self, access: KafkaAccess, group: str, chance: random.Random) -> None:
        super().__init__(access, group)
        self._chance = chance

    def poll(self, limit: int, timeout: float) -> list[Message]:
        return super().poll(self._chance.randint(1, limit), timeout)


class TorturedBroker(PaperBroker):
    """Reaches a point in each call that hands orders over."""

    def __init__(self, points: Points) -> None:
        self._points = points

    def submit(self, tickets: Sequence[Ticket]) -> None:
        super().submit(tickets)
        if tickets:
            self._points.reach("in-broker-call")


class TorturedDecider(Decider):
    """Reaches a point before it decides on what was received."""

    def __init__(self, strategy: TradingStrategy, writer: TorturedWriter, arrivals: Arrivals, points: Points) -> None:
        super().__init__(strategy, writer.owner, TorturedBroker(points), arrivals)
        self._writer = writer
        self._points = points

    def may_decide(self) -> bool:
        if self._writer.received:
            self._writer.received = False
            self._points.reach("between-receive-and-decide")
        return super().may_decide()

    def could_decide(self) -> bool:
        could = super().could_decide()
        if could:
            self._points.reach("between-receive-and-decide")
        return could


class SayingHealth(Health):
    """Says on standard output when the writer's condition changes."""

    def __init__(self, epoch: Callable[[], int]) -> None:
        super().__init__("writer", "reader")
        self._epoch = epoch

    def met(self, condition: str) -> None:
        super().met(condition)
        if condition == "writer":
            print(json.dumps({"leads": self._epoch()}), flush=True)

    def unmet(self, condition: str, reason: str) -> None:
        if condition == "writer" and self.reasons.get(condition) == "starting":
            print(json.dumps({"waits": reason}), flush=True)
        super().unmet(condition, reason)


def run(workers: Sequence[Worker]) -> int:
    """Run the workers until one fails or standard input closes."""
    stop, failed = threading.Event(), threading.Event()

    def work(worker: Worker) -> None:
        try:
            worker.run(stop)
        except Exception as error:
            print(f"{worker.name} failed: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
            failed.set()
            stop.set()

    threads = [threading.Thread(target=work, args=(worker,), name=worker.name) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return int(failed.is_set())


def listen(points: Points) -> None:
    for line in sys.stdin:
        name, how, count = line.split()
        points.arm(name, signal.SIGSTOP if how == "STOP" else signal.SIGKILL, int(count))
    os._exit(0)


def main() -> int:
    settings = TradingSettings()
    configure_logs("trader", settings.log_format, settings.log_level)
    points = Points()
    strategy = load_strategy(settings.manifest)
    owner = trading_owner(settings.strategy_id)
    threading.Thread(target=listen, args=(points,), daemon=True).start()
    producer = TorturedProducer(settings.kafka, points)
    relay = Relay(settings.database_url, owner, producer, readers=[])
    with (
        trader_mutant(settings.database_url),
        TorturedWriter(settings.database_url, owner, points) as writer,
        RandomBatches(settings.kafka, owner, random.Random()) as consumer,
    ):
        arrivals = Arrivals(strategy, owner)
        receiver = Receiver(strategy, settings.feed_id, arrivals)
        decider = TorturedDecider(strategy, writer, arrivals, points)
        intake = Intake(writer, receiver, decider, arrivals)
        reader = Reader(consumer, writer, TOPICS, intake, intake.rolled_back, intake.lacks)
        health = SayingHealth(lambda: writer.epoch)
        desk = TradingDesk(writer, reader, intake, decider, relay, health, settings.strategy_id)
        return run([InTurn(writer, relay), desk, TurnWatch(writer)])


if __name__ == "__main__":
    sys.exit(main())
