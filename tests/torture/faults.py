"""The faults of a torture, and in which order they come."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from tests.torture.points import POINTS

Kind = Literal["point", "stop", "kill", "kill-both", "usurp", "postgres", "broker-kill", "broker-pause"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong.

    - point: the leader is killed at a named point; stop: it is frozen there, by SIGSTOP
    - kill: the leader is killed at any moment; kill-both: and the contender with it
    - usurp: somebody raises the epoch behind the leader's back, lock or no lock
    - postgres: every process of the database server is killed, and it is started again
    - broker-kill, broker-pause: the broker is killed and started again, or hangs for a while
    """

    kind: Kind
    point: str = ""
    count: int = 1

    @property
    def name(self) -> str:
        return f"{self.kind} {self.point}".strip()

    def possible(self, broker_faults: Sequence[str]) -> "Fault":
        """Return the fault itself, or a plain kill where the broker is not in our hands for it."""
        impossible = self.kind.startswith("broker-") and self.kind.removeprefix("broker-") not in broker_faults
        return Fault("kill") if impossible else self


_OTHERS: Final[Sequence[Kind]] = (
    *("stop", "kill", "usurp", "postgres", "broker-pause", "broker-kill"),
    *("stop", "usurp", "postgres", "kill-both"),
)
"""Beside the named points, once each in every twenty-five faults."""


def plan_faults(kills: int, seed: int) -> list[Fault]:
    """Return so many faults in random order; in every twenty-five of them each named point comes once."""
    chance = random.Random(seed)
    faults: list[Fault] = []
    while len(faults) < kills:
        deck = [Fault("point", point, chance.randint(1, 3)) for point in POINTS]
        deck += [Fault(kind, chance.choice(POINTS) if kind == "stop" else "") for kind in _OTHERS]
        deck = deck[: kills - len(faults)]
        chance.shuffle(deck)
        faults += deck
    return faults


def plan_one_kind(kills: int, kind: Kind, seed: int) -> list[Fault]:
    """Return so many faults of one kind."""
    chance = random.Random(seed)
    pointed = kind in ("point", "stop")
    return [Fault(kind, chance.choice(POINTS) if pointed else "") for _ in range(kills)]


def short_plan(seed: int) -> list[Fault]:
    """Return what fits into a minute and still catches every mutant: points of transactions, one of each kind."""
    chance = random.Random(seed)
    points = [point for point in POINTS if not point.startswith(("after", "relay"))]
    relay_points = [point for point in POINTS if point.startswith("relay")]
    faults = [Fault("point", point) for point in (*points, chance.choice(relay_points))]
    faults += [Fault("stop", "before-commit-of-decide"), Fault("usurp"), Fault("postgres"), Fault("broker-pause")]
    chance.shuffle(faults)
    return faults


def tally(faults: Sequence[Fault]) -> dict[str, int]:
    """Return how often each fault comes."""
    return dict(sorted(Counter(fault.name if fault.kind == "point" else fault.kind for fault in faults).items()))
