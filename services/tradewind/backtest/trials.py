"""The trials of a sweep: which combinations of parameters are tried, in which order."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any

from pydantic import BaseModel, ValidationError

from tradewind.domain.rules.book import Rules
from tradewind.manifest.resources import StrategySpec, TradingStrategy
from tradewind.manifest.trials import Sweep, WalkForward
from tradewind.signals.catalog import RULES
from tradewind.signals.lstm_parameters import LSTM, lstm_array, lstm_of, read_lstm_parameters
from tradewind.signals.lstm_parameters import PARAMETERS as LSTM_PARAMETERS
from tradewind.signals.parameters import Parameter, ParameterError, SymbolCountError, read_parameters
from tradewind.signals.rule import CrossRule, Floats


class SweepError(ValueError):
    """A sweep that can't be tried: names the field."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"spec.{field}: {reason}")
        self.field = field


@dataclass(frozen=True, eq=False)
class Trial:
    """One combination: `given` is what is swept, as the manifest writes it; parameters and rules hold the rest, too."""

    given: Mapping[str, str]
    parameters: Floats
    rules: Rules


@dataclass(frozen=True)
class Trials:
    """The combinations to try, in the grid's order, and how many the rule itself refuses: fast is not below slow."""

    tried: tuple[Trial, ...]
    skipped: int


def manifest_of(
    strategy: TradingStrategy, walk_forward: WalkForward | None, sweep: Sweep | None, parallelism: int | None = None
) -> dict[str, Any]:
    """Return what is tested as a manifest that refers to nothing.

    A TradingStrategy, or a Backtest with its strategy inline where there are trials.
    """
    document: dict[str, Any] = strategy.model_dump(mode="json", by_alias=True, exclude_none=True)
    asked = {"walkForward": walk_forward, "sweep": sweep}
    spec: dict[str, Any] = {
        name: each.model_dump(mode="json", by_alias=True, exclude_none=True)
        for name, each in asked.items()
        if each is not None
    }
    if not spec:
        return document
    if parallelism is not None:
        spec["parallelism"] = parallelism
    return {**document, "kind": "Backtest", "spec": {"strategy": document["spec"], **spec}}


def only_trial(spec: StrategySpec) -> Trials:
    """Return the strategy as it is, as the one trial."""
    return Trials((Trial({}, _read(spec, {}), spec.rules()),), 0)


def check_sweep(spec: StrategySpec, sweep: Sweep) -> None:
    """Check a sweep without making its trials, of which there may be many.

    Raises:
        SweepError: a parameter is unknown, or one of its values is out of bounds.
    """
    _check_values(spec, {name: values.chosen() for name, values in sweep.parameters.items()})


def make_trials(spec: StrategySpec, sweep: Sweep) -> Trials:
    """Return the trials of a sweep: of a grid the whole, the last parameter changing fastest, or what the seed draws.

    Raises:
        SweepError: a parameter is unknown, one of its values is out of bounds, or the rule refuses every combination.
    """
    check_sweep(spec, sweep)
    choices = {name: values.chosen() for name, values in sweep.parameters.items()}
    rule = None if spec.signal.model == LSTM else RULES[spec.signal.model]
    tried: list[Trial] = []
    skipped = 0
    refusal = ""
    for combination in _combinations(sweep, list(choices.values())):
        given = dict(zip(choices, combination, strict=True))
        own = {name: value for name, value in given.items() if not _is_of_part(name)}
        try:
            parameters = _read(spec, own)
            if isinstance(rule, CrossRule):
                rule.require_symbols(parameters, len(spec.symbols))
        except (ParameterError, SymbolCountError) as error:
            skipped += 1
            refusal = refusal or str(error)
            continue
        tried.append(Trial(given, parameters, _varied(spec, given).rules()))
    if not tried:
        raise SweepError(
            "sweep.parameters", f"the rule refuses all of the {skipped} combinations; the first: {refusal}"
        )
    return Trials(tuple(tried), skipped)


def is_trained(spec: StrategySpec) -> bool:
    """Whether signals come of training: an LSTM's, and a rule's that an anomaly guard holds some of."""
    return spec.signal.model == LSTM or spec.signal.anomaly_guard is not None


