"""What `tradewind status` shows: the desk's processes, and what each service says of itself."""

from dataclasses import dataclass

from rich.console import Console
from rich.table import Column, Table

from tradewind.desk.child import ChildStatus
from tradewind.desk.folder import DataFolder
from tradewind.desk.readiness import Readiness, ask_ready
from tradewind.desk.status import StrategyStatus, describe_exit, read_status


@dataclass(frozen=True)
class ProcessOverview:
    """One process. `readiness` is None for those without an HTTP port."""

    process: ChildStatus
    readiness: Readiness | None


@dataclass(frozen=True)
class Overview:
    """A running desk: its database and broker in words, its strategies with their ports, its processes."""

    pid: int
    database: str
    broker: str
    strategies: tuple[StrategyStatus, ...]
    processes: tuple[ProcessOverview, ...]


def look(folder: DataFolder) -> Overview | None:
    """Return how the desk on a data directory is; None where none runs."""
    status = read_status(folder)
    if status is None:
        return None
    processes = tuple(ProcessOverview(process, _readiness(process)) for process in status.processes)
    return Overview(status.pid, status.database, status.broker, status.strategies, processes)


def _readiness(process: ChildStatus) -> Readiness | None:
    if process.port is None:
        return None
    said = ask_ready(process.port) if process.state == "running" else Readiness(False, f"is {process.state}")
    if said.ready or not process.failures:
        return said
    times = "once" if process.failures == 1 else f"{process.failures} times in a row"
    return Readiness(False, f"{said.reason}; it ended {times} soon after its start")


def show(overview: Overview | None, folder: DataFolder, console: Console) -> None:
    """Print the overview as a table."""
    if overview is None:
        console.print(f"No desk runs on {folder.root}.", highlight=False, markup=False, soft_wrap=True)
        return
    lines = [
        f"desk pid {overview.pid}, data and logs in {folder.root}",
        f"database {overview.database}, broker {overview.broker}",
        *(strategy.strategy_id for strategy in overview.strategies),
    ]
    console.print("\n".join(lines), highlight=False, markup=False, soft_wrap=True)
    longest = max(len(shown.process.name) for shown in overview.processes)
    table = Table(Column("process", min_width=longest), "state", "pid", "port", "restarts", "last exit", "says")
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
