"""Rules against their textbooks: computed afresh, in exact fractions or from the definition, by other means."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise
from statistics import fmean, pstdev

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.parity.rules import interpret

from tradewind.signals.catalog import RULES
from tradewind.signals.rule import RuleStrategy

Closes = Sequence[int]
walks = st.lists(st.integers(50, 150), min_size=1, max_size=60)


def sides_of(name: str, parameters: Sequence[float], closes: Sequence[float]) -> list[int]:
    rule = RULES[name]
    assert isinstance(rule, RuleStrategy)
    bars = np.column_stack([np.array(closes, np.float64)] * 5)
    return interpret(rule, np.array(parameters, np.float64), bars)[0]


def crossings(above: Sequence[bool | None]) -> list[int]:
    """Return BUY where the answer turns true, SELL where it turns false, HOLD else; None is no answer yet."""
    turned = [
        0 if before is None or now is None or before == now else 1 if now else -1 for before, now in pairwise(above)
    ]
    return [0, *turned]


def ema(values: Sequence[Fraction], length: int) -> list[Fraction | None]:
    """Return the exponential average of each value: the mean of the first `length`, then weights of 2/(length + 1)."""
    if len(values) < length:
        return [None] * len(values)
    average = sum(values[:length], Fraction(0)) / length
    averages: list[Fraction | None] = [None] * (length - 1) + [average]
    weight = Fraction(2, length + 1)
    for value in values[length:]:
        average = weight * value + (1 - weight) * average
        averages.append(average)
    return averages


def far_apart(line: Sequence[Fraction | None], other: Sequence[Fraction | None]) -> None:
    """Leave out examples in which a double can't tell which is above; exact ties come from integers and stay."""
    for a, b in zip(line, other, strict=True):
        if a is not None and b is not None:
            assume(a == b == a.numerator or abs(a - b) > Fraction(1, 10**9))


@settings(max_examples=200, deadline=None)
@given(walks, st.integers(1, 6), st.integers(1, 6))
def test_ema_cross_is_the_crossing_of_two_exponential_averages(closes: list[int], fast: int, more: int) -> None:
    exact = [Fraction(close) for close in closes]
    quick, slow = ema(exact, fast), ema(exact, fast + more)
    far_apart(quick, slow)
    above = [None if a is None or b is None else a > b for a, b in zip(quick, slow, strict=True)]
    assert sides_of("EMACross", [fast, fast + more], closes) == crossings(above)


@settings(max_examples=200, deadline=None)
@given(walks, st.integers(1, 5), st.integers(1, 5), st.integers(2, 5))
def test_macd_is_the_crossing_of_line_and_signal_line(closes: list[int], fast: int, more: int, signal: int) -> None:
    exact = [Fraction(close) for close in closes]
    slow = fast + more
    line = [a - b for a, b in zip(ema(exact, fast), ema(exact, slow), strict=True) if a is not None and b is not None]
    average = ema(line, signal)
    far_apart(line, average)
    above = [None if b is None else a > b for a, b in zip(line, average, strict=True)]
    missing = [None] * (len(closes) - len(above))
    assert sides_of("MACD", [fast, slow, signal], closes) == crossings([*missing, *above])


@settings(max_examples=200, deadline=None)
@given(walks, st.integers(2, 6))
def test_rsi_leaves_its_zones(closes: list[int], period: int) -> None:
    changes = [Fraction(b - a) for a, b in pairwise(closes)]
    index: list[Fraction | None] = [None] * min(period, len(closes))
    gain = sum((max(c, Fraction(0)) for c in changes[:period]), Fraction(0)) / period
    loss = sum((max(-c, Fraction(0)) for c in changes[:period]), Fraction(0)) / period
    for i in range(period - 1, len(changes)):
        if i >= period:
            gain = (gain * (period - 1) + max(changes[i], Fraction(0))) / period
            loss = (loss * (period - 1) + max(-changes[i], Fraction(0))) / period
        index.append(Fraction(50) if gain + loss == 0 else 100 - 100 / (1 + gain / loss) if loss else Fraction(100))
    bounds = (Fraction(30), Fraction(70))
    assume(all(value is None or abs(value - bound) > Fraction(1, 10**9) for value in index for bound in bounds))
    expected = [0] + [
        0 if a is None or b is None else 1 if a < 30 <= b else -1 if a > 70 >= b else 0 for a, b in pairwise(index)
    ]
    assert sides_of("RSI", [period, 30, 70], closes) == expected


@settings(max_examples=200, deadline=None)
@given(walks, st.integers(2, 8), st.sampled_from([0.7, 1.1, 2.03]), st.sampled_from([0.0, 0.6, 1.3]))
def test_bollinger_reversion_leaves_its_bands(closes: list[int], period: int, lower: float, upper: float) -> None:
    where: list[int | None] = [None] * min(period - 1, len(closes))
    for i in range(period - 1, len(closes)):
        window = [float(close) for close in closes[i - period + 1 : i + 1]]
        mean, deviation = fmean(window), pstdev(window)
        score = 0.0 if deviation == 0 else (closes[i] - mean) / deviation
        assume(abs(score + lower) > 1e-9)
        # Bands that lie on the mean are compared exactly.
        assume(upper == 0 or abs(score - upper) > 1e-9)
        above = closes[i] * period > sum(closes[i - period + 1 : i + 1]) if upper == 0 else score > upper
        where.append(-1 if score < -lower else 1 if above else 0)
    expected = [0] + [0 if a is None or b is None or a == b else -b for a, b in pairwise(where)]
    assert sides_of("BollingerReversion", [period, lower, upper], closes) == expected


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(0, 5)), max_size=50), st.data())
def test_donchian_breaks_out_of_the_bars_before(moves: list[tuple[int, int, int]], data: st.DataObject) -> None:
    entry, leave = data.draw(st.integers(1, 6)), data.draw(st.integers(1, 6))
    bars = [(base + 2, 2.0 + base + up, 2.0 + base - down) for base, up, down in moves]
    rule = RULES["DonchianBreakout"]
    assert isinstance(rule, RuleStrategy)
    rows = np.array([(c, h, low, c, 1) for c, h, low in bars], np.float64).reshape(-1, 5)
    expected = []
    for i, (close, _, _) in enumerate(bars):
        above = i >= entry and close > max(high for _, high, _ in bars[i - entry : i])
        below = i >= leave and close < min(low for _, _, low in bars[i - leave : i])
        expected.append(1 if above else -1 if below else 0)
    assert interpret(rule, np.array([entry, leave], np.float64), rows)[0] == expected


@pytest.mark.parametrize("name", sorted(RULES))
def test_defaults_lie_within_their_bounds_and_are_described(name: str) -> None:
    rule = RULES[name]
    assert rule.read({}).tolist() == [p.default for p in rule.parameters]
    for p in rule.parameters:
        assert p.minimum <= p.default <= p.maximum
        assert p.description
        assert not p.whole or p.default == int(p.default)
        rule_refuses_below(rule.read, p.name, p.minimum)
    assert rule.description.endswith(".")


def rule_refuses_below(read: Callable[[dict[str, str]], object], name: str, minimum: float) -> None:
    with pytest.raises(ValueError, match=f"spec.signal.parameters.{name}: "):
        read({name: str(minimum - 1)})
