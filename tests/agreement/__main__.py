"""`python -m tests.agreement --bars 100000 --strategies 20 --seed 1 [--json FILE]`: the real processes, the simulator.

Exit status 1 where anything differs or did not happen, 130 on Ctrl-C.
"""

import argparse
import dataclasses
import json
import logging
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table
from tests.agreement.progress import Progress
from tests.agreement.stage import ROOT
from tests.agreement.trials import LEAST_FOR_ALL

from tradewind.backtest.compile_cache import use_cache

use_cache(ROOT / ".pytest_cache" / "compiled")  # before anything imports numba

from tests.agreement.run import Report, Wanted, run  # noqa: E402

from tradewind.desk.folder import DataFolder  # noqa: E402
from tradewind.desk.interruption import InterruptedByUserError, Interruption  # noqa: E402

_LEAST_BARS: Final = 5_000
"""With fewer, something of all that must happen may not."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, print the report; return the exit status."""
    parser = argparse.ArgumentParser(prog="agreement", description=__doc__)
    parser.add_argument("--bars", type=int, default=100_000, help="that each strategy trades")
    parser.add_argument("--strategies", type=int, default=20, help="that a rule decides")
    parser.add_argument("--seed", type=int, default=1, help="of markets, faults and meddling")
    parser.add_argument("--rules-only", action="store_true", help="without the strategy of a neural network")
    parser.add_argument("--keep", action="store_true", help="keep the data directory")
    parser.add_argument("--json", type=Path, help="write the report there as well")
    asked = parser.parse_args(arguments)
    wanted = Wanted(asked.bars, asked.strategies, asked.seed, neural=not asked.rules_only)
    if asked.bars < _LEAST_BARS or asked.strategies < LEAST_FOR_ALL:
        print("too few bars or strategies for everything to happen that may", file=sys.stderr)
        wanted = dataclasses.replace(wanted, met=frozenset())
    folder = DataFolder(Path(tempfile.mkdtemp(prefix="tw-agreement-")))
    folder.root.chmod(0o711)  # PostgreSQL runs as a user of its own under root
    logging.getLogger("librdkafka").setLevel(logging.CRITICAL)  # a broker that is killed is no news here
    progress = Progress()
    try:
        with Interruption():
            report = run(wanted, folder, progress.say, progress.show)
    except InterruptedByUserError as interrupted:
        progress.say("interrupted; everything has ended")
        return interrupted.exit_status
    finally:
        if asked.keep:
            progress.say(f"kept: {folder.root}")
        else:
            shutil.rmtree(folder.root)
    if asked.json is not None:
        asked.json.write_text(json.dumps(dataclasses.asdict(report), indent=2) + "\n", encoding="utf-8")
    show(report)
    return 1 if report.problems else 0


def show(report: Report) -> None:
    """Print the report."""
    console = Console(width=160)
    columns = ("bars", "signals", "instants", "orders", "fills", "late", "missing", "dead_letters")
    table = Table("strategy", title=f"seed {report.seed}, {report.broker}", title_justify="left", box=None)
    for column in (*columns, "cash", "agrees"):
        table.add_column(column.replace("_", " "), justify="right")
    for verdict in report.verdicts:
        numbers = [f"{getattr(verdict, column):,}" for column in columns]
        table.add_row(verdict.name, *numbers, verdict.cash, "no" if verdict.differences else "yes")
    total = {column: sum(getattr(verdict, column) for verdict in report.verdicts) for column in columns}
    table.add_row("all", *(f"{number:,}" for number in total.values()), "", "")
    console.print(table)
    seconds, rate = report.trading_seconds, total["signals"] / report.trading_seconds
    console.print(f"traded in {seconds:.0f} s, {rate:.0f} signals/s; judged in {report.judging_seconds:.0f} s")
    for what in ("faults", "sent", "answers", "met"):
        told = ", ".join(f"{name} {count}" for name, count in getattr(report, what).items())
        console.print(f"{what}: {told}", highlight=False)
    console.print(f"processes started again: {report.restarts}")
    for problem in report.problems:
        console.print(problem, highlight=False, markup=False)
    console.print("live and simulated differ" if report.problems else "live and simulated agree")


if __name__ == "__main__":
    sys.exit(main())
