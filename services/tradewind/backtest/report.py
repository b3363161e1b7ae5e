"""One backtest from bars and signals to its report."""

import hashlib
import platform
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from importlib.metadata import version
from typing import Any, Final

import numpy as np

from tradewind import __version__
from tradewind.backtest.agreement import order_naming, orders_of
from tradewind.backtest.baseline import buy_and_hold
from tradewind.backtest.bootstrap import SEED
from tradewind.backtest.coverage import Coverage, coverage_of
from tradewind.backtest.curve import Curve
from tradewind.backtest.history import Bars, build_history, in_window, read_columns, rule_history
from tradewind.backtest.metrics import Metrics, measure
from tradewind.backtest.simulator import History, simulate
from tradewind.backtest.tables import by_exit_reason, by_symbol
from tradewind.backtest.trades import (
    FILLS,
    PNL,
    ClosedTrade,
    action_rows,
    fill_rows,
    round_trips,
    to_trades,
    traded_of,
)
from tradewind.domain.bars import CorporateAction, from_micros, to_micros
from tradewind.domain.money import MONEY_SCALE, PRICE_SCALE, QUANTITY_SCALE, to_decimal
from tradewind.domain.orders import OrderEvent, OrderStatus, Side
from tradewind.domain.rules.book import FEE
from tradewind.manifest.resources import TradingStrategy
from tradewind.signals.catalog import RULES
from tradewind.signals.columns import BarColumns
from tradewind.store.journal import Journal, Snapshot

PRICES: Final = ("open", "high", "low", "close", "volume")


class NoBarsError(LookupError):
    """A symbol has no bar in the window that is to be traded."""

    def __init__(self, symbols: Sequence[str]) -> None:
        super().__init__(f"no bars of {', '.join(symbols)} are stored for the strategy's window")
        self.symbols = symbols


class NoSignalsError(LookupError):
    """A model's signals are not on record, and a backtest does not make them up."""

    def __init__(self, strategy_id: str, model: str, lacking: str = "in the strategy's window") -> None:
        super().__init__(
            f"{model} has no signals on record for {strategy_id} {lacking}; they are recorded while the strategy runs, "
            "and this service does not train: `tradewind backtest -f` does"
        )
        self.strategy_id = strategy_id
        self.model = model


@dataclass(frozen=True)
class Report:
    """What a backtest found. The curve is the account after each instant; money in it is in units of 10^-4."""

    strategy_id: str
    model: str
    currency: str
    first: datetime
    last: datetime
    counts: Mapping[str, int]
    coverage: Mapping[str, Coverage]
    final_cash: Decimal
    fees: Decimal
    borrow_fees: Decimal
    """What of the fees shorts owed for their borrow; it is in no trade's."""
    positions: Mapping[str, Decimal]
    metrics: Metrics
    baseline: Metrics
    trades: Sequence[ClosedTrade]
    curve: Sequence[Snapshot]
    baseline_curve: Sequence[Snapshot]
    manifest: Mapping[str, Any]
    history: History

    def document(self) -> dict[str, Any]:
        """Return the report as JSON's types: amounts as text, ratios as numbers, times in ISO 8601."""
        return {
            "strategy_id": self.strategy_id,
            "model": self.model,
            "currency": self.currency,
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "counts": dict(self.counts),
            "data": {symbol: each.document() for symbol, each in self.coverage.items()},
            "final_cash": str(self.final_cash),
            "fees": str(self.fees),
            "borrow_fees": str(self.borrow_fees),
            "positions": {symbol: str(quantity) for symbol, quantity in self.positions.items()},
            "metrics": metrics_document(self.metrics),
            "baseline": metrics_document(self.baseline),
            "by_symbol": by_symbol(self.trades),
            "by_exit_reason": by_exit_reason(self.trades),
            "trades": [trade_document(trade) for trade in self.trades],
            "equity": _points(self.curve),
            "baseline_equity": _points(self.baseline_curve),
            "manifest": dict(self.manifest),
            "provenance": {
                "data_fingerprint": data_fingerprint(self.history),
                "bootstrap_seed": SEED,
                "tradewind": __version__,
                "python": platform.python_version(),
                "numpy": version("numpy"),
                "numba": version("numba"),
            },
        }


def _points(curve: Sequence[Snapshot]) -> list[dict[str, str]]:
    return [{"time": point.time.isoformat(), "equity": str(to_decimal(point.equity, MONEY_SCALE))} for point in curve]


def data_fingerprint(history: History) -> str:
    """Return a hash of what was traded on: symbols, closes, bars, splits and dividends; signals are not part of it."""
    digest = hashlib.sha256(",".join(history.symbols).encode())
    for name in ("time", "present", *PRICES, "split_numerator", "split_denominator", "dividend"):
        digest.update(name.encode())
        digest.update(np.ascontiguousarray(getattr(history, name), "<i8").tobytes())
    return digest.hexdigest()


def metrics_document(metrics: Metrics) -> dict[str, Any]:
    """Return metrics as JSON's types: money as text, ratios as numbers, what is undefined as null."""
    return {name: str(value) if isinstance(value, Decimal) else value for name, value in asdict(metrics).items()}


def trade_document(trade: ClosedTrade) -> dict[str, str]:
    """Return a closed trade as JSON's types."""
    return {
        "symbol": trade.symbol,
        "entry_time": trade.entry_time.isoformat(),
        "exit_time": trade.exit_time.isoformat(),
        "quantity": str(to_decimal(trade.quantity, QUANTITY_SCALE)),
        "entry_price": str(to_decimal(trade.entry_price, PRICE_SCALE)),
        "exit_price": str(to_decimal(trade.exit_price, PRICE_SCALE)),
        "fees": str(to_decimal(trade.fees, MONEY_SCALE)),
        "pnl": str(to_decimal(trade.pnl, MONEY_SCALE)),
        "exit_reason": trade.exit_reason.value,
        "side": trade.side.name,
    }


