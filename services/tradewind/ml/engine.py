"""Turns bars into decisions, one instant after the other: the live service and backtests run this same engine."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from tradewind.domain.bars import Bar
from tradewind.ml.anomaly import AnomalyDetector
from tradewind.ml.evaluation import confidence_of
from tradewind.ml.lstm import Predictor
from tradewind.signals.features import LOOK_BACK, features_of
from tradewind.signals.lstm_parameters import LstmParameters
from tradewind.signals.policy import (
    Anomaly,
    Decision,
    Thresholds,
    decide_on_prediction,
    decide_on_step,
    guard,
    ratio_units,
    wait_for_history,
)
from tradewind.signals.rule import CrossRule, Floats, Integers, RuleStrategy, VectorisedRule
from tradewind.signals.series import COLUMNS, row_of
from tradewind.signals.vectorised import failures_of, vectorised_sides

Rows = deque[tuple[float, float, float, float, float]]


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the engine says of one bar; anomaly is None without a guard, or with too few bars for it."""

    decision: Decision
    anomaly: Anomaly | None


class Decider(Protocol):
    """Decides on bars that come in order within each symbol; one across symbols needs whole instants in order."""

    def learn(self, bars: Mapping[str, Bar]) -> None:
        """Take in the bars of one instant of the past, by symbol."""
        ...

    def decide(self, bars: Mapping[str, Bar]) -> dict[str, Decision]:
        """Take in the bars of one instant, by symbol, and decide on each."""
        ...


class RuleDecider:
    """Steps a rule strategy, one state for each symbol."""

    def __init__(self, rule: RuleStrategy, parameters: Floats, symbols: Sequence[str]) -> None:
        self._rule = rule
        self._parameters = parameters
        self._states = {symbol: np.zeros(rule.state_size(parameters)) for symbol in symbols}

    def learn(self, bars: Mapping[str, Bar]) -> None:
        """Step without saying anything."""
        for bar in bars.values():
            self._step(bar)

    def decide(self, bars: Mapping[str, Bar]) -> dict[str, Decision]:
        """Step each symbol's bar."""
        return {symbol: decide_on_step(self._rule.name, self._step(bar)) for symbol, bar in bars.items()}

    def _step(self, bar: Bar) -> int:
        with failures_of(self._rule):
            return self._rule.step(self._states[bar.symbol], self._parameters, *row_of(bar))


class CrossDecider:
    """Steps a rule across symbols, one state for all of them; it needs every bar of an instant at once.

    Raises:
        SymbolCountError: the rule needs more or fewer symbols.
    """

    def __init__(self, rule: CrossRule, parameters: Floats, symbols: Sequence[str]) -> None:
        rule.require_symbols(parameters, len(symbols))
        self._rule = rule
        self._parameters = parameters
        self._state = np.zeros(rule.state_size(parameters, len(symbols)))
        self._column = {symbol: i for i, symbol in enumerate(sorted(symbols))}

    def learn(self, bars: Mapping[str, Bar]) -> None:
        """Step without saying anything."""
        self._step(bars)

    def decide(self, bars: Mapping[str, Bar]) -> dict[str, Decision]:
        """Step the instant."""
        sides = self._step(bars)
        return {symbol: decide_on_step(self._rule.name, int(sides[self._column[symbol]])) for symbol in bars}

    def _step(self, bars: Mapping[str, Bar]) -> Integers:
        present = np.zeros(len(self._column), np.int64)
        rows = np.zeros((len(self._column), COLUMNS))
        sides = np.zeros(len(self._column), np.int64)
        for symbol, bar in bars.items():
            present[self._column[symbol]] = 1
            rows[self._column[symbol]] = row_of(bar)
        if bars:
            with failures_of(self._rule):
                self._rule.step(self._state, self._parameters, present, rows, sides)
        return sides


