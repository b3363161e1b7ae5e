"""The resources that people write, as the API server has them: kept as bytes, read when they are reconciled."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from tradewind_operator.kinds import Object
from tradewind_operator.names import APPROVE, FINALIZER

_ANNOTATIONS: Final = (APPROVE,)
"""Annotations of a resource that the operator reads."""


@dataclass(frozen=True, slots=True)
class Resource:
    """One TradingStrategy or Backtest. `content` is its spec and status as JSON."""

    name: str
    uid: str
    version: int
    generation: int
    leaving: str
    """When its deletion was asked for; empty while it is not."""
    guarded: bool
    """Whether it has the operator's finalizer."""
    annotations: tuple[tuple[str, str], ...]
    content: bytes

    @classmethod
    def of(cls, body: Object) -> "Resource":
        """Return what is worth keeping of a resource's body."""
        metadata = body["metadata"]
        annotations = metadata.get("annotations") or {}
        return cls(
            name=metadata["name"],
            uid=metadata["uid"],
            version=int(metadata["resourceVersion"]),
            generation=int(metadata.get("generation", 0)),
            leaving=metadata.get("deletionTimestamp", ""),
            guarded=FINALIZER in metadata.get("finalizers", ()),
            annotations=tuple((name, annotations[name]) for name in _ANNOTATIONS if name in annotations),
            content=msgspec.json.encode({"spec": body.get("spec") or {}, "status": body.get("status") or {}}),
        )

    def read(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return (spec, status)."""
        document = msgspec.json.decode(self.content)
        return document["spec"], document["status"]

    def annotation(self, name: str) -> str:
        """Return an annotation's value, empty where it has none."""
        return dict(self.annotations).get(name, "")

    def asks_anew(self, former: "Resource | None") -> bool:
        """Whether it differs from how it was in what a reconcile looks at; the operator's own status does not count."""
        return former is None or (self.uid, self.generation, self.leaving, self.guarded, self.annotations) != (
            former.uid, former.generation, former.leaving, former.guarded, former.annotations,
        )  # fmt: skip


class Resources:
    """All resources of one kind, by name."""

    def __init__(self) -> None:
        self._known: dict[str, Resource] = {}

    def __len__(self) -> int:
        return len(self._known)

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._known))

    def get(self, name: str) -> Resource | None:
        """Return a resource as it was seen last."""
        return self._known.get(name)

    def put(self, body: Object) -> bool:
        """Take in a resource as it is now; return whether it has to be reconciled for it."""
        new = Resource.of(body)
        former = self._known.get(new.name)
        if former is not None and former.uid == new.uid and former.version >= new.version:
            return False
        self._known[new.name] = new
        return new.asks_anew(former) or (former is not None and _status_changed(former, new))

    def remove(self, name: str, uid: str = "") -> bool:
        """Forget a resource that is gone; return whether it was known (under that uid)."""
        known = self._known.get(name)
        if known is None or (uid and known.uid != uid):
            return False
        del self._known[name]
        return True


def _status_changed(former: Resource, new: Resource) -> bool:
    return former.content != new.content
