"""Messages that must change nothing: bars and signals that come late, second copies, revisions, and poison."""

import random
import threading
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import psycopg
from tests.agreement.stage import NothingRunsError, Stage
from tests.agreement.trials import Trial, source_of

from tradewind.bus.access import KafkaAccess
from tradewind.bus.errors import BusError
from tradewind.bus.events import (
    MARKET_DATA,
    TRADING_SIGNALS,
    BarClosed,
    BarMissing,
    Event,
    SharesSplit,
    SignalGiven,
    encode,
    key_of,
)
from tradewind.bus.producer import Outgoing, Producer
from tradewind.domain.identity import signal_id
from tradewind.manifest.owners import feed_owner, ml_owner, trading_owner
from tradewind.manifest.plan import feed_id_of
from tradewind.store.database import Connection, connect
from tradewind.store.watermarks import read_watermark

_AWAY: Final = (psycopg.OperationalError, NothingRunsError, BusError)
"""The database or the broker is about to come back."""
_BACK_SOON: Final = 0.5
_LONG_AGO: Final = 20
"""Instants after which a bar is surely late."""


@dataclass
class Sent:
    """What was published beside the services' own messages."""

    late: dict[str, set[tuple[datetime, str, str]]] = field(default_factory=dict)
    """By trial: instant, symbol and kind of what must be found in its journal as late."""
    poison: Counter[str] = field(default_factory=Counter)
    """By topic."""
    forged: Counter[str] = field(default_factory=Counter)
    """By trial: signals with the id of another bar."""
    copies: int = 0
    revisions: int = 0
    uncertain: list[str] = field(default_factory=list)
    """Why publications failed: nobody knows how much of each is on its topic."""


