"""The data directory: where a desk keeps its ledger, models and logs, and the lock that lets one desk use it."""

import fcntl
import os
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import platformdirs


class DataFolderBusyError(RuntimeError):
    """Another desk runs on the data directory."""

    def __init__(self, folder: Path, pid: int | None) -> None:
        who = f"the desk with pid {pid}" if pid else "another desk"
        super().__init__(f"{folder} is in use by {who}; end it, or give this one its own --data-dir")
        self.folder = folder
        self.pid = pid


class DataFolderUnusableError(RuntimeError):
    """The data directory can't be made or written."""

    def __init__(self, folder: Path, error: OSError) -> None:
        super().__init__(f"{folder} can't be the data directory: {error.strerror}; name another with --data-dir")
        self.folder = folder


@dataclass(frozen=True)
class DataFolder:
    """Names every place below the data directory."""

    root: Path

    @property
    def postgres(self) -> Path:
        """The database cluster."""
        return self.root / "postgres"

    @property
    def kafka(self) -> Path:
        """What the embedded Apache Kafka keeps."""
        return self.root / "kafka"

    @property
    def keras(self) -> Path:
        """Keras' own settings, which it would else write to the user's home."""
        return self.root / "keras"

    @property
    def logs(self) -> Path:
        """One log file a process."""
        return self.root / "logs"

    @property
    def run(self) -> Path:
        """What only matters while a desk runs: lock, status, rendered manifest."""
        return self.root / "run"

    @property
    def status(self) -> Path:
        """What the desk last said about its processes."""
        return self.run / "status.json"

    @property
    def lock(self) -> Path:
        """Held by the desk that uses the folder; its text is that desk's pid."""
        return self.run / "desk.lock"

    def create(self) -> None:
        """Make the folders. As root others may pass through, because PostgreSQL then runs as a user of its own.

        A folder that was there keeps its permissions.

        Raises:
            DataFolderUnusableError: the place can't be made or written.
        """
        try:
            if not self.root.exists():
                self.root.mkdir(parents=True)
                self.root.chmod(0o711 if os.geteuid() == 0 else 0o700)
            self.logs.mkdir(exist_ok=True)
            self.run.mkdir(exist_ok=True)
        except OSError as error:
            raise DataFolderUnusableError(self.root, error) from None

    def log(self, process: str) -> Path:
        """Return a process's log file: that of quickstart/trading is quickstart.trading.log."""
        return self.logs / f"{process.replace('/', '.')}.log"

    def manifest(self, strategy_id: str) -> Path:
        """Return where a strategy's manifest is written for the services to read."""
        return self.run / f"{strategy_id}.json"


def default_folder() -> Path:
    """Return where the desk keeps its state unless told: a system folder for root, else the user's own."""
    if os.geteuid() == 0:
        return Path("/var/lib/tradewind")
    return platformdirs.user_data_path("tradewind")


class FolderLock:
    """Holds the data directory for one desk. The kernel drops the lock when the desk dies, however it dies."""

    def __init__(self, folder: DataFolder) -> None:
        self._folder = folder
        self._file = -1

    def __enter__(self) -> Self:
        """Take the lock.

        Raises:
            DataFolderBusyError: another desk holds it.
        """
        descriptor = os.open(self._folder.lock, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            raise DataFolderBusyError(self._folder.root, holder(self._folder)) from None
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        self._file = descriptor
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.ftruncate(self._file, 0)
        os.close(self._file)


def holder(folder: DataFolder) -> int | None:
    """Return the pid of the desk that holds the data directory; None where none does."""
    try:
        descriptor = os.open(folder.lock, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        text = os.read(descriptor, 32).decode().strip()
        return int(text) if text.isdigit() else None
    finally:
        os.close(descriptor)
    return None
