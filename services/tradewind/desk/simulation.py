"""One backtest in this process: signals, simulation, and what makes it impossible."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tradewind.desk.errors import DeskError
from tradewind.desk.reporter import Reporter
from tradewind.desk.search import one_by_one
from tradewind.domain.orders import Side
from tradewind.manifest.resources import TradingStrategy

if TYPE_CHECKING:
    from tradewind.backtest.history import Bars
    from tradewind.backtest.report import Report
    from tradewind.ingestion.sources.bars_file import BarsFile
    from tradewind.ingestion.sources.replay import ReplaySource


@contextmanager
def refusals() -> Iterator[None]:
    """Turn what makes a backtest impossible into the desk's error."""
    from tradewind.backtest.history import BarOrderError
    from tradewind.backtest.report import NoBarsError
    from tradewind.backtest.simulator import HistoryError
    from tradewind.backtest.sweep import TrialError
    from tradewind.backtest.walk_forward import EmptyAccountError
    from tradewind.ml.anomaly import TooFewBarsForGuardError
    from tradewind.ml.dataset import TooFewBarsError

    impossible = (
        NoBarsError,
        HistoryError,
        BarOrderError,
        TooFewBarsError,
        TooFewBarsForGuardError,
        TrialError,
        EmptyAccountError,
    )
    try:
        yield
    except impossible as error:
        raise DeskError(f"the backtest can't be run: {error}") from error


def simulate(
    strategy: TradingStrategy, source: "ReplaySource | BarsFile", folder: Path, reporter: Reporter
) -> "tuple[Report, str | None]":
    """Return the report, and what the model says of its evaluation (None for a rule); models lie in the folder."""
    from tradewind.backtest.report import backtest_recorded, backtest_rule
    from tradewind.signals.catalog import RULES

    reporter.show("reading bars", 0, 0)
    bars: Mapping[str, Bars] = source.bars()
    signal = strategy.spec.signal
    if signal.model in RULES and signal.anomaly_guard is None:
        reporter.show("simulating", 0, 0)
        return backtest_rule(strategy, bars, source.actions()), None

    def on_epoch(epoch: int, epochs: int, loss: float, validation_loss: float) -> None:
        reporter.show("training", epoch, epochs, f"loss {loss:.4f}, validation {validation_loss:.4f}")

    # Imported here: it brings scikit-learn, and TensorFlow where the model is neural.
    from tradewind.ml.batch import give_signals

    objects = one_by_one(strategy.spec, bars)
    reporter.show("training", 0, 0)
    given = give_signals(strategy, objects, folder, on_epoch)
    reporter.show("simulating", 0, 0)
    sides: dict[tuple[str, datetime], Side] = {key: opinion.decision.side for key, opinion in given.opinions.items()}
    return backtest_recorded(strategy, bars, sides, source.actions()), given.evaluation
