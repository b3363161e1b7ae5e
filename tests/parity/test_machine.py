"""SQL equals the rule book equals the simulator equals the oracle, whatever happens in whatever order.

Random sequences of bars, signals, a person's wishes, trading states and corporate actions run through PostgreSQL on the
desk's own path, with restarts, and everything is compared after every decision. TRADEWIND_PARITY_SEQUENCES says how
many there are; `make parity N=20000` sets it. They run in as many processes as there are processors.
"""

import os
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest
from tests.parity.machine import run_sequences
from tests.postgres import find_programs, running_server

SEQUENCES = int(os.environ.get("TRADEWIND_PARITY_SEQUENCES", "2000"))


def run_all(jobs: list[tuple[str, int]]) -> Counter[str]:
    """Run so many sequences on each server; return what they have been through together."""
    reached: Counter[str] = Counter()
    # Spawned: what this process has open, connections above all, is not for others.
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn")) as pool:
        for part in pool.map(run_sequences, *zip(*jobs, strict=True)):
            reached += part
    return reached


def shared(sequences: int) -> list[int]:
    """Return the sequences as one part for each processor."""
    parts = os.cpu_count() or 1
    return [sequences // parts + (n < sequences % parts) for n in range(parts)]


@pytest.mark.timeout(max(300, SEQUENCES))
def test_everything_agrees_after_every_decision(postgres_url: str) -> None:
    oldest = find_programs(15)
    if oldest is None:
        reached = run_all([(postgres_url, part) for part in shared(SEQUENCES)])
    else:
        with running_server(oldest) as url:
            quarter = SEQUENCES // 4
            jobs = [(postgres_url, part) for part in shared(SEQUENCES - quarter)]
            reached = run_all([*jobs, *((url, part) for part in shared(quarter))])
    print(f"{reached['sequences']} sequences, {reached['instants']} instants")
    # That every branch is reached is shown by test_stories.py, each time the same; chance may miss one of them.
    assert reached["sequences"] >= SEQUENCES
