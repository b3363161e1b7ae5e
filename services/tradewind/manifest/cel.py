"""Rules of the Common Expression Language, beside the validators that they repeat: a cluster checks by them.

A validator that Python has and CEL can't express is named in docs/custom-resources.md.
"""

from dataclasses import dataclass
from typing import Any, Final

from pydantic import ConfigDict
from pydantic.config import JsonDict

RULES: Final = "x-kubernetes-validations"
LIST_TYPE: Final = "x-kubernetes-list-type"
INT_OR_STRING: Final = "x-kubernetes-int-or-string"


@dataclass(frozen=True)
class Rule:
    """What must hold of `self`, and the sentence that a person reads where it does not."""

    rule: str
    message: str


def holds(*rules: Rule, number_or_text: bool = False) -> JsonDict:
    """Return the rules of a value for its `json_schema_extra`; `number_or_text` is written either way."""
    said: dict[str, Any] = {RULES: [{"rule": each.rule, "message": each.message} for each in rules]}
    return {INT_OR_STRING: True, **said} if number_or_text else said


def held(*rules: Rule) -> ConfigDict:
    """Return the rules of a whole model for its `model_config`."""
    return ConfigDict(json_schema_extra=holds(*rules))
