"""What a running desk says of itself: a file that it keeps current and `tradewind status` reads."""

import json
import os
import signal
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from tradewind.desk.child import ChildStatus
from tradewind.desk.folder import DataFolder, holder
from tradewind.manifest.plan import Service


@dataclass(frozen=True)
class StrategyStatus:
    """A strategy that runs. `name` begins the names of its processes; `ports` are those of its services."""

    name: str
    strategy_id: str
    ports: Mapping[Service, int]


@dataclass(frozen=True)
class DeskStatus:
    """A desk that runs: its pid, its database and broker in words, its strategies and its processes."""

    pid: int
    database: str
    broker: str
    strategies: tuple[StrategyStatus, ...]
    processes: tuple[ChildStatus, ...]


def write_status(folder: DataFolder, status: DeskStatus) -> None:
    """Write the status file in one piece: a reader sees the old one or the new one."""
    fresh = folder.status.with_suffix(".new")
    fresh.write_text(json.dumps(asdict(status), indent=2), encoding="utf-8")
    os.replace(fresh, folder.status)


def read_status(folder: DataFolder) -> DeskStatus | None:
    """Return the running desk's status; None where no desk runs on the data directory."""
    pid = holder(folder)
    try:
        said: dict[str, Any] = json.loads(folder.status.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    if pid is None or said["pid"] != pid:
        return None
    return DeskStatus(
        pid,
        said["database"],
        said["broker"],
        tuple(StrategyStatus(**strategy) for strategy in said["strategies"]),
        tuple(ChildStatus(**process) for process in said["processes"]),
    )


def describe_exit(code: int | None) -> str:
    """Return an exit status in words: "-", "0", "1" or the name of a signal."""
    if code is None or code >= 0:
        return "-" if code is None else str(code)
    return _signal_name(-code)


def failing(statuses: Sequence[ChildStatus], failures: int) -> ChildStatus | None:
    """Return the first process that ended by itself this many times in a row soon after its start."""
    return next((status for status in statuses if status.failures >= failures), None)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
