"""The two resources of `tradewind.dev/v1alpha1`."""

from datetime import date
from typing import Annotated, Any, Final, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from tradewind.domain.identity import StrategyId, local_uid
from tradewind.domain.instruments import Instrument
from tradewind.domain.money import MONEY_SCALE, PRICE_SCALE, QUANTITY_SCALE, RATE_SCALE, parse_rate, to_units
from tradewind.domain.rules import codes
from tradewind.domain.rules.book import Rules
from tradewind.domain.rules.volatility import rate_per_bar
from tradewind.manifest.trials import Sweep, WalkForward
from tradewind.manifest.values import (
    Cash,
    Cost,
    Duration,
    Fee,
    Limit,
    Model,
    ObjectName,
    Price,
    Quantity,
    Symbol,
    parse_duration,
)

API_VERSION = "tradewind.dev/v1alpha1"


def _text(value: object) -> object:
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _unique(symbols: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(symbols)) != len(symbols):
        raise ValueError("a symbol is named twice")
    return tuple(sorted(symbols))


class Metadata(Model):
    """Name and namespace; the uid is the API server's, or made from both on a laptop."""

    name: ObjectName
    namespace: ObjectName = "default"
    uid: UUID | None = None


class Replay(Model):
    """Which sessions of the shipped data set are replayed: `from` to `to`, both included, traded since `tradeFrom`."""

    from_: Annotated[date, Field(alias="from")]
    trade_from: date
    to: date

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.from_ < self.trade_from <= self.to:
            raise ValueError(f"from < tradeFrom <= to does not hold: {self.from_}, {self.trade_from}, {self.to}")
        return self


class Feed(Model):
    """Where the bars come from."""

    source: Literal["Replay"]
    interval: Literal["1d"]
    replay: Replay


class AnomalyGuard(Model):
    """Turns the signal on an anomalous bar into HOLD; contamination is the share of bars expected to be anomalous."""

    contamination: Limit

    @model_validator(mode="after")
    def _at_most_half(self) -> Self:
        if parse_rate(self.contamination) > RATE_SCALE // 2:
            raise ValueError(f"contamination {self.contamination} is above 50%")
        return self


class Signal(Model):
    """What decides: the model LSTM, or a rule strategy by name; parameters are checked against its own bounds."""

    model: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9]{0,62}$")]
    parameters: Annotated[
        dict[
            Annotated[str, Field(pattern=r"^[a-z][A-Za-z0-9]{0,31}$")],
            Annotated[str, BeforeValidator(_text), Field(max_length=32)],
        ],
        Field(max_length=32, default_factory=dict),
    ]
    anomaly_guard: AnomalyGuard | None = None


class Sizing(Model):
    """What a purchase is worth: a fraction of the equity (20% unless given), or a fixed amount of money.

    With a volatility that a position is to bring to the account, or a part of Kelly's share, the fraction is the most.
    """

    fraction: Limit | None = None
    notional: Cash | None = None
    target_volatility: Limit | None = None
    """Of a year."""
    kelly: Limit | None = None
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


class InstrumentSpec(Model):
    """How the symbols are counted: the least quantity and its step, and the least step of a price."""

    lot: Quantity = "1"
    tick: Price = "0.01"


class Risk(Model):
    """Limits in shares of equity, exits in shares of the average price; what is left out is off."""

    max_position: Limit | None = None
    """The money put into one symbol."""
    max_concentration: Limit | None = None
    """One symbol's marked value."""
    stop_loss: Limit | None = None
    take_profit: Limit | None = None
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

    max_signal_age: Duration = "7d"
    """How long an order without a price of its own waits for its next bar, in the feed's own time."""
    order_type: Literal["Market", "Limit", "Stop", "StopLimit"] = "Market"
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

    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "USD"
    initial_cash: Cash


class Broker(Model):
    """Who fills the orders, and what that costs; costs are not zero unless the manifest says so.

    An order's fee is its notional's, its units' and its own added up, at least the minimum.
    """

    type: Literal["Paper"]
    fee: Cost = "0.05%"
    fee_per_unit: Fee | None = None
    fee_per_order: Fee | None = None
    min_fee: Fee | None = None
    slippage: Cost = "0.02%"
    slippage_ticks: Annotated[int, Field(ge=0, le=1_000)] = 0
    """Ticks by which a fill is worse, on top of the rate."""
    max_participation: Limit | None = None
    """The share of a bar's volume that one order may fill; the rest waits for the next bar."""
    borrow_rate: Cost = "3%"
    """What a short position costs in a year, a share of its marked value; only where risk.allowShort."""


