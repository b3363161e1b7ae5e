"""`tradewind backtest` as a process: numba reads where its cache lies once a process."""

import json
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

from tradewind.ingestion.sources.replay import ReplaySource
from tradewind.manifest.feed import Replay
from tradewind.store.units import price, quantity

SMA_CROSS = Path(__file__).resolve().parents[3] / "examples" / "sma-cross.yaml"


def backtest(*options: str) -> subprocess.CompletedProcess[str]:
    return tradewind("backtest", *options)


def tradewind(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tradewind.desk", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def test_as_json_it_prints_nothing_but_json_and_starts_nothing(tmp_path: Path) -> None:
    done = backtest("-f", str(SMA_CROSS), f"--data-dir={tmp_path}", "--json")
    assert done.returncode == 0, done.stderr
    printed = json.loads(done.stdout)
    assert printed["counts"]["fills"] == printed["counts"]["orders"] >= 30
    assert printed["counts"]["stop_losses"] > 0
    assert printed["counts"]["take_profits"] > 0
    assert printed["verdict"] is None
    assert "simulating" in done.stderr
    assert not (tmp_path / "postgres").exists()
    assert "compiling the rule book, once" in done.stderr
    again = backtest("-f", str(SMA_CROSS), f"--data-dir={tmp_path}", "--json")
    assert "compiling" not in again.stderr
    assert json.loads(again.stdout) == printed


def test_a_backtest_manifest_is_tested_in_its_window(tmp_path: Path) -> None:
    done = backtest("-f", str(SMA_CROSS.with_name("backtest.yaml")), f"--data-dir={tmp_path}", "--json")
    assert done.returncode == 0, done.stderr
    printed = json.loads(done.stdout)
    assert (printed["first"][:10], printed["last"][:10]) == ("2008-01-02", "2009-06-30")
    assert printed["counts"]["fills"] > 0


def test_the_example_across_symbols_trades_each_of_them(tmp_path: Path) -> None:
    done = backtest("-f", str(SMA_CROSS.with_name("momentum-rank.yaml")), f"--data-dir={tmp_path}", "--json")
    assert done.returncode == 0, done.stderr
    printed = json.loads(done.stdout)
    assert printed["model"] == "MomentumRank"
    assert {trade["symbol"] for trade in printed["trades"]} == {"AAPL", "GOOG", "IBM", "MSFT"}


def test_the_example_of_a_pair_is_long_and_short_and_pays_for_it(tmp_path: Path) -> None:
    done = backtest("-f", str(SMA_CROSS.with_name("pairs-short.yaml")), f"--data-dir={tmp_path}", "--json")
    assert done.returncode == 0, done.stderr
    printed = json.loads(done.stdout)
    assert {(trade["symbol"], trade["side"]) for trade in printed["trades"]} == {
        (symbol, side) for symbol in ("IBM", "MSFT") for side in ("BUY", "SELL")
    }
    borrowed = Decimal(printed["borrow_fees"])
    assert borrowed > 0
    # Flat at the end, so that trades and borrow are all there was.
    assert printed["positions"] == {}
    profit = sum(Decimal(trade["pnl"]) for trade in printed["trades"])
    assert Decimal(printed["final_cash"]) == Decimal(100_000) + profit - borrowed


def test_without_history_for_the_guard_it_says_so(tmp_path: Path) -> None:
    manifest = tmp_path / "short.yaml"
    text = SMA_CROSS.read_text().replace("sizing:", 'sizing: {fraction: "10%"}\n  # ', 1)
    text = text.replace('from: "2005-03-01"', 'from: "2006-02-27"')
    text = text.replace('slow: "50"}', 'slow: "50"}\n    anomalyGuard: {contamination: "1%"}')
    manifest.write_text(text)
    done = backtest("-f", str(manifest), f"--data-dir={tmp_path / 'data'}")
    assert done.returncode == 1
    assert "tradewind: the backtest can't be run: " in done.stderr
    assert "Traceback" not in done.stderr


def test_the_report_is_one_file(tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    done = backtest("-f", str(SMA_CROSS), f"--data-dir={tmp_path / 'data'}", "--report", str(page))
    assert done.returncode == 0, done.stderr
    assert f"The report is in {page}" in done.stdout
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_a_report_that_cannot_be_written_is_refused_before_anything_runs(tmp_path: Path) -> None:
    for where, why in ((tmp_path, "is a folder"), (tmp_path / "no" / "report.html", "No such file or directory")):
        done = backtest("-f", str(SMA_CROSS), f"--data-dir={tmp_path / 'data'}", "--report", str(where))
        assert done.returncode == 2
        assert f"tradewind: --report {where}: " in done.stderr
        assert why in done.stderr
        assert "simulating" not in done.stderr


def test_a_file_of_the_feeds_bars_tells_the_same(tmp_path: Path) -> None:
    replay = Replay(from_=date(2005, 3, 1), trade_from=date(2006, 3, 1), to=date(2013, 3, 1))
    lines = [
        f"{bar.symbol},{bar.close_time:%Y-%m-%d %H:%M:%S},"
        + ",".join(str(price(units)) for units in (bar.open, bar.high, bar.low, bar.close))
        + f",{quantity(bar.volume)}"
        for bars in ReplaySource(replay, ["AAPL", "GOOG", "IBM", "MSFT"]).bars().values()
        for bar in bars
    ]
    file = tmp_path / "bars.csv"
    file.write_text("\n".join(["symbol,close_time,open,high,low,close,volume", *lines]))
    given = ("-f", str(SMA_CROSS), f"--data-dir={tmp_path / 'data'}", "--json")
    fed = backtest(*given)
    read = backtest(*given, "--bars", str(file), "--time-zone", "UTC")
    assert read.returncode == 0, read.stderr
    assert json.loads(read.stdout) == json.loads(fed.stdout)
    cut = ("--cuts", "20", "--bars", str(file), "--time-zone", "UTC")
    checked = [tradewind("check-lookahead", *given, *more) for more in (("--cuts", "20"), cut)]
    assert [each.returncode for each in checked] == [0, 0], checked[1].stderr
    assert checked[0].stdout == checked[1].stdout
    file.write_text("\n".join(["symbol,close_time,open,high,low,close,volume", *lines[:3000], *lines[3001:]]))
    gap = json.loads(backtest(*given, "--bars", str(file), "--time-zone", "UTC").stdout)["data"]
    assert [each["missing"] for each in gap.values()] == [0, 1, 0, 0]
