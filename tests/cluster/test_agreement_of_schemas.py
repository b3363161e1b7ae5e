"""What the API server accepts the models accept, and the other way round."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.api_server import ApiServer
from tests.cluster.judged import (
    BACKTEST,
    STRATEGY,
    VALUES,
    Document,
    PathTo,
    by_api,
    by_models,
    leaves,
    shown,
    spoilt,
)

EXCEPTIONS: Final[Mapping[str, Callable[[str], bool]]] = {
    "a value of a sweep given twice in two spellings": lambda said: "a value is given twice" in said,
    "a grid of more than 100000 combinations": lambda said: "combinations are more than" in said,
}
"""What only the models refuse, by what they say: CEL adds up no numbers of a list."""


def disagreement(api: ApiServer, document: Document) -> str | None:
    theirs, ours = by_api(api, document), by_models(document)
    if theirs.accepted == ours.accepted:
        return None
    if theirs.accepted and any(excepted(ours.said) for excepted in EXCEPTIONS.values()):
        return None
    if ours.accepted and only_unknown_nulls(theirs.said, document):
        return None
    return f"API server: {theirs.said or 'yes'}\nmodels: {ours.said or 'yes'}\n{shown(document)}"


def only_unknown_nulls(said: str, document: Document) -> bool:
    """Whether the API server minds only unknown fields without a value, which the models take as left out."""
    if "strict decoding error: " not in said:
        return False
    minded = said.split("strict decoding error: ")[1].split(", ")
    return all(
        is_null(document, path) for each in minded for path in re.findall(r'^unknown field "(.+)"$', each)[:1] or [""]
    )


def is_null(document: Document, path: str) -> bool:
    inner: Any = document
    for name in re.findall(r"[^.]+", path):
        if not isinstance(inner, dict) or name not in inner:
            return False
        inner = inner[name]
    return inner is None


def swept(kind: str) -> list[PathTo]:
    """Return the fields to spoil; of what every service's resources are, one service's will do."""
    paths = list(leaves(kind))
    if kind == "Backtest":
        paths = [path for path in paths if path[:2] != ("spec", "strategy")]
    return [path for path in paths if path[1] != "resources" or len(path) == 2 or path[2] == "ml"]


@pytest.mark.timeout(900)  # eight thousand requests: half a minute on a machine that has nothing else to do
@pytest.mark.parametrize("whole", [STRATEGY, BACKTEST], ids=lambda d: d["kind"])
def test_one_field_of_any_value_is_judged_alike(crds: ApiServer, whole: Document) -> None:
    assert by_api(crds, whole).accepted
    assert by_models(whole).accepted
    found, judged = [], {True: 0, False: 0}
    for path in swept(whole["kind"]):
        for value in VALUES:
            document = spoilt(whole, path, value)
            said = disagreement(crds, document)
            judged[by_models(document).accepted] += 1
            if said is not None:
                found.append(f"{'.'.join(path)} = {value!r}\n{said}")
    assert not found, f"{len(found)} of {sum(judged.values())}:\n" + "\n\n".join(found[:40])
    assert min(judged.values()) > 100


@pytest.mark.parametrize("whole", [STRATEGY, BACKTEST], ids=lambda d: d["kind"])
def test_several_fields_of_any_values_are_judged_alike(crds: ApiServer, whole: Document) -> None:
    edits: Any = st.lists(
        st.tuples(st.sampled_from(swept(whole["kind"])), st.sampled_from(VALUES)), min_size=2, max_size=5
    )

    @settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(edits)
    def judge(chosen: list[tuple[PathTo, Any]]) -> None:
        document = whole
        for path, value in chosen:
            document = spoilt(document, path, value)
        assert disagreement(crds, document) is None

    judge()


def test_spans_of_about_as_many_values_as_may_be_are_judged_alike(crds: ApiServer) -> None:
    """Where binary floats would round: 0 to 0.3 by 0.0003 has 1001 values, though 0.3 / 0.0003 is below 1000."""
    judged = {True: 0, False: 0}

    @settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @example(first=0, step=3, more=0, count=1000, places=4, percent=False)
    @given(
        first=st.integers(-(10**6), 10**6),
        step=st.integers(-1, 10**5),
        more=st.integers(-1, 1),
        count=st.integers(998, 1001),
        places=st.integers(0, 6),
        percent=st.booleans(),
    )
    def judge(first: int, step: int, more: int, count: int, places: int, percent: bool) -> None:
        span = {"from": first, "to": first + step * count + more, "step": step}
        written = {
            name: f"{Decimal(number).scaleb(-places):f}{'%' if percent else ''}" for name, number in span.items()
        }
        document = spoilt(BACKTEST, ("spec", "sweep", "parameters", "fast"), written)
        assert disagreement(crds, document) is None
        judged[by_models(document).accepted] += 1

    judge()
    assert min(judged.values()) > 30
