"""Routes of the backtest service."""

import hashlib
import json
import time
import traceback
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Annotated, Any, Final, Self
from uuid import UUID

from fastapi import FastAPI, Header, Query, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from tradewind.backtest.history import BarOrderError
from tradewind.backtest.metrics import measure
from tradewind.backtest.report import NoBarsError, NoSignalsError, metrics_document, trade_document
from tradewind.backtest.simulator import HistoryError
from tradewind.backtest.stored import bars_of, require_signals, run_stored
from tradewind.backtest.tested import Tested, find_strategy, read_tested
from tradewind.backtest.trades import closed_trades
from tradewind.backtest.trials import SweepError
from tradewind.domain.money import MONEY_SCALE, to_decimal
from tradewind.manifest.load import ManifestError
from tradewind.manifest.resources import TradingStrategy
from tradewind.runtime.paging import cursor_of, position_of
from tradewind.runtime.problems import ProblemError, describe_problems, problem_response
from tradewind.signals.documents import strategy_documents
from tradewind.signals.parameters import SignalError
from tradewind.store.backtests import (
    BacktestPosition,
    KeyTakenError,
    Kind,
    QueueFullError,
    State,
    WantedBacktest,
    cancel_backtest,
    find_backtest,
    list_backtests,
    queue_backtest,
    read_backtest,
    read_document,
    record_backtest,
)
from tradewind.store.database import Connection, Pool
from tradewind.store.desk import read_portfolio_stats
from tradewind.store.journal import frozen, read_actions, read_cash, read_fills, read_snapshots
from tradewind.store.rows import Row

INVALID: Final = "What was asked for is not well formed; `errors` name the fields."
NO_RUN: Final = "There is no such backtest, or no account."
FULL_SECONDS: Final = "30"
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=128,
        description="Names the request: the same again does nothing twice and gives the first one's answer.",
    ),
]


class Progress(BaseModel):
    """How many trials are done, of how many; 0 of 0 before it is known."""

    done: int
    total: int


class BacktestRequest(BaseModel):
    """What to test: a manifest, or a registered strategy by its name; the service's own when both are left out."""

    model_config = ConfigDict(extra="forbid")

    manifest: dict[str, Any] | None = Field(
        default=None, description="A TradingStrategy, or a Backtest with sweep and walkForward."
    )
    strategy: str | None = Field(default=None, max_length=253, description="The name of a registered TradingStrategy.")

    @model_validator(mode="after")
    def _one(self) -> Self:
        if self.manifest is not None and self.strategy is not None:
            raise ValueError("give either a manifest or a strategy's name")
        return self


class RunDocument(BaseModel):
    """How a backtest is: `progress` counts trials, `result` is there once it has succeeded, `error` if it failed."""

    id: UUID
    name: str
    kind: Kind
    state: State
    progress: Progress
    requested_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    error: str | None
    traceback: str | None


class RunResult(RunDocument):
    """A backtest with what it found, as `tradewind backtest --json` prints it; null until it has succeeded."""

    result: dict[str, Any] | None


class RunsDocument(BaseModel):
    """A page of backtests, the newest first; `next` is the cursor of the page after, null on the last."""

    backtests: list[RunDocument]
    next: str | None


@dataclass(frozen=True)
class Limits:
    """How much is taken on: bars of a backtest that is run while its caller waits, and backtests that wait."""

    small: int
    queued: int


