"""Routes of what the desk has: account, positions, fills, and the signals it received."""

from datetime import date, timedelta
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import AwareDatetime

from tradewind.manifest.resources import TradingStrategy
from tradewind.runtime.etags import READS, TAGGED, answer
from tradewind.runtime.paging import cursor_of, position_of
from tradewind.runtime.problems import describe_problems
from tradewind.store import desk
from tradewind.store.database import Pool
from tradewind.store.journal import frozen
from tradewind.store.listings import (
    SignalFilter,
    SignalPosition,
    TradeFilter,
    TradePosition,
    list_signals,
    list_trades,
)
from tradewind.store.rows import Row
from tradewind.trading.documents import (
    AccountDocument,
    OrderSide,
    PortfolioDocument,
    PositionDocument,
    PositionsDocument,
    SignalDocument,
    SignalsDocument,
    SignalSide,
    TradeDocument,
    TradesDocument,
)
from tradewind.trading.order_requests import instrument_of
from tradewind.trading.orders_api import AWAY, INVALID, UNKNOWN_SYMBOL, Limit, PageCursor

From = Annotated[AwareDatetime | None, Query(alias="from", description="At this instant or after.")]
To = Annotated[AwareDatetime | None, Query(description="At this instant or before.")]


def portfolio_router(pool: Pool, strategy: TradingStrategy) -> APIRouter:
    """Return GET /positions, /portfolio, /account, /trades and /signals."""
    router = APIRouter(tags=["portfolio"], responses=describe_problems({HTTPStatus.SERVICE_UNAVAILABLE: AWAY}))
    _add_holdings(router, pool, str(strategy.id))
    _add_lists(router, pool, strategy)
    return router


def _add_holdings(router: APIRouter, pool: Pool, strategy_id: str) -> None:
    @router.get("/positions", response_model=PositionsDocument, dependencies=READS, responses=TAGGED)
    def positions(request: Request) -> Response:
        """List every position that is or was held, with its profit."""
        with pool.connection() as connection:
            rows = desk.read_positions(connection, strategy_id)
        held = [PositionDocument(**row) for row in rows]
        return answer(request, PositionsDocument(strategy_id=strategy_id, positions=held))

    @router.get("/portfolio", response_model=PortfolioDocument, dependencies=READS, responses=TAGGED)
    def portfolio(request: Request) -> Response:
        """Give the account's worth, profit and drawdown, and the positions held now."""
        with pool.connection() as connection, frozen(connection):
            stats = desk.read_portfolio_stats(connection, strategy_id)
            rows = desk.read_positions(connection, strategy_id)
        held = [PositionDocument(**row) for row in rows if row["avg_px"] is not None]
        return answer(request, PortfolioDocument(strategy_id=strategy_id, **stats, positions=held))

    @router.get("/account", response_model=AccountDocument, dependencies=READS, responses=TAGGED)
    def account(request: Request) -> Response:
        """Give cash, reserve, profit, fees and trading state."""
        with pool.connection() as connection:
            row = desk.read_account(connection, strategy_id)
        return answer(request, AccountDocument(strategy_id=strategy_id, **{**row, "session_day": day_of(row)}))


def _add_lists(router: APIRouter, pool: Pool, strategy: TradingStrategy) -> None:
    strategy_id = str(strategy.id)
    instruments = {instrument.symbol: instrument for instrument in strategy.spec.instruments}
    described = {
        **TAGGED,
        **describe_problems({HTTPStatus.NOT_FOUND: UNKNOWN_SYMBOL, HTTPStatus.UNPROCESSABLE_ENTITY: INVALID}),
    }

    @router.get("/trades", response_model=TradesDocument, dependencies=READS, responses=described)
    def trades(
        request: Request,
        symbol: str | None = None,
        side: OrderSide | None = None,
        client_order_id: Annotated[UUID | None, Query(description="The fills of this order.")] = None,
        from_: From = None,
        to: To = None,
        limit: Limit = 100,
        cursor: PageCursor = None,
    ) -> Response:
        """List fills, the newest first."""
        if symbol is not None:
            instrument_of(symbol, instruments)
        wanted = TradeFilter(symbol, side, client_order_id, from_, to)
        after: TradePosition | None = position_of(cursor, TradePosition)
        with pool.connection() as connection:
            page = list_trades(connection, strategy_id, wanted, limit, after)
        rows = [TradeDocument(**row) for row in page.rows]
        return answer(request, TradesDocument(strategy_id=strategy_id, trades=rows, next=cursor_of(page.position)))

    @router.get("/signals", tags=["signals"], response_model=SignalsDocument, dependencies=READS, responses=described)
    def signals(
        request: Request,
        symbol: str | None = None,
        side: SignalSide | None = None,
        late: Annotated[bool | None, Query(description="Whether it came after its instant was decided.")] = None,
        from_: From = None,
        to: To = None,
        limit: Limit = 100,
        cursor: PageCursor = None,
    ) -> Response:
        """List the signals that came, the newest first: whether they took part, and which order they made."""
        if symbol is not None:
            instrument_of(symbol, instruments)
        wanted = SignalFilter(symbol, side, late, from_, to)
        after: SignalPosition | None = position_of(cursor, SignalPosition)
        with pool.connection() as connection:
            page = list_signals(connection, strategy_id, wanted, limit, after)
        rows = [SignalDocument(**row) for row in page.rows]
        return answer(request, SignalsDocument(strategy_id=strategy_id, signals=rows, next=cursor_of(page.position)))


def day_of(row: Row) -> date | None:
    """Return the session's day of a row, which counts days since 1970; None before the first session."""
    return None if row["session_day"] is None else date(1970, 1, 1) + timedelta(days=row["session_day"])
