"""The demo on the SMACross example, end to end, through the real command line."""

import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tradewind.desk.postgres import EmbeddedPostgres
from tradewind.manifest.load import load_strategy
from tradewind.store.database import connect
from tradewind.store.journal import FillRecord, OrderRecord, read_fills, read_orders


def ledger(data_dir: Path, strategy_id: str) -> tuple[list[OrderRecord], list[FillRecord]]:
    with EmbeddedPostgres(data_dir / "postgres", data_dir / "log") as server, connect(server.url) as connection:
        return read_orders(connection, strategy_id), read_fills(connection, strategy_id)


@pytest.fixture(scope="module")
def first_run(shared_command_line: Any, sma_cross: Path) -> subprocess.CompletedProcess[str]:
    done: subprocess.CompletedProcess[str] = shared_command_line.run("demo", sma_cross)
    assert done.returncode == 0, done.stderr
    return done


def test_live_and_simulated_agree_on_many_fills_with_both_kinds_of_exit(
    first_run: subprocess.CompletedProcess[str],
    shared_command_line: Any,
    sma_cross: Path,
    agreement_of: Callable[[str], Any],
) -> None:
    agreement = agreement_of(first_run.stdout)
    orders, fills = ledger(shared_command_line.data_dir, str(load_strategy(sma_cross).id))
    assert (len(orders), len(fills)) == (agreement.orders, agreement.fills)
    assert len(fills) >= 30
    origins = Counter(fill.origin.value for fill in fills)
    assert origins["STOP_LOSS"] > 0
    assert origins["TAKE_PROFIT"] > 0
    assert len({order.client_order_id for order in orders}) == len(orders)


def test_the_summary_has_trades_metrics_and_the_equity_line(first_run: subprocess.CompletedProcess[str]) -> None:
    for part in (
        "Trades, flat to flat",
        "STOP_LOSS",
        "trades before them",
        "buy and hold",
        "total return",
        "Sharpe",
        "max drawdown",
        "win rate",
        "average win",
        "average loss",
        "marked equity",
        "The embedded broker kept nothing: the ledger is in PostgreSQL",
    ):
        assert part in first_run.stdout


def test_progress_goes_to_standard_error(first_run: subprocess.CompletedProcess[str]) -> None:
    assert "replaying instants 1763/1763" in first_run.stderr
    assert "replaying" not in first_run.stdout


def test_nothing_is_left_running(first_run: subprocess.CompletedProcess[str], shared_command_line: Any) -> None:
    assert shared_command_line.pids() == set()
    assert shared_command_line.listening() == []
    states = {process["state"] for process in shared_command_line.processes().values()}
    assert states == {"stopped"}


def test_a_second_demo_on_the_same_data_makes_no_order_again(
    first_run: subprocess.CompletedProcess[str],
    shared_command_line: Any,
    sma_cross: Path,
    agreement_of: Callable[[str], Any],
) -> None:
    strategy_id = str(load_strategy(sma_cross).id)
    orders, fills = ledger(shared_command_line.data_dir, strategy_id)
    again = shared_command_line.run("demo", sma_cross)
    assert again.returncode == 0, again.stderr
    assert agreement_of(again.stdout) == agreement_of(first_run.stdout)
    assert ledger(shared_command_line.data_dir, strategy_id) == (orders, fills)


def test_a_changed_manifest_under_the_same_name_is_refused(
    first_run: subprocess.CompletedProcess[str], shared_command_line: Any, sma_cross: Path, tmp_path: Path
) -> None:
    changed = tmp_path / "changed.yaml"
    changed.write_text(sma_cross.read_text().replace('fee: "0.05%"', 'fee: "0.06%"'))
    refused = shared_command_line.run("demo", changed)
    assert refused.returncode == 2
    assert "spec.broker.fee" in refused.stderr
    assert shared_command_line.pids() == set()


def test_one_unit_of_one_fee_in_the_ledger_turns_the_agreement_red(
    first_run: subprocess.CompletedProcess[str], shared_command_line: Any, sma_cross: Path
) -> None:
    folder = shared_command_line.data_dir

    def change(amount: str) -> None:
        with EmbeddedPostgres(folder / "postgres", folder / "log") as server, connect(server.url) as connection:
            connection.execute("SET session_replication_role = replica")  # no trigger refuses it
            connection.execute(
                "UPDATE trades SET fee = fee + %s WHERE fill_number = (SELECT max(fill_number) FROM trades)", (amount,)
            )

    change("0.0001")
    red = shared_command_line.run("demo", sma_cross)
    change("-0.0001")
    assert red.returncode == 1
    assert "live and simulated differ: fee of fill" in red.stderr
    assert "agree" not in red.stdout
