"""Routes of the ingestion service."""

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI

from tradewind.ingestion.sources.replay import SOURCE, ReplaySource
from tradewind.manifest.resources import StrategySpec
from tradewind.runtime.problems import ProblemError
from tradewind.store.database import Pool
from tradewind.store.market_data import insert_bars, read_symbols


def add_routes(app: FastAPI, pool: Pool, spec: StrategySpec, feed_id: str, source: ReplaySource) -> None:
    """Add POST /ingest/{symbol} and GET /symbols."""

    @app.post("/ingest/{symbol}", tags=["ingestion"])
    def ingest(symbol: str) -> dict[str, Any]:
        """Store the symbol's history now. Nothing is published: what is not new to the feed is never traded."""
        if symbol not in spec.symbols:
            detail = f"{symbol} is not a symbol of this feed; it has {', '.join(spec.symbols)}"
            raise ProblemError(HTTPStatus.NOT_FOUND, detail, symbol=symbol)
        history = [bar for bar in source.bars()[symbol] if bar.close_time < source.traded_sessions()[0]]
        with pool.connection() as connection, connection.transaction():
            new = insert_bars(connection, SOURCE, history)
        return {"symbol": symbol, "source": SOURCE, "bars": len(history), "new": new}

    @app.get("/symbols", tags=["ingestion"])
    def symbols() -> dict[str, Any]:
        """List the feed's symbols and what is stored of each."""
        with pool.connection() as connection:
            stored = {row.symbol: row for row in read_symbols(connection, SOURCE, spec.feed.interval, spec.symbols)}
        return {
            "feed_id": feed_id,
            "source": SOURCE,
            "interval": spec.feed.interval,
            "symbols": [
                {
                    "symbol": symbol,
                    "bars": stored[symbol].bars if symbol in stored else 0,
                    "first": stored[symbol].first if symbol in stored else None,
                    "last": stored[symbol].last if symbol in stored else None,
                }
                for symbol in spec.symbols
            ],
        }
