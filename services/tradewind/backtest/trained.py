"""The sides of trials: a rule's own, those that models trained for them give, or those on record."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tradewind.backtest.blocks import Integers
from tradewind.backtest.market import Market
from tradewind.backtest.rule_signals import MarketSides
from tradewind.backtest.trials import Trial, training_of
from tradewind.domain.bars import to_micros
from tradewind.domain.orders import Side
from tradewind.signals.catalog import RULES
from tradewind.signals.expectations import NOTHING, Expectations
from tradewind.signals.lstm_parameters import LSTM, lstm_of
from tradewind.signals.policy import Thresholds, ratio_units


@dataclass(frozen=True, eq=False)
class Recorded:
    """Signals that are there already, int64[T, S], the same for every trial."""

    sides: Integers


@dataclass(frozen=True, eq=False)
class Trained:
    """What models say of a market, each trained for one place: a fold, counted from 0, or 0 for all that is traded.

    Args:
        expectations: by place and training parameters (`training_of`), int64[T, S] and bool[T, S].
    """

    expectations: Mapping[tuple[int, bytes], Expectations]


Given = Recorded | Trained


class Said(NamedTuple):
    """One trial's signals.

    Args:
        sides: int8 or int64[T, S], at every instant of the market.
        instants: at which any of them does not hold, int64[n].
        whole: whether every symbol has a side of 1 or -1 at each of those.
    """

    sides: NDArray[Any]
    instants: Integers
    whole: bool


class TrialSides:
    """Gives the sides of one trial after the other; trials that differ in limits alone share them.

    Args:
        model: the manifest's.
        market: whose bars.
        given: signals that are not the rule's own; None where they are.
    """

    def __init__(self, model: str, market: Market, given: Given | None) -> None:
        self._model = model
        self._given = given
        self._rule = None
        if not isinstance(given, Recorded) and model != LSTM:
            self._rule = MarketSides(RULES[model], market.history.present, market.series)
        self._asked: tuple[bytes, int] | None = None
        self._said: Said | None = None

    def of(self, trial: Trial, place: int) -> Said:
        """Return what a trial's signals are in a place; good until the next call.

        Raises:
            SymbolCountError, RuleFailedError: see `grid_sides`.
        """
        asked = trial.parameters.tobytes(), place if isinstance(self._given, Trained) else 0
        if self._said is None or asked != self._asked:
            self._said = self._sides(trial, place)
            self._asked = asked
        return self._said

    def _sides(self, trial: Trial, place: int) -> Said:
        if isinstance(self._given, Recorded):
            return _said(self._given.sides)
        own = None if self._rule is None else self._rule.of(trial.parameters)
        if self._given is None:
            assert own is not None
            return _said(*own)
        expected = self._given.expectations[place, training_of(self._model, trial.parameters)]
        if own is not None:
            return _said(expected.hold(own[0]))
        parameters = lstm_of(trial.parameters)
        thresholds = Thresholds(ratio_units(parameters.buy_threshold), ratio_units(parameters.sell_threshold))
        return _said(expected.sides(thresholds))


def _said(sides: NDArray[Any], instants: Integers | None = None) -> Said:
    at = np.flatnonzero(sides.any(axis=1)) if instants is None else instants
    return Said(sides, at, bool((abs(sides[at]) == 1).all()))


def recorded_on(market: Market, sides: Mapping[tuple[str, datetime], Side]) -> Recorded:
    """Return signals on record, by symbol and close, laid on a market's instants; those of no instant are left out."""
    laid = np.zeros(market.history.present.shape, np.int64)
    column = {symbol: i for i, symbol in enumerate(market.history.symbols)}
    time = market.history.time
    for (symbol, close), side in sides.items():
        place = int(np.searchsorted(time, to_micros(close)))
        if symbol in column and place < len(time) and time[place] == to_micros(close):
            laid[place, column[symbol]] = side
    return Recorded(np.where(market.history.present != 0, laid, 0))


def expected_on(market: Market, said: Mapping[str, tuple[Integers, Expectations]]) -> Expectations:
    """Return what is expected of each symbol's bars, as (closes in microseconds, expectations), laid on a market."""
    shape = market.history.present.shape
    laid = Expectations(np.full(shape, NOTHING, np.int64), np.zeros(shape, np.bool_))
    time = market.history.time
    for column, symbol in enumerate(market.history.symbols):
        closes, expected = said[symbol]
        places = np.searchsorted(time, closes)
        here = places < len(time)
        here[here] = time[places[here]] == closes[here]
        laid.returns[places[here], column] = expected.returns[here]
        laid.strange[places[here], column] = expected.strange[here]
    return laid
