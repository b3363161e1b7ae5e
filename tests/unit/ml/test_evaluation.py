import numpy as np
import pytest

from tradewind.ml.evaluation import EDGE, NO_EDGE, confidence_of, evaluate

RETURNS = np.random.default_rng(1).normal(0, 0.02, 400)


def test_predicting_nothing_is_no_edge() -> None:
    evaluation = evaluate(np.full(400, 1e-9), RETURNS, 400)
    assert evaluation.verdict == NO_EDGE
    assert evaluation.rmse_ratio == pytest.approx(1)
    assert evaluation.summary.startswith("no edge: error 1.000 times that of predicting no change")


def test_a_prediction_that_knows_half_of_the_move_is_an_edge() -> None:
    evaluation = evaluate(RETURNS / 2, RETURNS, 400)
    assert (evaluation.verdict, evaluation.directional_accuracy) == (EDGE, 1.0)
    assert evaluation.rmse_ratio == pytest.approx(0.5)


def test_always_guessing_the_frequent_side_is_no_edge() -> None:
    rising = np.abs(RETURNS)
    rising[:100] *= -1
    evaluation = evaluate(np.full(400, 0.001), rising, 400)
    assert evaluation.directional_accuracy == evaluation.majority_class == 0.75
    assert evaluation.verdict == NO_EDGE


def test_a_right_direction_that_few_instants_can_not_prove_is_no_edge() -> None:
    predicted = np.where(np.arange(400) % 20 < 12, 1, -1) * np.sign(RETURNS) * 1e-4
    assert evaluate(predicted, RETURNS, 400).verdict == EDGE
    assert evaluate(predicted, RETURNS, 20).verdict == NO_EDGE


def test_returns_that_never_moved_have_no_direction() -> None:
    evaluation = evaluate(np.full(5, 0.01), np.zeros(5), 5)
    assert (evaluation.directional_accuracy, evaluation.majority_class) == (None, None)
    assert evaluation.verdict == NO_EDGE


def test_confidence_is_the_normal_probability_of_the_sign() -> None:
    assert confidence_of(0.0, 0.02) == 0.5
    assert confidence_of(0.02, 0.02) == pytest.approx(0.841345, abs=1e-6)
    assert confidence_of(-0.02, 0.02) == confidence_of(0.02, 0.02)
    assert confidence_of(1.0, 0.0) == 0.5
