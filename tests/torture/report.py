"""What a torture says of itself."""

from collections.abc import Sequence
from pathlib import Path

from tests.torture.evidence import Violation
from tests.torture.faults import tally
from tests.torture.supervisor import Order, Outcome


def describe(outcome: Outcome, order: Order) -> str:
    """Return what was done, how long takeovers took, and what did not hold."""
    done = ", ".join(f"{name} {count}" for name, count in tally(outcome.done).items())
    lines = [
        f"seed {order.seed}: {len(outcome.done)} faults over {outcome.signals} signals in {outcome.seconds:.0f} s, "
        f"at least {outcome.least_between} between two; {outcome.orders} orders, {outcome.fills} fills",
        f"faults: {done}",
        *outcome.takeovers,
    ]
    if outcome.stuck is not None:
        lines.append(f"STUCK: {outcome.stuck}")
    lines += [str(violation) for violation in outcome.violations]
    lines.append("every invariant holds" if outcome.held else how_to_go_on(outcome.folder))
    return "\n".join(lines)


def how_to_go_on(folder: Path) -> str:
    """Return where everything is kept, and how to look at it again."""
    return (
        f"the database, the traders' log and the manifest are kept in {folder}\n"
        f"  look again: .venv/bin/python -m tests.torture --examine {folder}\n"
        f"  ask yourself: .venv/bin/python -m tradewind.desk.postgres {folder}/postgres {folder}/postgres.log"
    )


def describe_violations(violations: Sequence[Violation]) -> str:
    """Return what does not hold."""
    return "\n".join(map(str, violations)) or "every invariant holds"
