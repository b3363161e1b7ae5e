"""What goes wrong in the middle, and when: kills of every kind of process, changed manifests, another model."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from tests.agreement.trials import Trial

Kind = Literal["kill-ingestion", "kill-ml", "kill-trading", "kill-database", "kill-broker", "manifest", "retrain"]
_KILLS: Final[tuple[Kind, ...]] = ("kill-ingestion", "kill-ml", "kill-trading")
_FIRST: Final = 0.1
_LAST: Final = 0.85


@dataclass(frozen=True)
class Fault:
    """Something that is done once a share of the bars is decided: of the trial's, or of all where it has none.

    `state` is the trading state that a changed manifest brings.
    """

    share: float
    kind: Kind
    trial: Trial | None = None
    state: Literal["Active", "Reducing", "Halted"] = "Active"

    def __str__(self) -> str:
        whose = "" if self.trial is None else f" of {self.trial.name}"
        return f"{self.kind}{whose}{f' ({self.state})' if self.kind == 'manifest' else ''} at {self.share:.0%}"


def plan_faults(
    trials: Sequence[Trial], neural: Trial | None, seed: int, foundations: int, kills: int, broker: bool
) -> list[Fault]:
    """Return the faults of a run.

    Args:
        trials: all of them.
        neural: the one whose model is trained again, where there is one.
        seed: gives the shares.
        foundations: how often the database is killed, and the broker.
        kills: how often each trial's services are killed, each in turn.
        broker: whether the broker may be killed.
    """
    chance = random.Random(f"{seed} faults")
    faults: list[Fault] = []
    for trial in trials:
        faults += [
            Fault(chance.uniform(_FIRST, _LAST), _KILLS[(number + kill) % len(_KILLS)], trial)
            for number in [chance.randrange(len(_KILLS))]
            for kill in range(kills)
        ]
    for number in range(foundations):
        at = _FIRST + (_LAST - _FIRST) * (number + chance.random()) / foundations
        faults.append(Fault(at, "kill-database"))
        if broker:
            faults.append(Fault(chance.uniform(_FIRST, _LAST), "kill-broker"))
    stopped = trials[0]
    faults += [Fault(0.3, "manifest", stopped, "Halted"), Fault(0.45, "manifest", stopped, "Active")]
    if len(trials) > 1:
        faults += [Fault(0.5, "manifest", trials[1], "Reducing"), Fault(0.6, "manifest", trials[1], "Active")]
    if neural is not None:
        faults.append(Fault(0.2, "retrain", neural))
    return sorted(faults, key=lambda fault: fault.share)
