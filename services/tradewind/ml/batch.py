"""Signals of a whole history at once, for backtests: the live engine over stored bars, no database, no topics."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tradewind.domain.bars import Bar
from tradewind.manifest.resources import TradingStrategy
from tradewind.ml.dataset import Bars, by_instant
from tradewind.ml.engine import Opinion
from tradewind.ml.lstm import OnEpoch
from tradewind.ml.models import build_engine, load_models, lstm_parameters, training_cut
from tradewind.ml.train import train_lstm


@dataclass(frozen=True)
class BatchSignals:
    """Opinions on every bar after the cut, by symbol and close, and what the model's evaluation says of it."""

    model_version: str
    opinions: dict[tuple[str, datetime], Opinion]
    evaluation: str | None


def give_signals(strategy: TradingStrategy, bars: Bars, data_dir: Path, on_epoch: OnEpoch) -> BatchSignals:
    """Return what the live service would say of these bars, training first where no such model lies in data_dir.

    Args:
        strategy: whose signal model and window count.
        bars: by symbol, ascending; those before `tradeFrom` are history.
        data_dir: where models are kept.
        on_epoch: hears of training's progress.

    Raises:
        TooFewBarsError, TooFewBarsForGuardError: too little history before `tradeFrom`.
    """
    spec, cut = strategy.spec, training_cut(strategy.spec)
    parameters = lstm_parameters(spec)
    card = None if parameters is None else train_lstm(bars, cut, parameters, data_dir, str(strategy.id), on_epoch)
    models = load_models(spec, bars, card, data_dir, str(strategy.id))
    engine = build_engine(spec, models)
    times: list[datetime] = []
    traded: list[dict[str, Bar]] = []
    for instant, here in by_instant({symbol: bars[symbol] for symbol in spec.symbols}).items():
        if instant <= cut:
            engine.learn(here)
        else:
            times.append(instant)
            traded.append(here)
    decided = engine.decide(traded)
    opinions = {
        (symbol, instant): opinion
        for instant, given in zip(times, decided, strict=True)
        for symbol, opinion in given.items()
    }
    return BatchSignals(models.model_version, opinions, None if card is None else card.evaluation.summary)
