"""What a person's orders are asked for with, and what of it is refused at the door."""

import json
from collections.abc import Mapping
from hashlib import sha256
from http import HTTPStatus
from typing import Annotated, Any, Final, Literal, Self
from uuid import UUID, uuid5

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from tradewind.domain.instruments import Instrument
from tradewind.domain.money import AMOUNT_MAX, INT64_MAX, PRICE_SCALE, QUANTITY_MAX, QUANTITY_SCALE, to_units
from tradewind.domain.orders import Side
from tradewind.runtime.documents import Document
from tradewind.runtime.problems import ProblemError
from tradewind.store.desk import Command
from tradewind.store.rows import Row

_SPLIT_MAX: Final = 1_000_000
"""What a split may at most multiply a price with; a bracket that it carries out of 64 bits would stop the desk."""


def _number_text(value: object) -> object:
    if isinstance(value, float):
        raise ValueError("write a fraction as text: JSON's numbers are binary floats")
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _positive_quantity(text: str) -> str:
    if to_units(text, QUANTITY_SCALE) <= 0:
        raise ValueError("must be above 0")
    return text


def _positive_price(text: str) -> str:
    if not 0 < to_units(text, PRICE_SCALE) <= INT64_MAX // _SPLIT_MAX:
        raise ValueError(f"must be above 0 and at most {INT64_MAX // _SPLIT_MAX // PRICE_SCALE}")
    return text


def _not_reserved(order_id: UUID | None) -> UUID | None:
    if order_id is not None and order_id.version == 5:
        raise ValueError(
            "version 5 is what the desk names its own orders by; give a random UUID, or an Idempotency-Key"
        )
    return order_id


Quantity = Annotated[
    str,
    BeforeValidator(_number_text),
    Field(max_length=30, description="Whole lots, as text."),
    AfterValidator(_positive_quantity),
]
Price = Annotated[
    str,
    BeforeValidator(_number_text),
    Field(max_length=30, description="As text, four decimals at most."),
    AfterValidator(_positive_price),
]
OrderId = Annotated[
    UUID | None, Field(description="Names the order; a random UUID of your own."), AfterValidator(_not_reserved)
]


