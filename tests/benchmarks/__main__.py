"""`make bench`: the figures that the trading path is held to, measured on this machine.

python -m tests.benchmarks [throughput] [latency] [takeover] [queries] [simulator] [sweeps] [peers]
    [peer_sweeps] [--seconds 60] [--json FILE]
"""

import argparse
import os
import platform
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.benchmarks import latency, peer_sweeps, peers, queries, simulator, sweeps, takeover, throughput
from tests.benchmarks.figures import Figure, document, table

Measure = Callable[[float], Iterator[Figure]]


def _throughput(seconds: float) -> Iterator[Figure]:
    yield from throughput.measure(seconds, seconds / 3)


MEASURES: dict[str, Measure] = {
    "throughput": _throughput,
    "latency": latency.measure,
    "takeover": takeover.measure,
    "queries": queries.measure,
    "simulator": simulator.measure,
    "sweeps": sweeps.measure,
    "peers": peers.measure,
    "peer_sweeps": peer_sweeps.measure,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("what", nargs="*", choices=[[], *MEASURES], help="some of the measures; all of them if none")
    parser.add_argument("--seconds", type=float, default=60.0, help="how long each rate is watched")
    parser.add_argument("--json", type=Path, help="write the figures to this file as well")
    given = parser.parse_args()
    figures: list[Figure] = []
    for name, measure in MEASURES.items():
        if name in (given.what or MEASURES):
            for figure in measure(given.seconds):
                print(f"{figure.work}: {figure.measured}", file=sys.stderr, flush=True)
                figures.append(figure)
    print(table(figures))
    if given.json:
        machine: dict[str, object] = {
            "processors": os.cpu_count(),
            "machine": platform.machine(),
            "python": platform.python_version(),
            "load": os.getloadavg(),
        }
        given.json.write_text(document(figures, machine), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
