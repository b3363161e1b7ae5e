"""Routes of what the desk may do: its limits and their use, the trading state, and the way out of everything."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from tradewind.manifest.owners import trading_owner
from tradewind.manifest.resources import TradingStrategy
from tradewind.runtime.etags import READS, TAGGED, answer
from tradewind.runtime.paging import cursor_of, position_of
from tradewind.runtime.problems import describe_problems
from tradewind.store import desk
from tradewind.store.database import Connection, Pool
from tradewind.store.journal import frozen
from tradewind.store.listings import ChangePosition, list_state_changes
from tradewind.store.rows import Row
from tradewind.store.strategies import set_trading_state
from tradewind.trading.documents import StateSide
from tradewind.trading.order_requests import flatten_fingerprint
from tradewind.trading.orders_api import AWAY, INVALID, Key, Limit, PageCursor, conflicts, refuse_stopped
from tradewind.trading.portfolio_api import day_of
from tradewind.trading.risk_documents import (
    CashUse,
    ChangeDocument,
    ChangesDocument,
    DrawdownDocument,
    FlattenedDocument,
    FlattenRequest,
    LimitsDocument,
    MinuteUse,
    PositionUse,
    RiskDocument,
    SessionUse,
    SideDocument,
    TradingStateDocument,
    TradingStateRequest,
    WaitingDocument,
    WaitingSymbol,
)


def risk_router(pool: Pool, strategy: TradingStrategy) -> APIRouter:
    """Return GET /risk, GET and POST /trading-state, GET /trading-state/history and POST /flatten."""
    router = APIRouter(tags=["risk"], responses=describe_problems({HTTPStatus.SERVICE_UNAVAILABLE: AWAY}))
    _add_risk(router, pool, strategy)
    _add_trading_state(router, pool, str(strategy.id))
    _add_flatten(router, pool, str(strategy.id))
    return router


def _add_risk(router: APIRouter, pool: Pool, strategy: TradingStrategy) -> None:
    strategy_id, symbols = str(strategy.id), strategy.spec.symbols

    @router.get("/risk", response_model=RiskDocument, dependencies=READS, responses=TAGGED)
    def risk(request: Request) -> Response:
        """Give the limits and how much of each is in use, who has stopped what, and what the desk waits for."""
        with pool.connection() as connection, frozen(connection):
            row = desk.read_risk(connection, strategy_id)
            exposure = desk.read_exposure(connection, strategy_id)
            state = _trading_state(connection, strategy_id)
            waiting = desk.read_open_instant(connection, strategy_id, trading_owner(strategy_id), symbols)
        return answer(request, _risk(strategy_id, row, exposure, state, waiting))


def _add_trading_state(router: APIRouter, pool: Pool, strategy_id: str) -> None:
    @router.get("/trading-state", response_model=TradingStateDocument, dependencies=READS, responses=TAGGED)
    def trading_state(request: Request) -> Response:
        """Give the trading state in force and each side's own, with why and since when."""
        with pool.connection() as connection:
            return answer(request, _trading_state(connection, strategy_id))

    @router.post(
        "/trading-state",
        response_model=TradingStateDocument,
        responses=describe_problems({HTTPStatus.UNPROCESSABLE_ENTITY: INVALID}),
    )
    def set_state(request: Request, wanted: TradingStateRequest) -> Response:
        """Set a person's side: HALTED stops the desk, ACTIVE lets go of what a person stopped, and of nothing else.

        The operator sets the manifest's side the same way, and no other is loosened by that either.

        It holds from the next instant on, and needs neither the broker nor a bar.
        """
        with pool.connection() as connection, desk.asking(connection, strategy_id):
            set_trading_state(connection, strategy_id, wanted.side, wanted.state, wanted.reason)
            return answer(request, _trading_state(connection, strategy_id))

    @router.get(
        "/trading-state/history",
        response_model=ChangesDocument,
        dependencies=READS,
        responses={**TAGGED, **describe_problems({HTTPStatus.UNPROCESSABLE_ENTITY: INVALID})},
    )
    def history(
        request: Request,
        side: Annotated[StateSide | None, Query(description="Changes of this side alone.")] = None,
        limit: Limit = 100,
        cursor: PageCursor = None,
    ) -> Response:
        """List who stopped or started the desk and why, the newest first."""
        after: int | None = position_of(cursor, ChangePosition)
        with pool.connection() as connection:
            page = list_state_changes(connection, strategy_id, side, limit, after)
        rows = [ChangeDocument(**row) for row in page.rows]
        return answer(request, ChangesDocument(strategy_id=strategy_id, changes=rows, next=cursor_of(page.position)))


