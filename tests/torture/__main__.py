"""`make torture`: kills and restarts a trader, its database and its broker, and proves that nothing came of it.

python -m tests.torture [--kills 500] [--signals 100000] [--seed N] [--only KIND] [--mutant NAME] [--keep]
python -m tests.torture --examine FOLDER    checks the database that a torture left behind once more
"""

import argparse
import logging
import random
import shutil
import signal
import sys
import time
from pathlib import Path

from tests.torture.evidence import check
from tests.torture.faults import KINDS, plan_faults, plan_one_kind
from tests.torture.foundations import Postgres
from tests.torture.mutants import MUTANTS
from tests.torture.report import describe, describe_violations
from tests.torture.supervisor import Order, tortured

from tradewind.store.database import connect

_SAY_SECONDS = 5.0


class Progress:
    """Prints where the torture is, now and then."""

    def __init__(self) -> None:
        self._started = self._said = time.monotonic()

    def __call__(self, line: str) -> None:
        now = time.monotonic()
        if now - self._said >= _SAY_SECONDS:
            self._said = now
            print(f"[{now - self._started:6.0f} s] {line}", file=sys.stderr, flush=True)


def end_cleanly() -> None:
    """Let SIGTERM end what was started as Ctrl-C does, and keep librdkafka's cries about lost connections off."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    logging.getLogger("librdkafka").setLevel(logging.CRITICAL)


def torture(order: Order, keep: bool) -> int:
    print(f"torture: {len(order.faults)} kills over {order.signals} signals, seed {order.seed}", flush=True)
    with tortured(order, Progress()) as run:
        print(f"on PostgreSQL in {run.outcome.folder} and {run.broker_name}", flush=True)
        outcome = run.run()
    print(describe(outcome, order), flush=True)
    if outcome.held and not keep:
        shutil.rmtree(outcome.folder)
    return 0 if outcome.held else 1


def examine(folder: Path) -> int:
    postgres = Postgres(folder)
    postgres.start()
    try:
        with connect(postgres.url) as connection:
            violations = check(connection)
    finally:
        postgres.stop()
    print(describe_violations(violations))
    return int(bool(violations))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description="See the module's own words.")
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--signals", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--mutant", choices=MUTANTS, default=None)
    parser.add_argument("--only", choices=KINDS, default=None, help="faults of one kind, as to measure takeovers")
    parser.add_argument("--keep", action="store_true", help="keep the folder, whatever comes of it")
    parser.add_argument("--examine", type=Path, default=None, metavar="FOLDER")
    given = parser.parse_args()
    end_cleanly()
    if given.examine is not None:
        return examine(given.examine)
    seed = random.SystemRandom().randrange(10**6) if given.seed is None else given.seed
    faults = plan_one_kind(given.kills, given.only, seed) if given.only else plan_faults(given.kills, seed)
    return torture(Order(faults, given.signals, seed, given.mutant), given.keep)


if __name__ == "__main__":
    sys.exit(main())
