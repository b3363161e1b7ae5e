"""What the machine did meanwhile: processor time of our processes and of all others, and how fast its disk flushes."""

import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_TICKS: Final = os.sysconf("SC_CLK_TCK")
_PAGE: Final = 8192
"""What PostgreSQL's write-ahead log writes at the least."""


@dataclass(frozen=True)
class Processors:
    """Seconds of processor time that groups of processes, and all other processes of the machine, used in a while."""

    seconds: float
    used: dict[str, float]
    others: float
    stolen: float

    def describe(self) -> str:
        """Say it as shares of one processor."""
        ours = ", ".join(f"{name} {used / self.seconds:.2f}" for name, used in self.used.items())
        lost = f"everybody else {self.others / self.seconds:.2f}, withheld by the host {self.stolen / self.seconds:.2f}"
        return f"processors used (of {os.cpu_count()}): {ours}; {lost}"


class Watch:
    """Watches groups of processes, each given by its first process; their children count with them."""

    def __init__(self, groups: dict[str, int]) -> None:
        self._groups = groups
        self._started = time.monotonic()
        self._busy, self._stolen = _machine()
        self._used = {name: _used(pid) for name, pid in groups.items()}

    def stop(self) -> Processors:
        """Return what was used since the beginning."""
        busy, stolen = _machine()
        used = {name: _used(pid) - self._used[name] for name, pid in self._groups.items()}
        others = max(0.0, busy - self._busy - sum(used.values()))
        return Processors(time.monotonic() - self._started, used, others, stolen - self._stolen)


def flush_times(folder: Path, seconds: float) -> list[float]:
    """Write and flush (fdatasync) a page of 8 KiB again and again; return the seconds that each took."""
    page = os.urandom(_PAGE)
    taken: list[float] = []
    with tempfile.TemporaryFile(dir=folder) as file:
        # As with a recycled segment of the log, the space is there already.
        file.write(bytes(_PAGE * 1024))
        os.fsync(file.fileno())
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            at = len(taken) % 1024 * _PAGE
            began = time.perf_counter()
            os.pwrite(file.fileno(), page, at)
            os.fdatasync(file.fileno())
            taken.append(time.perf_counter() - began)
            time.sleep(0.002)
    return taken


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that this share of the values does not pass (nearest rank)."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, max(0, round(share * len(ranked)) - 1))]


def _machine() -> tuple[float, float]:
    user, nice, system, _, _, irq, softirq, steal = (
        int(word) / _TICKS for word in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]
    )
    return user + nice + system + irq + softirq, steal


def _used(root: int) -> float:
    """Return the processor time of a process and its descendants, those of its children that have ended included."""
    stats = dict(_stats())
    family = {root}
    while more := {pid for pid, fields in stats.items() if int(fields[1]) in family} - family:
        family |= more
    own = sum(int(fields[11]) + int(fields[12]) for pid, fields in stats.items() if pid in family)
    ended = sum(int(field) for field in stats[root][13:15])
    return (own + ended) / _TICKS


def _stats() -> Iterator[tuple[int, list[str]]]:
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            # The command, in parentheses, may hold blanks.
            yield int(stat.parent.name), stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has just ended


def listener(port: int) -> int | None:
    """Return the process that listens on this TCP port, None where it can't be seen."""
    wanted = f":{port:04X}"
    sockets = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text().splitlines()[1:]:
            fields = line.split()
            if fields[1].endswith(wanted) and fields[3] == "0A":
                sockets.add(f"socket:[{fields[9]}]")
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            if str(link.readlink()) in sockets:
                return int(link.parts[2])
        except OSError:
            continue  # it has just been closed
    return None
