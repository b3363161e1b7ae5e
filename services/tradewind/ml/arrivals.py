"""When a bar that has arrived is decided on: at once, or when its instant is complete."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from tradewind.domain.bars import Bar


class Arrivals(Protocol):
    """What has arrived of each symbol since a state was rebuilt, and how far each is done."""

    def take_bar(self, bar: Bar) -> None:
        """Take a bar, unless it comes again or too late."""
        ...

    def take_missing(self, symbol: str, instant: datetime) -> None:
        """Take the word that a symbol has no bar at an instant."""
        ...

    def decidable(self) -> dict[datetime, dict[str, Bar]]:
        """Return the bars to decide on now, by instant, ascending, and by symbol; each is handed out once."""
        ...

    @property
    def received(self) -> Mapping[str, datetime]:
        """The last instant that each symbol has delivered: a bar, or the word that there is none."""
        ...

    @property
    def done(self) -> Mapping[str, datetime]:
        """The last instant that each symbol is done with: handed out, or known to be missing."""
        ...


class EachBar:
    """Bars that are decided on as they come.

    Args:
        learned: close of the last bar that the engine has seen, by symbol, for all symbols.
        done: the last instant that a symbol is done with, where there is one.
    """

    def __init__(self, learned: Mapping[str, datetime], done: Mapping[str, datetime]) -> None:
        self._learned = dict(learned)
        self._done = dict(done)
        self._waiting: dict[datetime, dict[str, Bar]] = {}

    def take_bar(self, bar: Bar) -> None:
        """Take a bar, unless it comes again, or after the word that there is none."""
        learned = self._learned[bar.symbol]
        if bar.close_time > max(learned, self._done.get(bar.symbol, learned)):
            self._waiting.setdefault(bar.close_time, {})[bar.symbol] = bar

    def take_missing(self, symbol: str, instant: datetime) -> None:
        """Take the word that a symbol has no bar at an instant."""
        self._done[symbol] = max(instant, self._done.get(symbol, instant))

    def decidable(self) -> dict[datetime, dict[str, Bar]]:
        """Return all bars taken since the last call."""
        ready = {instant: self._waiting[instant] for instant in sorted(self._waiting)}
        self._waiting = {}
        for instant, bars in ready.items():
            for symbol in bars:
                self._learned[symbol] = instant
                self.take_missing(symbol, instant)
        return ready

    @property
    def received(self) -> Mapping[str, datetime]:
        """What is received is done with."""
        return self._done

    @property
    def done(self) -> Mapping[str, datetime]:
        """The last instant that each symbol is done with."""
        return self._done


class WholeInstants:
    """Bars that wait for the other symbols' of their instant.

    A symbol delivers in order, so an instant is complete when each has delivered it, or a later one.

    Args:
        symbols: who delivers.
        decided: the last instant that was decided on, or the cut before the first.
        received: the last instant that a symbol has delivered, where there is one.
        waiting: by symbol, the bars that were received and not decided on yet.
    """

    def __init__(
        self,
        symbols: Sequence[str],
        decided: datetime,
        received: Mapping[str, datetime],
        waiting: Mapping[str, Sequence[Bar]],
    ) -> None:
        self._symbols = tuple(symbols)
        self._decided = decided
        self._received = dict(received)
        self._waiting: dict[datetime, dict[str, Bar]] = {}
        for symbol, bars in waiting.items():
            for bar in bars:
                self._waiting.setdefault(bar.close_time, {})[symbol] = bar

    def take_bar(self, bar: Bar) -> None:
        """Take a bar, unless it comes again, after the word that there is none, or after a later one."""
        if bar.close_time > max(self._decided, self._received.get(bar.symbol, self._decided)):
            self._waiting.setdefault(bar.close_time, {})[bar.symbol] = bar
            self._received[bar.symbol] = bar.close_time

    def take_missing(self, symbol: str, instant: datetime) -> None:
        """Take the word that a symbol has no bar at an instant."""
        self._received[symbol] = max(instant, self._received.get(symbol, instant))

    def decidable(self) -> dict[datetime, dict[str, Bar]]:
        """Return the bars of the instants that are complete."""
        through = self._complete
        if through is None:
            return {}
        self._decided = max(self._decided, through)
        return {instant: self._waiting.pop(instant) for instant in sorted(self._waiting) if instant <= through}

    @property
    def received(self) -> Mapping[str, datetime]:
        """The last instant that each symbol has delivered."""
        return self._received

    @property
    def done(self) -> Mapping[str, datetime]:
        """All symbols are done with what is complete, none with more."""
        through = self._complete
        return {} if through is None else dict.fromkeys(self._symbols, through)

    @property
    def _complete(self) -> datetime | None:
        return min(self._received.values()) if len(self._received) == len(self._symbols) else None
