"""`tradewind backtest`: a strategy on history, in this process."""

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from tradewind.backtest.compile_cache import holds_code, use_cache
from tradewind.desk.folder import DataFolder
from tradewind.desk.page import require_room, write_page
from tradewind.desk.progress import reporting
from tradewind.desk.search import read_search, run_search
from tradewind.desk.simulation import refusals, simulate
from tradewind.desk.strategy import read_tested
from tradewind.desk.trials import show_found

if TYPE_CHECKING:
    pass


def run_backtest(
    manifest: Path,
    folder: DataFolder,
    as_json: bool,
    page: Path | None = None,
    bars: Path | None = None,
    time_zone: str | None = None,
) -> None:
    """Simulate the strategy that the manifest asks to test and print what came of it, as a summary or as JSON.

    Models that had to be trained and compiled code are kept in the data directory. `page` is where the report goes as
    one HTML file. `bars` is a file that takes the place of the feed's bars, `time_zone` of its times without an offset.

    Raises:
        PageError: it can't be written there.
        BarsFileError: the file of bars can't be used.
    """
    if page is not None:
        require_room(page)
    strategy, source = read_tested(manifest, bars, time_zone)
    search = read_search(manifest, strategy, source)
    folder.create()
    cache = use_cache(folder.root / "compiled")
    os.environ["KERAS_HOME"] = str(folder.keras)
    with reporting() as reporter, refusals():
        if not holds_code(cache):
            # After use_cache: it imports numba, which reads where its cache lies only once.
            from tradewind.backtest.warm_up import warm_up

            reporter.show("compiling the rule book, once", 0, 0)
            warm_up(strategy)
        report, verdict = simulate(strategy, source, folder.root, reporter)
        found = run_search(search, source, folder.root, reporter)
    if page is not None:
        write_page(page, report, {**found.document(), "verdict": verdict})
    if as_json:
        print(json.dumps({**report.document(), "verdict": verdict, **found.document()}, indent=2, allow_nan=False))
    else:
        # Imported here: plots of text are loaded where one is drawn.
        from tradewind.desk.results import simulated_results
        from tradewind.desk.summary import show_coverage, show_results

        show_results(Console(), simulated_results(report, verdict), f"`tradewind backtest -f {manifest} --json`")
        show_coverage(Console(), report.coverage)
        show_found(Console(), found)
        if page is not None:
            Console().print(f"The report is in {page}", highlight=False, markup=False, soft_wrap=True)