class VectorisedDecider:
    """Calls a vectorised rule on each symbol's last bars."""

    def __init__(self, rule: VectorisedRule, parameters: Floats, symbols: Sequence[str]) -> None:
        self._rule = rule
        self._parameters = parameters
        self._needed = rule.look_back(parameters) + 1
        self._rows: dict[str, Rows] = {symbol: deque(maxlen=self._needed) for symbol in symbols}

    def learn(self, bars: Mapping[str, Bar]) -> None:
        """Remember the bars."""
        for symbol, bar in bars.items():
            self._rows[symbol].append(row_of(bar))

    def decide(self, bars: Mapping[str, Bar]) -> dict[str, Decision]:
        """Call the rule for each symbol."""
        self.learn(bars)
        return {symbol: self._decide(self._rows[symbol]) for symbol in bars}

    def _decide(self, rows: Rows) -> Decision:
        if len(rows) < self._needed:
            return wait_for_history(len(rows), self._needed)
        side = vectorised_sides(self._rule, self._parameters, np.array(rows))[-1]
        return decide_on_step(self._rule.name, int(side))


class LstmDecider:
    """Predicts from each symbol's last bars; a symbol always has the same row of the network's batch."""

    def __init__(
        self, predictor: Predictor, residual_deviation: float, parameters: LstmParameters, symbols: Sequence[str]
    ) -> None:
        self._predictor = predictor
        self._residual_deviation = residual_deviation
        self._thresholds = Thresholds(ratio_units(parameters.buy_threshold), ratio_units(parameters.sell_threshold))
        self._needed = parameters.lookback + LOOK_BACK
        self._rows: dict[str, Rows] = {symbol: deque(maxlen=self._needed) for symbol in symbols}
        self._position = {symbol: i for i, symbol in enumerate(symbols)}
        self._shape = (len(symbols), parameters.lookback)

    def learn(self, bars: Mapping[str, Bar]) -> None:
        """Remember the bars."""
        for symbol, bar in bars.items():
            self._rows[symbol].append(row_of(bar))

    def decide(self, bars: Mapping[str, Bar]) -> dict[str, Decision]:
        """Predict for all bars in one batch."""
        self.learn(bars)
        windows: dict[str, Floats] = {}
        for symbol in bars:
            if len(self._rows[symbol]) == self._needed:
                windows[symbol] = features_of(np.array(self._rows[symbol]))
        predicted = self._predict(windows)
        return {
            symbol: self._decide(predicted[symbol])
            if symbol in predicted
            else wait_for_history(len(self._rows[symbol]), self._needed)
            for symbol in bars
        }

    def _predict(self, windows: Mapping[str, Floats]) -> dict[str, float]:
        if not windows:
            return {}
        features = next(iter(windows.values())).shape[1]
        batch = np.zeros((*self._shape, features))
        for symbol, window in windows.items():
            batch[self._position[symbol]] = window
        expected = self._predictor.predict(batch)
        return {symbol: float(expected[self._position[symbol]]) for symbol in windows}

    def _decide(self, expected: float) -> Decision:
        return decide_on_prediction(expected, confidence_of(expected, self._residual_deviation), self._thresholds)


class Engine:
    """A decider and, where the manifest asks for one, an anomaly guard over it."""

    def __init__(self, decider: Decider, detector: AnomalyDetector | None, symbols: Sequence[str]) -> None:
        self._decider = decider
        self._detector = detector
        self._rows: dict[str, Rows] = {symbol: deque(maxlen=LOOK_BACK + 1) for symbol in symbols}

    def learn(self, bars: Mapping[str, Bar]) -> None:
        """Take in the bars of one instant of the past, by symbol."""
        self._decider.learn(bars)
        for symbol, bar in bars.items():
            self._rows[symbol].append(row_of(bar))

    def decide(self, instants: Sequence[Mapping[str, Bar]]) -> list[dict[str, Opinion]]:
        """Take in the bars of consecutive instants, each by symbol, and give an opinion on every bar.

        The guard judges all of them in one go, since a forest takes hardly longer for many bars than for one.
        """
        features: list[Floats] = []
        judged: list[tuple[int, str]] = []
        decisions = []
        for i, bars in enumerate(instants):
            for symbol, bar in bars.items():
                self._rows[symbol].append(row_of(bar))
                if self._detector is not None and len(self._rows[symbol]) > LOOK_BACK:
                    features.append(features_of(np.array(self._rows[symbol])))
                    judged.append((i, symbol))
            decisions.append(self._decider.decide(bars))
        found = self._detector.judge(np.concatenate(features)) if self._detector is not None and features else []
        anomalies = dict(zip(judged, found, strict=True))
        return [
            {
                symbol: Opinion(guard(decision, anomalies.get((i, symbol))), anomalies.get((i, symbol)))
                for symbol, decision in given.items()
            }
            for i, given in enumerate(decisions)
        ]