def add_routes(app: FastAPI, pool: Pool, own: TradingStrategy, limits: Limits) -> None:
    """Add the routes of backtests, GET /backtest/portfolio-stats and GET /backtest/strategies."""
    _add_running(app, pool, own, limits)

    @app.get("/backtest", tags=["backtest"], responses=describe_problems({HTTPStatus.UNPROCESSABLE_ENTITY: INVALID}))
    def backtests(
        state: State | None = None,
        limit: Annotated[int, Query(ge=1, le=1000, description="The most rows of a page.")] = 100,
        cursor: Annotated[
            str | None, Query(max_length=512, description="`next` of the page before; none for the first.")
        ] = None,
    ) -> RunsDocument:
        """List backtests of all services of the database, the newest first."""
        after: BacktestPosition | None = position_of(cursor, BacktestPosition)
        with pool.connection() as connection:
            page = list_backtests(connection, state, limit, after)
        return RunsDocument(backtests=[_run_document(row) for row in page.rows], next=cursor_of(page.position))

    @app.get(
        "/backtest/portfolio-stats", tags=["backtest"], responses=describe_problems({HTTPStatus.NOT_FOUND: NO_RUN})
    )
    def portfolio_stats(
        run: Annotated[UUID | None, Query(description="A backtest's id; the live account when left out.")] = None,
    ) -> dict[str, Any]:
        """Say how an account is doing, the live one or that of a backtest: statistics, metrics, trades and equity."""
        with pool.connection() as connection:
            return _portfolio_stats(connection, own) if run is None else _stats_of_run(connection, run)

    @app.get("/backtest/strategies", tags=["backtest"])
    def strategies() -> dict[str, Any]:
        """List what a manifest may name as its signal's model, with parameters and their bounds."""
        try:
            return {"strategies": strategy_documents()}
        except SignalError as error:
            raise _signal_problem(error, HTTPStatus.INTERNAL_SERVER_ERROR) from None

    # After the routes whose last part would be taken for an id.
    @app.get("/backtest/{backtest}", tags=["backtest"], responses=describe_problems({HTTPStatus.NOT_FOUND: NO_RUN}))
    def backtest_of(backtest: UUID) -> RunResult:
        """Say how a backtest is, and what it found."""
        with pool.connection() as connection:
            row = _read(connection, backtest)
            return RunResult(**_run_document(row).model_dump(), result=read_document(connection, backtest))

    @app.delete("/backtest/{backtest}", tags=["backtest"], responses=describe_problems({HTTPStatus.NOT_FOUND: NO_RUN}))
    def cancel(backtest: UUID) -> RunDocument:
        """Cancel a backtest that waits or runs, whose process is ended; one that has ended stays as it is."""
        with pool.connection() as connection:
            cancel_backtest(connection, backtest)
            return _run_document(_read(connection, backtest))


def _add_running(app: FastAPI, pool: Pool, own: TradingStrategy, limits: Limits) -> None:
    @app.post(
        "/backtest",
        tags=["backtest"],
        response_model=None,
        responses={
            200: {"description": "It was small, and this is what it found; Location is where it is stored."},
            202: {"model": RunDocument, "description": "It waits in the queue; Location says how it is."},
            **describe_problems(
                {
                    HTTPStatus.NOT_FOUND: "No strategy has that name, or no bars are stored of its symbols.",
                    HTTPStatus.CONFLICT: "What is stored can't be simulated, or the key belongs to another request.",
                    HTTPStatus.UNPROCESSABLE_ENTITY: INVALID,
                    HTTPStatus.TOO_MANY_REQUESTS: "As many backtests wait as may; Retry-After says when to ask again.",
                }
            ),
        },
    )
    def run_backtest(
        asked: Request, request: BacktestRequest | None = None, idempotency_key: Key = None
    ) -> JSONResponse:
        """Backtest a strategy on the stored bars: a rule on its own signals, a model on those on record.

        Nothing is trained here: of a model, a sweep varies risk., sizing. and execution. alone. A small one is run at
        once. A large one, a sweep and a walk-forward wait in the queue of all services.
        """
        with pool.connection() as connection:
            tested = _tested(connection, request or BacktestRequest(), own)
            wanted = _wanted(tested, idempotency_key)
            try:
                known = find_backtest(connection, wanted)
                if known is None and tested.kind == "BACKTEST" and bars_of(connection, tested.strategy) <= limits.small:
                    started = time.monotonic()
                    document = _run(connection, tested)
                    took = timedelta(seconds=time.monotonic() - started)
                    return _found(document, record_backtest(connection, wanted, document, took))
                if known is None:
                    require_signals(connection, tested.strategy)
                backtest = known or queue_backtest(connection, wanted, limits.queued)
            except NoSignalsError as error:
                raise ProblemError(HTTPStatus.CONFLICT, str(error), model=error.model) from None
            except QueueFullError as error:
                full = problem_response(HTTPStatus.TOO_MANY_REQUESTS, str(error), asked.url.path, waiting=error.waiting)
                full.headers["Retry-After"] = FULL_SECONDS
                return full
            except KeyTakenError as error:
                raise ProblemError(HTTPStatus.CONFLICT, str(error), name=error.key) from None
            if tested.kind == "BACKTEST" and (stored := read_document(connection, backtest)) is not None:
                return _found(stored, backtest)
            status = _run_document(_read(connection, backtest)).model_dump(mode="json")
        return JSONResponse(status, HTTPStatus.ACCEPTED, {"Location": f"/backtest/{backtest}"})


