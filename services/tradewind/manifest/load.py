"""Reads manifests from YAML or JSON files."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_args

import yaml
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from tradewind.manifest.resources import API_VERSION, Backtest, TradingStrategy

Resource = TradingStrategy | Backtest
_KINDS: dict[str, type[TradingStrategy] | type[Backtest]] = {"TradingStrategy": TradingStrategy, "Backtest": Backtest}


@dataclass(frozen=True)
class FieldProblem:
    """One thing wrong in a manifest: where (as `spec.risk.stopLoss`) and what."""

    field: str
    message: str


class ManifestError(ValueError):
    """A manifest that can't be read or is invalid; `problems` names every field."""

    def __init__(self, path: Path, problems: list[FieldProblem]) -> None:
        lines = [f"{path}: {p.field}: {p.message}" if p.field else f"{path}: {p.message}" for p in problems]
        super().__init__("\n".join(lines))
        self.path = path
        self.problems = problems


def parse_resource(document: Any, path: Path) -> Resource:
    """Return one resource from its parsed document.

    Raises:
        ManifestError: not a mapping, an unknown kind, or an invalid field.
    """
    if not isinstance(document, dict):
        raise ManifestError(path, [FieldProblem("", "a manifest is a mapping with apiVersion, kind, metadata, spec")])
    model = _KINDS.get(str(document.get("kind")))
    if model is None:
        known = " or ".join(_KINDS)
        raise ManifestError(path, [FieldProblem("kind", f"is {document.get('kind')!r}, not {known} of {API_VERSION}")])
    try:
        # What a cluster would refuse is refused here: names in snake_case, "5" for 5, "yes" for true. As JSON,
        # because that is what lists, dates and identifiers look like there.
        return model.model_validate_json(_as_json(document), strict=True, by_alias=True, by_name=False)
    except ValidationError as error:
        problems = [FieldProblem(".".join(map(str, e["loc"])), _message(e, model)) for e in error.errors()]
        raise ManifestError(path, problems) from None


def _as_json(document: dict[Any, Any]) -> str:
    """Return a document as JSON as kubectl would send it: YAML's own dates as text, 5.0 as 5.

    Without its status, which is the platform's to write, and without nulls, which a cluster takes for fields left out.
    """
    return json.dumps(_plain({key: value for key, value in document.items() if key != "status"}), default=str)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def load_resources(path: Path) -> tuple[Resource, ...]:
    """Return every resource in a file of one or more YAML documents.

    Raises:
        ManifestError: the file can't be read, is not YAML, is empty, or holds an invalid resource.
    """
    try:
        documents = [d for d in yaml.safe_load_all(path.read_text(encoding="utf-8")) if d is not None]
    except OSError as error:
        raise ManifestError(path, [FieldProblem("", f"cannot be read: {error.strerror}")]) from None
    except UnicodeDecodeError:
        raise ManifestError(path, [FieldProblem("", "is not UTF-8 text")]) from None
    except yaml.YAMLError as error:
        raise ManifestError(path, [FieldProblem("", f"is not YAML: {' '.join(str(error).split())}")]) from None
    if not documents:
        raise ManifestError(path, [FieldProblem("", "is empty")])
    return tuple(parse_resource(document, path) for document in documents)


def require_running(resource: Resource, path: Path) -> None:
    """Refuse a resource that is suspended: where it is run at once, there is nothing to wait for.

    Raises:
        ManifestError: it is.
    """
    if resource.spec.suspend:
        name = resource.metadata.name
        message = f"{resource.kind} {name} is suspended, so nothing of it may run; set it to false or leave it out"
        raise ManifestError(path, [FieldProblem("spec.suspend", message)])


def load_strategy(path: Path) -> TradingStrategy:
    """Return the one TradingStrategy in a file.

    Raises:
        ManifestError: as `load_resources`, or there is none or more than one.
    """
    return _only_strategy(path, load_resources(path))


def load_tested(path: Path) -> TradingStrategy:
    """Return the strategy that a file asks to test: its one Backtest's, or its one TradingStrategy as it is.

    Raises:
        ManifestError: as `load_resources`, or it does not say which, or the Backtest refers to no strategy of the file.
    """
    resources = load_resources(path)
    backtest = _only_backtest(path, resources)
    if backtest is None:
        return _only_strategy(path, resources)
    try:
        return backtest.strategy(tuple(r for r in resources if isinstance(r, TradingStrategy)))
    except LookupError as error:
        raise ManifestError(path, [FieldProblem("spec.strategyRef", str(error.args[0]))]) from None


def load_backtest(path: Path) -> Backtest | None:
    """Return the one Backtest in a file, None where it holds none.

    Raises:
        ManifestError: as `load_resources`, or there are several.
    """
    return _only_backtest(path, load_resources(path))


def _only_backtest(path: Path, resources: Sequence[Resource]) -> Backtest | None:
    backtests = [r for r in resources if isinstance(r, Backtest)]
    if len(backtests) > 1:
        raise ManifestError(path, [FieldProblem("", f"holds {len(backtests)} Backtests, not one")])
    return backtests[0] if backtests else None


def _only_strategy(path: Path, resources: Sequence[Resource]) -> TradingStrategy:
    strategies = [r for r in resources if isinstance(r, TradingStrategy)]
    if len(strategies) != 1:
        raise ManifestError(path, [FieldProblem("", f"holds {len(strategies)} TradingStrategies, not one")])
    return strategies[0]


def _message(error: ErrorDetails, model: type[BaseModel]) -> str:
    """Return what is wrong with a field, in words that say what to write instead where that is known."""
    text, given = error["msg"].removeprefix("Value error, "), error["input"]
    if error["type"] == "extra_forbidden":
        return f"is no field; {_meant(str(error['loc'][-1]), _names(model, error['loc'][:-1]))}"
    if error["type"] == "string_type" and isinstance(given, int | float):
        text += ', written in quotes, a percentage as "5%"'
    shown = repr(given)
    return text if shown in text or len(shown) > 60 else f"{text} (given: {shown})"


def _meant(name: str, known: Sequence[str]) -> str:
    """Return which of the known names was probably meant, or all of them."""
    closest = get_close_matches(name.lower(), [each.lower() for each in known], 1)
    meant = [each for each in known if each.lower() in closest]
    return f"{meant[0]} was meant?" if meant else f"known are {', '.join(known)}"


def _names(model: type[BaseModel], way: Sequence[int | str]) -> list[str]:
    """Return the fields that a manifest may give at the end of a way through it; none where that is no mapping."""
    found: type[BaseModel] | None = model
    for step in way:
        fields = {} if found is None else {_name(name, field): field for name, field in found.model_fields.items()}
        found = _model_in(fields[step].annotation) if isinstance(step, str) and step in fields else found
    return [] if found is None else [_name(name, field) for name, field in found.model_fields.items()]


def _name(name: str, field: FieldInfo) -> str:
    return field.alias or name


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """Return the model that an annotation is of, as `Risk | None` is of Risk."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for each in get_args(annotation) if (found := _model_in(each)) is not None), None)