def training_of(model: str, parameters: Floats) -> bytes:
    """Return what of a trial's parameters shapes a model that is trained: trials that agree in it share the model."""
    return str(lstm_of(parameters).training()).encode() if model == LSTM else b""


def require_recorded(spec: StrategySpec, sweep: Sweep | None) -> None:
    """Check what is asked where nothing is trained: then a trained model's signals are those on record.

    Raises:
        SweepError: a parameter of the model is swept, which would need another model.
    """
    own = [] if sweep is None or not is_trained(spec) else [name for name in sweep.parameters if not _is_of_part(name)]
    if own:
        raise SweepError(
            f"sweep.parameters.{own[0]}",
            f"{spec.signal.model} would have to be trained for it, and this service neither trains nor has TensorFlow; "
            "over HTTP sweep risk., sizing. and execution. on the signals on record, or run `tradewind backtest -f`, "
            "which trains",
        )


def _read(spec: StrategySpec, given: Mapping[str, str]) -> Floats:
    """Return the signal's parameters with what is given of them, as numbers."""
    model, parameters = spec.signal.model, {**spec.signal.parameters, **given}
    return lstm_array(read_lstm_parameters(parameters)) if model == LSTM else RULES[model].read(parameters)


def _known(spec: StrategySpec) -> Sequence[Parameter]:
    return LSTM_PARAMETERS if spec.signal.model == LSTM else RULES[spec.signal.model].parameters


def _check_values(spec: StrategySpec, choices: Mapping[str, Sequence[str]]) -> None:
    known = _known(spec)
    for name, values in choices.items():
        for value in values:
            if _is_of_part(name):
                _varied(spec, {name: value})
                continue
            try:
                read_parameters(spec.signal.model, known, {name: value})
            except ParameterError as error:
                reason = str(error).removeprefix(f"spec.signal.parameters.{name}: ") + _of_which_part(spec, name)
                raise SweepError(f"sweep.parameters.{name}", reason) from None


def _of_which_part(spec: StrategySpec, name: str) -> str:
    """Return what to say of a name that is no parameter of the rule, but a limit's."""
    for part in ("risk", "sizing", "execution"):
        fields = type(getattr(spec, part)).model_fields
        if name in {field.alias or own for own, field in fields.items()}:
            return f"; as a limit it is {part}.{name}"
    return ""


def _combinations(sweep: Sweep, choices: Sequence[Sequence[str]]) -> Iterator[tuple[str, ...]]:
    if sweep.search == "Grid":
        yield from product(*choices)
        return
    total = prod(len(values) for values in choices)
    count = min(sweep.trials or total, total)
    generator = random.Random(sweep.seed)  # noqa: S311 a draw that anyone can repeat
    # Drawn one by one: the places of a huge grid pass what `sample` takes.
    drawn: set[int] = set(range(total)) if count == total else set()
    while len(drawn) < count:
        drawn.add(generator.randrange(total))
    for place in sorted(drawn):
        digits = []
        for values in reversed(choices):
            place, digit = divmod(place, len(values))
            digits.append(values[digit])
        yield tuple(reversed(digits))


def _varied(spec: StrategySpec, given: Mapping[str, str]) -> StrategySpec:
    """Return the strategy with what is given of its parts."""
    parts = {name.partition(".")[0] for name in given if _is_of_part(name)}
    return spec.model_copy(update={part: _part(spec, part, given) for part in parts})


def _part(spec: StrategySpec, part: str, given: Mapping[str, str]) -> BaseModel:
    now: BaseModel = getattr(spec, part)
    prefix = f"{part}."
    fields = {name.removeprefix(prefix): value for name, value in given.items() if name.startswith(prefix)}
    try:
        return type(now).model_validate({**now.model_dump(by_alias=True, exclude_none=True), **fields})
    except ValidationError as error:
        first = error.errors()[0]
        name = prefix + (str(first["loc"][0]) if first["loc"] else next(iter(fields)))
        message = first["msg"].removeprefix("Value error, ")
        raise SweepError(f"sweep.parameters.{name}", f"{message} (given: {given.get(name)!r})") from None


def _is_of_part(name: str) -> bool:
    """Return whether a sweep's parameter is the manifest's, as risk.stopLoss is, and not the rule's own."""
    return "." in name
