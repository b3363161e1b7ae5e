"""The command line's errors: what is said, the exit status, and that nothing was started."""

import json
import os
import socket
from collections.abc import Callable
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tradewind import __version__
from tradewind.desk.cli import app
from tradewind.desk.folder import DataFolder, FolderLock
from tradewind.desk.up import tell_ignored
from tradewind.manifest.load import load_strategy
from tradewind.signals import check
from tradewind.signals.catalog import BUILT_IN, Catalog
from tradewind.signals.documents import strategy_documents

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
SMA_CROSS = EXAMPLES / "sma-cross.yaml"
Edit = Callable[[str, str], Path]

runner = CliRunner()


@pytest.fixture
def edited(tmp_path: Path) -> Edit:
    """The SMACross example with one text replaced by another."""

    def edit(old: str, new: str) -> Path:
        text = SMA_CROSS.read_text()
        assert old in text
        manifest = tmp_path / "edited.yaml"
        manifest.write_text(text.replace(old, new))
        return manifest

    return edit


def run(*arguments: object) -> tuple[int, str, str]:
    result = runner.invoke(app, [str(argument) for argument in arguments])
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.parametrize("command", ["up", "demo", "backtest"])
@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('fee: "0.05%"', 'fee: "lots"', "spec.broker.fee: "),
        ('initialCash: "100000"', 'initialCash: "-1"', "spec.account.initialCash: "),
        (
            "model: SMACross",
            "model: CrystalBall",
            "spec.signal.model: 'CrystalBall' is unknown; known are BollingerReversion, ",
        ),
        ('slow: "50"', 'slow: "5"', "spec.signal.parameters.slow: 5 is not above fast 10"),
        ("IBM, MSFT", "IBM, NOSUCH", "the replay's data set has no NOSUCH"),
        (
            'from: "2005-03-01", tradeFrom: "2006-03-01", to: "2013-03-01"',
            'from: "2023-03-01", tradeFrom: "2024-03-01", to: "2025-03-01"',
            "the data set has no session from 2024-03-01",
        ),
        ("kind: TradingStrategy", "kind: Backtest", "spec."),
        ("metadata:", "metadata: [", "is not YAML"),
    ],
)
def test_a_wrong_manifest_is_told_and_starts_nothing(
    command: str, old: str, new: str, said: str, edited: Edit, tmp_path: Path
) -> None:
    status, stdout, stderr = run(command, "-f", edited(old, new), "--data-dir", tmp_path / "data")
    assert status == 2
    assert said in stderr
    assert stdout == ""
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("command", ["up", "demo", "backtest"])
def test_a_manifest_that_is_not_there_is_named(command: str, tmp_path: Path) -> None:
    status, _, stderr = run(command, "-f", tmp_path / "none.yaml", "--data-dir", tmp_path / "data")
    assert status == 2
    assert f"{tmp_path / 'none.yaml'}: cannot be read: No such file or directory" in stderr


def test_a_file_of_bars_that_is_wrong_is_told_and_starts_nothing(tmp_path: Path) -> None:
    bars = tmp_path / "bars.csv"
    row = "{},2007-01-03T21:00:00Z,10,9,12,11,1"
    symbols = ("AAPL", "GOOG", "IBM", "MSFT")
    bars.write_text("\n".join(["symbol,close_time,open,high,low,close,volume", *map(row.format, symbols)]))
    given = ("backtest", "-f", SMA_CROSS, "--data-dir", tmp_path / "data")
    status, stdout, stderr = run(*given, "--bars", bars)
    assert (status, stdout) == (2, "")
    assert "AAPL at 2007-01-03T21:00:00+00:00: low <= open, close <= high does not hold: open 10.0000, high 9" in stderr
    status, stdout, stderr = run(*given, "--time-zone", "UTC")
    assert (status, stdout) == (2, "")
    assert "--time-zone" in stderr
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("command", ["up", "demo"])
def test_a_taken_port_is_told_before_anything_starts(command: str, tmp_path: Path) -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        port = server.getsockname()[1]
        status, _, stderr = run(command, "-f", SMA_CROSS, "--data-dir", tmp_path, "--ml-port", port)
    assert status == 2
    assert f"port {port} of ml is taken; move it with --ml-port" in stderr
    assert not (tmp_path / "postgres").exists()


@pytest.mark.parametrize("again", ["twice", "other", "uid"])
def test_two_strategies_of_the_same_name_or_uid_are_refused(again: str, edited: Edit, tmp_path: Path) -> None:
    uid = "uid: 0b7a1fd6-9c2d-5b0e-8a51-0d4c2f5c7d12"
    first = edited("name: sma-cross", f"name: sma-cross, {uid}") if again == "uid" else SMA_CROSS
    second = tmp_path / "second.yaml"
    second.write_text(first.read_text().replace("name: sma-cross,", "name: another,"))
    if again == "twice":
        second = first
    status, _, stderr = run("up", "-f", first, "-f", second, "--data-dir", tmp_path / "data")
    assert status == 2
    said = "default/sma-cross" if again != "uid" else uid.removeprefix("uid: ")
    field = "metadata.uid" if again == "uid" else "metadata.name"
    assert f"{second}: {field}: {said} is given twice, first in {first}" in stderr
    assert not (tmp_path / "data").exists()


