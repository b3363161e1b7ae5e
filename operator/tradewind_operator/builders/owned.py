"""Metadata of what belongs to someone: labels that find it, owner references that take it along when its owner goes."""

from collections.abc import Sequence
from dataclasses import dataclass

from tradewind_operator.kinds import API_VERSION, Object
from tradewind_operator.names import child_name, labels


@dataclass(frozen=True)
class Owner:
    """A resource that owns objects."""

    kind: str
    name: str
    uid: str

    def reference(self, controller: bool = True) -> Object:
        """Return the owner reference to it."""
        return {
            "apiVersion": API_VERSION,
            "kind": self.kind,
            "name": self.name,
            "uid": self.uid,
            "controller": controller,
            "blockOwnerDeletion": False,
        }


@dataclass(frozen=True)
class Group:
    """Objects of one name: their owner's label, and whom they go with. Without references they stay until deleted."""

    label: str
    name: str
    references: Sequence[Object]

    def metadata(self, suffix: str, component: str, annotations: dict[str, str] | None = None) -> Object:
        """Return the metadata of the object with that suffix."""
        metadata: Object = {"name": child_name(self.name, suffix), "labels": labels(self.label, self.name, component)}
        if self.references:
            metadata["ownerReferences"] = list(self.references)
        if annotations:
            metadata["annotations"] = annotations
        return metadata
