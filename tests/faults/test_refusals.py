"""What stops the demo with a reason instead of an agreement."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tradewind.desk.postgres import EmbeddedPostgres
from tradewind.manifest.load import load_strategy
from tradewind.manifest.plan import plan_strategy
from tradewind.store.database import connect
from tradewind.store.ledger import record_fault
from tradewind.store.migrate import migrate
from tradewind.store.strategies import register_strategy


@pytest.fixture
def two_weeks(tmp_path: Path, sma_cross: Path) -> Path:
    """SMACross over two weeks in which no average crosses another."""
    document = yaml.safe_load(sma_cross.read_text())
    document["spec"]["feed"]["replay"] = {"from": "2012-12-03", "tradeFrom": "2013-02-19", "to": "2013-03-01"}
    document["spec"]["signal"]["parameters"] = {"fast": "10", "slow": "1000"}
    manifest = tmp_path / "two-weeks.yaml"
    manifest.write_text(yaml.safe_dump(document))
    return manifest


def test_a_demo_in_which_nothing_was_traded_is_a_failure(command_line: Any, two_weeks: Path) -> None:
    done = command_line.run("demo", two_weeks)
    assert done.returncode == 1
    assert "no order was filled in 9 instants" in done.stderr
    assert command_line.pids() == set()


def test_a_halted_strategy_stops_the_demo_with_the_reason(command_line: Any, two_weeks: Path) -> None:
    strategy, folder = load_strategy(two_weeks), command_line.data_dir
    plan = plan_strategy(strategy)
    with EmbeddedPostgres(folder / "postgres", folder / "log") as server:
        migrate(server.url)
        with connect(server.url) as connection:
            register_strategy(connection, strategy, plan)
            record_fault(connection, plan.strategy_id, "the moon is full")
    done = command_line.run("demo", two_weeks)
    assert done.returncode == 1
    assert f"trading is HALTED: the moon is full; {folder / 'logs' / 'sma-cross.trading.log'} says more" in done.stderr
    assert command_line.pids() == set()
