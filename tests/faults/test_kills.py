"""kill -9 in mid-replay: the demo still ends in agreement, or leaves nothing behind."""

import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from tests.faults.running import Demo
from tests.foreign import ForeignPostgres

from tradewind.bus.access import KafkaAccess


@pytest.fixture
def undisturbed(command_line: Any, short_sma_cross: Path) -> tuple[int, int, str]:
    """Orders, fills and cash of the same strategy in a backtest, which knows no process that could die."""
    printed = command_line.backtest(short_sma_cross)
    return printed["counts"]["orders"], printed["counts"]["fills"], printed["final_cash"]


@pytest.mark.parametrize("victims", [("trading",), ("broker",), ("ml", "ingestion", "postgres")], ids="+".join)
def test_the_demo_survives_the_death_of(
    victims: tuple[str, ...],
    command_line: Any,
    short_sma_cross: Path,
    undisturbed: tuple[int, int, str],
    agreement_of: Callable[[str], Any],
) -> None:
    demo = Demo(command_line.start("demo", short_sma_cross))
    for number, victim in enumerate(victims, 1):
        demo.wait_until_decided(0.2 * number)
        command_line.kill(victim)
    agreement = agreement_of(demo.end())
    assert (agreement.orders, agreement.fills, agreement.cash) == undisturbed
    assert agreement.fills >= 10
    for victim in victims:
        process = command_line.processes()[victim]
        assert process["restarts"] >= 1
    assert command_line.pids() == set()


def test_the_demo_agrees_on_a_foreign_database_and_broker_over_the_death_of_trading_and_the_database(
    command_line: Any,
    short_sma_cross: Path,
    undisturbed: tuple[int, int, str],
    agreement_of: Callable[[str], Any],
    real_kafka: KafkaAccess,
) -> None:
    with ForeignPostgres() as server:
        command_line.environment = {
            "TRADEWIND_DATABASE_URL": server.url(),
            "TRADEWIND_KAFKA": real_kafka.bootstrap_servers,
        }
        # The broker may hold what a strategy of the same name has published on another database.
        short_sma_cross.write_text(short_sma_cross.read_text().replace("name: sma-cross", f"name: s{uuid4().hex}"))
        demo = Demo(command_line.start("demo", short_sma_cross))
        demo.wait_until_decided(0.2)
        command_line.kill("trading")
        demo.wait_until_decided(0.4)
        server.kill()
        server.start()
        printed = demo.end()
    agreement = agreement_of(printed)
    assert (agreement.orders, agreement.fills, agreement.cash) == undisturbed
    assert f"The ledger is in PostgreSQL, desk@127.0.0.1:{server.port}/desk" in printed
    assert not (command_line.data_dir / "postgres").exists()
    assert command_line.pids() == set()


def test_a_killed_desk_leaves_no_process_and_the_next_one_goes_on_where_it_was(
    command_line: Any,
    short_sma_cross: Path,
    undisturbed: tuple[int, int, str],
    agreement_of: Callable[[str], Any],
) -> None:
    demo = Demo(command_line.start("demo", short_sma_cross))
    demo.wait_until_decided(0.2)
    assert len(command_line.pids()) > 6
    demo.process.send_signal(signal.SIGKILL)
    command_line.wait_until_nothing_runs()
    again = command_line.run("demo", short_sma_cross)
    assert again.returncode == 0, again.stderr
    agreement = agreement_of(again.stdout)
    assert (agreement.orders, agreement.fills, agreement.cash) == undisturbed


@pytest.mark.parametrize("seconds", [0.0, 0.5])
def test_a_desk_killed_while_its_services_start_leaves_no_process(
    command_line: Any, short_sma_cross: Path, seconds: float
) -> None:
    desk = command_line.start("up", short_sma_cross)
    deadline = time.monotonic() + 30
    while not command_line.processes().get("backtest", {}).get("pid"):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    time.sleep(seconds)
    desk.send_signal(signal.SIGKILL)
    command_line.wait_until_nothing_runs()
