"""Routes of the ml service."""

from datetime import datetime
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI

from tradewind.domain.bars import Bar
from tradewind.domain.money import RATE_SCALE, to_decimal
from tradewind.manifest.owners import feed_owner
from tradewind.manifest.resources import StrategySpec
from tradewind.ml.current import CurrentModels, NotTrainableError, RetrainingRunsError
from tradewind.ml.dataset import by_instant
from tradewind.ml.engine import Opinion
from tradewind.ml.history import stored_bars
from tradewind.ml.models import Models, build_engine, needs_whole_instants, training_cut
from tradewind.runtime.health import Health
from tradewind.runtime.problems import ProblemError
from tradewind.signals.policy import Anomaly
from tradewind.store.database import Pool
from tradewind.store.watermarks import read_watermark


def add_routes(
    app: FastAPI, pool: Pool, spec: StrategySpec, feed_id: str, current: CurrentModels, health: Health
) -> None:
    """Add POST /predict/{symbol}, /detect-anomaly/{symbol} and /retrain."""

    @app.post("/predict/{symbol}", tags=["ml"])
    def predict(symbol: str) -> dict[str, Any]:
        """Say what the models in use make of the symbol's latest bar. Nothing is recorded or traded."""
        models = _models(symbol, spec, current, health)
        bar, opinion = _latest(pool, spec, feed_id, models, symbol)
        return {
            **_head(bar, models.model_version),
            "side": opinion.decision.side.name,
            "reason": opinion.decision.reason,
            "expected_return": _ratio(opinion.decision.expected_return),
            "confidence": _ratio(opinion.decision.confidence),
            "anomaly": None if opinion.anomaly is None else _verdict(opinion.anomaly),
        }

    @app.post("/detect-anomaly/{symbol}", tags=["ml"])
    def detect_anomaly(symbol: str) -> dict[str, Any]:
        """Say how strange the symbol's latest stored bar is. Nothing is recorded."""
        models = _models(symbol, spec, current, health)
        if models.detector is None:
            detail = "this strategy has no anomaly guard; spec.signal.anomalyGuard switches it on"
            raise ProblemError(HTTPStatus.CONFLICT, detail)
        bar, opinion = _latest(pool, spec, feed_id, models, symbol)
        if opinion.anomaly is None:
            raise ProblemError(HTTPStatus.CONFLICT, f"too few bars of {symbol} are stored to judge one", symbol=symbol)
        return {**_head(bar, models.detector.model_version), **_verdict(opinion.anomaly)}

    @app.post("/retrain", status_code=HTTPStatus.ACCEPTED, tags=["ml"])
    def retrain() -> dict[str, Any]:
        """Train on the bars up to the last signalled one; later signals come from the new model."""
        if current.models is None:
            raise _not_ready(health)
        try:
            through = current.retrain()
        except (NotTrainableError, RetrainingRunsError) as error:
            raise ProblemError(HTTPStatus.CONFLICT, str(error)) from None
        return {"status": "training", "through": through, "model_in_use": current.models.model_version}


def _models(symbol: str, spec: StrategySpec, current: CurrentModels, health: Health) -> Models:
    if symbol not in spec.symbols:
        detail = f"{symbol} is not a symbol of this strategy; it trades {', '.join(spec.symbols)}"
        raise ProblemError(HTTPStatus.NOT_FOUND, detail, symbol=symbol)
    if current.models is None:
        raise _not_ready(health)
    return current.models


def _not_ready(health: Health) -> ProblemError:
    detail = health.reasons.get("model", "the models are being made ready")
    return ProblemError(HTTPStatus.SERVICE_UNAVAILABLE, detail)


def _latest(pool: Pool, spec: StrategySpec, feed_id: str, models: Models, symbol: str) -> tuple[Bar, Opinion]:
    with pool.connection() as connection:
        # Stored bars after that are another feed's, and in the future of this one.
        through = read_watermark(connection, feed_owner(feed_id)) or training_cut(spec)
        peers = spec.symbols if needs_whole_instants(spec) else (symbol,)
        history = {peer: stored_bars(connection, spec, peer, through) for peer in peers}
    bars = history[symbol]
    if not bars:
        raise ProblemError(HTTPStatus.CONFLICT, f"no bar of {symbol} is stored yet", symbol=symbol)
    engine = build_engine(spec, models)
    *past, latest = [here for instant, here in by_instant(history).items() if instant <= bars[-1].close_time]
    for here in past:
        engine.learn(here)
    return bars[-1], engine.decide([latest])[0][symbol]


def _head(bar: Bar, model_version: str) -> dict[str, str | datetime]:
    return {"symbol": bar.symbol, "close_time": bar.close_time, "model_version": model_version}


def _verdict(anomaly: Anomaly) -> dict[str, Any]:
    return {
        "anomalous": anomaly.anomalous,
        "score": _ratio(anomaly.score),
        "threshold": _ratio(anomaly.threshold),
        "features": {name: _ratio(units) for name, units in anomaly.features.items()},
    }


def _ratio(units: int | None) -> str | None:
    """Return a ratio as decimal text, as every amount of this API is."""
    return None if units is None else str(to_decimal(units, RATE_SCALE))
