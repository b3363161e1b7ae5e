"""The report's page in a browser that reaches no network: it asks for nothing, and its plots are drawn."""

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.unit.backtest.test_page import DAYS, WALK_FORWARD, reported, sweep

from tradewind.backtest.candles import candles_of
from tradewind.backtest.figures import POINTS
from tradewind.backtest.page import render

BROWSER = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium on PATH: `apt-get install chromium` brings one")
ITS_OWN = {"accounts.google.com", "clients2.google.com", "update.googleapis.com", "www.google.com"}
"""What the browser itself asks for when it starts, whatever the page."""
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--enable-logging=stderr",
    "--virtual-time-budget=20000",
    "--window-size=1280,900",
    "--dump-dom",
)


@dataclass
class Seen:
    """A page as the browser had it in the end, what its console said is wrong, and the hosts that it asked for."""

    dom: str
    complaints: list[str]
    hosts: set[str]


def open_in_browser(page: Path, folder: Path) -> Seen:
    assert BROWSER is not None
    log = folder / "net.json"
    command = [BROWSER, *FLAGS, f"--user-data-dir={folder / 'profile'}", f"--log-net-log={log}", page.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    asked = re.findall(r'"url":"(?:https?|wss?)://([^/":]+)', log.read_text(encoding="utf-8"))
    said = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    # That graphics are drawn without a graphics card is the machine's matter.
    wrong = [line for line in said if "WebGL" not in line]
    return Seen(done.stdout, wrong, set(asked) - ITS_OWN)


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    folder = tmp_path_factory.mktemp("browser")
    report = reported()
    document = {**report.document(), "walk_forward": WALK_FORWARD, "sweep": sweep(3)}
    page = folder / "page.html"
    page.write_text(render(document, candles_of(report.history, POINTS)), encoding="utf-8")
    return open_in_browser(page, folder)


def test_the_page_asks_for_nothing_and_complains_of_nothing(seen: Seen) -> None:
    assert seen.complaints == []
    assert seen.hosts == set()


def test_every_plot_is_drawn(seen: Seen) -> None:
    plots = re.findall('<div id="[^"]*" class="plotly-graph-div([^"]*)"', seen.dom)
    assert plots == [" js-plotly-plot"] * 9, "plotly has taken each of them up"
    drawn = {kind: len(re.findall(f'class="{kind}', seen.dom)) for kind in ("scatterlayer", "barlayer", "heatmaplayer")}
    # Lines: equity, drawdown, trades, folds and the best of the sweep; bars: profits, folds; months, the sweep's map.
    assert drawn == {"scatterlayer": 5, "barlayer": 2, "heatmaplayer": 2}
    assert seen.dom.count('class="box"') >= DAYS - 50, "a candle for each traded day of the symbol that is shown"
    assert seen.dom.count('class="parcoords"') == 1


def test_a_page_that_does_ask_and_fails_is_noticed(tmp_path: Path) -> None:
    page = tmp_path / "bad.html"
    page.write_text('<script>missing()</script><img src="https://elsewhere.example/x.png">', encoding="utf-8")
    bad = open_in_browser(page, tmp_path)
    assert any("missing is not defined" in line for line in bad.complaints)
    assert bad.hosts == {"elsewhere.example"}
