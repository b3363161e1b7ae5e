"""`make torture-mutants`: a short torture of each mutant, which must be caught: `python -m tests.torture.catch`."""

import argparse
import shutil
import sys

from tests.torture.__main__ import end_cleanly
from tests.torture.faults import short_plan
from tests.torture.mutants import CAUGHT_BY, MUTANTS, Mutant
from tests.torture.report import how_to_go_on
from tests.torture.supervisor import Order, Outcome, tortured

_SIGNALS = 2000


def torture_mutant(mutant: Mutant | None, seed: int) -> Outcome:
    """Torture a mutant, or with None the platform as it is, in the same way."""
    with tortured(Order(short_plan(seed), _SIGNALS, seed, mutant), embedded=True) as torture:
        return torture.run()


def catch(mutant: Mutant, seed: int) -> bool:
    """Torture a mutant and say which invariants caught it; return whether the one did that should."""
    outcome = torture_mutant(mutant, seed)
    broken = {violation.invariant: violation for violation in outcome.violations}
    caught = CAUGHT_BY[mutant] in broken
    print(f"{mutant}: {'caught' if caught else 'NOT CAUGHT'} after {len(outcome.done)} faults", flush=True)
    for violation in broken.values():
        print(f"  {violation.invariant}: {violation.count} violations, such as {violation.rows[0]}", flush=True)
    if caught:
        shutil.rmtree(outcome.folder)
    else:
        print(outcome.stuck or "it came to its end", how_to_go_on(outcome.folder), sep="\n", flush=True)
    return caught


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.torture.catch")
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--mutant", choices=MUTANTS, action="append", default=None)
    given = parser.parse_args()
    end_cleanly()
    caught = [catch(mutant, given.seed) for mutant in given.mutant or MUTANTS]
    print(f"{sum(caught)} of {len(caught)} mutants caught")
    return 0 if all(caught) else 1


if __name__ == "__main__":
    sys.exit(main())
