"""What a Backtest's manifest says of folds and sweeps."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewind.manifest.load import ManifestError, load_backtest, load_tested
from tradewind.manifest.trials import MAX_TRIALS, MAX_VALUES, Values

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
WALK_FORWARD = (EXAMPLES / "walk-forward.yaml").read_text()


def test_the_example_says_what_it_says() -> None:
    backtest = load_backtest(EXAMPLES / "walk-forward.yaml")
    assert backtest is not None
    asked, sweep = backtest.spec.walk_forward, backtest.spec.sweep
    assert asked is not None
    assert sweep is not None
    assert (asked.mode, asked.train, asked.test, asked.purge, asked.embargo) == ("Rolling", 504, 126, 1, 5)
    assert sweep.parameters["slow"].chosen() == ("20", "40", "60", "80", "100")
    assert sweep.parameters["risk.stopLoss"].chosen() == ("3%", "5%")
    assert (sweep.combinations, sweep.objective, sweep.trials) == (30, "Sharpe", None)
    assert backtest.spec.baselines == ("BuyAndHold",)
    assert load_backtest(EXAMPLES / "sma-cross.yaml") is None
    assert load_tested(EXAMPLES / "walk-forward.yaml").spec.signal.model == "SMACross"


@given(first=st.integers(-1000, 1000), step=st.integers(1, 500), count=st.integers(1, 50), places=st.integers(0, 4))
def test_a_span_has_both_its_ends_and_even_steps(first: int, step: int, count: int, places: int) -> None:
    low, by = Decimal(first).scaleb(-places), Decimal(step).scaleb(-places)
    last = low + by * (count - 1)
    span = Values.model_validate({"from": f"{low:f}", "to": f"{last:f}", "step": f"{by:f}"})
    assert [Decimal(text) for text in span.chosen()] == [low + by * place for place in range(count)]
    percent = Values.model_validate({"from": f"{low:f}%", "to": f"{last:f}%", "step": f"{by:f}%"})
    assert percent.chosen() == tuple(f"{text}%" for text in span.chosen())


@pytest.mark.parametrize(
    ("was", "becomes", "field", "message"),
    [
        (
            "fast: {values: [5, 10, 20]}",
            'fast: "5..20"',
            "spec.sweep.parameters.fast",
            "give {values: [...]}, or from, to and step",
        ),
        (
            "fast: {values: [5, 10, 20]}",
            "fast: {values: [5, 10.5]}",
            "spec.sweep.parameters.fast.values.1",
            "valid string",
        ),
        (
            "fast: {values: [5, 10, 20]}",
            "fast: {values: [5, five]}",
            "spec.sweep.parameters.fast.values.1",
            "is not a number",
        ),
        (
            "fast: {values: [5, 10, 20]}",
            "fast: {values: [5, nan]}",
            "spec.sweep.parameters.fast.values.1",
            "is not a number",
        ),
        ("fast: {values: [5, 10, 20]}", "fast: {values: []}", "spec.sweep.parameters.fast.values", "at least 1"),
        ("fast: {values: [5, 10, 20]}", 'fast: {values: [5, "5.0"]}', "spec.sweep.parameters.fast", "given twice"),
        (
            "fast: {values: [5, 10, 20]}",
            f"fast: {{values: {list(range(MAX_VALUES + 1))}}}",
            "spec.sweep.parameters.fast.values",
            "at most",
        ),
        ("step: 20}", "step: 0}", "spec.sweep.parameters.slow", "does not reach"),
        ("step: 20}", "step: 0.5}", "spec.sweep.parameters.slow.step", "valid string"),
        ("step: 20}", 'step: "0.01"}', "spec.sweep.parameters.slow", "more than 1000 values"),
        ("step: 20}", 'step: "20%"}', "spec.sweep.parameters.slow", "not all percentages"),
        ("fast: {values: [5, 10, 20]}", "fast: [5]", "spec.sweep.parameters.fast", "write it as"),
        (", step: 20}", "}", "spec.sweep.parameters.slow", "all of from, to and step"),
        ("to: 100", "to: 10", "spec.sweep.parameters.slow", "does not reach"),
        ("step: 20}", "step: 20, values: [5]}", "spec.sweep.parameters.slow", "either values"),
        ("      fast:", "      Fast:", "spec.sweep.parameters.Fast.[key]", "pattern"),
        ("search: Grid", "search: Random", "spec.sweep", "needs trials"),
        ("search: Grid", "trials: 5", "spec.sweep", "is of a Random search"),
        ("objective: Sharpe", "objective: Luck", "spec.sweep.objective", "'Sharpe'"),
        ("train: 504", "train: 1", "spec.walkForward.train", "greater than or equal to 2"),
        ("test: 126", "test: 0", "spec.walkForward.test", "greater than or equal to 1"),
        ("purge: 1", "purge: -1", "spec.walkForward.purge", "greater than or equal to 0"),
        ("mode: Rolling", "mode: Sliding", "spec.walkForward.mode", "'Rolling' or 'Anchored'"),
        ("  walkForward:", "  baselines: []\n  walkForward:", "spec.baselines", "at least 1"),
    ],
)
def test_a_wrong_field_is_named(tmp_path: Path, was: str, becomes: str, field: str, message: str) -> None:
    assert was in WALK_FORWARD
    path = tmp_path / "backtest.yaml"
    path.write_text(WALK_FORWARD.replace(was, becomes))
    with pytest.raises(ManifestError) as caught:
        load_tested(path)
    assert [p.field for p in caught.value.problems] == [field]
    assert message in str(caught.value)


def test_a_grid_beyond_all_bounds_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "backtest.yaml"
    path.write_text(
        WALK_FORWARD.replace("fast: {values: [5, 10, 20]}", "fast: {from: 1, to: 1000, step: 1}").replace(
            "step: 20}", 'step: "0.5"}'
        )
    )
    with pytest.raises(ManifestError, match=f"322000 combinations are more than {MAX_TRIALS}"):
        load_tested(path)
