"""What a torture feeds: bars and signals of one strategy, with duplicates, poison and reordering, all from one seed."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from tradewind.bus.events import (
    MARKET_DATA,
    TRADING_SIGNALS,
    BarClosed,
    BarMissing,
    DividendPaid,
    Event,
    SharesSplit,
    SignalGiven,
    encode,
    key_of,
)
from tradewind.domain.identity import signal_id
from tradewind.manifest.plan import feed_id_of
from tradewind.manifest.resources import TradingStrategy

START: Final = datetime(1990, 1, 1, 21, tzinfo=UTC)
SYMBOLS: Final = ("AAA", "BBB", "CCC", "DDD", "EEE", "FFF", "GGG", "HHH", "III", "JJJ")
DUPLICATES: Final = 0.05
POISON: Final = 0.01
_MISSING: Final = 0.01
_REORDERED_WITHIN: Final = 60
"""Messages that a message may be pushed back by."""
_DUPLICATED_WITHIN: Final = 600
_ACTIONS_AHEAD: Final = 4
"""Instants that a corporate action is published ahead of its bar, so that reordering never makes it late."""
_ACTIVE: Final = 0.75
"""How often a signal is not HOLD; limits, exits and orders that still work leave about half of all making an order."""

Side = Literal["BUY", "SELL", "HOLD"]


@dataclass(frozen=True, slots=True)
class Fact:
    """What a good message says, once each: it must be found in the journal."""

    instant: datetime
    symbol: str
    kind: str
    signal_id: UUID | None
    side: str | None


@dataclass(frozen=True, slots=True)
class Sent:
    """One message of the feed. `fact` is what the first copy of a good message says."""

    instant: datetime
    topic: str
    key: bytes | None
    value: bytes | None
    poison: bool = False
    fact: Fact | None = None


@dataclass(frozen=True)
class Feed:
    """A whole feed, the messages in their order."""

    messages: Sequence[Sent]
    through: Sequence[int]
    """How many signals there are up to each instant, that one included."""

    @property
    def instants(self) -> int:
        return len(self.through)

    @property
    def signals(self) -> int:
        return self.through[-1]

    def signals_through(self, instant: datetime | None) -> int:
        """Return how many signals there are up to an instant; None stands before the first."""
        return 0 if instant is None else self.through[(instant - START).days]


class Market:
    """Prices that wander about 100, signals that buy and sell by turns, and now and then a split or a dividend."""

    def __init__(self, strategy: TradingStrategy, chance: random.Random) -> None:
        self._strategy = strategy
        self._feed_id = feed_id_of(strategy)
        self._chance = chance
        self._price = dict.fromkeys(SYMBOLS, 1_000_000)
        self._holds = dict.fromkeys(SYMBOLS, False)
        self._halved = dict.fromkeys(SYMBOLS, False)

    def instant(self, number: int) -> tuple[list[Event], list[Event]]:
        """Return the corporate actions and the other events of the instant of this number."""
        at = START + timedelta(days=number)
        actions: list[Event] = []
        events: list[Event] = []
        missing = {symbol for symbol in SYMBOLS[1:] if self._chance.random() < _MISSING}
        for symbol in SYMBOLS:
            if symbol in missing:
                events.append(BarMissing(feed_id=self._feed_id, symbol=symbol, interval="1d", close_time=at))
                continue
            if number > _ACTIONS_AHEAD and self._chance.random() < 0.002:
                actions.append(self._action(symbol, at))
            events.append(self._bar(symbol, at))
            events.append(self._signal(symbol, at))
        return actions, events

    def _action(self, symbol: str, at: datetime) -> Event:
        if self._chance.random() < 0.5:
            amount = self._chance.randint(1, 20_000)
            return DividendPaid(feed_id=self._feed_id, symbol=symbol, interval="1d", close_time=at, amount=amount)
        # By turns, so that prices stay in one range.
        numerator, denominator = (1, 2) if self._halved[symbol] else (2, 1)
        self._halved[symbol] = not self._halved[symbol]
        self._price[symbol] = self._price[symbol] * denominator // numerator
        return SharesSplit(
            feed_id=self._feed_id, symbol=symbol, interval="1d", close_time=at, numerator=numerator,
            denominator=denominator,
        )  # fmt: skip

    def _bar(self, symbol: str, at: datetime) -> Event:
        before = self._price[symbol]
        drift = ((500_000 if self._halved[symbol] else 1_000_000) - before) // 20
        path = [before + self._chance.randint(-before // 60, before // 60) for _ in range(2)]
        close = before + drift + self._chance.randint(-before // 50, before // 50)
        self._price[symbol] = close
        everything = [*path, close]
        return BarClosed(
            feed_id=self._feed_id, source="TORTURE", symbol=symbol, interval="1d", close_time=at, open=path[0],
            high=max(everything), low=min(everything), close=close,
            volume=self._chance.randint(20_000, 400_000) * 10**8,
        )  # fmt: skip

    def _signal(self, symbol: str, at: datetime) -> Event:
        side: Side = "HOLD"
        if self._chance.random() < _ACTIVE:
            side = "SELL" if self._holds[symbol] else "BUY"
            self._holds[symbol] = not self._holds[symbol]
        return signal(self._strategy, symbol, at, side)


def signal(strategy: TradingStrategy, symbol: str, at: datetime, side: Side, forged: bool = False) -> SignalGiven:
    """Return a signal; a forged one has the id of another day's."""
    named = signal_id(strategy.id.uid, symbol, "1d", at + timedelta(days=forged))
    return SignalGiven(
        strategy_id=str(strategy.id), signal_id=named, symbol=symbol, interval="1d", close_time=at, side=side,
        expected_return=None, confidence=None, model_version="torture", reason="torture",
    )  # fmt: skip