def compiles_its_signals(strategy: TradingStrategy) -> bool:
    """Whether a backtest makes the signals itself: a rule's, unless a trained anomaly guard holds some of them."""
    return strategy.spec.signal.model in RULES and strategy.spec.signal.anomaly_guard is None


def backtest_rule(
    strategy: TradingStrategy, bars: Mapping[str, Bars], actions: Sequence[CorporateAction] = ()
) -> Report:
    """Backtest a rule strategy on raw bars, by symbol and ascending; its signals are compiled from its own step.

    It knows no anomaly guard: see `compiles_its_signals`.

    Raises:
        KeyError: the model is not a rule.
        ParameterError: a parameter of the rule is wrong.
        NoBarsError: a symbol has no bar to trade.
        BarOrderError, HistoryError: the bars can't be simulated.
    """
    spec = strategy.spec
    rule = RULES[spec.signal.model]
    parameters = rule.read(spec.signal.parameters)
    columns = read_columns(spec.symbols, bars)
    _traded(strategy, columns)
    return report(strategy, rule_history(spec.symbols, columns, rule, parameters, spec.feed.replay, actions), actions)


def backtest_recorded(
    strategy: TradingStrategy,
    bars: Mapping[str, Bars],
    sides: Mapping[tuple[str, datetime], Side],
    actions: Sequence[CorporateAction] = (),
) -> Report:
    """Backtest on bars and the signals on record for them; a bar without one holds.

    Raises:
        NoBarsError: a symbol has no bar to trade.
        NoSignalsError: no signal is on record for any of the bars.
        BarOrderError, HistoryError: the bars can't be simulated.
    """
    traded = _traded(strategy, read_columns(strategy.spec.symbols, bars))
    on_record = {symbol: set(rows.time.tolist()) for symbol, rows in traded.items()}
    if not any(to_micros(close) in on_record.get(symbol, ()) for symbol, close in sides):
        raise NoSignalsError(str(strategy.id), strategy.spec.signal.model)
    return report(strategy, build_history(strategy.spec.symbols, traded, sides, actions=actions), actions)


def report(strategy: TradingStrategy, history: History, actions: Sequence[CorporateAction] = ()) -> Report:
    """Simulate a history that has at least one instant, and measure the result."""
    spec = strategy.spec
    rules, initial_cash = spec.rules(), spec.initial_cash
    simulation = simulate(history, rules, initial_cash)
    name_order = order_naming(strategy, Journal({}, {}, {}, [], []))
    fills = fill_rows(simulation.rows)
    rows = round_trips(fills, action_rows(actions, history.symbols), len(history.symbols))
    curve = Curve(
        simulation.time, simulation.session, simulation.equity, simulation.cash, simulation.equity != simulation.cash
    )
    held = buy_and_hold(history, rules, initial_cash)
    sessions_per_year = spec.instruments[0].sessions_per_year
    return Report(
        strategy_id=str(strategy.id),
        model=spec.signal.model,
        currency=spec.account.currency,
        first=from_micros(int(history.time[0])),
        last=from_micros(int(history.time[-1])),
        counts=_counts(history, simulation.events(name_order)),
        coverage=coverage_of(history),
        final_cash=to_decimal(simulation.final_cash, MONEY_SCALE),
        fees=to_decimal(simulation.fees, MONEY_SCALE),
        borrow_fees=to_decimal(simulation.fees - int(simulation.rows[:, FEE].sum()), MONEY_SCALE),
        positions={s: to_decimal(q, QUANTITY_SCALE) for s, q in simulation.positions.items()},
        metrics=measure(initial_cash, curve, rows[:, PNL], sessions_per_year, held, traded_of(fills)),
        baseline=measure(initial_cash, held, [], sessions_per_year),
        trades=to_trades(rows, history.symbols),
        curve=curve,
        baseline_curve=held,
        manifest=strategy.model_dump(mode="json", by_alias=True, exclude_none=True),
        history=history,
    )


def _traded(strategy: TradingStrategy, bars: Mapping[str, BarColumns]) -> dict[str, BarColumns]:
    replay = strategy.spec.feed.replay
    traded = {symbol: in_window(rows, replay.trade_from, replay.to) for symbol, rows in bars.items()}
    lacking = [symbol for symbol, rows in traded.items() if not len(rows)]
    if lacking:
        raise NoBarsError(lacking)
    return traded


_WORKING: Final = (OrderStatus.ACCEPTED, OrderStatus.TRIGGERED, OrderStatus.PARTIALLY_FILLED)


def _counts(history: History, events: Sequence[OrderEvent]) -> dict[str, int]:
    orders = orders_of(events)
    outcomes = Counter(order.status for order in orders)
    origins = Counter(order.origin.value for order in orders if order.filled)
    return {
        "instants": len(history.time),
        "bars": int(history.present.sum()),
        "signals": int((history.side != 0).sum()),
        "orders": len(orders),
        "fills": sum(event.kind in FILLS for event in events),
        "denied": outcomes[OrderStatus.DENIED],
        "canceled": outcomes[OrderStatus.CANCELED],
        "expired": outcomes[OrderStatus.EXPIRED],
        "working": sum(outcomes[status] for status in _WORKING),
        "stop_losses": origins["STOP_LOSS"],
        "take_profits": origins["TAKE_PROFIT"],
        "trailing_stops": origins["TRAILING_STOP"],
    }
