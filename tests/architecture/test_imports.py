"""What import-linter can't say: what a process really loads."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

SERVICES = Path(__file__).resolve().parents[2] / "services" / "tradewind"
OWNERS = {
    "psycopg": ["store"],
    "psycopg_pool": ["store"],
    "confluent_kafka": ["bus"],
    "tensorflow": ["ml"],
    "keras": ["ml"],
    "sklearn": ["ml"],
    "numba": ["backtest"],
    "fastapi": ["runtime", "api.py"],
    "pybreaker": ["runtime"],
    "prometheus_client": ["runtime", "ingestion", "ml", "trading"],
    "typer": ["desk"],
    "rich": ["desk"],
}


def imports_of(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize("library", OWNERS)
def test_each_outside_library_has_one_owner(library: str) -> None:
    users = [path.relative_to(SERVICES) for path in SERVICES.rglob("*.py") if library in imports_of(path)]
    assert users, f"nothing imports {library}: is the list still true?"
    # A service with many routes splits them: orders_api.py.
    owns = tuple(OWNERS[library])
    assert [str(p) for p in users if p.parts[0] not in owns and not p.name.endswith(owns)] == []


def test_the_domain_imports_the_standard_library_only() -> None:
    foreign = {
        name
        for path in (SERVICES / "domain").rglob("*.py")
        for name in imports_of(path)
        if name not in sys.stdlib_module_names and name != "tradewind"
    }
    assert foreign == set()


def test_kopf_and_the_kubernetes_api_are_the_operators() -> None:
    for library in ("kopf", "aiohttp", "kubernetes"):
        assert [str(path) for path in SERVICES.rglob("*.py") if library in imports_of(path)] == []


def test_the_operators_folder_shadows_no_standard_module() -> None:
    assert not (SERVICES.parents[1] / "operator" / "__init__.py").exists()


@pytest.mark.parametrize(
    ("module", "unwanted"),
    [
        ("tradewind.trading.__main__", ["tensorflow", "sklearn", "numba", "pandas"]),
        ("tradewind.ingestion.__main__", ["tensorflow", "sklearn", "numba", "pandas"]),
        ("tradewind.ml.__main__", ["tensorflow", "sklearn", "numba"]),
        ("tradewind.backtest.__main__", ["tensorflow", "sklearn"]),
        ("tradewind.desk.__main__", ["tensorflow", "sklearn", "numba", "pandas"]),
        ("tradewind.desk.backtest", ["tensorflow", "sklearn", "numba", "pandas", "psycopg", "confluent_kafka"]),
        (
            "tradewind.desk.job",
            ["tensorflow", "numba", "pandas", "typer", "psycopg", "confluent_kafka", "httpx2"],
        ),
        ("tradewind_operator.__main__", ["numpy", "psycopg", "confluent_kafka", "fastapi", "kubernetes", "pandas"]),
        ("tradewind.backtest.report", ["tensorflow", "sklearn", "pandas", "plotly", "psycopg", "fastapi"]),
    ],
)
def test_a_process_starts_without_the_libraries_of_others(module: str, unwanted: list[str]) -> None:
    code = f"import sys, {module}; print([m for m in {unwanted} if m in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=60)
    assert loaded.stdout.strip() == "[]"