class OrderRequest(Document):
    """A person's market order, with a bracket or without.

    client_order_id or the Idempotency-Key header names it. A bracket sells what was bought: at the stop when the price
    falls to it, at the target when it rises to it.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"symbol": "AAPL", "side": "BUY", "quantity": "10", "stop_price": "60", "target_price": "80"},
                {
                    "symbol": "AAPL",
                    "side": "SELL",
                    "quantity": "10",
                    "client_order_id": "7d1f3c1e-6a0b-4d6e-9a53-0f2c5f2c7d11",
                },
            ]
        },
    )

    symbol: Annotated[str, Field(max_length=20)]
    side: Literal["BUY", "SELL"]
    quantity: Quantity
    stop_price: Price | None = None
    target_price: Price | None = None
    client_order_id: OrderId = None

    @model_validator(mode="after")
    def _bracket(self) -> Self:
        _check_bracket(self.side, self.stop_price, self.target_price)
        return self


class ReplaceRequest(Document):
    """What an order is to be instead; what is left out stays, a price of null takes that end of the bracket away.

    The quantity is what the new order is to fill; left out, it is what the old one has left.
    """

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"quantity": "5"}, {"stop_price": "62.5", "target_price": None}]},
    )

    quantity: Quantity | None = None
    stop_price: Price | None = None
    target_price: Price | None = None
    client_order_id: OrderId = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.model_fields_set & {"quantity", "stop_price", "target_price"}:
            raise ValueError("nothing to change: give quantity, stop_price or target_price")
        return self


def to_command(
    wanted: OrderRequest, key: str | None, uid: UUID, instruments: Mapping[str, Instrument], allow_short: bool
) -> Command:
    """Return the command that a request stands for.

    Raises:
        ProblemError: nothing names it, its symbol is not traded here (404), its quantity is not of whole lots, or it is
            a sale with a bracket where a sale opens nothing.
    """
    _refuse_idle_bracket(wanted.side, wanted.stop_price, wanted.target_price, allow_short)
    if wanted.client_order_id is None and key is None:
        detail = "name the order, so that a repeated request makes one order: client_order_id or Idempotency-Key"
        raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, detail)
    return Command(
        client_order_id=wanted.client_order_id or _named(uid, key),
        symbol=wanted.symbol,
        side=Side[wanted.side],
        quantity=_lots(wanted.quantity, instrument_of(wanted.symbol, instruments)),
        stop=_price(wanted.stop_price),
        target=_price(wanted.target_price),
        key=key,
        fingerprint=_fingerprint("POST /orders", wanted),
    )


def to_replacement(
    old: Row, wanted: ReplaceRequest, key: str | None, uid: UUID, instrument: Instrument, allow_short: bool
) -> Command:
    """Return the command that takes an order's place.

    Raises:
        ProblemError: its quantity is not of whole lots, or its bracket does not hold together.
    """
    given = wanted.model_fields_set
    stop = wanted.stop_price if "stop_price" in given else old["stop_price"]
    target = wanted.target_price if "target_price" in given else old["target_price"]
    try:
        _check_bracket(old["side"], stop, target)
    except ValueError as error:
        raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, str(error)) from None
    _refuse_idle_bracket(old["side"], stop, target, allow_short)
    left = to_units(old["quantity"], QUANTITY_SCALE) - to_units(old["filled_qty"], QUANTITY_SCALE)
    named = _named(uid, key) if key is not None else uuid5(uid, f"replace|{old['client_order_id']}")
    return Command(
        client_order_id=wanted.client_order_id or named,
        symbol=old["symbol"],
        side=Side[old["side"]],
        quantity=left if wanted.quantity is None else _lots(wanted.quantity, instrument),
        stop=_price(stop),
        target=_price(target),
        key=key,
        fingerprint=_fingerprint(f"PATCH /orders/{old['client_order_id']}", wanted),
    )


def flatten_fingerprint(wanted: BaseModel) -> str:
    """Return what stands for a request to get out of everything."""
    return _fingerprint("POST /flatten", wanted)


def instrument_of(symbol: str, instruments: Mapping[str, Instrument]) -> Instrument:
    """Return a symbol's instrument.

    Raises:
        ProblemError: 404, the strategy does not trade it.
    """
    if symbol not in instruments:
        detail = f"{symbol} is not a symbol of this strategy; it trades {', '.join(instruments)}"
        raise ProblemError(HTTPStatus.NOT_FOUND, detail, symbol=symbol)
    return instruments[symbol]


def refuse_uncountable(command: Command, last_close: int | None) -> None:
    """Refuse what the rule book could not count at twice the last close: deciding on it would stop the desk.

    Raises:
        ProblemError: 422 where it is too much, 409 where no price is known.
    """
    if last_close is None:
        detail = f"no price of {command.symbol} is known yet: its feed has not stored a bar"
        raise ProblemError(HTTPStatus.CONFLICT, detail, symbol=command.symbol)
    worth = command.quantity * last_close // QUANTITY_SCALE
    if command.quantity > QUANTITY_MAX or 2 * worth > AMOUNT_MAX:
        detail = f"quantity: {command.quantity // QUANTITY_SCALE} of {command.symbol} is more than an account can count"
        raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, detail, quantity=str(command.quantity // QUANTITY_SCALE))


def _check_bracket(side: str, stop: str | None, target: str | None) -> None:
    if (stop, target) == (None, None):
        return
    if stop is None or target is None:
        return
    if side == "BUY" and _price(stop) >= _price(target):
        raise ValueError(f"stop_price {stop} is not below target_price {target}")
    if side == "SELL" and _price(stop) <= _price(target):
        raise ValueError(f"stop_price {stop} is not above target_price {target}, as those of a short position are")


def _refuse_idle_bracket(side: str, stop: str | None, target: str | None, allow_short: bool) -> None:
    if side == "SELL" and (stop, target) != (None, None) and not allow_short:
        detail = "stop_price, target_price: a bracket guards what is opened; without risk.allowShort a sale has none"
        raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, detail)


def _lots(text: str, instrument: Instrument) -> int:
    quantity = to_units(text, QUANTITY_SCALE)
    if quantity % instrument.lot:
        lot = instrument.lot / QUANTITY_SCALE
        detail = f"quantity: {text} is not a multiple of the lot {lot:g} of {instrument.symbol}"
        raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, detail, quantity=text, lot=f"{lot:g}")
    return quantity


def _price(text: str | None) -> int:
    return 0 if text is None else to_units(text, PRICE_SCALE)


def _named(uid: UUID, key: str | None) -> UUID:
    return uuid5(uid, f"command|{key}")


def _fingerprint(what: str, wanted: BaseModel) -> str:
    """Return the same text for the same request, however its numbers are written."""
    # What takes a bracket away is given as null; what is left out is not there.
    fields: dict[str, Any] = wanted.model_dump(mode="json", exclude_unset=True)
    for name, scale in (("quantity", QUANTITY_SCALE), ("stop_price", PRICE_SCALE), ("target_price", PRICE_SCALE)):
        if fields.get(name) is not None:
            fields[name] = to_units(fields[name], scale)
    return sha256(json.dumps([what, fields], sort_keys=True).encode()).hexdigest()
