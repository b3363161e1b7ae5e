"""Routes of the backtest service."""

import traceback
from datetime import UTC, datetime, time, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict, ValidationError

from tradewind.backtest.history import BarOrderError
from tradewind.backtest.metrics import measure
from tradewind.backtest.report import (
    NoBarsError,
    NoSignalsError,
    Report,
    backtest_recorded,
    backtest_rule,
    compiles_its_signals,
    metrics_document,
    trade_document,
)
from tradewind.backtest.simulator import HistoryError
from tradewind.backtest.trades import closed_trades
from tradewind.domain.money import MONEY_SCALE, to_decimal
from tradewind.domain.orders import Side
from tradewind.manifest.load import ManifestError, parse_resource
from tradewind.manifest.resources import Backtest, BacktestSpec, TradingStrategy
from tradewind.runtime.problems import ProblemError
from tradewind.signals.check import check_signal
from tradewind.signals.columns import BarColumns
from tradewind.signals.documents import strategy_documents
from tradewind.signals.parameters import SignalError
from tradewind.store.database import Connection, Pool
from tradewind.store.desk import read_portfolio_stats
from tradewind.store.journal import (
    frozen,
    read_actions,
    read_cash,
    read_fills,
    read_recorded_sides,
    read_registered_signal,
    read_snapshots,
)
from tradewind.store.market_data import read_bar_columns, read_stored_actions

SOURCES: Final = {"Replay": "REPLAY"}
"""Under which name each feed's bars are stored."""


class BacktestRequest(BaseModel):
    """What to test: a TradingStrategy or a Backtest; the service's own strategy when left out."""

    model_config = ConfigDict(extra="forbid")

    manifest: dict[str, Any] | None = None


def add_routes(app: FastAPI, pool: Pool, own: TradingStrategy) -> None:
    """Add POST /backtest, GET /backtest/portfolio-stats and GET /backtest/strategies."""

    @app.post("/backtest", tags=["backtest"])
    def run_backtest(request: BacktestRequest | None = None) -> dict[str, Any]:
        """Backtest a strategy on the stored bars: a rule on its own signals, a model on those on record."""
        manifest = None if request is None else request.manifest
        strategy = own if manifest is None else _strategy_of(manifest, own)
        with pool.connection() as connection:
            return _backtest(connection, strategy).document()

    @app.get("/backtest/portfolio-stats", tags=["backtest"])
    def portfolio_stats() -> dict[str, Any]:
        """Say how the live account is doing: the ledger's statistics and the metrics of its snapshots and fills."""
        with pool.connection() as connection:
            return _portfolio_stats(connection, own)

    @app.get("/backtest/strategies", tags=["backtest"])
    def strategies() -> dict[str, Any]:
        """List what a manifest may name as its signal's model, with parameters and their bounds."""
        try:
            return {"strategies": strategy_documents()}
        except SignalError as error:
            raise _signal_problem(error, HTTPStatus.INTERNAL_SERVER_ERROR) from None


def _signal_problem(error: SignalError, status: HTTPStatus = HTTPStatus.UNPROCESSABLE_ENTITY) -> ProblemError:
    """Return what the caller is told of a signal that can't work, with the traceback of a plug-in's own code."""
    cause = error.__cause__
    if cause is None:
        return ProblemError(status, str(error))
    return ProblemError(status, str(error), traceback="".join(traceback.format_exception(cause)))


def _strategy_of(manifest: dict[str, Any], own: TradingStrategy) -> TradingStrategy:
    """Return the strategy that a manifest asks to test; a Backtest may refer to the service's own."""
    try:
        resource = parse_resource(manifest, Path("manifest"))
        if isinstance(resource, Backtest):
            _refuse_search(resource.spec)
        strategy = resource.strategy((own,)) if isinstance(resource, Backtest) else resource
        check_signal(strategy.spec.signal.model, strategy.spec.signal.parameters, strategy.spec.symbols)
    except ManifestError as error:
        problems = [{"field": p.field, "message": p.message} for p in error.problems]
        raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, str(error), errors=problems) from None
    except ValidationError as error:
        problems = [{"field": "spec.window", "message": e["msg"]} for e in error.errors()]
        detail = "; ".join(f"spec.window: {e['msg']}" for e in error.errors())
        raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, detail, errors=problems) from None
    except SignalError as error:
        raise _signal_problem(error) from None
    except LookupError as error:
        raise ProblemError(HTTPStatus.NOT_FOUND, str(error.args[0])) from None
    return strategy


