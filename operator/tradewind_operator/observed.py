"""What the operator knows of each object that it made: enough to tell whether it must act, and no more.

A strategy has some fifteen objects, so a thousand have fifteen thousand: their bodies are looked at as they arrive, and
dropped.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from sys import intern
from typing import Any

from tradewind_operator.digests import digest, owned, owned_digest
from tradewind_operator.kinds import DEPLOYMENT, JOB, Kind, Object
from tradewind_operator.metrics import OBJECTS
from tradewind_operator.names import Key, owner_of

Place = tuple[str, str]
"""Where an object is: its kind's name and its own."""


@dataclass(frozen=True, slots=True)
class Workload:
    """How a Deployment's pods are. `template` is the digest of the part of their template that the operator applied."""

    ready: int
    wanted: int
    rolled_out: bool
    template: str
    autoscaled: bool
    problem: str


@dataclass(frozen=True, slots=True)
class Work:
    """How a Job's pods are: `ended` is Complete, Failed or empty."""

    active: int
    succeeded: int
    failed: int
    ended: str
    why: str
    started: str
    ended_at: str
    suspended: bool


@dataclass(frozen=True, slots=True)
class Observed:
    """One object as it was seen last. `owners` are the uids of its owner references."""

    kind: str
    name: str
    uid: str
    version: int
    owners: tuple[str, ...]
    content: int
    leaving: bool
    detail: Workload | Work | None

    @property
    def place(self) -> Place:
        """Where it is."""
        return self.kind, self.name


def observe(kind: Kind, body: Object) -> Observed:
    """Return what is worth knowing of an object."""
    metadata, taken = body["metadata"], owned(body)
    detail: Workload | Work | None = None
    if kind is DEPLOYMENT:
        detail = _workload(body, digest(taken.get("spec", {}).get("template")))
    elif kind is JOB:
        detail = _work(body)
    return Observed(
        kind=kind.name,
        name=metadata["name"],
        uid=metadata["uid"],
        version=int(metadata["resourceVersion"]),
        owners=tuple(intern(reference["uid"]) for reference in metadata.get("ownerReferences", ())),
        content=owned_digest(taken),
        leaving="deletionTimestamp" in metadata,
        detail=detail,
    )


class Objects:
    """All objects that the operator made, by whose they are."""

    def __init__(self) -> None:
        self._by_owner: dict[Key, dict[Place, Observed]] = defaultdict(dict)
        self._owners: dict[Place, Key] = {}

    def of(self, key: Key) -> Mapping[Place, Observed]:
        """Return an owner's objects."""
        return self._by_owner.get(key, {})

    def owners(self) -> list[Key]:
        """Return whose objects there are."""
        return list(self._by_owner)

    def places(self, kind: Kind) -> Iterator[tuple[str, Key, Observed]]:
        """Yield (name, owner, object) of a kind's objects."""
        for place, key in list(self._owners.items()):
            if place[0] == kind.name:
                yield place[1], key, self._by_owner[key][place]

    def put(self, kind: Kind, body: Object) -> Key | None:
        """Take in an object as it is now; return whose it is if something that matters is new, else None."""
        key = owner_of(body["metadata"].get("labels") or {})
        place = (kind.name, intern(body["metadata"]["name"]))
        known = self._owners.get(place)
        if known is not None and known != key:
            self._drop(place, known)
        if key is None:
            return known
        seen = observe(kind, body)
        mine = self._by_owner[key]
        former = mine.get(place)
        if former is not None and former.uid == seen.uid and former.version >= seen.version:
            return None
        mine[place] = seen
        self._owners[place] = key
        if former is None:
            OBJECTS.labels(kind.name).inc()
        return None if former is not None and _alike(former, seen) else key

    def remove(self, kind: Kind, name: str, uid: str = "") -> Key | None:
        """Forget an object that is gone; return whose it was, None where it was not known (under that uid)."""
        place = (kind.name, name)
        key = self._owners.get(place)
        if key is None or (uid and self._by_owner[key][place].uid != uid):
            return None
        self._drop(place, key)
        return key

    def _drop(self, place: Place, key: Key) -> None:
        del self._owners[place]
        del self._by_owner[key][place]
        if not self._by_owner[key]:
            del self._by_owner[key]
        OBJECTS.labels(place[0]).dec()


def _alike(one: Observed, other: Observed) -> bool:
    return (one.uid, one.owners, one.content, one.leaving, one.detail) == (
        other.uid, other.owners, other.content, other.leaving, other.detail,
    )  # fmt: skip


def _workload(body: Object, template: str) -> Workload:
    metadata, spec, status = body["metadata"], body["spec"], body.get("status") or {}
    wanted = int(spec.get("replicas", 1))
    conditions = {each["type"]: each for each in status.get("conditions", ())}
    progress = conditions.get("Progressing", {})
    failed = conditions.get("ReplicaFailure", {})
    problem = ""
    if failed.get("status") == "True":
        problem = failed.get("message") or "its pods can't be made"
    elif progress.get("reason") == "ProgressDeadlineExceeded":
        problem = progress.get("message") or "its pods do not become ready in time"
    return Workload(
        ready=int(status.get("readyReplicas", 0)),
        wanted=wanted,
        rolled_out=int(status.get("observedGeneration", 0)) >= int(metadata.get("generation", 0))
        and int(status.get("updatedReplicas", 0)) >= wanted
        and int(status.get("replicas", 0)) <= wanted,
        template=template,
        autoscaled=_autoscaled(metadata.get("managedFields", ())),
        problem=intern(problem[:512]),
    )


def _autoscaled(entries: Any) -> bool:
    """Whether an autoscaler set the replicas: through the scale subresource, and not by kubectl's hand."""
    return any(
        entry.get("subresource") == "scale" and not entry.get("manager", "").startswith("kubectl") for entry in entries
    )


def _work(body: Object) -> Work:
    spec, status = body["spec"], body.get("status") or {}
    ended = why = ended_at = ""
    for condition in status.get("conditions", ()):
        if condition["type"] in ("Complete", "Failed") and condition["status"] == "True":
            ended, ended_at = condition["type"], condition.get("lastTransitionTime", "")
            why = f"{condition.get('reason', '')}: {condition.get('message', '')}"[:512]
    return Work(
        active=int(status.get("active", 0)),
        succeeded=int(status.get("succeeded", 0)),
        failed=int(status.get("failed", 0)),
        ended=ended,
        why=why,
        started=status.get("startTime", ""),
        ended_at=ended_at,
        suspended=bool(spec.get("suspend", False)),
    )
