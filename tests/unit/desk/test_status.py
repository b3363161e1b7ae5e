import os
import signal
from pathlib import Path

import pytest

from tradewind.desk.child import ChildStatus
from tradewind.desk.folder import DataFolder, FolderLock
from tradewind.desk.status import DeskStatus, StrategyStatus, describe_exit, failing, read_status, write_status

DEMO = StrategyStatus("demo", "default.demo.1", {"trading": 8000, "ml": 8001, "ingestion": 8002, "backtest": 8003})
TRADING = ChildStatus("demo/trading", "running", 12, 8000, restarts=2, last_exit=-9, failures=1)


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    folder = DataFolder(tmp_path)
    folder.create()
    return folder


def test_what_is_written_is_read_while_the_desk_lives(folder: DataFolder) -> None:
    status = DeskStatus(os.getpid(), "embedded", "kafka:9092", (DEMO,), (TRADING,))
    with FolderLock(folder):
        write_status(folder, status)
        assert read_status(folder) == status
    assert read_status(folder) is None


def test_the_status_of_another_desk_is_not_told(folder: DataFolder) -> None:
    with FolderLock(folder):
        assert read_status(folder) is None
        write_status(folder, DeskStatus(os.getpid() + 1, "embedded", "embedded", (DEMO,), ()))
        assert read_status(folder) is None


@pytest.mark.parametrize(
    ("code", "text"), [(None, "-"), (0, "0"), (3, "3"), (-signal.SIGKILL, "SIGKILL"), (-99, "signal 99")]
)
def test_exits_are_described_in_words(code: int | None, text: str) -> None:
    assert describe_exit(code) == text


def test_a_process_that_keeps_failing_is_found() -> None:
    assert failing((TRADING,), 1) == TRADING
    assert failing((TRADING,), 2) is None
