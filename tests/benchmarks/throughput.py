"""How many signals a second become durable decisions, orders and fills: in groups, and one by one for comparison."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Final

from tests.benchmarks.desk import PRODUCT, BenchError, Desk, Service, desk, wait_until
from tests.benchmarks.figures import Figure
from tests.benchmarks.machine import Processors, Watch
from tests.benchmarks.market import instant, number_of

from tradewind.store.database import Connection, connect

SYMBOLS: Final = 50
_MOST_SIGNALS_A_SECOND: Final = 8_000
"""What is published ahead of the measured time has to last for it."""
_WARM_SECONDS: Final = 5.0
_WINDOW: Final = 10.0
BASELINE: Final = "tests.benchmarks.one_by_one"


@dataclass(frozen=True)
class Sample:
    """How far the desk was at a moment."""

    at: float
    signals: int
    fills: int


@dataclass(frozen=True)
class Run:
    """What came of a run: samples a second, and what the ledger holds in the end."""

    samples: Sequence[Sample]
    orders: int
    signals: int
    processors: Processors
    wal: int
    broker: str

    @property
    def rate(self) -> float:
        """Signals decided a second, over the whole measured time."""
        first, last = self.samples[0], self.samples[-1]
        return (last.signals - first.signals) / (last.at - first.at)

    @property
    def fills(self) -> float:
        """Fills committed a second, over the whole measured time."""
        first, last = self.samples[0], self.samples[-1]
        return (last.fills - first.fills) / (last.at - first.at)

    @property
    def costs(self) -> str:
        """Processor time and write-ahead log of one signal: they say more than the rate where the machine is shared."""
        count = self.samples[-1].signals - self.samples[0].signals
        times = ", ".join(f"{name} {1e6 * used / count:.0f}" for name, used in self.processors.used.items())
        return f"microseconds of a processor: {times}; {self.wal / count:,.0f} bytes of log"

    @property
    def windows(self) -> list[float]:
        """Signals decided a second in each ten seconds."""
        ends = [self.samples[0]]
        for sample in self.samples:
            if sample.at - ends[-1].at >= _WINDOW - 0.5:
                ends.append(sample)
        return [(after.signals - before.signals) / (after.at - before.at) for before, after in pairwise(ends)]


def measure(seconds: float, baseline_seconds: float) -> Iterator[Figure]:
    """Yield the figures of the desk and of its baseline."""
    base = _run(1, BASELINE, baseline_seconds, 1_500)
    run = _run(SYMBOLS, PRODUCT, seconds, _MOST_SIGNALS_A_SECOND)
    share = run.orders / run.signals
    yield Figure(
        f"signals/s, {SYMBOLS} symbols, over {seconds:.0f} s ({run.broker})",
        f"{run.rate:,.0f} ({run.fills:,.0f} fills/s; {share:.0%} of the signals became orders)",
        ">= 3,000, at least 50% orders",
        run.rate >= 3000 and share >= 0.5,
    )
    windows = run.windows
    yield Figure(
        f"the same in windows of {_WINDOW:.0f} s",
        f"median {median(windows):,.0f}: " + ", ".join(f"{rate:,.0f}" for rate in windows),
        "each >= 3,000",
        min(windows) >= 3000,
    )
    yield Figure("the same, for each signal", run.costs)
    yield Figure("the same, machine", run.processors.describe())
    yield Figure(
        f"one transaction for each signal, over {baseline_seconds:.0f} s",
        f"{base.rate:,.0f} signals/s ({base.fills:,.0f} fills/s; {base.orders / base.signals:.0%} became orders)",
    )
    yield Figure("the same, for each signal", base.costs)
    yield Figure("the same, machine", base.processors.describe())
    yield Figure("groups against one by one", f"{run.rate / base.rate:.1f} times", ">= 3", run.rate >= 3 * base.rate)


def _run(symbols: int, module: str, seconds: float, most: int) -> Run:
    with desk(symbols) as made:
        instants = int(most * (seconds + 3 * _WARM_SECONDS)) // symbols
        made.publish(message for number in range(instants) for message in instant(made.strategy, number))
        with connect(made.database_url) as connection:
            service = made.start(module)
            wait_until(lambda: _sample(made, connection).signals > 0, service, "the first decision")
            time.sleep(_WARM_SECONDS)
            run = _watched(made, connection, service, seconds)
        if run.samples[-1].signals >= instants * symbols:
            raise BenchError(f"{instants * symbols} signals were too few for {seconds:.0f} s")
        return run


def _watched(made: Desk, connection: Connection, service: Service, seconds: float) -> Run:
    groups = {"trading": service.process.pid, "database": made.postgres}
    if made.broker_process is not None:
        groups["broker"] = made.broker_process
    wal = _wal(connection)
    watch = Watch(groups)
    samples = [_sample(made, connection)]
    while samples[-1].at - samples[0].at < seconds:
        time.sleep(1.0)
        service.check()
        samples.append(_sample(made, connection))
    processors = watch.stop()
    written = _wal(connection) - wal
    service.kill()
    orders, signals = _count(made, connection)
    return Run(samples, orders, signals, processors, written, made.broker.name)


def _count(made: Desk, connection: Connection) -> tuple[int, int]:
    """Return how many orders and how many decided signals the ledger holds; what it holds must fit together."""
    row = connection.execute(
        "SELECT w.instant, count(*) FILTER (WHERE o.status IN ('ACCEPTED', 'FILLED')),"
        " count(*) FILTER (WHERE o.status = 'FILLED'), (SELECT count(*) FROM trades), (SELECT fills FROM account),"
        " (SELECT count(*) FROM inbox WHERE kind = 'SIGNAL' AND instant <= w.instant),"
        " (SELECT sum(amount) FROM ledger_entries)"
        " FROM watermarks w CROSS JOIN orders o WHERE w.owner = %s GROUP BY w.instant",
        [made.owner],
    ).fetchone()
    assert row is not None
    through, orders, filled, trades, fills, signals, balance = row
    decided = number_of(through) * len(made.strategy.spec.symbols)
    if not filled == trades == fills or signals != decided or balance != 0:
        raise BenchError(
            f"they do not fit together: {decided} decisions, {signals} signals, {filled} orders filled, "
            f"{trades} trades, {fills} fills counted, ledger out of balance by {balance}"
        )
    return orders, signals


def _sample(made: Desk, connection: Connection) -> Sample:
    row = connection.execute(
        "SELECT (SELECT instant FROM watermarks WHERE owner = %s), (SELECT fills FROM account)", [made.owner]
    ).fetchone()
    assert row is not None
    return Sample(time.monotonic(), number_of(row[0]) * len(made.strategy.spec.symbols), row[1])


def _wal(connection: Connection) -> int:
    row = connection.execute("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn").fetchone()
    assert row is not None
    return int(row[0])