def make_feed(strategy: TradingStrategy, signals: int, seed: int) -> Feed:
    """Return a feed of at least so many signals; the same seed gives the same feed."""
    chance = random.Random(seed)
    market = Market(strategy, chance)
    made: list[tuple[list[Event], list[Event]]] = []
    through: list[int] = [0]
    while through[-1] < signals:
        made.append(market.instant(len(made)))
        through.append(through[-1] + sum(isinstance(event, SignalGiven) for event in made[-1][1]))
    placed: list[tuple[float, Sent]] = []
    position = 0
    for n, (_, events) in enumerate(made):
        ahead = made[n + _ACTIONS_AHEAD][0] if n + _ACTIONS_AHEAD < len(made) else []
        for event in (*ahead, *events):
            sent, at = _sent(event), position + chance.uniform(0, _REORDERED_WITHIN)
            placed.append((at, sent))
            if chance.random() < DUPLICATES:
                placed.append((at + chance.uniform(0, _DUPLICATED_WITHIN), replace(sent, fact=None)))
            if chance.random() < POISON:
                placed.append((at + chance.uniform(0, _REORDERED_WITHIN), _poison(strategy, sent, position, chance)))
            position += 1
    placed.sort(key=lambda pair: pair[0])
    return Feed([sent for _, sent in placed], through[1:])


def _sent(event: Event) -> Sent:
    topic = TRADING_SIGNALS if isinstance(event, SignalGiven) else MARKET_DATA
    fact = _fact(event)
    return Sent(fact.instant, topic, key_of(event).encode(), encode(event), fact=fact)


def _fact(event: Event) -> Fact:
    assert isinstance(event, BarClosed | BarMissing | SharesSplit | DividendPaid | SignalGiven)
    kinds = {BarClosed: "BAR", BarMissing: "MISSING", SharesSplit: "SPLIT", DividendPaid: "DIVIDEND"}
    if isinstance(event, SignalGiven):
        return Fact(event.close_time, event.symbol, "SIGNAL", event.signal_id, event.side)
    return Fact(event.close_time, event.symbol, kinds[type(event)], None, None)


def _poison(strategy: TradingStrategy, sent: Sent, number: int, chance: random.Random) -> Sent:
    """Return a message that no reader can take, made of a good one and often with its key."""
    assert sent.value is not None
    forged = encode(signal(strategy, SYMBOLS[number % len(SYMBOLS)], START + timedelta(days=number), "BUY", True))
    topic, value = chance.choice(
        (
            (sent.topic, b"\xff\x00 not json %d" % number),
            (sent.topic, sent.value[: len(sent.value) // 2]),
            (sent.topic, sent.value.replace(b'"schema_version":1', b'"schema_version":99')),
            (sent.topic, b'{"type":"nobody knows","number":%d}' % number),
            (sent.topic, None),
            (sent.topic, sent.value.replace(b'"1d"', b'""')),
            (TRADING_SIGNALS, forged),
            (TRADING_SIGNALS, forged),
        )
    )
    return Sent(sent.instant, topic, chance.choice((sent.key, None)), value, poison=True)
