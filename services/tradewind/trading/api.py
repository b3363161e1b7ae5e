"""Routes of the trading service."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any, Literal
from uuid import UUID, uuid5

from fastapi import FastAPI, Header, Query, Response
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from tradewind.domain.instruments import Instrument
from tradewind.domain.money import AMOUNT_MAX, QUANTITY_MAX, QUANTITY_SCALE, to_units
from tradewind.domain.orders import Side
from tradewind.manifest.resources import TradingStrategy
from tradewind.runtime.problems import ProblemError
from tradewind.store import desk
from tradewind.store.database import Pool
from tradewind.store.errors import OrderConflictError
from tradewind.store.ledger import read_fault
from tradewind.store.market_data import read_last_close


def _number_text(value: object) -> object:
    if isinstance(value, float):
        raise ValueError("write a fraction as text: JSON's numbers are binary floats")
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _positive(text: str) -> str:
    if to_units(text, QUANTITY_SCALE) <= 0:
        raise ValueError("must be above 0")
    return text


def _not_reserved(order_id: UUID | None) -> UUID | None:
    if order_id is not None and order_id.version == 5:
        raise ValueError(
            "version 5 is what the desk names its own orders by; give a random UUID, or an Idempotency-Key"
        )
    return order_id


class OrderRequest(BaseModel):
    """A person's market order. Without a client_order_id, the Idempotency-Key header names it."""

    model_config = ConfigDict(extra="forbid")

    symbol: Annotated[str, Field(max_length=20)]
    side: Literal["BUY", "SELL"]
    quantity: Annotated[
        str, BeforeValidator(_number_text), Field(max_length=30, examples=["10"]), AfterValidator(_positive)
    ]
    client_order_id: Annotated[UUID | None, AfterValidator(_not_reserved)] = None


def add_routes(app: FastAPI, pool: Pool, strategy: TradingStrategy) -> None:
    """Add POST /orders, GET /orders/{order_id}, /positions, /portfolio, /account and /trades."""
    instruments = {instrument.symbol: instrument for instrument in strategy.spec.instruments}
    _add_orders(app, pool, strategy, instruments)
    _add_portfolio(app, pool, str(strategy.id), instruments)


def _add_orders(app: FastAPI, pool: Pool, strategy: TradingStrategy, instruments: Mapping[str, Instrument]) -> None:
    strategy_id, feed = str(strategy.id), strategy.spec.feed

    @app.post("/orders", status_code=HTTPStatus.ACCEPTED, tags=["orders"])
    def place_order(
        request: OrderRequest, response: Response, idempotency_key: Annotated[str, Header(max_length=128)] = ""
    ) -> dict[str, Any]:
        """Take an order. The next instant checks it, the open after that fills it; after a replay's end none comes.

        The same order twice is one order; a name that belongs to another order is 409.
        """
        command = desk.Command(
            client_order_id=_order_id(request, idempotency_key, strategy.id.uid),
            symbol=request.symbol,
            side=Side[request.side],
            quantity=_lots(request, instruments),
        )
        with pool.connection() as connection:
            halted = read_fault(connection, strategy_id)
            if halted is not None:
                raise ProblemError(HTTPStatus.CONFLICT, f"trading is halted: {halted}", trading_state="HALTED")
            _refuse_uncountable(
                command, read_last_close(connection, feed.source.upper(), command.symbol, feed.interval)
            )
            try:
                _, new = desk.request_order(connection, strategy_id, command)
            except OrderConflictError as error:
                raise ProblemError(HTTPStatus.CONFLICT, str(error)) from None
            order = desk.read_order(connection, strategy_id, command.client_order_id)
        assert order is not None
        response.headers["Location"] = f"/orders/{command.client_order_id}"
        if not new:
            response.status_code = HTTPStatus.OK
        return order

    @app.get("/orders/{order_id}", tags=["orders"])
    def order(order_id: UUID) -> dict[str, Any]:
        """Give one order by its client_order_id."""
        with pool.connection() as connection:
            found = desk.read_order(connection, strategy_id, order_id)
        if found is None:
            raise ProblemError(HTTPStatus.NOT_FOUND, f"there is no order {order_id}", order_id=str(order_id))
        return found


def _add_portfolio(app: FastAPI, pool: Pool, strategy_id: str, instruments: Mapping[str, Instrument]) -> None:
    @app.get("/positions", tags=["portfolio"])
    def positions() -> dict[str, Any]:
        """List every position that is or was held, with its profit."""
        with pool.connection() as connection:
            return {"strategy_id": strategy_id, "positions": desk.read_positions(connection, strategy_id)}

    @app.get("/portfolio", tags=["portfolio"])
    def portfolio() -> dict[str, Any]:
        """Give the account's worth, profit and drawdown, and the positions held now."""
        with pool.connection() as connection:
            stats = desk.read_portfolio_stats(connection, strategy_id)
            held = [row for row in desk.read_positions(connection, strategy_id) if row["avg_px"] is not None]
        return {"strategy_id": strategy_id, **stats, "positions": held}

    @app.get("/account", tags=["portfolio"])
    def account() -> dict[str, Any]:
        """Give cash, reserve, profit, fees and trading state."""
        with pool.connection() as connection:
            return {"strategy_id": strategy_id, **desk.read_account(connection, strategy_id)}

    @app.get("/trades", tags=["portfolio"])
    def trades(symbol: str | None = None, limit: Annotated[int, Query(ge=1, le=1000)] = 100) -> dict[str, Any]:
        """List the newest fills, newest first."""
        if symbol is not None:
            _instrument(symbol, instruments)
        with pool.connection() as connection:
            return {"strategy_id": strategy_id, "trades": desk.read_trades(connection, strategy_id, symbol, limit)}


def _instrument(symbol: str, instruments: Mapping[str, Instrument]) -> Instrument:
    if symbol not in instruments:
        detail = f"{symbol} is not a symbol of this strategy; it trades {', '.join(instruments)}"
        raise ProblemError(HTTPStatus.NOT_FOUND, detail, symbol=symbol)
    return instruments[symbol]


def _lots(request: OrderRequest, instruments: Mapping[str, Instrument]) -> int:
    instrument = _instrument(request.symbol, instruments)
    quantity = to_units(request.quantity, QUANTITY_SCALE)
    if quantity % instrument.lot:
        lot = instrument.lot / QUANTITY_SCALE
        detail = f"quantity: {request.quantity} is not a multiple of the lot {lot:g} of {request.symbol}"
        raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, detail, quantity=request.quantity, lot=f"{lot:g}")
    return quantity


def _refuse_uncountable(command: desk.Command, last_close: int | None) -> None:
    """Refuse what the rule book could not count at twice the last close: deciding on it would halt trading."""
    if last_close is None:
        detail = f"no price of {command.symbol} is known yet: its feed has not stored a bar"
        raise ProblemError(HTTPStatus.CONFLICT, detail, symbol=command.symbol)
    worth = command.quantity * last_close // QUANTITY_SCALE
    if command.quantity > QUANTITY_MAX or 2 * worth > AMOUNT_MAX:
        detail = f"quantity: {command.quantity // QUANTITY_SCALE} of {command.symbol} is more than an account can count"
        raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, detail, quantity=str(command.quantity // QUANTITY_SCALE))


def _order_id(request: OrderRequest, idempotency_key: str, uid: UUID) -> UUID:
    if request.client_order_id is not None:
        return request.client_order_id
    if not idempotency_key:
        detail = "name the order, so that a repeated request makes one order: client_order_id or Idempotency-Key"
        raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, detail)
    return uuid5(uid, f"command|{idempotency_key}")