class Mischief:
    """Publishes straight to the topics until stopped; `failure` says why it stopped by itself."""

    def __init__(self, stage: Stage, trials: Sequence[Trial], seed: int, pause: float) -> None:
        self._stage = stage
        self._trials = trials
        self._chance = random.Random(f"{seed} mischief")
        self._pause = pause
        self._missing: dict[str, list[tuple[datetime, str]]] = {}
        self._closes: dict[str, Sequence[datetime]] = {}
        self._actions: dict[str, set[tuple[datetime, str]]] = {}
        self._access: KafkaAccess | None = None
        self._producer: Producer | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="mischief")
        self.sent = Sent(late={trial.name: set() for trial in trials})
        self.failure: Exception | None = None

    def start(self) -> None:
        """Begin to make mischief."""
        self._thread.start()

    def end(self) -> None:
        """Make no more mischief; what was published is on its topic by then."""
        self._stop.set()
        if self._thread.ident is not None:
            self._thread.join()

    def finish(self) -> None:
        """End, and send something late and some poison where none was: a short run may be over before it is due."""
        self.end()
        while not (any(self.sent.late.values()) and self.sent.poison):
            send = self._send_poison if any(self.sent.late.values()) else self._send_late
            try:
                with connect(self._stage.database_url) as connection:
                    send(connection, self._chance.choice(self._trials))
            except _AWAY:
                time.sleep(_BACK_SOON)

    def _run(self) -> None:
        kinds: tuple[tuple[int, Callable[[Connection, Trial], None]], ...] = (
            (30, self._send_late), (30, self._send_copies), (15, self._send_revision), (20, self._send_poison),
            (5, self._send_forged),
        )  # fmt: skip
        weights = [weight for weight, _ in kinds]
        try:
            for trial in self._trials:
                source = source_of(trial)
                self._closes[trial.name] = source.traded_sessions()
                self._missing[trial.name] = sorted((close, symbol) for symbol, close in source.missing())
                self._actions[trial.name] = {(action.close_time, action.symbol) for action in source.actions()}
            while not self._stop.is_set():
                try:
                    with connect(self._stage.database_url) as connection:
                        while not self._stop.wait(self._pause):
                            [(_, send)] = self._chance.choices(kinds, weights)
                            send(connection, self._chance.choice(self._trials))
                except _AWAY:
                    self._stop.wait(_BACK_SOON)
        except Exception as error:
            self.failure = error

    def _publish(self, *messages: tuple[str, bytes | None, bytes | None]) -> None:
        """Publish, and return once the broker has everything.

        Raises:
            BusError: it does not.
        """
        with self._stage.publishing:
            access = self._stage.access
            if self._producer is None or access != self._access:
                self._access, self._producer = access, Producer(access)
            try:
                self._producer.publish([Outgoing(topic, key, value, {}) for topic, key, value in messages])
            except BusError as error:
                self.sent.uncertain.append(str(error))
                raise

    def _decided(self, connection: Connection, trial: Trial) -> int:
        """Return how many of the trial's instants are decided and left behind for long."""
        decided = read_watermark(connection, trading_owner(trial.strategy_id))
        if decided is None:
            return 0
        return max(0, bisect_left(self._closes[trial.name], decided) - _LONG_AGO)

    def _send_late(self, connection: Connection, trial: Trial) -> None:
        """Send a bar that was declared missing, with its signal, or a split; for an instant decided long ago."""
        decided = self._decided(connection, trial)
        if not decided:
            return
        missing = self._missing[trial.name]
        gone = missing[: bisect_left(missing, (self._closes[trial.name][decided], ""))]
        kind = self._chance.choice(("bar", "bar", "split", "between"))
        if kind == "bar" and not gone:
            return
        symbol = self._chance.choice(trial.market.symbols)
        at = self._closes[trial.name][self._chance.randrange(decided)]
        if kind == "bar":
            at, symbol = self._chance.choice(gone)
        if kind == "between":
            at -= timedelta(seconds=1)  # no bar of the feed closes then
        events: list[tuple[str, Event]] = [
            ("BAR", self._bar(trial, symbol, at)),
            ("SIGNAL", _signal(trial, symbol, at)),
        ]
        if kind == "split":
            split = SharesSplit(
                feed_id=feed_id_of(trial.strategy),
                symbol=symbol,
                interval="1d",
                close_time=at,
                numerator=7,
                denominator=1,
            )
            events = [] if (at, symbol) in self._actions[trial.name] else [("SPLIT", split)]
        self._publish(*(_written(event) for _, event in events))
        self.sent.late[trial.name].update((at, symbol, kind) for kind, _ in events)

    def _send_copies(self, connection: Connection, trial: Trial) -> None:
        """Send again what a service has published, some of it a moment ago, some long before."""
        feed, strategy = feed_id_of(trial.strategy), trial.strategy_id
        owner = self._chance.choice((feed_owner(feed), ml_owner(strategy)))
        decided = read_watermark(connection, trading_owner(strategy))
        closes = self._closes[trial.name]
        last = len(closes) if decided is None else min(len(closes), bisect_left(closes, decided) + 5)
        at = closes[self._chance.randrange(max(1, last))]
        rows = connection.execute(
            "SELECT topic, key, value FROM outbox WHERE owner = %s AND instant = %s AND published_at IS NOT NULL",
            [owner, at],
        ).fetchall()
        if rows:
            self._publish(*((topic, key, value) for topic, key, value in rows))
            self.sent.copies += len(rows)

    def _send_revision(self, connection: Connection, trial: Trial) -> None:
        """Send another bar, or the word that there is none, for one that was decided on."""
        decided = self._decided(connection, trial)
        if not decided:
            return
        at, symbol = (
            self._closes[trial.name][self._chance.randrange(decided)],
            self._chance.choice(trial.market.symbols),
        )
        place = bisect_left(self._missing[trial.name], (at, symbol))
        if self._missing[trial.name][place : place + 1] == [(at, symbol)]:
            return
        self._publish(_written(self._bar(trial, symbol, at)))
        self.sent.revisions += 1
        if self._chance.random() < 0.3:
            feed = feed_id_of(trial.strategy)
            self._publish(_written(BarMissing(feed_id=feed, symbol=symbol, interval="1d", close_time=at)))
            self.sent.late[trial.name].add((at, symbol, "MISSING"))

    def _send_poison(self, connection: Connection, trial: Trial) -> None:
        """Send what no reader can take, with a key of the trial's."""
        symbol = self._chance.choice(trial.market.symbols)
        at = self._closes[trial.name][0]
        topic, event = self._chance.choice(
            ((MARKET_DATA, self._bar(trial, symbol, at)), (TRADING_SIGNALS, _signal(trial, symbol, at)))
        )
        value = encode(event)
        poison = self._chance.choice(
            (
                b"\xff\x00 no JSON", value[: len(value) // 2], None, b'{"type":"nobody"}',
                value.replace(b'"1d"', b'""'), value.replace(b'"schema_version":1', b'"schema_version":99'),
            )
        )  # fmt: skip
        self._publish((topic, self._chance.choice((key_of(event).encode(), None)), poison))
        self.sent.poison[topic] += 1

    def _send_forged(self, connection: Connection, trial: Trial) -> None:
        """Send a signal under another bar's id."""
        at = self._chance.choice(self._closes[trial.name])
        symbol = self._chance.choice(trial.market.symbols)
        self._publish(_written(_signal(trial, symbol, at, forged=True)))
        self.sent.forged[trial.name] += 1

    def _bar(self, trial: Trial, symbol: str, at: datetime) -> BarClosed:
        low, high = sorted(self._chance.randint(100_000, 3_000_000) for _ in range(2))
        return BarClosed(
            feed_id=feed_id_of(trial.strategy), source="REPLAY", symbol=symbol, interval="1d", close_time=at, open=low,
            high=high, low=low, close=high, volume=10**12,
        )  # fmt: skip


def _signal(trial: Trial, symbol: str, at: datetime, forged: bool = False) -> SignalGiven:
    named = signal_id(trial.strategy.id.uid, symbol, "1d", at + timedelta(days=forged))
    return SignalGiven(
        strategy_id=trial.strategy_id, signal_id=named, symbol=symbol, interval="1d", close_time=at, side="BUY",
        expected_return=None, confidence=None, model_version="mischief", reason="mischief",
    )  # fmt: skip


def _written(event: Event) -> tuple[str, bytes, bytes]:
    topic = TRADING_SIGNALS if isinstance(event, SignalGiven) else MARKET_DATA
    return topic, key_of(event).encode(), encode(event)
