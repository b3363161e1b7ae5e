"""Routes of orders: give, list, read, cancel, replace."""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request, Response
from pydantic import AwareDatetime

from tradewind.domain.orders import MOVES, OrderStatus
from tradewind.manifest.resources import TradingStrategy
from tradewind.runtime.etags import READS, TAGGED, WRITES, answer, check_if_match
from tradewind.runtime.paging import cursor_of, position_of
from tradewind.runtime.problems import ProblemError, describe_problems
from tradewind.store import desk
from tradewind.store.database import Connection, Pool
from tradewind.store.errors import OrderConflictError
from tradewind.store.ledger import read_fault
from tradewind.store.listings import OrderFilter, OrderPosition, WrongPositionError, list_orders
from tradewind.store.market_data import read_last_close
from tradewind.store.rows import Row
from tradewind.trading.documents import OrderDocument, OrderOrigin, OrderReason, OrdersDocument, OrderSide, Status
from tradewind.trading.order_requests import (
    OrderRequest,
    ReplaceRequest,
    instrument_of,
    refuse_uncountable,
    to_command,
    to_replacement,
)

Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=128,
        description="Names the request: the same again does nothing twice and gives the first one's answer, with 200.",
    ),
]
Limit = Annotated[int, Query(ge=1, le=1000, description="The most rows of a page.")]
PageCursor = Annotated[str | None, Query(max_length=512, description="`next` of the page before; none for the first.")]
INVALID: Final = "What was asked for is not well formed; `errors` name the fields."
UNKNOWN_SYMBOL: Final = "The strategy does not trade that symbol."
UNKNOWN: Final = "There is no such order."
OLD_COPY: Final = "The order has changed since the copy that If-Match names; read it again."
AWAY: Final = "The database does not answer; try again."


def orders_router(pool: Pool, strategy: TradingStrategy) -> APIRouter:
    """Return POST, GET /orders and GET, PATCH, DELETE /orders/{order_id}."""
    router = APIRouter(tags=["orders"], responses=describe_problems({HTTPStatus.SERVICE_UNAVAILABLE: AWAY}))
    _add_giving(router, pool, strategy)
    _add_reading(router, pool, strategy)
    _add_ending(router, pool, strategy)
    _add_replacing(router, pool, strategy)
    return router


def _add_giving(router: APIRouter, pool: Pool, strategy: TradingStrategy) -> None:
    strategy_id, uid = str(strategy.id), strategy.id.uid
    instruments = {instrument.symbol: instrument for instrument in strategy.spec.instruments}

    @router.post(
        "/orders",
        status_code=HTTPStatus.ACCEPTED,
        response_model=OrderDocument,
        responses={
            200: {"model": OrderDocument, "description": "It was taken before; here it is as it stands now."},
            **describe_problems(
                {
                    HTTPStatus.NOT_FOUND: UNKNOWN_SYMBOL,
                    HTTPStatus.CONFLICT: "The name belongs to another request, the desk decides nothing any more, "
                    "or no price of the symbol is known yet.",
                    HTTPStatus.UNPROCESSABLE_ENTITY: INVALID,
                }
            ),
        },
    )
    def place_order(wanted: OrderRequest, request: Request, idempotency_key: Key = None) -> Response:
        """Take an order. The next instant checks it, the open after that fills it; after a replay's end none comes.

        The same order twice is one order; a name that belongs to another order is 409.
        """
        command = to_command(wanted, idempotency_key, uid, instruments, strategy.spec.risk.allow_short)
        with pool.connection() as connection, desk.asking(connection, strategy_id), conflicts():
            order_id, new = desk.request_order(connection, strategy_id, command)
            if new:
                # Raised within the transaction: what was just taken is not.
                refuse_stopped(connection, strategy_id)
                _refuse_uncountable(connection, strategy, command)
            document = _order(connection, strategy_id, order_id)
        status = HTTPStatus.ACCEPTED if new else HTTPStatus.OK
        return answer(request, document, status, {"Location": f"/orders/{order_id}"})


