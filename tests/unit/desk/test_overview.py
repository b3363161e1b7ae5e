import os
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from tradewind.desk.child import ChildStatus
from tradewind.desk.folder import DataFolder, FolderLock
from tradewind.desk.overview import Overview, look, show
from tradewind.desk.readiness import Readiness
from tradewind.desk.status import DeskStatus, StrategyStatus, write_status

SLOW = StrategyStatus("slow", "default.slow.1", {"trading": 8000, "ml": 8001, "ingestion": 8002, "backtest": 8003})
FAST = StrategyStatus("team.fast", "team.fast.2", {"trading": 8004, "ml": 8005, "ingestion": 8006, "backtest": 8007})
PROCESSES = (
    ChildStatus("broker", "running", 11, None, restarts=0, last_exit=None, failures=0),
    ChildStatus("slow/trading", "starting", 12, 8000, restarts=0, last_exit=None, failures=0),
    ChildStatus("team.fast/trading", "restarting", None, 8004, restarts=6, last_exit=1, failures=7),
)


@pytest.fixture
def overview(tmp_path: Path) -> Overview:
    """A desk of two strategies, one of which has a process that keeps failing."""
    folder = DataFolder(tmp_path)
    folder.create()
    with FolderLock(folder):
        write_status(folder, DeskStatus(os.getpid(), "me@db:5432/desk", "k:9092", (SLOW, FAST), PROCESSES))
        found = look(folder)
    assert found is not None
    return found


def test_a_process_that_keeps_failing_says_so_and_the_others_what_they_are(overview: Overview) -> None:
    assert [shown.readiness for shown in overview.processes] == [
        None,
        Readiness(False, "is starting"),
        Readiness(False, "is restarting; it ended 7 times in a row soon after its start"),
    ]


@pytest.mark.parametrize("width", [80, 120])
def test_the_table_names_strategies_foundations_and_every_process_in_full(overview: Overview, width: int) -> None:
    console = Console(file=StringIO(), width=width)
    show(overview, DataFolder(Path("/data")), console)
    assert isinstance(console.file, StringIO)
    text = console.file.getvalue()
    assert "data and logs in /data" in text
    assert "database me@db:5432/desk, broker k:9092" in text
    for part in ("default.slow.1", "team.fast.2", "slow/trading", "team.fast/trading", "8004", "restarting"):
        assert part in text
