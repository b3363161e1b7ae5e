"""What `tradewind status` shows: the desk's processes, and what each service says of itself."""

from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from tradewind.desk.child import ChildStatus
from tradewind.desk.folder import DataFolder
from tradewind.desk.readiness import Readiness, ask_ready
from tradewind.desk.status import describe_exit, read_status


@dataclass(frozen=True)
class ProcessOverview:
    """One process. `readiness` is None for those without an HTTP port."""

    process: ChildStatus
    readiness: Readiness | None


@dataclass(frozen=True)
class Overview:
    """A running desk."""

    pid: int
    strategy_id: str
    processes: tuple[ProcessOverview, ...]


def look(folder: DataFolder) -> Overview | None:
    """Return how the desk on a data directory is; None where none runs."""
    status = read_status(folder)
    if status is None:
        return None
    processes = tuple(ProcessOverview(process, _readiness(process)) for process in status.processes)
    return Overview(status.pid, status.strategy_id, processes)


def _readiness(process: ChildStatus) -> Readiness | None:
    if process.port is None:
        return None
    return ask_ready(process.port) if process.state == "running" else Readiness(False, f"is {process.state}")


def show(overview: Overview | None, folder: DataFolder, console: Console) -> None:
    """Print the overview as a table."""
    if overview is None:
        console.print(f"No desk runs on {folder.root}.", highlight=False, markup=False, soft_wrap=True)
        return
    console.print(
        f"{overview.strategy_id}, desk pid {overview.pid}, data in {folder.root}",
        highlight=False,
        markup=False,
        soft_wrap=True,
    )
    table = Table("process", "state", "pid", "port", "restarts", "last exit", "says")
    for shown in overview.processes:
        process = shown.process
        table.add_row(
            process.name,
            process.state,
            "-" if process.pid is None else str(process.pid),
            "-" if process.port is None else str(process.port),
            str(process.restarts),
            describe_exit(process.last_exit),
            "-" if shown.readiness is None else shown.readiness.reason,
        )
    console.print(table)