def _add_reading(router: APIRouter, pool: Pool, strategy: TradingStrategy) -> None:
    strategy_id = str(strategy.id)
    instruments = {instrument.symbol: instrument for instrument in strategy.spec.instruments}

    @router.get(
        "/orders",
        response_model=OrdersDocument,
        dependencies=READS,
        responses={
            **TAGGED,
            **describe_problems({HTTPStatus.NOT_FOUND: UNKNOWN_SYMBOL, HTTPStatus.UNPROCESSABLE_ENTITY: INVALID}),
        },
    )
    def orders(
        request: Request,
        status: Status | None = None,
        symbol: str | None = None,
        side: OrderSide | None = None,
        origin: OrderOrigin | None = None,
        reason: OrderReason | None = None,
        from_: Annotated[
            AwareDatetime | None, Query(alias="from", description="Decided at this instant or after.")
        ] = None,
        to: Annotated[AwareDatetime | None, Query(description="Decided at this instant or before.")] = None,
        limit: Limit = 100,
        cursor: PageCursor = None,
    ) -> Response:
        """List orders, the newest first; with `from` or `to` those that instants decided, the latest first."""
        if symbol is not None:
            instrument_of(symbol, instruments)
        wanted = OrderFilter(status, symbol, side, origin, reason, from_, to)
        after: OrderPosition | None = position_of(cursor, OrderPosition)
        try:
            with pool.connection() as connection:
                page = list_orders(connection, strategy_id, wanted, limit, after)
        except WrongPositionError as error:
            detail = f"cursor: it belongs to other filters: {error}; start again without it"
            raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, detail, cursor=cursor) from None
        rows = [OrderDocument(**row) for row in page.rows]
        return answer(request, OrdersDocument(strategy_id=strategy_id, orders=rows, next=cursor_of(page.position)))

    @router.get(
        "/orders/{order_id}",
        response_model=OrderDocument,
        dependencies=READS,
        responses={
            **TAGGED,
            **describe_problems({HTTPStatus.NOT_FOUND: UNKNOWN, HTTPStatus.UNPROCESSABLE_ENTITY: INVALID}),
        },
    )
    def order(request: Request, order_id: UUID) -> Response:
        """Give one order by its client_order_id."""
        with pool.connection() as connection:
            return answer(request, _order(connection, strategy_id, order_id))


def _add_ending(router: APIRouter, pool: Pool, strategy: TradingStrategy) -> None:
    strategy_id = str(strategy.id)

    @router.delete(
        "/orders/{order_id}",
        status_code=HTTPStatus.ACCEPTED,
        response_model=OrderDocument,
        dependencies=WRITES,
        responses={
            200: {"model": OrderDocument, "description": "It is canceled, or had ended before: `status` says how."},
            202: {"description": "The next instant cancels it before anything else (PENDING_CANCEL)."},
            **describe_problems(
                {
                    HTTPStatus.NOT_FOUND: UNKNOWN,
                    HTTPStatus.CONFLICT: "It works, and the desk decides nothing any more: no instant would cancel it.",
                    HTTPStatus.PRECONDITION_FAILED: OLD_COPY,
                    HTTPStatus.UNPROCESSABLE_ENTITY: INVALID,
                }
            ),
        },
    )
    def cancel_order(request: Request, order_id: UUID) -> Response:
        """Cancel an order: at once where no instant has taken it up, else at the next one. Cancels always pass."""
        with pool.connection() as connection, desk.asking(connection, strategy_id):
            check_if_match(request, _order(connection, strategy_id, order_id))
            desk.request_cancel(connection, strategy_id, order_id)
            document = _order(connection, strategy_id, order_id)
            ended = not MOVES[OrderStatus(document.status)]
            if not ended:
                refuse_stopped(connection, strategy_id)
        return answer(request, document, HTTPStatus.OK if ended else HTTPStatus.ACCEPTED)


