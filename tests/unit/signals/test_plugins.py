"""Plug-ins: found by entry point, loaded when asked for, refused by the name of their distribution."""

import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np
import pytest

from tradewind.signals.catalog import BUILT_IN, RULES, Catalog
from tradewind.signals.documents import strategy_documents
from tradewind.signals.plugins import PluginError, find_plugins, plugin_sources
from tradewind.signals.rule import RuleStrategy, VectorisedRule
from tradewind.signals.vectorised import RuleFailedError, vectorised_sides

RISING = """
from tradewind.signals.rule import RuleStrategy

def step(state, parameters, open_, high, low, close, volume):
    before = state[0]
    state[0] = close
    return 1 if close > before > 0.0 else 0

RULE = RuleStrategy(name="Rising", description="Buys after a rise.", parameters=(), state_size=lambda p: 1, step=step)
"""
Install = Callable[..., Path]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Put distributions into a folder that Python imports from."""
    monkeypatch.syspath_prepend(str(tmp_path))
    before = set(sys.modules)

    def add(name: str, source: str | None, points: Mapping[str, str]) -> Path:
        module = tmp_path / f"{name}_rules.py"
        if source is not None:
            module.write_text(source)
        info = tmp_path / f"{name}-1.2.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.2\n")
        lines = "\n".join(f"{point} = {value}" for point, value in points.items())
        (info / "entry_points.txt").write_text(f"[tradewind.strategies]\n{lines}\n")
        return module

    yield add
    for name in set(sys.modules) - before:
        if name.endswith("_rules"):
            del sys.modules[name]


def catalog(folder: Path) -> Catalog:
    return Catalog(BUILT_IN, lambda: find_plugins([str(folder)]))


def test_a_plug_in_stands_beside_the_built_in_rules(install: Install, tmp_path: Path) -> None:
    install("rising", RISING, {"Rising": "rising_rules:RULE"})
    rules = catalog(tmp_path)
    assert set(rules) == {*(rule.name for rule in BUILT_IN), "Rising"}
    assert len(rules) == len(BUILT_IN) + 1
    rule = rules["Rising"]
    assert isinstance(rule, RuleStrategy)
    assert rules["Rising"] is rule
    assert rules.origin("Rising") == "rising 1.2"
    assert rules.origin("SMACross") is None
    listed = {document["name"]: document for document in strategy_documents(rules)}
    assert listed["Rising"]["distribution"] == "rising 1.2"
    assert listed["SMACross"]["distribution"] is None
    assert set(listed) == {"LSTM", *rules}


def test_nothing_is_imported_before_its_rule_is_asked_for(install: Install, tmp_path: Path) -> None:
    install("rising", RISING, {"Rising": "rising_rules:RULE"})
    rules = catalog(tmp_path)
    assert "Rising" in rules
    assert rules["SMACross"].name == "SMACross"
    assert "Falling" not in rules
    with pytest.raises(KeyError):
        rules["Falling"]
    assert "rising_rules" not in sys.modules
    assert rules["Rising"].name == "Rising"
    assert "rising_rules" in sys.modules


def test_a_plug_in_that_fails_to_import_keeps_its_own_traceback(install: Install, tmp_path: Path) -> None:
    module = install("broken", "def load():\n    return 1 / 0\nRULE = load()\n", {"Broken": "broken_rules:RULE"})
    rules = catalog(tmp_path)
    with pytest.raises(PluginError, match=r"the plug-in Broken of broken 1\.2 can't be loaded: ZeroDivision") as caught:
        rules["Broken"]
    assert caught.value.distributions == ("broken 1.2",)
    told = "".join(traceback.format_exception(caught.value.__cause__))
    assert f'File "{module}", line 2, in load' in told
    assert rules["SMACross"].name == "SMACross"
    with pytest.raises(PluginError, match="Broken of broken"):
        strategy_documents(rules)


@pytest.mark.parametrize(
    ("point", "source", "reason"),
    [
        ("Rising", "RULE = 7", "is no rule but a int: rising_rules:RULE"),
        ("Falling", RISING, "gives a rule of another name, Rising: rising_rules:RULE"),
        ("Rising", None, "can't be loaded: ModuleNotFoundError: No module named 'rising_rules'"),
        ("Rising", "RULES = 7", "can't be loaded: AttributeError: "),
    ],
)
def test_what_gives_no_rule_is_refused(
    install: Install, tmp_path: Path, point: str, source: str | None, reason: str
) -> None:
    install("rising", source, {point: "rising_rules:RULE"})
    with pytest.raises(PluginError, match=f"the plug-in {point} of rising 1.2 {reason}"):
        catalog(tmp_path)[point]


@pytest.mark.parametrize("name", ["SMACross", "LSTM"])
def test_no_plug_in_replaces_what_is_built_in(install: Install, tmp_path: Path, name: str) -> None:
    install("rising", RISING, {name: "rising_rules:RULE"})
    rules = catalog(tmp_path)
    clash = pytest.raises(PluginError, match=rf"the plug-in {name} of rising 1\.2 clashes with the model of that name")
    with clash:
        rules.refuse_clash(name)
    with clash:
        strategy_documents(rules)
    assert rules["EMACross"].name == "EMACross"
    assert "rising_rules" not in sys.modules


def test_two_distributions_of_one_rule_are_refused(install: Install, tmp_path: Path) -> None:
    install("rising", RISING, {"Rising": "rising_rules:RULE"})
    install("falling", RISING, {"Rising": "falling_rules:RULE"})
    with pytest.raises(PluginError, match=r"Rising of falling 1\.2 and rising 1\.2 is brought more than once"):
        catalog(tmp_path)["Rising"]


def test_the_installed_catalog_has_the_built_in_rules() -> None:
    assert {rule.name for rule in BUILT_IN} <= set(RULES)
    RULES.refuse_clash()


def test_sources_are_found_although_the_distribution_lists_none(install: Install, tmp_path: Path) -> None:
    module = install("rising", RISING, {"Rising": "rising_rules:RULE"})
    assert [file for _, file in plugin_sources([str(tmp_path)])] == [module]
    assert "rising_rules" not in sys.modules


def vectorised(answer: object) -> VectorisedRule:
    def signals(bars: object, parameters: object) -> object:
        if isinstance(answer, Exception):
            raise answer
        return answer

    return VectorisedRule("Odd", "Odd.", (), look_back=lambda _: 1, signals=signals)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (LookupError("lost"), "failed: LookupError: lost"),
        (np.zeros(2, np.int8), r"gives int8 of shape \(2,\) for 3 bars"),
        (np.zeros((3, 1), np.int8), r"gives int8 of shape \(3, 1\) for 3 bars"),
        (np.zeros(3), r"gives float64 of shape \(3,\) for 3 bars"),
        (np.array([0, 2, 0]), "gives 2, which is no side"),
    ],
)
def test_a_vectorised_rule_is_held_to_its_promise(answer: object, reason: str) -> None:
    with pytest.raises(RuleFailedError, match=f"Odd {reason}") as caught:
        vectorised_sides(vectorised(answer), np.zeros(0), np.ones((3, 5)))
    assert caught.value.__cause__ is (answer if isinstance(answer, Exception) else None)


def test_bars_with_too_few_before_them_hold() -> None:
    sides = vectorised_sides(vectorised(np.array([1, 1, -1], np.int8)), np.zeros(0), np.ones((3, 5)))
    assert sides.tolist() == [0, 1, -1]
    assert sides.dtype == np.int64
