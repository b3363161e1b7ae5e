"""The process of a Backtest's Job: `python -m tradewind.desk.job` runs the whole test, and says what came of it.

What it says is a JSON document of at most 4,096 bytes where its container's termination message goes, so that whoever
watches the Job learns it without a database. The whole report is left beside it in the data folder.
"""

import json
import math
import os
import sys
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import structlog
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from tradewind.backtest.compile_cache import use_cache
from tradewind.desk.errors import DeskError
from tradewind.desk.search import TRYING, read_search, run_search
from tradewind.desk.simulation import refusals, simulate
from tradewind.desk.strategy import read_tested
from tradewind.ingestion.sources.replay import EmptyWindowError, UnknownSymbolError
from tradewind.manifest.load import ManifestError
from tradewind.runtime.logs import configure_logs

log = structlog.get_logger(__name__)
IMPOSSIBLE: Final = 3
"""Exit status of a test that can't be run at all: another try would end alike."""
LONGEST: Final = 4096
"""Bytes that the kubelet keeps of a termination message."""


class JobSettings(BaseSettings):
    """Read from environment variables named `TRADEWIND_JOB_<FIELD>`."""

    model_config = SettingsConfigDict(env_prefix="TRADEWIND_JOB_", frozen=True)

    manifest: Path = Field(description="The Backtest, or the TradingStrategy, that is tested.")
    data_dir: Path = Field(description="Folder for models, compiled code and the report.")
    compile_cache: Path | None = Field(
        default=None, description="Folder for compiled code; `compiled` in the data folder when left out."
    )
    summary: Path = Field(description="Where what came of it is written: the container's termination message.")


class _Heard:
    """Logs progress, and remembers how many trials there are."""

    def __init__(self) -> None:
        self.done = self.total = 1

    def show(self, what: str, done: int, total: int, note: str = "") -> None:
        """Say how much of something is done."""
        if what != TRYING:
            log.debug("progress", what=what, done=done, total=total, note=note)
            return
        self.done, self.total = done, total
        if done == total or done % max(1, total // 20) == 0:
            log.info("progress", done=done, total=total)


def main() -> int:
    """Run the test; return the exit status: 0, IMPOSSIBLE, or 1 for what another try may mend."""
    settings = JobSettings()
    configure_logs("backtest", "json", "INFO")
    from tradewind.signals.parameters import SignalError

    try:
        summary = run_job(settings)
    except (DeskError, ManifestError, SignalError, UnknownSymbolError, EmptyWindowError, ValueError) as error:
        log.warning("the backtest can't be run", error=str(error))
        tell(settings.summary, {"error": str(error) or type(error).__name__})
        return IMPOSSIBLE
    except Exception as error:
        log.exception("the backtest failed")
        tell(settings.summary, {"error": traceback.format_exception_only(error)[-1].strip()})
        return 1
    tell(settings.summary, summary)
    return 0


def run_job(settings: JobSettings) -> dict[str, Any]:
    """Run the test, leave its report in the data folder, and return its summary.

    Raises:
        DeskError, ManifestError, SignalError, LookupError, ValueError: it can't be run.
    """
    strategy, source = read_tested(settings.manifest)
    search = read_search(settings.manifest, strategy, source)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    use_cache(settings.compile_cache or settings.data_dir / "compiled")
    os.environ.setdefault("KERAS_HOME", str(settings.data_dir / "keras"))
    heard = _Heard()
    with refusals():
        report, verdict = simulate(strategy, source, settings.data_dir, heard)
        found = run_search(search, source, settings.data_dir, heard)
    document = {**report.document(), "verdict": verdict, **found.document()}
    (settings.data_dir / "report.json").write_text(json.dumps(document, allow_nan=False), encoding="utf-8")
    return summarise_document(document, heard.done, heard.total)


def summarise_document(document: Mapping[str, Any], done: int = 1, total: int = 1) -> dict[str, Any]:
    """Return the figures of a report's document as status has them; what is undefined is left out.

    With folds the figures are those out of sample, of all folds together; their trades aren't counted.
    """
    folds = document.get("walk_forward")
    metrics = document["metrics"] if folds is None else folds["metrics"]
    trials = folds["trials"] if folds is not None else len(document["sweep"]["trials"]) if "sweep" in document else None
    figures = {
        "totalReturn": _percentage(metrics["total_return"]),
        "sharpe": _ratio(metrics["sharpe"]),
        "maxDrawdown": _percentage(metrics["max_drawdown"]),
        "winRate": _percentage(metrics.get("win_rate")),
        "trades": metrics.get("closed_trades"),
        "trials": trials,
        "done": done,
        "total": total,
    }
    return {name: value for name, value in figures.items() if value is not None}


def tell(path: Path, summary: Mapping[str, Any]) -> None:
    """Write a summary where it is looked for; an error that is too long loses its middle."""
    told = dict(summary)
    while len(encoded := json.dumps(told, ensure_ascii=False).encode()) > LONGEST:
        error = told["error"]
        keep = len(error) - (len(encoded) - LONGEST) // 2 - 64
        told["error"] = error[: keep // 2] + " ... " + error[-(keep // 2) :]
    path.write_bytes(encoded)


def _percentage(ratio: float | None) -> str | None:
    return None if ratio is None or not math.isfinite(ratio) else f"{ratio * 100:.4f}%"


def _ratio(value: float | None) -> str | None:
    return None if value is None or not math.isfinite(value) else f"{value:.4f}"


if __name__ == "__main__":
    sys.exit(main())