def _add_replacing(router: APIRouter, pool: Pool, strategy: TradingStrategy) -> None:
    strategy_id, uid = str(strategy.id), strategy.id.uid
    instruments = {instrument.symbol: instrument for instrument in strategy.spec.instruments}

    @router.patch(
        "/orders/{order_id}",
        status_code=HTTPStatus.ACCEPTED,
        response_model=OrderDocument,
        dependencies=WRITES,
        responses={
            200: {"model": OrderDocument, "description": "It was replaced before by this very order."},
            202: {"description": "The new order; `replaces` names the old one."},
            **describe_problems(
                {
                    HTTPStatus.NOT_FOUND: UNKNOWN,
                    HTTPStatus.CONFLICT: "The order has ended, is being canceled or was replaced by another; the name "
                    "belongs to another request; or the desk decides nothing any more.",
                    HTTPStatus.PRECONDITION_FAILED: OLD_COPY,
                    HTTPStatus.UNPROCESSABLE_ENTITY: INVALID,
                }
            ),
        },
    )
    def replace_order(
        request: Request, order_id: UUID, wanted: ReplaceRequest, idempotency_key: Key = None
    ) -> Response:
        """Put an order of another quantity or bracket in an order's place.

        The next instant cancels the old one, then checks the new one like any order; should it deny it, neither is
        left. The same request again makes nothing new.
        """
        with pool.connection() as connection, desk.asking(connection, strategy_id), conflicts():
            old = desk.read_order(connection, strategy_id, order_id)
            if old is None:
                raise _unknown(order_id)
            instrument = instrument_of(old["symbol"], instruments)
            command = to_replacement(old, wanted, idempotency_key, uid, instrument, strategy.spec.risk.allow_short)
            new = old["replaced_by"] != command.client_order_id
            if new:
                check_if_match(request, OrderDocument(**old))
                _refuse_ended(old)
                refuse_stopped(connection, strategy_id)
                _refuse_uncountable(connection, strategy, command)
                desk.request_replace(connection, strategy_id, order_id, command)
            else:
                desk.request_order(connection, strategy_id, command)  # it is there: asks whether it is the same
            document = _order(connection, strategy_id, command.client_order_id)
        status = HTTPStatus.ACCEPTED if new else HTTPStatus.OK
        return answer(request, document, status, {"Location": f"/orders/{document.client_order_id}"})


@contextmanager
def conflicts() -> Iterator[None]:
    """Answer 409 where a name belongs to another request."""
    try:
        yield
    except OrderConflictError as error:
        raise ProblemError(HTTPStatus.CONFLICT, str(error), name=str(error.name)) from None


def refuse_stopped(connection: Connection, strategy_id: str) -> None:
    """Refuse what no instant would ever take up.

    Raises:
        ProblemError: 409, the desk decides nothing any more.
    """
    fault = read_fault(connection, strategy_id)
    if fault is not None:
        detail = f"the desk decides nothing any more, so nothing would become of it: {fault}"
        raise ProblemError(HTTPStatus.CONFLICT, detail, trading_state="HALTED")


def _refuse_ended(old: Row) -> None:
    order_id, status = old["client_order_id"], old["status"]
    if old["replaced_by"] is not None:
        detail = f"order {order_id} was replaced by {old['replaced_by']}: replace that one"
        raise ProblemError(HTTPStatus.CONFLICT, detail, replaced_by=str(old["replaced_by"]))
    if status == OrderStatus.PENDING_CANCEL or not MOVES[OrderStatus(status)]:
        detail = f"order {order_id} is {status}: there is nothing left to replace; give a new order"
        raise ProblemError(HTTPStatus.CONFLICT, detail, order_status=status)


def _refuse_uncountable(connection: Connection, strategy: TradingStrategy, command: desk.Command) -> None:
    feed = strategy.spec.feed
    refuse_uncountable(command, read_last_close(connection, feed.source.upper(), command.symbol, feed.interval))


def _order(connection: Connection, strategy_id: str, order_id: UUID) -> OrderDocument:
    found = desk.read_order(connection, strategy_id, order_id)
    if found is None:
        raise _unknown(order_id)
    return OrderDocument(**found)


def _unknown(order_id: UUID) -> ProblemError:
    return ProblemError(HTTPStatus.NOT_FOUND, f"there is no order {order_id}", order_id=str(order_id))