def test_a_file_of_several_strategies_takes_no_port_of_one(tmp_path: Path) -> None:
    both = tmp_path / "both.yaml"
    text = SMA_CROSS.read_text()
    both.write_text(text + "\n---\n" + text.replace("name: sma-cross", "name: another"))
    status, _, stderr = run("up", "-f", both, "--data-dir", tmp_path / "data", "--ml-port", 9001)
    assert status == 2
    assert "--ml-port moves the port of one strategy, and 2 are to run" in stderr
    assert not (tmp_path / "data" / "postgres").exists()


def test_a_file_without_a_strategy_runs_nothing(tmp_path: Path) -> None:
    status, _, stderr = run("up", "-f", EXAMPLES / "backtest.yaml", "--data-dir", tmp_path / "data")
    assert status == 2
    assert "backtest.yaml: holds no TradingStrategy" in stderr


@pytest.mark.parametrize("command", ["up", "demo"])
def test_what_is_no_broker_is_told(command: str, tmp_path: Path) -> None:
    status, _, stderr = run(command, "-f", SMA_CROSS, "--data-dir", tmp_path / "data", "--kafka", "localhost")
    assert status == 2
    assert "--kafka is 'localhost', not embedded, embedded-jvm or host:port[,host:port]" in stderr


def test_a_second_desk_on_the_same_data_is_refused(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    folder.create()
    with FolderLock(folder):
        status, _, stderr = run("up", "-f", SMA_CROSS, "--data-dir", tmp_path)
    assert status == 2
    assert f"{tmp_path} is in use by the desk with pid {os.getpid()}" in stderr


def test_a_data_directory_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    status, _, stderr = run("up", "-f", SMA_CROSS, "--data-dir", tmp_path / "file")
    assert status == 2
    assert f"{tmp_path / 'file'} can't be the data directory: Not a directory; name another with --data-dir" in stderr


def test_a_port_out_of_range_is_a_usage_error(tmp_path: Path) -> None:
    status, _, stderr = run("up", "-f", SMA_CROSS, "--data-dir", tmp_path, "--ml-port", 70000)
    assert status == 2
    assert "65535" in stderr


def test_status_says_when_nothing_runs(tmp_path: Path) -> None:
    assert run("status", "--data-dir", tmp_path)[:2] == (0, f"No desk runs on {tmp_path}.\n")
    status, stdout, _ = run("status", "--data-dir", tmp_path, "--json")
    assert status == 0
    assert json.loads(stdout) is None


def test_the_version_is_told() -> None:
    assert run("--version") == (0, f"tradewind {__version__}\n", "")


@pytest.mark.parametrize("command", ["up", "demo", "backtest", "status"])
def test_every_command_explains_itself(command: str) -> None:
    status, stdout, _ = run(command, "--help")
    assert status == 0
    assert "--data-dir" in stdout


def test_strategies_are_those_of_the_backtest_service() -> None:
    status, stdout, _ = run("strategies", "--json")
    assert status == 0
    assert json.loads(stdout) == {"strategies": strategy_documents()}
    status, stdout, _ = run("strategies")
    assert status == 0
    assert {"LSTM", "SMACross", "PairsSpread"} <= set(stdout.split())


@pytest.mark.parametrize("command", ["up", "demo", "backtest"])
def test_a_rule_across_symbols_needs_its_number_of_them(command: str, edited: Edit, tmp_path: Path) -> None:
    manifest = edited('model: SMACross\n    parameters: {fast: "10", slow: "50"}', "model: PairsSpread")
    status, _, stderr = run(command, "-f", manifest, "--data-dir", tmp_path / "data")
    assert status == 2
    assert "spec.symbols: PairsSpread needs exactly 2 with these parameters, 4 given" in stderr
    assert not (tmp_path / "data").exists()


def test_a_plug_in_that_cannot_be_loaded_is_named_and_shows_its_traceback(
    edited: Edit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    point = EntryPoint("Broken", "tradewind.signals.nowhere:RULE", "tradewind.strategies")
    monkeypatch.setattr(check, "RULES", Catalog(BUILT_IN, lambda: [point]))
    manifest = edited('model: SMACross\n    parameters: {fast: "10", slow: "50"}', "model: Broken")
    status, _, stderr = run("backtest", "-f", manifest, "--data-dir", tmp_path / "data")
    assert status == 2
    assert "the plug-in Broken of an unknown distribution can't be loaded: ModuleNotFoundError" in stderr
    assert "Traceback (most recent call last)" in stderr


@pytest.mark.parametrize("command", ["up", "demo"])
def test_a_suspended_strategy_is_not_started(command: str, edited: Edit, tmp_path: Path) -> None:
    data = tmp_path / "data"
    status, out, err = run(command, "-f", edited("  broker:", "  suspend: true\n  broker:"), "--data-dir", data)
    assert (status, out) == (2, "")
    assert "spec.suspend: TradingStrategy sma-cross is suspended, so nothing of it may run" in err
    assert not data.exists()


def test_what_counts_in_a_cluster_alone_is_said(edited: Edit, capsys: pytest.CaptureFixture[str]) -> None:
    tell_ignored(load_strategy(SMA_CROSS))
    assert capsys.readouterr().err == ""
    tell_ignored(load_strategy(edited("  broker:", "  deletionPolicy: Flatten\n  image: team/plug-in:1\n  broker:")))
    assert capsys.readouterr().err == (
        "tradewind: sma-cross: spec.deletionPolicy, spec.image count in a cluster alone; here they do nothing\n"
    )
