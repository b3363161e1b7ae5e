"""Digests of objects as they are wanted, and of the part of a live object that the operator itself applied."""

import hashlib
import json
from typing import Any

import msgspec

from tradewind_operator.kinds import Object
from tradewind_operator.names import HASH, MANAGER

_encoder = msgspec.json.Encoder(order="deterministic")


def digest(value: Any) -> str:
    """Return 16 hexadecimal digits that stand for a JSON value, whatever the order of its keys."""
    return hashlib.blake2b(_encoder.encode(value), digest_size=8).hexdigest()


def wanted_digest(body: Object) -> int:
    """Return the digest of what an object is wanted to hold, its identity left out."""
    return _number(_content(body))


def owned_digest(taken: Object) -> int:
    """Return the digest of what `owned` gave for a live object.

    It equals `wanted_digest` of what was applied, until someone else changes or takes over one of these fields. What
    others add beside them does not count.
    """
    return _number(taken)


def seal(body: Object) -> Object:
    """Return the object with the annotation that holds the digest of its content."""
    metadata = body["metadata"]
    annotations = {**metadata.get("annotations", {}), HASH: digest(_content(body))}
    return {**body, "metadata": {**metadata, "annotations": annotations}}


def owned(live: Object) -> Object:
    """Return the fields of a live object that the operator applied, with the values that they have now."""
    for entry in live["metadata"].get("managedFields", ()):
        if entry.get("manager") == MANAGER and entry.get("operation") == "Apply" and "subresource" not in entry:
            taken: Object = _extract(live, entry.get("fieldsV1", {}))
            return taken
    return {}


def _content(body: Object) -> Object:
    metadata = {key: value for key, value in body["metadata"].items() if key not in ("name", "namespace")}
    return {**{key: value for key, value in body.items() if key not in ("apiVersion", "kind")}, "metadata": metadata}


def _number(content: Object) -> int:
    return int.from_bytes(hashlib.blake2b(_encoder.encode(content), digest_size=8).digest())


def _extract(value: Any, fields: dict[str, Any]) -> Any:
    """Return the part of a value that a set of managed fields (Kubernetes' FieldsV1) names."""
    if isinstance(value, dict):
        names = [key for key in fields if key != "."]
        if not names:
            return value
        return {key[2:]: _extract(value[key[2:]], fields[key]) for key in names if key[2:] in value}
    if isinstance(value, list) and any(key != "." for key in fields):
        picked = {}
        for key, inner in fields.items():
            place = _place(value, key)
            if place is not None:
                picked[place] = _extract(value[place], inner)
        return [picked[place] for place in sorted(picked)]
    return value


def _place(values: list[Any], key: str) -> int | None:
    sort, _, text = key.partition(":")
    if sort == "i":
        return int(text)
    if sort not in ("k", "v"):
        return None
    sought = json.loads(text)
    for place, value in enumerate(values):
        if value == sought if sort == "v" else all(value.get(name) == part for name, part in sought.items()):
            return place
    return None
