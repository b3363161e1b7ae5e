"""How a resource is named, and how one refers to another."""

from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import Field, model_validator

from tradewind.manifest.values import Model, ObjectName

_OTHERS: Final = frozenset(
    {
        "annotations",
        "creationTimestamp",
        "deletionGracePeriodSeconds",
        "deletionTimestamp",
        "finalizers",
        "generateName",
        "generation",
        "labels",
        "managedFields",
        "ownerReferences",
        "resourceVersion",
        "selfLink",
    }
)
"""What Kubernetes and people keep in metadata beside a name: it says nothing of what a desk does."""


class Metadata(Model):
    """Name and namespace; the uid is the API server's, or made from both on a laptop. The rest is passed over."""

    name: ObjectName
    """Its name: lower-case letters, digits and hyphens."""
    namespace: ObjectName = "default"
    """What the name is unique in."""
    uid: Annotated[UUID, Field(strict=False)] | None = None
    """The API server's; on a laptop it is made from name and namespace."""

    @model_validator(mode="before")
    @classmethod
    def _without_others(cls, given: Any) -> Any:
        return {key: value for key, value in given.items() if key not in _OTHERS} if isinstance(given, dict) else given


class StrategyReference(Model):
    """A TradingStrategy by name, in the same namespace (or in the same file)."""

    name: ObjectName
    """Its metadata.name."""
