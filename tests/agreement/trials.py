"""The strategies that trade: ten characters, each made so that other rules decide its orders, and their markets."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.agreement.market import PER_SESSION, MadeUpSource, Market

from tradewind.manifest.load import parse_resource
from tradewind.manifest.resources import TradingStrategy

INITIAL_CASH: Final = 10_000_000
_HISTORY: Final = 10
"""Sessions before the first that is traded: enough for the slowest average."""
_TRAINING: Final = 60
"""Sessions that the neural model learns from."""
LEAST_FOR_ALL: Final = 10
"""So many strategies have every character."""


@dataclass(frozen=True)
class Character:
    """What sets a strategy apart: parts of its manifest, and of its market."""

    name: str
    symbols: int
    risk: dict[str, Any]
    market: dict[str, Any]
    fraction: str = "15%"
    broker: dict[str, Any] | None = None
    execution: dict[str, Any] | None = None
    sizing: dict[str, Any] | None = None


_CHARACTERS: Final = (
    Character(
        "thin", 4, {"stopLoss": "2%", "takeProfit": "3%"},
        {"swing": 0.012, "volume": 60_000, "idle": 0.15, "missing": 0.05},
        broker={"maxParticipation": "10%"}, execution={"maxSignalAge": "2h"},
    ),
    Character(
        "everything", 10,
        {
            "maxPosition": "12%", "maxConcentration": "14%", "stopLoss": "3%", "takeProfit": "5%", "maxDailyLoss": "1%",
            "ordersPerMinute": 4, "maxOrderNotional": "2000000",
        },
        {"swing": 0.015, "crash": 0.03, "volume": 300_000, "idle": 0.05, "missing": 0.03},
        fraction="9%", broker={"maxParticipation": "20%"},
        execution={"orderType": "StopLimit", "stopOffset": "0.1%", "limitOffset": "0.2%", "timeInForce": "DAY"},
    ),
    Character(
        "stops", 5,
        {"stopLoss": "2%", "takeProfit": "3%", "trailingStop": "1.5%", "coolDown": "2d", "allowShort": True},
        {"swing": 0.012}, execution={"reverse": True},
    ),
    Character(
        "hurried", 8, {"ordersPerMinute": 2, "allowShort": True}, {"swing": 0.015}, fraction="12%",
        sizing={"targetVolatility": "1%"},
    ),
    Character(
        "cautious", 5, {"maxDailyLoss": "0.5%", "stopLoss": "5%"}, {"swing": 0.02, "crash": 0.05}, fraction="19%",
    ),
    Character("greedy", 4, {}, {"swing": 0.01}, fraction="99%"),
    Character(
        "small-orders", 5, {"maxOrderNotional": "1600000", "takeProfit": "4%"}, {}, fraction="13%",
        execution={"orderType": "Limit", "limitOffset": "0.1%", "timeInForce": "IOC"},
    ),
    Character(
        "small-positions", 5, {"maxPosition": "15%", "stopLoss": "4%"}, {}, fraction="15.0003%",
        execution={"orderType": "Stop", "stopOffset": "0.1%"},
    ),
    Character(
        "spread", 5, {"maxConcentration": "15%", "stopLoss": "4%"}, {}, fraction="15.0003%",
        sizing={"kelly": "50%", "kellyTrades": 200},
    ),
    Character(
        "bracketed", 4, {}, {"swing": 0.012}, fraction="12%",
        execution={"orderType": "Limit", "limitOffset": "0.3%", "timeInForce": "DAY"},
    ),
)  # fmt: skip
_AVERAGES: Final = (("2", "5"), ("3", "8"), ("1", "4"), ("2", "7"), ("4", "13"))


@dataclass(frozen=True)
class Trial:
    """One strategy and the market that it trades."""

    strategy: TradingStrategy
    market: Market

    @property
    def name(self) -> str:
        return self.strategy.id.name

    @property
    def strategy_id(self) -> str:
        return str(self.strategy.id)

    @property
    def bars(self) -> int:
        """How many bars and words that there is none are handed out."""
        return self.market.traded * len(self.market.symbols)


def make_trials(count: int, bars: int, seed: int) -> list[Trial]:
    """Return so many strategies that a rule decides, each over about so many bars."""
    return [_trial(number, bars, seed) for number in range(count)]


def neural_trial(bars: int, seed: int) -> Trial:
    """Return a strategy that a neural network decides, over a market of its own."""
    signal = {
        "model": "LSTM",
        "parameters": {
            "lookback": "10", "units": "4", "epochs": "1", "buyThreshold": "0.01%", "sellThreshold": "-0.01%",
        },
        "anomalyGuard": {"contamination": "2%"},
    }  # fmt: skip
    character = Character("neural", 3, {"stopLoss": "3%", "takeProfit": "4%"}, {})
    return _made("neural", character, signal, _market("N", character, bars, seed, _TRAINING))


def _trial(number: int, bars: int, seed: int) -> Trial:
    character = _CHARACTERS[number % len(_CHARACTERS)]
    fast, slow = _AVERAGES[(number + number // len(_CHARACTERS)) % len(_AVERAGES)]
    signal = {"model": "SMACross", "parameters": {"fast": fast, "slow": slow}}
    name = f"{character.name}-{number}"
    return _made(name, character, signal, _market(f"M{number:02d}", character, bars, seed, _HISTORY))


def _market(prefix: str, character: Character, bars: int, seed: int, history: int) -> Market:
    symbols = tuple(f"{prefix}{chr(ord('A') + i)}" for i in range(character.symbols))
    traded = max(PER_SESSION, -(-bars // character.symbols))
    return Market(seed=f"{seed}/{prefix}", symbols=symbols, history=history, traded=traded, **character.market)


def _made(name: str, character: Character, signal: dict[str, Any], market: Market) -> Trial:
    closes = market.closes()
    days = [closes[at].date().isoformat() for at in (0, market.history * PER_SESSION, -1)]
    document = {
        "apiVersion": "tradewind.dev/v1alpha1",
        "kind": "TradingStrategy",
        "metadata": {"name": name, "namespace": "agreement"},
        "spec": {
            "symbols": list(market.symbols),
            "feed": {
                "source": "Replay",
                "interval": "1d",
                "replay": dict(zip(("from", "tradeFrom", "to"), days, strict=True)),
            },
            "signal": signal,
            "sizing": {"fraction": character.fraction, **(character.sizing or {})},
            "risk": character.risk,
            "execution": character.execution or {},
            "account": {"currency": "USD", "initialCash": str(INITIAL_CASH)},
            # Costs that tens of thousands of trades do not ruin it with.
            "broker": {"type": "Paper", "fee": "0.001%", "slippage": "0.001%", **(character.broker or {})},
        },
    }
    strategy = parse_resource(document, Path(f"{name}.yaml"))
    assert isinstance(strategy, TradingStrategy)
    return Trial(strategy, market)


def source_of(trial: Trial) -> MadeUpSource:
    """Return what the trial's replay hands out."""
    return MadeUpSource(trial.market)


def total_bars(trials: Sequence[Trial]) -> int:
    """Return how many bars all of them trade."""
    return sum(trial.bars for trial in trials)