def _found(document: dict[str, Any], backtest: UUID) -> JSONResponse:
    return JSONResponse(document, HTTPStatus.OK, {"Location": f"/backtest/{backtest}"})


def _wanted(tested: Tested, key: str | None) -> WantedBacktest:
    manifest = tested.manifest()
    if key is None:
        return WantedBacktest(tested.name, tested.kind, manifest)
    said = json.dumps([tested.name, manifest], sort_keys=True)
    return WantedBacktest(tested.name, tested.kind, manifest, key, hashlib.sha256(said.encode()).hexdigest())


def _read(connection: Connection, backtest: UUID) -> Row:
    row = read_backtest(connection, backtest)
    if row is None:
        raise ProblemError(HTTPStatus.NOT_FOUND, f"there is no backtest {backtest}", backtest=str(backtest))
    return row


def _run_document(row: Row) -> RunDocument:
    members = dict(row)
    progress = Progress(done=members.pop("done"), total=members.pop("total"))
    return RunDocument(progress=progress, **members)


def _stats_of_run(connection: Connection, backtest: UUID) -> dict[str, Any]:
    row, document = _read(connection, backtest), read_document(connection, backtest)
    if document is None:
        detail = f"backtest {backtest} is {row['state']}: it has no account yet, or never will"
        raise ProblemError(HTTPStatus.CONFLICT, detail, state=row["state"])
    return {
        "strategy_id": document["strategy_id"],
        "currency": document["currency"],
        "account": {"cash": document["final_cash"], "positions": document["positions"]},
        **{name: document[name] for name in ("metrics", "trades", "equity")},
    }


def _signal_problem(error: SignalError, status: HTTPStatus = HTTPStatus.UNPROCESSABLE_ENTITY) -> ProblemError:
    """Return what the caller is told of a signal that can't work, with the traceback of a plug-in's own code."""
    cause = error.__cause__
    if cause is None:
        return ProblemError(status, str(error))
    return ProblemError(status, str(error), traceback="".join(traceback.format_exception(cause)))


def _tested(connection: Connection, request: BacktestRequest, own: TradingStrategy) -> Tested:
    """Return what is asked to test."""
    try:
        if request.strategy is not None:
            return find_strategy(request.strategy, own, connection)
        if request.manifest is None:
            return Tested(own.metadata.name, own)
        return read_tested(request.manifest, own, connection)
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
    except SweepError as error:
        problems = [{"field": f"spec.{error.field}", "message": str(error).removeprefix(f"spec.{error.field}: ")}]
        raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, str(error), errors=problems) from None


def _run(connection: Connection, tested: Tested) -> dict[str, Any]:
    try:
        return run_stored(connection, tested)
    except SignalError as error:
        raise _signal_problem(error) from None
    except NoBarsError as error:
        raise ProblemError(HTTPStatus.NOT_FOUND, str(error), symbols=list(error.symbols)) from None
    except NoSignalsError as error:
        raise ProblemError(HTTPStatus.CONFLICT, str(error), model=error.model) from None
    except (HistoryError, BarOrderError, ArithmeticError) as error:
        detail = "; ".join([str(error), *getattr(error, "__notes__", [])])
        raise ProblemError(HTTPStatus.CONFLICT, f"the stored bars can't be simulated: {detail}") from None


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
