"""The definitions that are made from the models: structural, bounded, described, and what crds/ holds."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import pytest
import yaml
from pydantic import Field

from tradewind.manifest.cel import INT_OR_STRING
from tradewind.manifest.crd import __main__ as command
from tradewind.manifest.crd.definitions import backtest_definition, strategy_definition
from tradewind.manifest.crd.schema import SchemaError, structural
from tradewind.manifest.values import Model
from tradewind.paths import shipped_folder

DEFINITIONS = {"TradingStrategy": strategy_definition(), "Backtest": backtest_definition()}


def schemas(schema: dict[str, Any], path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    yield path, schema
    for name, field in schema.get("properties", {}).items():
        yield from schemas(field, f"{path}.{name}")
    for inner in ("items", "additionalProperties"):
        if inner in schema:
            yield from schemas(schema[inner], f"{path}[]")


@pytest.fixture(params=DEFINITIONS)
def fields(request: pytest.FixtureRequest) -> list[tuple[str, dict[str, Any]]]:
    return list(schemas(DEFINITIONS[request.param]["spec"]["versions"][0]["schema"]["openAPIV3Schema"]))


def test_every_field_is_described(fields: list[tuple[str, dict[str, Any]]]) -> None:
    assert [path for path, field in fields if not field.get("description") and path != ".metadata"] == []


def test_every_field_has_one_type_and_none_is_a_float(fields: list[tuple[str, dict[str, Any]]]) -> None:
    types = {"object", "array", "string", "integer", "boolean"}
    assert [path for path, f in fields if (f.get("type") in types) is bool(f.get(INT_OR_STRING))] == []


def test_all_that_rules_read_is_bounded(fields: list[tuple[str, dict[str, Any]]]) -> None:
    def unbounded(field: dict[str, Any]) -> bool:
        if field.get("type") == "array":
            return "maxItems" not in field
        if "additionalProperties" in field:
            return "maxProperties" not in field
        text = field.get("type") == "string" or field.get(INT_OR_STRING)
        return bool(text and "maxLength" not in field and "enum" not in field and "format" not in field)

    assert {path for path, field in fields if unbounded(field)} == {".apiVersion", ".kind"}


def test_a_field_without_a_word_is_refused() -> None:
    class Silent(Model):
        """A model."""

        name: Annotated[str, Field(max_length=3)]

    with pytest.raises(SchemaError, match=r"Silent\.name: has no description"):
        structural(Silent)


def test_a_field_of_two_kinds_is_refused() -> None:
    class Either(Model):
        """A model."""

        value: int | str
        """Something."""

    with pytest.raises(SchemaError, match=r"Either\.value: is one thing or another"):
        structural(Either)


def test_what_no_schema_says_is_refused() -> None:
    class Even(Model):
        """A model."""

        value: Annotated[int, Field(multiple_of=2)]
        """Something."""

    with pytest.raises(SchemaError, match=r"Even\.value: multipleOf can't be said"):
        structural(Even)


def test_crds_is_what_the_models_make() -> None:
    folder = shipped_folder("crds")
    assert {path.name: yaml.safe_load(path.read_text()) for path in folder.glob("*.yaml")} == {
        "tradingstrategies.yaml": DEFINITIONS["TradingStrategy"],
        "backtests.yaml": DEFINITIONS["Backtest"],
    }


def test_drift_is_told_and_mended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "crds"
    shutil.copytree(shipped_folder("crds"), folder)
    monkeypatch.setattr(command, "shipped_folder", lambda _: folder)

    def run(*options: str) -> int:
        monkeypatch.setattr(sys, "argv", ["crd", *options])
        return command.main()

    assert run("--check") == 0
    edited = folder / "backtests.yaml"
    edited.write_text(edited.read_text().replace("maxLength: 63", "maxLength: 64", 1))
    (folder / "old.yaml").write_text("")
    assert run("--check") == 1
    told = capsys.readouterr().err
    assert "crds/backtests.yaml is not what the models make: run `make crds`" in told
    assert "crds/old.yaml" in told
    assert run() == 0
    assert run("--check") == 0
    assert not (folder / "old.yaml").exists()


@pytest.mark.parametrize("kind", DEFINITIONS)
def test_the_page_names_every_column(kind: str) -> None:
    page = (Path(__file__).resolve().parents[3] / "docs" / "custom-resources.md").read_text()
    columns = DEFINITIONS[kind]["spec"]["versions"][0]["additionalPrinterColumns"]
    glance, wide = (", ".join(c["name"] for c in columns if c.get("priority", 0) == each) for each in (0, 1))
    assert f"| {kind} | {glance} | {wide} |" in page
