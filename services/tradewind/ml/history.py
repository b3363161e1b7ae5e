"""Reads the stored bars that models learn from and engines start with."""

from datetime import UTC, datetime, time

from tradewind.domain.bars import Bar
from tradewind.manifest.resources import StrategySpec
from tradewind.store.database import Connection
from tradewind.store.market_data import read_bars


def stored_bars(connection: Connection, spec: StrategySpec, symbol: str, through: datetime | None = None) -> list[Bar]:
    """Return one symbol's stored bars since the feed's `from`, ascending; with `through` those that close by then.

    Other strategies of the database may have stored earlier bars: what they did must not change what this one sees.
    """
    first = datetime.combine(spec.feed.replay.from_, time.min, UTC)
    return read_bars(connection, spec.feed.source.upper(), symbol, spec.feed.interval, first, through)


def stored_history(connection: Connection, spec: StrategySpec, through: datetime) -> dict[str, list[Bar]]:
    """Return every symbol's stored bars that close not after `through`."""
    return {symbol: stored_bars(connection, spec, symbol, through=through) for symbol in spec.symbols}
