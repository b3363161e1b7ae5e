import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tradewind.desk.folder import DataFolder, DataFolderBusyError, FolderLock, holder


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    folder = DataFolder(tmp_path / "data")
    folder.create()
    return folder


def test_a_second_desk_on_the_same_folder_is_told_the_pid_of_the_first(folder: DataFolder) -> None:
    with FolderLock(folder):
        assert holder(folder) == os.getpid()
        with (
            pytest.raises(DataFolderBusyError, match=rf"{folder.root} .* pid {os.getpid()}.*--data-dir"),
            FolderLock(folder),
        ):
            pass
    assert holder(folder) is None


def test_the_lock_of_a_killed_desk_is_free(folder: DataFolder) -> None:
    code = (
        "import os, pathlib, signal, sys; from tradewind.desk.folder import *;"
        "FolderLock(DataFolder(pathlib.Path(sys.argv[1]))).__enter__(); os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", code, str(folder.root)], check=False)
    assert folder.lock.read_text().strip().isdigit()
    assert holder(folder) is None
    with FolderLock(folder):
        assert holder(folder) == os.getpid()


def test_a_folder_that_was_there_keeps_its_permissions(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    DataFolder(tmp_path).create()
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


def test_strangers_cannot_list_the_folder(folder: DataFolder) -> None:
    assert stat.S_IMODE(folder.root.stat().st_mode) & 0o066 == 0


def test_the_log_of_a_strategys_process_lies_in_the_folder_of_logs(folder: DataFolder) -> None:
    assert folder.log("team.quickstart/trading") == folder.logs / "team.quickstart.trading.log"
