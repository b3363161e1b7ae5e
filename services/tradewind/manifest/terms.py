"""On which terms a strategy trades: instrument, sizes, limits, orders, account and broker."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from tradewind.manifest.cel import Rule, held, holds
from tradewind.manifest.values import Cash, Cost, Duration, Fee, Limit, Model, Price, Quantity


class InstrumentSpec(Model):
    """How the symbols are counted: the least quantity and its step, and the least step of a price."""

    lot: Quantity = "1"
    """The least quantity that a signal buys, and its step."""
    tick: Price = "0.01"
    """The step of limit and stop prices, and of slippage in ticks."""


class Sizing(Model):
    """What a purchase is worth: a fraction of the equity (20% unless given), or a fixed amount of money.

    With a volatility that a position is to bring to the account, or a part of Kelly's share, the fraction is the most.
    """

    model_config = held(
        Rule(
            "!(has(self.fraction) && has(self.notional))",
            "fraction and notional are two ways to say what a purchase is worth: give either",
        ),
        Rule(
            "[has(self.notional), has(self.targetVolatility), has(self.kelly)].filter(given, given).size() <= 1",
            "notional, targetVolatility and kelly exclude each other: give one; the last two take fraction beside them",
        ),
        Rule("!has(self.kellyTrades) || has(self.kelly)", "kellyTrades is nothing without kelly: give kelly too"),
    )

    fraction: Limit | None = None
    """What a purchase is worth as a share of the equity; 20% unless notional is given."""
    notional: Cash | None = None
    """A fixed amount in the fraction's place, in the account's currency."""
    target_volatility: Limit | None = None
    """The volatility of a year that a position is to bring to the account; the fraction is the most."""
    kelly: Limit | None = None
    """The part of Kelly's share that is bought, by the account's own closed trades."""
    kelly_trades: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    """Closed trades from which on Kelly's share counts, 20 unless given; with fewer, the fraction does."""

    @model_validator(mode="before")
    @classmethod
    def _a_fraction_unless_given(cls, given: Any) -> Any:
        return {"fraction": "20%", **given} if isinstance(given, dict) and "notional" not in given else given

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.fraction is None) == (self.notional is None):
            raise ValueError("give either fraction or notional")
        ways = [self.notional, self.target_volatility, self.kelly]
        if sum(way is not None for way in ways) > 1:
            raise ValueError(
                "give one of notional, targetVolatility and kelly; the last two have fraction as their most"
            )
        if self.kelly_trades is not None and self.kelly is None:
            raise ValueError("kellyTrades is nothing without kelly")
        return self


class Risk(Model):
    """Limits in shares of equity, exits in shares of the average price; what is left out is off."""

    max_position: Limit | None = None
    """The money put into one symbol."""
    max_concentration: Limit | None = None
    """One symbol's marked value."""
    stop_loss: Limit | None = None
    """Closes a position that has lost so much of its average price."""
    take_profit: Limit | None = None
    """Closes a position that has gained so much of its average price."""
    trailing_stop: Limit | None = None
    """How far behind its best price since it was opened a position is closed."""
    max_daily_loss: Limit | None = None
    """The loss since the session before that stops purchases for the rest of the session."""
    max_order_notional: Cash | None = None
    """The most that one purchase may be worth, in the account's currency."""
    allow_short: bool = False
    """Whether a sale may open a position where none is held."""
    cool_down: Duration | None = None
    """How long after a stop nothing of the symbol is bought, in the feed's own time."""
    orders_per_minute: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    """Orders in one minute of bar time; the purchase that passes it stops purchases for the rest of the session."""


class Execution(Model):
    """What a signal orders, and for how long it works."""

    model_config = held(
        Rule(
            "(self.orderType in ['Limit', 'StopLimit']) == has(self.limitOffset)",
            "limitOffset is of orderType Limit or StopLimit, which need it: give it there and leave it out elsewhere",
        ),
        Rule(
            "(self.orderType in ['Stop', 'StopLimit']) == has(self.stopOffset)",
            "stopOffset is of orderType Stop or StopLimit, which need it: give it there and leave it out elsewhere",
        ),
        Rule(
            "self.timeInForce != 'IOC' || !has(self.stopOffset)",
            "timeInForce IOC can't wait for a stop: use GTC or DAY with orderType Stop or StopLimit",
        ),
    )

    max_signal_age: Duration = "7d"
    """How long an order without a price of its own waits for its next bar, in the feed's own time."""
    order_type: Literal["Market", "Limit", "Stop", "StopLimit"] = "Market"
    """What a signal orders."""
    limit_offset: Cost | None = None
    """How much better than the close a Limit's price is; how far past its stop a StopLimit's."""
    stop_offset: Cost | None = None
    """How far past the close the price has to go for a Stop or StopLimit to work."""
    time_in_force: Literal["GTC", "DAY", "IOC"] = "GTC"
    """Until it is canceled; for the first session that it meets; at its first bar's open alone."""
    reverse: bool = False
    """Whether a signal against a position turns it round in one order, instead of only closing it."""

    @model_validator(mode="after")
    def _prices_that_count(self) -> Self:
        wanted = {
            "limitOffset": (self.limit_offset, self.order_type in ("Limit", "StopLimit")),
            "stopOffset": (self.stop_offset, self.order_type in ("Stop", "StopLimit")),
        }
        for field, (given, counts) in wanted.items():
            if counts and given is None:
                raise ValueError(f"an order of type {self.order_type} needs {field}")
            if given is not None and not counts:
                raise ValueError(f"an order of type {self.order_type} has no {field}")
        if self.time_in_force == "IOC" and self.stop_offset is not None:
            raise ValueError(f"an order of type {self.order_type} waits for its stop, so it can't be IOC")
        return self


class AccountSpec(Model):
    """The cash account that a strategy starts with."""

    currency: Annotated[
        str,
        Field(
            max_length=3,
            pattern=r"^[A-Z]{3}$",
            json_schema_extra=holds(
                Rule("self.matches('^[A-Z]{3}$')", "must be a currency's three capital letters: write it as USD")
            ),
        ),
    ] = "USD"
    """Three letters."""
    initial_cash: Cash
    """What the account starts with, at most 10^12."""


class Broker(Model):
    """Who fills the orders, and what that costs; costs are not zero unless the manifest says so.

    An order's fee is its notional's, its units' and its own added up, at least the minimum.
    """

    type: Literal["Paper"]
    """Paper: fills at the feed's own bars."""
    fee: Cost = "0.05%"
    """A share of each fill's notional. Below 10%."""
    fee_per_unit: Fee | None = None
    """For each unit that fills."""
    fee_per_order: Fee | None = None
    """For each order that fills."""
    min_fee: Fee | None = None
    """The least that an order which fills costs."""
    slippage: Cost = "0.02%"
    """By how much a market order fills worse. Below 10%."""
    slippage_ticks: Annotated[int, Field(ge=0, le=1_000)] = 0
    """Ticks by which a fill is worse, on top of the rate."""
    max_participation: Limit | None = None
    """The share of a bar's volume that one order may fill; the rest waits for the next bar."""
    borrow_rate: Cost = "3%"
    """What a short position costs in a year, a share of its marked value; only where risk.allowShort."""
