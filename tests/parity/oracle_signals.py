"""An independent oracle of the library's rules, written from docs/strategies.md alone: slow and obvious.

Every window is summed anew at every bar, in decimals of 50 digits. Doubles may decide a near tie otherwise, so each
answer says how near it was: `margin` is the least relative distance of the comparisons that this side came from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from itertools import pairwise

from tests.parity.terms import Quote

ZERO, ONE = Decimal(0), Decimal(1)
EXACT = Decimal("Infinity")
"""The margin where nothing was rounded: prices compared with prices, or nothing compared."""

Parameters = Mapping[str, Decimal]


@dataclass(frozen=True)
class Answer:
    """A rule's side at a bar: BUY, SELL or HOLD, and how near its nearest comparison was to a tie."""

    side: str = "HOLD"
    margin: Decimal = EXACT


def gap(left: Decimal, right: Decimal) -> Decimal:
    """The distance of two numbers as a share of the greater one; 0 where both are 0."""
    greater = max(abs(left), abs(right))
    return abs(left - right) / greater if greater else ZERO


def answers(rule: str, parameters: Parameters, bars: Sequence[Quote]) -> list[Answer]:
    """What a rule for each symbol alone answers to every bar of one symbol."""
    with localcontext(Context(prec=50)):
        return EACH_ALONE[rule](parameters, bars)


def answers_across(
    rule: str, parameters: Parameters, symbols: Sequence[str], instants: Sequence[Mapping[str, Quote]]
) -> list[dict[str, Answer]]:
    """What a rule across symbols answers at every instant, for each symbol that has a bar."""
    with localcontext(Context(prec=50)):
        return ACROSS[rule](parameters, sorted(symbols), [moment for moment in instants if moment])


def crossings(lines: Sequence[tuple[Decimal, Decimal] | None]) -> list[Answer]:
    """BUY where the first line turns to above the second, SELL where it turns to not above; None is no answer yet."""
    told = [Answer()] if lines else []
    for before, now in pairwise(lines):
        if before is None or now is None:
            told.append(Answer())
            continue
        was_above, is_above = before[0] > before[1], now[0] > now[1]
        side = "BUY" if is_above and not was_above else "SELL" if was_above and not is_above else "HOLD"
        told.append(Answer(side, min(gap(*before), gap(*now))))
    return told


def average(values: Sequence[Decimal]) -> Decimal:
    """The mean."""
    return sum(values, ZERO) / len(values)


def exponential(values: Sequence[Decimal], length: int) -> list[Decimal | None]:
    """The exponential average at each value: None before the `length`-th, there the mean of the first ones."""
    line: list[Decimal | None] = [None] * min(length - 1, len(values))
    if len(values) < length:
        return line
    last = average(values[:length])
    line.append(last)
    for value in values[length:]:
        last += (value - last) * 2 / (length + 1)
        line.append(last)
    return line


def sma_cross(parameters: Parameters, bars: Sequence[Quote]) -> list[Answer]:
    """SMACross."""
    fast, slow = int(parameters["fast"]), int(parameters["slow"])
    closes = [bar.close for bar in bars]
    return crossings(
        [
            None if t < slow else (average(closes[t - fast : t]), average(closes[t - slow : t]))
            for t in range(1, len(closes) + 1)
        ]
    )


def ema_cross(parameters: Parameters, bars: Sequence[Quote]) -> list[Answer]:
    """EMACross."""
    closes = [bar.close for bar in bars]
    fast, slow = (exponential(closes, int(parameters[name])) for name in ("fast", "slow"))
    return crossings([None if f is None or s is None else (f, s) for f, s in zip(fast, slow, strict=True)])


def macd(parameters: Parameters, bars: Sequence[Quote]) -> list[Answer]:
    """MACD; its lines are small differences of prices, so a tie is measured against the close."""
    closes = [bar.close for bar in bars]
    fast, slow = (exponential(closes, int(parameters[name])) for name in ("fast", "slow"))
    line = [f - s for f, s in zip(fast, slow, strict=True) if f is not None and s is not None]
    signal = exponential(line, int(parameters["signal"]))
    lines = [None if s is None else (m, s) for m, s in zip(line, signal, strict=True)]
    without: list[tuple[Decimal, Decimal] | None] = [None] * (len(closes) - len(line))
    lifted = [
        None if pair is None else (close + pair[0], close + pair[1])
        for close, pair in zip(closes, without + lines, strict=True)
    ]
    return crossings(lifted)


def rsi(parameters: Parameters, bars: Sequence[Quote]) -> list[Answer]:
    """RSI."""
    period, oversold, overbought = int(parameters["period"]), parameters["oversold"], parameters["overbought"]
    moves = [now.close - before.close for before, now in pairwise(bars)]  # moves[0] is bar 2's
    gains, losses = [max(move, ZERO) for move in moves], [max(-move, ZERO) for move in moves]
    index: list[Decimal | None] = [None] * min(period, len(bars))
    gained = lost = ZERO
    for i in range(period - 1, len(moves)):
        if i == period - 1:
            gained, lost = average(gains[:period]), average(losses[:period])
        else:
            gained = (gained * (period - 1) + gains[i]) / period
            lost = (lost * (period - 1) + losses[i]) / period
        index.append(100 * gained / (gained + lost) if gained + lost else Decimal(50))
    told = [Answer()] if bars else []
    for before, now in pairwise(index):
        if before is None or now is None:
            told.append(Answer())
        else:
            margin = min(gap(value, level) for value in (before, now) for level in (oversold, overbought))
            if before < oversold and now >= oversold:
                told.append(Answer("BUY", margin))
            elif before > overbought and now <= overbought:
                told.append(Answer("SELL", margin))
            else:
                told.append(Answer("HOLD", margin))
    return told