def _add_flatten(router: APIRouter, pool: Pool, strategy_id: str) -> None:
    @router.post(
        "/flatten",
        status_code=HTTPStatus.ACCEPTED,
        response_model=FlattenedDocument,
        responses={
            200: {"model": FlattenedDocument, "description": "It was done before under this key: what was done then."},
            202: {"description": "What was done now; the next instants bring it about."},
            **describe_problems(
                {
                    HTTPStatus.CONFLICT: "The key belongs to another request, or the desk decides nothing any more.",
                    HTTPStatus.UNPROCESSABLE_ENTITY: INVALID,
                }
            ),
        },
    )
    def flatten(request: Request, wanted: FlattenRequest, idempotency_key: Key = None) -> Response:
        """Get out of everything: cancel what works, take back what waits, sell all that is held, purchase no more.

        One transaction does it all, and sets a person's side of the trading state at least to REDUCING. The next
        instant decides the sales, the open after that fills them; asking needs neither the broker nor a bar.
        """
        with pool.connection() as connection, desk.asking(connection, strategy_id), conflicts():
            flattened = desk.flatten(
                connection, strategy_id, wanted.reason, idempotency_key, flatten_fingerprint(wanted)
            )
            if flattened.created:
                refuse_stopped(connection, strategy_id)
        status = HTTPStatus.ACCEPTED if flattened.created else HTTPStatus.OK
        return answer(request, FlattenedDocument(strategy_id=strategy_id, **flattened.done), status)


def _trading_state(connection: Connection, strategy_id: str) -> TradingStateDocument:
    rows = desk.read_trading_state(connection, strategy_id)
    sides = [
        SideDocument(side=row["side"], state=row["state"], reason=row["reason"], since=row["since"]) for row in rows
    ]
    return TradingStateDocument(strategy_id=strategy_id, effective=rows[0]["effective"], sides=sides)


def _risk(
    strategy_id: str,
    row: Row,
    exposure: list[Row],
    state: TradingStateDocument,
    waiting: desk.OpenInstant | None,
) -> RiskDocument:
    return RiskDocument(
        strategy_id=strategy_id,
        equity=row["equity"],
        limits=LimitsDocument(**{name: row[name] for name in LimitsDocument.model_fields}),
        cash=CashUse(**{name: row[name] for name in CashUse.model_fields}),
        positions=[PositionUse(**held) for held in exposure],
        session=SessionUse(
            day=day_of(row),
            equity=row["session_equity"],
            loss=row["session_loss"],
            limit=row["session_loss_limit"],
            use=row["session_use"],
        ),
        minute=MinuteUse(
            minute=row["minute"],
            orders=row["orders_in_minute"],
            limit=row["orders_per_minute"],
            use=row["minute_use"],
        ),
        drawdown=DrawdownDocument(**{name: row[name] for name in DrawdownDocument.model_fields}),
        trading_state=state,
        waiting=None if waiting is None else _waiting(waiting),
    )


def _waiting(instant: desk.OpenInstant) -> WaitingDocument:
    symbols = [WaitingSymbol.model_validate({"symbol": symbol, "lacks": it}) for symbol, it in instant.lacks.items()]
    return WaitingDocument(instant=instant.instant, since=instant.since, symbols=symbols)
