"""docs/manifest.md names every field that a manifest may have, with its default."""

import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from tradewind.manifest.operation import Resources
from tradewind.manifest.resources import Backtest, StrategySpec, TradingStrategy
from tradewind.manifest.trials import Values

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "manifest.md").read_text()


def fields_of(model: type[BaseModel], path: str = "") -> Iterator[tuple[str, str]]:
    """Yield (path, default) of every field that is not made of further fields."""
    for name, field in model.model_fields.items():
        here = f"{path}{field.alias or name}"
        parts = [field.annotation, *typing.get_args(field.annotation)]
        models = [p for p in parts if isinstance(p, type) and issubclass(p, BaseModel) and p not in (Values, Resources)]
        if (models and models != [StrategySpec]) or here == "spec":
            for part in models:
                yield from fields_of(part, f"{here}.")
        else:
            yield here, "required" if field.is_required() else shown(field.get_default(call_default_factory=True))


def shown(default: Any) -> str:
    if default is None:
        return "off"
    if isinstance(default, bool):
        return str(default).lower()
    return ", ".join(default) if isinstance(default, tuple) else str(default)


def told_of(kind: str) -> dict[str, str]:
    """Return the page's defaults by field."""
    section = PAGE.split(f"## {kind}\n")[1].split("\n## ")[0]
    rows = [[cell.strip() for cell in line.split("|")[1:3]] for line in section.splitlines() if line.startswith("| ")]
    return {field: default for field, default in rows if field not in ("field", "---")}


@pytest.mark.parametrize("resource", [TradingStrategy, Backtest])
def test_the_page_names_every_field_with_its_default(resource: type[BaseModel]) -> None:
    wanted = dict(fields_of(resource))
    assert wanted.pop("apiVersion") == wanted.pop("kind") == "required"
    assert told_of(resource.__name__) == wanted
