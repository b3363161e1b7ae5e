"""The models that a strategy's signals come from, ready to use."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path

from tradewind import __version__
from tradewind.domain.money import parse_rate
from tradewind.manifest.resources import StrategySpec
from tradewind.ml.anomaly import AnomalyDetector, fit_detector
from tradewind.ml.artifact import ModelCard, artifact_folder, load_network
from tradewind.ml.dataset import Bars
from tradewind.ml.engine import CrossDecider, Decider, Engine, LstmDecider, RuleDecider, VectorisedDecider
from tradewind.ml.fingerprint import version_of
from tradewind.ml.lstm import Predictor
from tradewind.signals.catalog import RULES
from tradewind.signals.lstm_parameters import LSTM, LstmParameters, read_lstm_parameters
from tradewind.signals.rule import CrossRule, Floats, Rule, VectorisedRule


@dataclass(frozen=True)
class Network:
    """A trained LSTM: its card and its predictor."""

    card: ModelCard
    predictor: Predictor


@dataclass(frozen=True)
class Models:
    """What a strategy decides with: a network or a rule, and the guard where it has one."""

    model_version: str
    network: Network | None
    detector: AnomalyDetector | None


def training_cut(spec: StrategySpec) -> datetime:
    """Return the last instant that first training may see: the end of the session before `tradeFrom`."""
    return datetime.combine(spec.feed.replay.trade_from, time(), UTC)


def lstm_parameters(spec: StrategySpec) -> LstmParameters | None:
    """Return the LSTM's parameters, None for a rule strategy."""
    return read_lstm_parameters(spec.signal.parameters) if spec.signal.model == LSTM else None


def load_models(spec: StrategySpec, bars: Bars, card: ModelCard | None, data_dir: Path, strategy_id: str) -> Models:
    """Return the strategy's models: the trained network that the card names, and a guard fitted up to its cut."""
    through = training_cut(spec) if card is None else max(card.trained_through, training_cut(spec))
    contamination = None if spec.signal.anomaly_guard is None else parse_rate(spec.signal.anomaly_guard.contamination)
    detector = None if contamination is None else fit_detector(bars, through, contamination)
    if card is not None:
        folder = artifact_folder(data_dir, strategy_id, card.model_version)
        predictor = Predictor(load_network(folder), card.scaler, len(spec.symbols))
        return Models(card.model_version, Network(card, predictor), detector)
    rule = RULES[spec.signal.model]
    parameters = rule.read(spec.signal.parameters).tolist()
    code = RULES.origin(rule.name) or __version__
    return Models(version_of(rule.name, parameters=parameters, code=code), None, detector)


def needs_whole_instants(spec: StrategySpec) -> bool:
    """Whether a signal depends on the other symbols' bars of its instant."""
    return spec.signal.model != LSTM and isinstance(RULES[spec.signal.model], CrossRule)


def build_engine(spec: StrategySpec, models: Models) -> Engine:
    """Return an engine that has seen no bar yet."""
    decider: Decider
    if models.network is not None:
        card = models.network.card
        parameters = read_lstm_parameters(spec.signal.parameters)
        deviation = card.evaluation.residual_deviation
        decider = LstmDecider(models.network.predictor, deviation, parameters, spec.symbols)
    else:
        rule = RULES[spec.signal.model]
        decider = _rule_decider(rule, rule.read(spec.signal.parameters), spec.symbols)
    return Engine(decider, models.detector, spec.symbols)


def _rule_decider(rule: Rule, parameters: Floats, symbols: Sequence[str]) -> Decider:
    if isinstance(rule, CrossRule):
        return CrossDecider(rule, parameters, symbols)
    if isinstance(rule, VectorisedRule):
        return VectorisedDecider(rule, parameters, symbols)
    return RuleDecider(rule, parameters, symbols)
