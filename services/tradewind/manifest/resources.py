"""The two resources of `tradewind.dev/v1alpha1`."""

from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from tradewind.domain.identity import StrategyId, local_uid
from tradewind.domain.instruments import Instrument
from tradewind.domain.money import MONEY_SCALE, PRICE_SCALE, QUANTITY_SCALE, parse_rate, to_units
from tradewind.domain.rules import codes
from tradewind.domain.rules.book import Rules
from tradewind.domain.rules.volatility import rate_per_bar
from tradewind.manifest.cel import Rule, held, holds
from tradewind.manifest.feed import Feed, Replay
from tradewind.manifest.metadata import Metadata, StrategyReference
from tradewind.manifest.operation import Image, Resources
from tradewind.manifest.signal import Signal
from tradewind.manifest.terms import AccountSpec, Broker, Execution, InstrumentSpec, Risk, Sizing
from tradewind.manifest.trials import Sweep, WalkForward
from tradewind.manifest.values import Model, Symbol, parse_duration

API_VERSION = "tradewind.dev/v1alpha1"
MAX_PARALLELISM: Final = 256
"""The most that one Backtest works on at once."""
OPERATIONAL: Final = frozenset(
    {
        "spec.deletionPolicy",
        "spec.image",
        "spec.resources",
        "spec.signal.replicas",
        "spec.suspend",
        "spec.updateStrategy",
    }
)
"""Fields that say how a desk is run and nothing of what it does: they may change while the ledger stays as it is."""


def _unique(symbols: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(symbols)) != len(symbols):
        raise ValueError("a symbol is named twice")
    return tuple(sorted(symbols))


class StrategySpec(Model):
    """What a desk does, and how it is run."""

    model_config = held(
        Rule(
            "!self.execution.reverse || self.risk.allowShort",
            "execution.reverse turns a position round into a short one: set risk.allowShort, or leave reverse out",
        )
    )

    symbols: Annotated[
        tuple[Symbol, ...],
        Field(
            min_length=1,
            max_length=100,
            json_schema_extra=holds(
                Rule("self.all(x, self.exists_one(y, x == y))", "a symbol is named twice: name each once")
            ),
        ),
        AfterValidator(_unique),
    ]
    """What is traded: 1 to 100 symbols, each once."""
    feed: Feed
    """Where the bars come from."""
    signal: Signal
    """What decides."""
    instrument: InstrumentSpec = InstrumentSpec()
    """How the symbols are counted."""
    sizing: Sizing = Sizing()
    """What a purchase is worth."""
    risk: Risk = Risk()
    """Limits and exits; what is left out is off."""
    execution: Execution = Execution()
    """What a signal orders, and for how long it works."""
    account: AccountSpec
    """What the desk starts with."""
    broker: Broker
    """Who fills the orders, and what that costs."""
    trading_state: Literal["Active", "Reducing", "Halted"] = "Active"
    """The manifest's side; the strictest of this, a person's and an automatic halt's is in force."""
    suspend: bool = False
    """Stops every service and keeps all state: positions stay as they are, and go on when it is false again."""
    update_strategy: Literal["OnApproval", "Automatic"] = "OnApproval"
    """Whether a change restarts a desk that holds positions: Automatic does, OnApproval waits until it is approved."""
    deletion_policy: Literal["Orphan", "Flatten"] = "Orphan"
    """What becomes of open positions as the strategy is deleted: Orphan leaves them, Flatten closes them first."""
    resources: Resources | None = None
    """What each service is given in a cluster; the platform's defaults where left out."""
    image: Image | None = None
    """A plug-in's own image, for the ml and the backtest service, in place of the platform's."""

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
    """tradewind.dev/v1alpha1."""
    kind: Literal["TradingStrategy"]
    """TradingStrategy."""
    metadata: Metadata
    """Its name."""
    spec: StrategySpec
    """What the desk does, and how it is run."""

    @property
    def id(self) -> StrategyId:
        """The identity that groups, keys and ledger rows carry."""
        meta = self.metadata
        return StrategyId(meta.namespace, meta.name, meta.uid or local_uid(meta.namespace, meta.name))

    def cluster_only(self) -> tuple[str, ...]:
        """Return the fields given here that a cluster alone makes something of, as `spec.resources`."""
        spec = self.spec
        given = {
            "spec.updateStrategy": spec.update_strategy != "OnApproval",
            "spec.deletionPolicy": spec.deletion_policy != "Orphan",
            "spec.resources": spec.resources is not None,
            "spec.image": spec.image is not None,
            "spec.signal.replicas": spec.signal.replicas != 1,
        }
        return tuple(field for field, is_given in given.items() if is_given)


class BacktestSpec(Model):
    """A strategy inline or by reference, and the window to test it in (the strategy's own when left out).

    With a sweep, parameters are tried out; with walkForward, they are picked in each fold's past and judged afterwards.
    """

    model_config = held(
        Rule(
            "has(self.strategy) != has(self.strategyRef)",
            "a Backtest tests one strategy: give either strategy or strategyRef",
        )
    )

    strategy: StrategySpec | None = None
    """The strategy, whole, as a TradingStrategy's spec."""
    strategy_ref: StrategyReference | None = None
    """Or the TradingStrategy to test; its spec is taken as it is at the start."""
    window: Replay | None = None
    """Other sessions than the strategy's."""
    walk_forward: WalkForward | None = None
    """Folds that judge parameters on sessions after those that picked them."""
    sweep: Sweep | None = None
    """Parameters to try out."""
    baselines: Annotated[tuple[Literal["BuyAndHold"], ...], Field(min_length=1, max_length=1)] = ("BuyAndHold",)
    """What the result is held against."""
    parallelism: Annotated[int, Field(ge=1, le=MAX_PARALLELISM)] | None = None
    """The most trials or folds worked on at once: pods in a cluster, cores on a laptop; left out, all there are."""
    suspend: bool = False
    """Stops the work and starts none; what is done is kept. It may change."""
    ttl_seconds_after_finished: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None
    """Seconds after its end when the Backtest is deleted from its cluster; never where left out. It may change."""

    @model_validator(mode="after")
    def _one_strategy(self) -> Self:
        if (self.strategy is None) == (self.strategy_ref is None):
            raise ValueError("give either strategy or strategyRef")
        return self


class Backtest(Model):
    """One test of a strategy on history."""

    api_version: Literal["tradewind.dev/v1alpha1"]
    """tradewind.dev/v1alpha1."""
    kind: Literal["Backtest"]
    """Backtest."""
    metadata: Metadata
    """Its name."""
    spec: BacktestSpec
    """What is tested, and how."""

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
