"""Reads the stored bars that models learn from and engines start with."""

from datetime import datetime

from tradewind.domain.bars import Bar
from tradewind.manifest.resources import StrategySpec
from tradewind.store.database import Connection
from tradewind.store.market_data import read_bars


def stored_bars(connection: Connection, spec: StrategySpec, symbol: str, through: datetime | None = None) -> list[Bar]:
    """Return one symbol's stored bars of the strategy's feed, ascending; with `through` those that close by then."""
    return read_bars(connection, spec.feed.source.upper(), symbol, spec.feed.interval, through=through)


def stored_history(connection: Connection, spec: StrategySpec, through: datetime) -> dict[str, list[Bar]]:
    """Return every symbol's stored bars that close not after `through`."""
    return {symbol: stored_bars(connection, spec, symbol, through=through) for symbol in spec.symbols}