def _refuse_search(spec: BacktestSpec) -> None:
    for field, asked in (("walkForward", spec.walk_forward), ("sweep", spec.sweep)):
        if asked is not None:
            problem = {"field": f"spec.{field}", "message": "is run by `tradewind backtest` alone"}
            detail = f"{problem['field']} {problem['message']}"
            raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, detail, errors=[problem])


def _backtest(connection: Connection, strategy: TradingStrategy) -> Report:
    try:
        with frozen(connection):
            bars = _stored_bars(connection, strategy)
            actions = read_stored_actions(connection, SOURCES[strategy.spec.feed.source], strategy.spec.symbols)
            sides = None if compiles_its_signals(strategy) else _recorded_sides(connection, strategy)
        if sides is None:
            return backtest_rule(strategy, bars, actions)
        return backtest_recorded(strategy, bars, sides, actions)
    except SignalError as error:
        raise _signal_problem(error) from None
    except NoBarsError as error:
        raise ProblemError(HTTPStatus.NOT_FOUND, str(error), symbols=list(error.symbols)) from None
    except NoSignalsError as error:
        raise ProblemError(HTTPStatus.CONFLICT, str(error), model=error.model) from None
    except (HistoryError, BarOrderError, ArithmeticError) as error:
        detail = "; ".join([str(error), *getattr(error, "__notes__", [])])
        raise ProblemError(HTTPStatus.CONFLICT, f"the stored bars can't be simulated: {detail}") from None


def _recorded_sides(connection: Connection, strategy: TradingStrategy) -> dict[tuple[str, datetime], Side]:
    """Return the strategy's signals on record; those of another signal under the same name are not its own."""
    strategy_id, signal = str(strategy.id), strategy.spec.signal
    registered = read_registered_signal(connection, strategy_id)
    if registered is not None and registered != signal.model_dump(mode="json", by_alias=True, exclude_none=True):
        raise NoSignalsError(strategy_id, signal.model, "with these parameters")
    return read_recorded_sides(connection, strategy_id, strategy.spec.feed.interval)


def _stored_bars(connection: Connection, strategy: TradingStrategy) -> dict[str, BarColumns]:
    spec = strategy.spec
    midnight = time(tzinfo=UTC)
    after = datetime.combine(spec.feed.replay.from_, midnight)
    # A bar that closes at midnight belongs to the day before.
    through = datetime.combine(spec.feed.replay.to, midnight) + timedelta(days=1)
    source = SOURCES[spec.feed.source]
    return {s: read_bar_columns(connection, source, s, spec.feed.interval, after, through) for s in spec.symbols}


def _portfolio_stats(connection: Connection, strategy: TradingStrategy) -> dict[str, Any]:
    strategy_id = str(strategy.id)
    with frozen(connection):
        cash = read_cash(connection, strategy_id)
        if cash is None:
            raise ProblemError(HTTPStatus.NOT_FOUND, f"the ledger holds no account of {strategy_id}")
        stats = read_portfolio_stats(connection, strategy_id)
        snapshots, fills = read_snapshots(connection, strategy_id), read_fills(connection, strategy_id)
        actions = read_actions(connection, strategy_id)
    trades = closed_trades(fills, actions)
    metrics = measure(cash.initial, snapshots, trades, strategy.spec.instruments[0].sessions_per_year)
    return {
        "strategy_id": strategy_id,
        "currency": strategy.spec.account.currency,
        "account": stats,
        "metrics": metrics_document(metrics),
        "trades": [trade_document(trade) for trade in trades],
        "equity": [{"time": s.time.isoformat(), "equity": str(to_decimal(s.equity, MONEY_SCALE))} for s in snapshots],
    }
