"""The process that runs one queued backtest and ends: `python -m tradewind.backtest.runner ID ATTEMPT`."""

import os
import signal
import sys
import threading
import time
import traceback
from typing import Any, Final
from uuid import UUID

import structlog

from tradewind.backtest.compile_cache import use_cache
from tradewind.backtest.settings import BacktestSettings
from tradewind.runtime.logs import configure_logs
from tradewind.store.backtests import fail_backtest, note_progress, read_tested_manifest, succeed_backtest
from tradewind.store.database import Connection, connect

log = structlog.get_logger(__name__)
_TOLD_SECONDS: Final = 0.5
"""How often progress is written."""


def main() -> int:
    """Run the backtest that the arguments name, and store what came of it; return the exit status."""
    backtest, attempt = UUID(sys.argv[1]), int(sys.argv[2])
    threading.Thread(target=_follow_parent, name="follow-parent", daemon=True).start()
    settings = BacktestSettings()
    configure_logs("backtest", settings.log_format, settings.log_level)
    use_cache(settings.compile_cache_base)
    with connect(settings.database_url) as connection:
        try:
            document = _run(connection, backtest, attempt)
        except Exception as error:
            log.warning("backtest failed", backtest=str(backtest), error=str(error))
            said = "; ".join([str(error) or type(error).__name__, *getattr(error, "__notes__", [])])
            trace = traceback.format_exc()
        else:
            with connect(settings.database_url) as fresh:
                succeed_backtest(fresh, backtest, attempt, document)
            return 0
    # A connection of its own: the other may be what failed.
    with connect(settings.database_url) as fresh:
        fail_backtest(fresh, backtest, attempt, said, trace)
    return 0


def _run(connection: Connection, backtest: UUID, attempt: int) -> dict[str, Any]:
    # After use_cache: these import numba, which reads where its cache lies only once.
    from tradewind.backtest.stored import run_stored
    from tradewind.backtest.tested import read_tested

    told = 0.0

    def tell(done: int, total: int) -> None:
        nonlocal told
        if time.monotonic() - told >= _TOLD_SECONDS or done == total:
            note_progress(connection, backtest, attempt, done, total)
            told = time.monotonic()

    tested = read_tested(read_tested_manifest(connection, backtest), None, connection)
    tell(0, 1)
    document = run_stored(connection, tested, tell)
    if tested.kind == "BACKTEST":
        tell(1, 1)
    return document


def _follow_parent() -> None:
    """Wait for the end of standard input, which the service holds open, then end this process and all it started."""
    while os.read(sys.stdin.fileno(), 4096):
        pass
    os.killpg(os.getpgrp(), signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main())
