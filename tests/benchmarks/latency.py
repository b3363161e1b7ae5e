"""How long one signal takes from its publication to the commit of what was decided on it, when they come one by one."""

import time
from collections.abc import Iterator
from contextlib import closing
from typing import Final

from tests.benchmarks.desk import BenchError, Desk, desk, wait_until
from tests.benchmarks.figures import Figure
from tests.benchmarks.machine import Watch, flush_times, percentile
from tests.benchmarks.pacer import Commits, Pacer

from tradewind.store.database import connect

_RATE: Final = 200.0
_WARM_SECONDS: Final = 30.0
"""The broker's virtual machine compiles itself meanwhile, which takes a processor of its own."""
_FLUSH_SECONDS: Final = 3.0
_LOG_FILES: Final = 8
_P50_MS: Final = 4.0
_P99_MS: Final = 10.0


def measure(seconds: float) -> Iterator[Figure]:
    """Yield the latency at a steady rate, this disk's flush, and what the desk adds to it."""
    with desk(1) as made:
        _age(made)
        flushes = flush_times(made.folder, _FLUSH_SECONDS)
        instants = int((seconds + _WARM_SECONDS + 5) * _RATE)
        with closing(Commits(made)) as commits:
            service = made.start()
            with Pacer(made, _RATE, instants) as pacer:
                wait_until(lambda: commits.decided > 0, service, "the first decision")
                time.sleep(_WARM_SECONDS)
                first = len(pacer.due)
                groups = {"trading": service.process.pid, "database": made.postgres}
                watch = Watch(groups)
                time.sleep(seconds)
                processors = watch.stop()
                measured = list(pacer.due.items())[first:]
                wait_until(lambda: measured[-1][0] in commits.heard, service, "the last decision")
            taken = [1000 * (commits.heard[time][0] - due) for time, due in measured if time in commits.heard]
            if len(taken) < len(measured):
                raise BenchError(f"{len(measured) - len(taken)} of {len(measured)} instants were not decided")
        flushes += flush_times(made.folder, _FLUSH_SECONDS)
        broker = made.broker.name
    p50, p99 = percentile(taken, 0.5), percentile(taken, 0.99)
    flush50, flush99 = 1000 * percentile(flushes, 0.5), 1000 * percentile(flushes, 0.99)
    yield Figure(
        f"one signal at a time, {_RATE:.0f} a second, published to committed ({broker}, {len(taken)} signals)",
        f"p50 {p50:.1f} ms, p99 {p99:.1f} ms, most {max(taken):.1f} ms",
    )
    yield Figure(
        f"this disk's fdatasync of 8 KiB, before and after ({len(flushes)} times)",
        f"p50 {flush50:.1f} ms, p99 {flush99:.1f} ms",
    )
    yield Figure("what the desk adds, p50", f"{p50 - flush50:.1f} ms", f"<= {_P50_MS:.0f} ms", p50 - flush50 <= _P50_MS)
    yield Figure("what the desk adds, p99", f"{p99 - flush99:.1f} ms", f"<= {_P99_MS:.0f} ms", p99 - flush99 <= _P99_MS)
    yield Figure("the same, machine", processors.describe())


def _age(made: Desk) -> None:
    """Let the database have log files to use again, as one that has run for a while does.

    It fills each new one with zeros while its writer waits; a fresh database has nothing but new ones.
    """
    with connect(made.database_url) as connection:
        for number in range(_LOG_FILES):
            connection.execute("SELECT pg_logical_emit_message(false, 'age', %s)", [str(number)])
            connection.execute("SELECT pg_switch_wal()")
        connection.execute("CHECKPOINT")
