"""`make bench-operator`: the operator with a thousand strategies, on a real API server without controllers.

python -m tests.benchmarks.cluster_operator [rest] [edit] [restart] [drift] [backtests] [kills]
    [--strategies 1000] [--kills 100] [--json FILE]

Nothing but the operator works on the objects: the Deployments' status is written here, so that every strategy runs and
its desk is asked.
"""

import argparse
import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final

from tests.api_server import KIT, ApiServer, running_api_server
from tests.benchmarks.figures import Figure, document, table
from tests.cluster.operator.conftest import Cluster, manifest
from tests.cluster.operator.test_backtests import backtest
from tests.operator_process import Desks, OperatorProcess, create_database_secret, operator_access, until

from tradewind.paths import shipped_folder

_TICKS: Final = os.sysconf("SC_CLK_TCK")
_CHILDREN: Final = 15
"""Objects of one strategy."""
_SMALL: Final = 100
_PROGRAMS: Final = ("etcd", "kube-apiserver", "kubectl")


class Bench:
    """A namespace full of strategies, and an operator."""

    def __init__(self, cluster: Cluster, most: int, kills: int) -> None:
        self.cluster = cluster
        self.most = most
        self.kills = kills
        self.made = 0
        self._pool = ThreadPoolExecutor(8)

    def fill(self, count: int) -> float:
        """Have so many strategies, all of them running; return the seconds until all their objects were there."""
        started = time.monotonic()
        new = [f"s{number}" for number in range(self.made, count)]
        list(self._pool.map(lambda name: self.cluster.apply(manifest(name)), new))
        until(lambda: self.objects() >= count * _CHILDREN, 600, f"objects are missing: {self.objects()}")
        seconds = time.monotonic() - started
        list(
            self._pool.map(self._play_kubelet, [f"{name}-{s}" for name in new for s in ("ingestion", "ml", "trading")])
        )
        self.made = count
        self.settle()
        return seconds

    def objects(self) -> float:
        """How many objects the operator knows of its own making."""
        samples = self.cluster.operator.samples()
        mine = ("TradingStrategy", "Backtest")
        return sum(
            value
            for (name, labels), value in samples.items()
            if name == "tradewind_operator_objects" and dict(labels)["kind"] not in mine
        )

    def settle(self) -> None:
        """Wait until nothing waits; the rounds to the desks go on."""
        quiet = 0

        def calm() -> bool:
            nonlocal quiet
            before = self.cluster.operator.calls()
            time.sleep(1.0)
            waits = self.cluster.operator.value("tradewind_operator_queue_length")
            after = self.cluster.operator.calls()
            busy = {
                p: n
                for p, n in after.items()
                if n - before.get(p, 0) > 12 or (p[1] == "deployments" and n != before.get(p))
            }
            quiet = 0 if waits or busy else quiet + 1
            return quiet >= 2

        until(calm, 300, "the operator does not come to rest")

    def rss(self) -> float:
        """The operator's resident memory in MB."""
        return self.cluster.operator.value("process_resident_memory_bytes") / 1e6

    def cpu(self) -> float:
        """The processor time that the operator has used, seconds."""
        assert self.cluster.operator.process is not None
        fields = Path(f"/proc/{self.cluster.operator.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def _play_kubelet(self, name: str) -> None:
        body = self.cluster.get("deployments", name)
        assert body is not None
        status = {
            "observedGeneration": body["metadata"]["generation"], "replicas": 1, "updatedReplicas": 1,
            "readyReplicas": 1, "availableReplicas": 1,
        }  # fmt: skip
        self.cluster.patch("deployments", name, {"status": status}, "status")


def measure_rest(bench: Bench) -> Iterator[Figure]:
    """Memory and processor time where nothing happens but the rounds to the desks."""
    bench.fill(_SMALL)
    restart(bench)
    time.sleep(10)
    small = bench.rss()
    yield Figure(f"RSS with {_SMALL} strategies at rest, after a restart", f"{small:.0f} MB")
    seconds = bench.fill(bench.most)
    rate = (bench.most - _SMALL) / seconds
    yield Figure(
        f"{bench.most - _SMALL} strategies to their {_CHILDREN} objects each", f"{seconds:.0f} s, {rate:.1f}/s"
    )
    grown = bench.rss()
    # Every desk has given its first figures, and they are written: what follows is rest.
    asked_all = 3 * bench.most
    until(lambda: bench.cluster.operator.value("tradewind_operator_desk_calls_total") >= asked_all, 600)
    bench.settle()
    restart(bench)
    time.sleep(10)
    fresh = bench.rss()
    used, started = bench.cpu(), time.monotonic()
    calls = "tradewind_operator_desk_calls_total"
    before = bench.cluster.operator.value(calls)
    time.sleep(30)
    share = (bench.cpu() - used) / (time.monotonic() - started)
    asked = (bench.cluster.operator.value(calls) - before) / (time.monotonic() - started)
    after = max(grown, bench.rss())
    yield Figure(
        f"RSS with {bench.most} strategies at rest", f"{fresh:.0f} MB after a restart, {after:.0f} MB at most",
        "<= 250 MB", after <= 250,
    )  # fmt: skip
    yield Figure(f"... of that with {_SMALL}", f"{after / small:.2f}x", "<= 1.5x", after / small <= 1.5)
    polls = f"desks asked {asked:.1f} times a second"
    yield Figure("processor at rest", f"{share:.1%} of a core ({polls})", "<= 5%", share <= 0.05)


def measure_edit(bench: Bench) -> Iterator[Figure]:
    """A reconcile that has nothing to do, and one that changes an object."""
    bench.fill(bench.most)
    draw = random.Random(1)
    name, kind = "tradewind_operator_reconcile_seconds_bucket", {"kind": "TradingStrategy"}
    before = _buckets(bench.cluster.operator, name, kind)
    for number in range(300):
        touched = f"s{draw.randrange(bench.most)}"
        bench.cluster.patch(
            "tws", touched, {"metadata": {"annotations": {"tradewind.dev/approve-restart": f"{number}"}}}
        )
        time.sleep(0.01)
    time.sleep(2)
    after = _buckets(bench.cluster.operator, name, kind)
    counts = {bound: after[bound] - before.get(bound, 0) for bound in after}
    p50, p99 = _quantile(counts, 0.5), _quantile(counts, 0.99)
    total = max(counts.values())
    yield Figure(
        f"no-op reconcile of one among {bench.most}, p50 of {total:.0f}",
        f"<= {p50 * 1000:g} ms",
        "<= 10 ms",
        p50 <= 0.01,
    )
    yield Figure("... p99", f"<= {p99 * 1000:g} ms", "<= 100 ms", p99 <= 0.1)
    took = []
    for number in range(100):
        chosen = f"s{draw.randrange(bench.most)}"
        wanted = 2 + number % 3
        replicas = bench.cluster.at("deployments", f"{chosen}-ml", "spec", "replicas")
        if replicas == wanted:
            continue
        started = time.perf_counter()
        bench.cluster.patch("tws", chosen, {"spec": {"signal": {"replicas": wanted}}})
        bench.cluster.wait_at(wanted, "deployments", f"{chosen}-ml", "spec", "replicas")
        took.append(time.perf_counter() - started)
    yield Figure(
        f"edit to child updated, of {len(took)}",
        f"p50 {statistics.median(took) * 1000:.0f} ms, p99 {_p99(took) * 1000:.0f} ms (looked at every 50 ms)",
        "p99 <= 500 ms", _p99(took) <= 0.5,
    )  # fmt: skip


def measure_restart(bench: Bench) -> Iterator[Figure]:
    """A kill, and how long it takes until everything was looked at again, and what that writes."""
    bench.fill(bench.most)
    seconds = restart(bench)
    operator = bench.cluster.operator
    until(lambda: operator.value("tradewind_operator_reconciles_total", kind="TradingStrategy") >= bench.most, 120)
    writes = sum(
        count for (verb, resource), count in operator.calls().items()
        if verb not in ("get", "list") and resource not in ("configmaps", "tradingstrategies", "events")
    )  # fmt: skip
    statuses = operator.calls().get(("apply", "tradingstrategies"), 0)
    yield Figure(
        f"restart with {bench.most}: all looked at", f"{seconds:.1f} s", "<= 60 s", seconds <= 60,
    )  # fmt: skip
    yield Figure("... writes to objects", f"{writes:.0f}", "0", writes == 0)
    yield Figure("... writes of status", f"{statuses:.0f}", "0", statuses == 0)


def measure_drift(bench: Bench) -> Iterator[Figure]:
    """Objects that are deleted or edited, and how long until they are right again."""
    bench.fill(bench.most)
    draw = random.Random(2)
    took = []
    for number in range(100):
        name = f"s{draw.randrange(bench.most)}-{draw.choice(('ml', 'trading', 'ingestion'))}"
        started = time.perf_counter()
        if number % 2:
            former = bench.cluster.at("services", name, "metadata", "uid")
            bench.cluster.delete("services", name)
            until(partial(_is_new, bench.cluster, name, former), 30)
        else:
            before = bench.cluster.at("deployments", name, "spec", "replicas")
            bench.cluster.patch("deployments", name, {"spec": {"replicas": 7}})
            bench.cluster.wait_at(before, "deployments", name, "spec", "replicas", seconds=30)
        took.append(time.perf_counter() - started)
    yield Figure(
        "drift, 50 deletions and 50 edits: repaired",
        f"p50 {statistics.median(took):.2f} s, p99 {_p99(took):.2f} s", "p99 <= 10 s", _p99(took) <= 10,
    )  # fmt: skip


def measure_backtests(bench: Bench, count: int = 200) -> Iterator[Figure]:
    """Backtests that all come at once, beside the strategies."""
    bench.settle()
    before = len(bench.cluster.list("jobs"))
    started = time.monotonic()
    list(bench._pool.map(lambda n: bench.cluster.apply(backtest(f"fast{n}")), range(count)))
    until(lambda: len(bench.cluster.list("jobs")) >= before + count, 120, "Jobs are missing")
    rate = count / (time.monotonic() - started)
    yield Figure(f"{count} Backtests to their Jobs", f"{rate:.1f}/s", ">= 5/s", rate >= 5)


def measure_kills(bench: Bench, count: int = 200) -> Iterator[Figure]:
    """Kills of the operator while Backtests come, then the count of Jobs."""
    draw = random.Random(3)
    before = {job["metadata"]["uid"] for job in bench.cluster.list("jobs")}
    given = 0
    for kill in range(bench.kills):
        while given < count * (kill + 1) // bench.kills:
            bench.cluster.apply(backtest(f"kill{given}"))
            given += 1
        if not bench.cluster.operator.lives:
            bench.cluster.operator.start(wait=False)
        time.sleep(draw.uniform(0.2, 3.0))
        bench.cluster.operator.kill()
    bench.cluster.operator.start()
    until(lambda: len(bench.cluster.list("jobs")) - len(before) >= count, 120, "Jobs are missing")
    bench.settle()
    jobs = [job for job in bench.cluster.list("jobs") if job["metadata"]["uid"] not in before]
    owners = [job["metadata"]["ownerReferences"][0]["uid"] for job in jobs]
    changed = sum(job["metadata"]["generation"] != 1 for job in jobs)
    right = len(set(owners)) == len(owners) == count and changed == 0
    yield Figure(
        f"{bench.kills} SIGKILLs during {count} Backtests",
        f"{len(jobs)} Jobs of {len(set(owners))} Backtests, {changed} changed after they were made",
        "no duplicate, none forgotten", right,
    )  # fmt: skip


def restart(bench: Bench) -> float:
    """Kill the operator and start it; return the seconds until it had caught up."""
    started = time.monotonic()
    bench.cluster.operator.kill()
    bench.cluster.operator.start()
    until(lambda: bench.cluster.operator.value("tradewind_operator_queue_length") <= 2, 120)
    return time.monotonic() - started


def _is_new(cluster: Cluster, name: str, former: str) -> bool:
    return cluster.at("services", name, "metadata", "uid") not in (None, former)


def _buckets(operator: OperatorProcess, name: str, labels: dict[str, str]) -> dict[float, float]:
    return {
        float(dict(found)["le"]): value
        for (n, found), value in operator.samples().items()
        if n == name and labels.items() <= dict(found).items()
    }


def _quantile(counts: dict[float, float], share: float) -> float:
    total = max(counts.values())
    return min(bound for bound, count in counts.items() if count >= share * total)


def _p99(took: Sequence[float]) -> float:
    return sorted(took)[max(0, -(-len(took) * 99 // 100) - 1)]


@contextmanager
def _without_controllers() -> Iterator[ApiServer]:
    """Run etcd and an API server, and no controllers: they would make thousands of pods that never run."""
    folder = Path(tempfile.mkdtemp(prefix="tw-assets-"))
    source = os.environ.get("KUBEBUILDER_ASSETS")
    if source is None and os.access(KIT / "up", os.X_OK):
        # The kit's own first start lays its programs down.
        with running_api_server():
            pass
        source = str(Path(os.environ.get("KUBE_NODE_HOME", Path.home() / ".cache" / "kube-node")) / "bin")
    if source is not None:
        for name in _PROGRAMS:
            (folder / name).symlink_to(Path(source) / name)
        os.environ["KUBEBUILDER_ASSETS"] = str(folder)
    try:
        with running_api_server() as api:
            yield api
    finally:
        shutil.rmtree(folder)


MEASURES: Final[dict[str, Callable[[Bench], Iterator[Figure]]]] = {
    "rest": measure_rest,
    "edit": measure_edit,
    "restart": measure_restart,
    "drift": measure_drift,
    "backtests": measure_backtests,
    "kills": measure_kills,
}


def main() -> int:
    """Measure, and print what was measured beside what is wanted."""
    parser = argparse.ArgumentParser(prog="make bench-operator", description=__doc__)
    parser.add_argument("what", nargs="*", choices=[[], *MEASURES], help="some of the measures; all of them if none")
    parser.add_argument("--strategies", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--json", type=Path, help="write the figures to this file as well")
    given = parser.parse_args()
    figures: list[Figure] = []
    folder = Path(tempfile.mkdtemp(prefix="tw-bench-operator-"))
    namespace, desks = "bench", Desks()
    with _without_controllers() as api:
        api.kubectl("apply", "-f", str(shipped_folder("crds")))
        api.kubectl("wait", "--for=condition=Established", "crd", "--all", "--timeout=30s")
        api.kubectl("create", "namespace", namespace)
        create_database_secret(api, namespace)
        with operator_access(api, namespace, folder) as kubeconfig:
            operator = OperatorProcess(kubeconfig, namespace, folder, desk_url=desks.url, identity="bench")
            operator.start()
            bench = Bench(Cluster(api, namespace, desks, operator), given.strategies, given.kills)
            try:
                for name, measure in MEASURES.items():
                    if name in (given.what or MEASURES):
                        for figure in measure(bench):
                            print(f"{figure.work}: {figure.measured}", file=sys.stderr, flush=True)
                            figures.append(figure)
            finally:
                operator.stop()
                desks.close()
    print(table(figures))
    if given.json:
        facts: dict[str, Any] = {"processors": os.cpu_count(), "load": os.getloadavg()}
        given.json.write_text(document(figures, facts), encoding="utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
