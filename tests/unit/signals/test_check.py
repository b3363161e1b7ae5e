import pytest

from tradewind.signals.check import UnknownModelError, check_signal
from tradewind.signals.lstm_parameters import read_lstm_parameters
from tradewind.signals.parameters import ParameterError, SymbolCountError


@pytest.mark.parametrize(
    ("model", "parameters"),
    [
        ("LSTM", {}),
        ("LSTM", {"lookback": "60", "horizon": "1", "buyThreshold": "0.10%", "sellThreshold": "-0.10%"}),
        ("SMACross", {"fast": "10", "slow": "50"}),
    ],
)
def test_good_signals_pass(model: str, parameters: dict[str, str]) -> None:
    check_signal(model, parameters, ["AAA"])


@pytest.mark.parametrize(
    ("model", "parameters", "name"),
    [
        ("LSTM", {"lookbak": "60"}, "lookbak"),
        ("LSTM", {"lookback": "1"}, "lookback"),
        ("LSTM", {"lookback": "60.5"}, "lookback"),
        ("LSTM", {"epochs": "many"}, "epochs"),
        ("LSTM", {"buyThreshold": "0.1%", "sellThreshold": "0.1%"}, "sellThreshold"),
        ("SMACross", {"fast": "50", "slow": "10"}, "slow"),
    ],
)
def test_bad_parameters_are_named(model: str, parameters: dict[str, str], name: str) -> None:
    with pytest.raises(ParameterError, match=f"spec.signal.parameters.{name}: ") as caught:
        check_signal(model, parameters, ["AAA"])
    assert (caught.value.model, caught.value.name) == (model, name)


@pytest.mark.parametrize(
    ("model", "parameters", "symbols", "needed"),
    [
        ("PairsSpread", {}, 1, "exactly 2"),
        ("PairsSpread", {}, 3, "exactly 2"),
        ("MomentumRank", {"hold": "3"}, 3, "at least 4"),
        ("MomentumRank", {}, 1001, "at most 1000"),
    ],
)
def test_a_rule_across_symbols_says_how_many_it_needs(
    model: str, parameters: dict[str, str], symbols: int, needed: str
) -> None:
    with pytest.raises(SymbolCountError, match=f"spec.symbols: {model} needs {needed} with .*, {symbols} given"):
        check_signal(model, parameters, [f"S{i}" for i in range(symbols)])


def test_an_unknown_model_is_named_with_those_that_are_known() -> None:
    with pytest.raises(UnknownModelError, match=r"'Oracle' is unknown; known are .*EMACross, LSTM, .*SMACross"):
        check_signal("Oracle", {}, ["AAA"])


def test_thresholds_do_not_shape_the_trained_network() -> None:
    default = read_lstm_parameters({})
    assert read_lstm_parameters({"buyThreshold": "5%"}).training() == default.training()
    assert read_lstm_parameters({"seed": "8"}).training() != default.training()