class StrategySpec(Model):
    """What a desk does."""

    symbols: Annotated[tuple[Symbol, ...], Field(min_length=1, max_length=100), AfterValidator(_unique)]
    feed: Feed
    signal: Signal
    instrument: InstrumentSpec = InstrumentSpec()
    sizing: Sizing = Sizing()
    risk: Risk = Risk()
    execution: Execution = Execution()
    account: AccountSpec
    broker: Broker
    trading_state: Literal["Active", "Reducing", "Halted"] = "Active"
    """The manifest's side; the strictest of this, a person's and an automatic halt's is in force."""

    @model_validator(mode="after")
    def _reversible(self) -> Self:
        if self.execution.reverse and not self.risk.allow_short:
            raise ValueError("execution.reverse needs risk.allowShort: a position is turned round into a short one")
        return self

    @property
    def initial_cash(self) -> int:
        """Initial cash in money units."""
        return to_units(self.account.initial_cash, MONEY_SCALE)

    @property
    def instruments(self) -> tuple[Instrument, ...]:
        """The symbols as instruments, in ascending order."""
        lot = to_units(self.instrument.lot, QUANTITY_SCALE)
        tick = to_units(self.instrument.tick, PRICE_SCALE)
        return tuple(Instrument(symbol, lot, tick) for symbol in self.symbols)

    def rules(self) -> Rules:
        """Return the strategy's limits and costs in the rule book's units."""
        instrument = self.instruments[0]
        return Rules(
            fraction=_rate(self.sizing.fraction),
            max_position=_rate(self.risk.max_position),
            max_concentration=_rate(self.risk.max_concentration),
            stop_loss=_rate(self.risk.stop_loss),
            take_profit=_rate(self.risk.take_profit),
            max_daily_loss=_rate(self.risk.max_daily_loss),
            fee_rate=parse_rate(self.broker.fee),
            slippage=parse_rate(self.broker.slippage),
            lot=instrument.lot,
            max_signal_age=_micros(self.execution.max_signal_age),
            max_order_notional=_money(self.risk.max_order_notional),
            orders_per_minute=self.risk.orders_per_minute or 0,
            max_participation=_rate(self.broker.max_participation),
            slippage_points=self.broker.slippage_ticks * instrument.tick,
            fee_per_unit=_money(self.broker.fee_per_unit),
            fee_per_order=_money(self.broker.fee_per_order),
            min_fee=_money(self.broker.min_fee),
            trailing_stop=_rate(self.risk.trailing_stop),
            cool_down=_micros(self.risk.cool_down),
            notional=_money(self.sizing.notional),
            order_type=_ORDER_TYPES[self.execution.order_type],
            time_in_force=_TIMES_IN_FORCE[self.execution.time_in_force],
            limit_offset=_rate(self.execution.limit_offset),
            stop_offset=_rate(self.execution.stop_offset),
            tick=instrument.tick,
            allow_short=int(self.risk.allow_short),
            borrow_rate=parse_rate(self.broker.borrow_rate) if self.risk.allow_short else 0,
            reverse=int(self.execution.reverse),
            target_volatility=_rate_per_bar(self.sizing.target_volatility, instrument.sessions_per_year),
            kelly=_rate(self.sizing.kelly),
            kelly_trades=(self.sizing.kelly_trades or _KELLY_TRADES) if self.sizing.kelly else 0,
        )


class TradingStrategy(Model):
    """A trading desk in one manifest."""

    api_version: Literal["tradewind.dev/v1alpha1"]
    kind: Literal["TradingStrategy"]
    metadata: Metadata
    spec: StrategySpec

    @property
    def id(self) -> StrategyId:
        """The identity that groups, keys and ledger rows carry."""
        meta = self.metadata
        return StrategyId(meta.namespace, meta.name, meta.uid or local_uid(meta.namespace, meta.name))


class StrategyReference(Model):
    """A TradingStrategy by name, in the same namespace (or in the same file)."""

    name: ObjectName


class BacktestSpec(Model):
    """A strategy inline or by reference, and the window to test it in (the strategy's own when left out).

    With a sweep, parameters are tried out; with walkForward, they are picked in each fold's past and judged afterwards.
    """

    strategy: StrategySpec | None = None
    strategy_ref: StrategyReference | None = None
    window: Replay | None = None
    walk_forward: WalkForward | None = None
    sweep: Sweep | None = None
    baselines: Annotated[tuple[Literal["BuyAndHold"], ...], Field(min_length=1, max_length=1)] = ("BuyAndHold",)
    """What the result is held against."""

    @model_validator(mode="after")
    def _one_strategy(self) -> Self:
        if (self.strategy is None) == (self.strategy_ref is None):
            raise ValueError("give either strategy or strategyRef")
        return self


class Backtest(Model):
    """One test of a strategy on history."""

    api_version: Literal["tradewind.dev/v1alpha1"]
    kind: Literal["Backtest"]
    metadata: Metadata
    spec: BacktestSpec

    def strategy(self, strategies: tuple[TradingStrategy, ...]) -> TradingStrategy:
        """Return the strategy to test, with the backtest's window.

        Raises:
            LookupError: the referenced strategy is not among those given.
        """
        metadata, spec = self.metadata, self.spec.strategy
        if self.spec.strategy_ref is not None:
            name = self.spec.strategy_ref.name
            found = [s for s in strategies if (s.metadata.name, s.metadata.namespace) == (name, metadata.namespace)]
            if not found:
                raise LookupError(f"no TradingStrategy {name!r} in namespace {metadata.namespace!r}")
            metadata, spec = found[0].metadata, found[0].spec
        assert spec is not None
        if self.spec.window is not None:
            spec = spec.model_copy(update={"feed": spec.feed.model_copy(update={"replay": self.spec.window})})
        return TradingStrategy(api_version=API_VERSION, kind="TradingStrategy", metadata=metadata, spec=spec)


_ORDER_TYPES: Final = {
    "Market": codes.MARKET,
    "Limit": codes.LIMIT_ORDER,
    "Stop": codes.STOP_ORDER,
    "StopLimit": codes.STOP_LIMIT,
}
_TIMES_IN_FORCE: Final = {"GTC": codes.GTC, "DAY": codes.DAY, "IOC": codes.IOC}
_KELLY_TRADES: Final = 20


def _rate_per_bar(text: str | None, bars: int) -> int:
    return 0 if text is None else rate_per_bar(parse_rate(text), bars)


def _rate(text: str | None) -> int:
    return 0 if text is None else parse_rate(text)


def _money(text: str | None) -> int:
    return 0 if text is None else to_units(text, MONEY_SCALE)


def _micros(text: str | None) -> int:
    return 0 if text is None else int(parse_duration(text).total_seconds()) * 1_000_000