def spread_of(window: Sequence[Decimal]) -> tuple[Decimal, Decimal]:
    """The mean of the distances from the newest value, and their population deviation."""
    distances = [value - window[-1] for value in window]
    mean = average(distances)
    return mean, average([(distance - mean) ** 2 for distance in distances]).sqrt()


def bollinger_reversion(parameters: Parameters, bars: Sequence[Quote]) -> list[Answer]:
    """BollingerReversion."""
    period, lower, upper = int(parameters["period"]), parameters["lower"], parameters["upper"]
    closes = [bar.close for bar in bars]
    places: list[tuple[str, Decimal] | None] = []
    for t in range(1, len(closes) + 1):
        if t < period:
            places.append(None)
            continue
        mean, deviation = spread_of(closes[t - period : t])
        place = "below" if mean > lower * deviation else "above" if -mean > upper * deviation else "between"
        nearest = min(abs(mean - lower * deviation), abs(-mean - upper * deviation))
        places.append((place, nearest / deviation if deviation else EXACT))  # the page: exactly zero
    told = [Answer()] if bars else []
    for before, now in pairwise(places):
        if before is None or now is None:
            told.append(Answer())
            continue
        turned = now[0] != before[0]
        side = "BUY" if turned and now[0] == "below" else "SELL" if turned and now[0] == "above" else "HOLD"
        told.append(Answer(side, min(before[1], now[1])))
    return told


def donchian_breakout(parameters: Parameters, bars: Sequence[Quote]) -> list[Answer]:
    """DonchianBreakout; it compares prices, so it is exact."""
    entry, exit_ = int(parameters["entry"]), int(parameters["exit"])
    told = []
    for t, bar in enumerate(bars):  # t bars come before this one
        if t >= entry and bar.close > max(before.high for before in bars[t - entry : t]):
            told.append(Answer("BUY"))
        elif t >= exit_ and bar.close < min(before.low for before in bars[t - exit_ : t]):
            told.append(Answer("SELL"))
        else:
            told.append(Answer())
    return told


def buy_and_hold(_: Parameters, bars: Sequence[Quote]) -> list[Answer]:
    """BuyAndHold."""
    return [Answer("BUY") for _ in bars]


def momentum_rank(
    parameters: Parameters, symbols: Sequence[str], instants: Sequence[Mapping[str, Quote]]
) -> list[dict[str, Answer]]:
    """MomentumRank."""
    lookback, hold, rebalance = (int(parameters[name]) for name in ("lookback", "hold", "rebalance"))
    closes: dict[str, list[Decimal]] = {symbol: [] for symbol in symbols}
    told: list[dict[str, Answer]] = []
    bought: list[str] = []
    margin = EXACT
    ranked_before = False
    for number, moment in enumerate(instants, start=1):
        for symbol, bar in moment.items():
            closes[symbol].append(bar.close)
        ranks_now = number > lookback and (number - lookback - 1) % rebalance == 0
        sides = {symbol: Answer() for symbol in moment}
        if ranks_now:
            growths = [
                (-closes[symbol][-1] / closes[symbol][-1 - lookback], symbol)
                for symbol in symbols
                if symbol in moment and len(closes[symbol]) > lookback
            ]
            ranking = sorted(growths)
            bought = [symbol for _, symbol in ranking[:hold]]
            margin = gap(ranking[hold - 1][0], ranking[hold][0]) if len(ranking) > hold else EXACT
            for _, symbol in ranking:
                sides[symbol] = Answer("BUY" if symbol in bought else "SELL", margin)
        elif ranked_before:
            sides |= {symbol: Answer("BUY", margin) for symbol in bought if symbol in moment}
        ranked_before = ranks_now
        told.append(sides)
    return told


def pairs_spread(
    parameters: Parameters, symbols: Sequence[str], instants: Sequence[Mapping[str, Quote]]
) -> list[dict[str, Answer]]:
    """PairsSpread."""
    lookback, two_legs = int(parameters["lookback"]), parameters["legs"] == 2
    entry, exit_ = parameters["entry"], parameters["exit"]
    a, b = symbols
    ratios: list[Decimal] = []
    bought: str | None = None
    told: list[dict[str, Answer]] = []
    for moment in instants:
        sides = {symbol: Answer() for symbol in moment}
        told.append(sides)
        if a not in moment or b not in moment:
            continue
        ratios.append(moment[a].close / moment[b].close)
        if len(ratios) < lookback:
            continue
        mean, deviation = spread_of(ratios[-lookback:])
        if deviation <= ratios[-1].scaleb(-12):
            continue
        z = -mean / deviation
        margin = min(abs(z - level) / max(ONE, abs(level)) for level in (-entry, entry, -exit_, exit_))
        buy = sell = None
        if bought is None and z <= -entry:
            buy, sell = a, b
            bought = a
        elif bought is None and z >= entry:
            buy, sell = b, a
            bought = b
        elif bought == a and z >= -exit_:
            buy, sell = b, a
            bought = None
        elif bought == b and z <= exit_:
            buy, sell = a, b
            bought = None
        for symbol in (a, b):
            side = "BUY" if symbol == buy else "SELL" if symbol == sell else "HOLD"
            sides[symbol] = Answer(side, margin)
        if not two_legs and buy is not None and sell is not None:
            untraded = sell if bought is not None else buy
            sides[untraded] = Answer("HOLD", margin)
    return told


EACH_ALONE = {
    "SMACross": sma_cross,
    "EMACross": ema_cross,
    "RSI": rsi,
    "MACD": macd,
    "BollingerReversion": bollinger_reversion,
    "DonchianBreakout": donchian_breakout,
    "BuyAndHold": buy_and_hold,
}
ACROSS = {"MomentumRank": momentum_rank, "PairsSpread": pairs_spread}
