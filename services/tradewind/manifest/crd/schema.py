"""A model as the structural schema that Kubernetes wants: nothing referred to, every field typed and described."""

from collections.abc import Mapping
from typing import Any, Final

from pydantic import BaseModel

from tradewind.manifest.cel import INT_OR_STRING, RULES

Schema = dict[str, Any]
_KEPT: Final = (
    "type",
    "format",
    INT_OR_STRING,
    "pattern",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "minItems",
    "maxItems",
    "minProperties",
    "maxProperties",
    "enum",
    "x-kubernetes-list-type",
    "x-kubernetes-list-map-keys",
    RULES,
)
"""What is taken over as it is, in the order it is written; a key that is neither here nor read below is an error."""
_READ: Final = frozenset(
    {
        "additionalProperties",
        "anyOf",
        "const",
        "default",
        "description",
        "items",
        "patternProperties",
        "properties",
        "propertyNames",
        "required",
        "title",
        "$ref",
    }
)


class SchemaError(ValueError):
    """A model that no structural schema can say: names the place and what is there."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path


def structural(model: type[BaseModel]) -> Schema:
    """Return the structural schema of a model.

    Raises:
        SchemaError: a field has no description, or is one thing or another.
    """
    document = model.model_json_schema(by_alias=True)
    return _converted(document, document.get("$defs", {}), model.__name__)


def _converted(given: Mapping[str, Any], known: Mapping[str, Any], path: str) -> Schema:
    flat = _flat(given, known, path)
    unknown = flat.keys() - _READ - set(_KEPT) - {"$defs"}
    if unknown:
        raise SchemaError(path, f"{', '.join(sorted(unknown))} can't be said in a structural schema")
    if not flat.get("description"):
        raise SchemaError(path, "has no description")
    made: Schema = {"description": _paragraphs(flat["description"])}
    made.update({key: flat[key] for key in _KEPT if key in flat})
    if INT_OR_STRING in made:
        del made["type"]  # it is either
    elif made.get("type") == "integer":
        made["format"] = "int64"
    if RULES in made:
        made.pop("pattern", None)  # the rule says the same, and what to do
    if "items" in flat:
        made["items"] = _converted(_described(flat["items"], "One of them."), known, f"{path}[]")
    if "properties" in flat:
        made["properties"] = {
            name: _converted(field, known, f"{path}.{name}") for name, field in flat["properties"].items()
        }
        if flat.get("required"):
            made["required"] = sorted(flat["required"])
    if flat.get("default") is not None:
        made["default"] = _default(flat["default"], made.get("properties", {}))
    values = _values(flat, path)
    if values is not None:
        made["additionalProperties"] = _converted(_described(values, "By its name."), known, f"{path}.*")
    return made


def _flat(given: Mapping[str, Any], known: Mapping[str, Any], path: str) -> Schema:
    """Return a schema with what it refers to in it, and without the null that stands for a field left out."""
    flat = dict(given)
    choices = [choice for choice in flat.pop("anyOf", []) if choice != {"type": "null"}]
    if len(choices) > 1:
        raise SchemaError(path, "is one thing or another")
    inner = choices[0] if choices else {}
    reference = flat.pop("$ref", None)
    if reference is not None:
        inner = known[reference.removeprefix("#/$defs/")]
    if inner:
        inner = _flat(inner, known, path)
    if "const" in flat:
        flat["enum"] = [flat["const"]]
    # What stands at the field is nearer than what its type says.
    return {**inner, **flat}


def _values(flat: Schema, path: str) -> Schema | None:
    """Return the schema of a map's values; the pattern of its names is for a rule to hold."""
    patterns = list(flat.get("patternProperties", {}).values())
    if len(patterns) > 1:
        raise SchemaError(path, "has values of several kinds")
    if patterns:
        return dict(patterns[0])
    values = flat.get("additionalProperties")
    return dict(values) if isinstance(values, dict) else None


def _default(given: Any, fields: Mapping[str, Schema]) -> Any:
    """Return a default; of an object, what its fields default to themselves, because that is what a user left out.

    More would be in the way of one who gives the object later: what was defaulted stays, and may contradict.
    """
    if not isinstance(given, dict):
        return given
    return {name: field["default"] for name, field in fields.items() if "default" in field}


def _described(schema: Mapping[str, Any], text: str) -> Schema:
    return {"description": text, **schema}


def _paragraphs(text: str) -> str:
    """Return a docstring with each paragraph on one line."""
    return "\n".join(" ".join(part.split()) for part in text.split("\n\n"))
