"""The trading desk as its process runs it: it reads, decides, and halts where a decision fails."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tradewind.bus.access import KafkaAccess
from tradewind.bus.consumer import Consumer
from tradewind.bus.events import MARKET_DATA, TRADING_SIGNALS, BarClosed, BarMissing, SignalGiven, encode
from tradewind.bus.producer import Outgoing, Producer
from tradewind.domain.identity import signal_id
from tradewind.manifest.load import load_strategy
from tradewind.manifest.owners import trading_owner
from tradewind.manifest.plan import feed_id_of, plan_strategy
from tradewind.runtime.health import Health
from tradewind.runtime.reader import Reader
from tradewind.runtime.relay import Relay
from tradewind.store.database import Connection, connect
from tradewind.store.strategies import register_strategy
from tradewind.store.writer import Writer
from tradewind.trading.arrivals import Arrivals
from tradewind.trading.decide import Decider
from tradewind.trading.desk import TOPICS, TradingDesk
from tradewind.trading.intake import Intake
from tradewind.trading.receive import Receiver

_EXAMPLE = load_strategy(Path(__file__).resolve().parents[3] / "examples" / "sma-cross.yaml")
# Under a name of its own: the broker is shared with tests that give signals to the example itself.
STRATEGY = _EXAMPLE.model_copy(update={"metadata": _EXAMPLE.metadata.model_copy(update={"name": "desk-test"})})
STRATEGY_ID = str(STRATEGY.id)
FEED = feed_id_of(STRATEGY)
OWNER = trading_owner(STRATEGY_ID)
START = datetime(2020, 1, 2, 21, tzinfo=UTC)


@contextmanager
def trading(database_url: str, kafka: KafkaAccess) -> Iterator[Health]:
    """Run the desk on this database; leaving stops it."""
    health = Health("writer", "reader")
    stop = threading.Event()
    relay = Relay(database_url, OWNER, Producer(kafka), [])
    with (
        Writer(database_url, OWNER) as writer,
        Consumer(kafka, OWNER) as consumer,
    ):
        arrivals = Arrivals(STRATEGY, OWNER)
        decider = Decider(STRATEGY, OWNER, arrivals=arrivals)
        intake = Intake(writer, Receiver(STRATEGY, FEED, arrivals), decider, arrivals)
        reader = Reader(consumer, writer, TOPICS, intake, intake.rolled_back, intake.lacks)
        desk = TradingDesk(writer, reader, intake, decider, relay, health, STRATEGY_ID)
        thread = threading.Thread(target=desk.run, args=(stop,))
        thread.start()
        try:
            yield health
        finally:
            stop.set()
            thread.join()


def publish(kafka: KafkaAccess, topic: str, events: Sequence[BarClosed | BarMissing | SignalGiven]) -> None:
    producer = Producer(kafka)
    producer.publish([Outgoing(topic, event.symbol.encode(), encode(event), {}) for event in events])


def give_day(kafka: KafkaAccess, day: int, price: int = 1_000_000, side: str = "HOLD") -> None:
    """Bars and signals of one instant for IBM; the other symbols are missing."""
    at = START + timedelta(days=day)
    bar = BarClosed(
        feed_id=FEED, source="TEST", symbol="IBM", interval="1d", close_time=at, open=price, high=price, low=price,
        close=price, volume=0,
    )  # fmt: skip
    others = [s for s in STRATEGY.spec.symbols if s != "IBM"]
    missing = [BarMissing(feed_id=FEED, symbol=symbol, interval="1d", close_time=at) for symbol in others]
    signal = SignalGiven(
        strategy_id=STRATEGY_ID, signal_id=signal_id(STRATEGY.id.uid, "IBM", "1d", at), symbol="IBM", interval="1d",
        close_time=at, side="BUY" if side == "BUY" else "HOLD", expected_return=None, confidence=None,
        model_version="test", reason="test",
    )  # fmt: skip
    publish(kafka, MARKET_DATA, [bar, *missing])
    publish(kafka, TRADING_SIGNALS, [signal])


def wait_for(connection: Connection, statement: str, value: object) -> None:
    deadline = time.monotonic() + 20
    while True:
        row = connection.execute(statement.encode()).fetchone()
        if row is not None and row[0] == value:
            return
        assert time.monotonic() < deadline, (statement, row)
        time.sleep(0.02)


def test_it_halts_at_the_instant_that_fails_keeps_those_before_and_stays_halted(
    database_url: str, kafka: KafkaAccess
) -> None:
    failing = START + timedelta(days=2)
    with connect(database_url) as connection:
        register_strategy(connection, STRATEGY, plan_strategy(STRATEGY))
        connection.execute(
            f"ALTER TABLE portfolio_snapshots ADD CONSTRAINT broken CHECK (instant <> '{failing.isoformat()}')".encode()
        )
        for day in range(4):
            give_day(kafka, day, side="BUY")
        with trading(database_url, kafka) as health:
            wait_for(connection, "SELECT fault IS NOT NULL FROM account", True)
            deadline = time.monotonic() + 5
            while "trading" not in health.reasons and time.monotonic() < deadline:
                time.sleep(0.02)
            said = health.reasons
        decided = [row[0] for row in connection.execute("SELECT instant FROM instants ORDER BY instant")]
        assert decided == [START, START + timedelta(days=1)]
        assert set(said) == {"trading"}
        assert said["trading"].startswith(f"HALTED: the decision of {failing.isoformat()} failed: CheckViolation")
        assert connection.execute("SELECT count(*) FROM trades").fetchone() == (1,)

        connection.execute("ALTER TABLE portfolio_snapshots DROP CONSTRAINT broken")
        with trading(database_url, kafka) as health:
            give_day(kafka, 4)
            wait_for(connection, "SELECT count(*) FROM inbox WHERE symbol = 'IBM'", 10)
            assert health.reasons["trading"] == said["trading"]
        assert connection.execute("SELECT count(*) FROM instants").fetchone() == (2,)


def test_foreign_bars_are_passed_over_and_a_forged_signal_is_a_dead_letter(
    database_url: str, kafka: KafkaAccess
) -> None:
    at = START + timedelta(days=30)
    with connect(database_url) as connection:
        register_strategy(connection, STRATEGY, plan_strategy(STRATEGY))
        publish(
            kafka,
            MARKET_DATA,
            [
                BarMissing(feed_id="another", symbol="IBM", interval="1d", close_time=at),
                BarMissing(feed_id=FEED, symbol="IBM", interval="1h", close_time=at),
                BarMissing(feed_id=FEED, symbol="ZZZ", interval="1d", close_time=at),
            ],
        )
        forged = SignalGiven(
            strategy_id=STRATEGY_ID, signal_id=signal_id(STRATEGY.id.uid, "AAPL", "1d", at), symbol="IBM",
            interval="1d", close_time=at, side="BUY", expected_return=None, confidence=None, model_version="test",
            reason="forged",
        )  # fmt: skip
        publish(kafka, TRADING_SIGNALS, [forged])
        with trading(database_url, kafka):
            dead = f"topic = 'trading_signals.dlq' AND headers ->> 'error' LIKE '%{forged.signal_id}%'"
            wait_for(connection, f"SELECT count(*) FROM outbox WHERE {dead}", 1)
            give_day(kafka, 31)
            wait_for(connection, f"SELECT count(*) FROM inbox WHERE instant > '{at.isoformat()}'", 5)
        assert connection.execute("SELECT count(*) FROM inbox WHERE instant = %s", [at]).fetchone() == (0,)
