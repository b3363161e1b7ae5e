"""Every rule by the name that a manifest gives it: those of this package, and those that plug-ins bring."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from importlib.metadata import EntryPoint
from typing import Final

from tradewind.signals.bollinger import BOLLINGER_REVERSION
from tradewind.signals.buy_and_hold import BUY_AND_HOLD
from tradewind.signals.donchian import DONCHIAN_BREAKOUT
from tradewind.signals.ema_cross import EMA_CROSS
from tradewind.signals.lstm_parameters import LSTM
from tradewind.signals.macd import MACD
from tradewind.signals.momentum_rank import MOMENTUM_RANK
from tradewind.signals.pairs_spread import PAIRS_SPREAD
from tradewind.signals.plugins import PluginError, brought_by, find_plugins, load_plugin
from tradewind.signals.rsi import RSI
from tradewind.signals.rule import Rule
from tradewind.signals.sma_cross import SMA_CROSS

BUILT_IN: Final[tuple[Rule, ...]] = (
    SMA_CROSS,
    EMA_CROSS,
    RSI,
    MACD,
    BOLLINGER_REVERSION,
    DONCHIAN_BREAKOUT,
    MOMENTUM_RANK,
    PAIRS_SPREAD,
    BUY_AND_HOLD,
)


class Catalog(Mapping[str, Rule]):
    """Rules by name. Plug-ins are looked for at the first question, and each is loaded when it is asked for.

    Asking for a rule raises PluginError where a plug-in is broken, or where two distributions, or one and this
    package, bring a rule of that name: no plug-in replaces another rule silently.
    """

    def __init__(self, built_in: Sequence[Rule], find: Callable[[], Sequence[EntryPoint]]) -> None:
        self._built_in = {rule.name: rule for rule in built_in}
        self._find = find
        self._loaded: dict[str, Rule] = {}

    def __getitem__(self, name: str) -> Rule:
        self.refuse_clash(name)
        if name in self._built_in:
            return self._built_in[name]
        if name not in self._loaded:
            self._loaded[name] = load_plugin(self._plugins[name][0])
        return self._loaded[name]

    def __contains__(self, name: object) -> bool:
        return name in self._built_in or (name != LSTM and name in self._plugins)

    def __iter__(self) -> Iterator[str]:
        yield from self._built_in
        yield from (name for name in self._plugins if name not in self._built_in and name != LSTM)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def origin(self, name: str) -> str | None:
        """Return the distribution, with its version, that brings a rule; None for one of this package."""
        return None if name in self._built_in else brought_by(self._plugins[name][0])

    def refuse_clash(self, name: str | None = None) -> None:
        """Check that a name, or without one every name, is brought once only.

        Raises:
            PluginError: it is brought twice.
        """
        for each, points in self._plugins.items():
            if name not in (None, each):
                continue
            origins = [brought_by(point) for point in points]
            if each == LSTM or each in self._built_in:
                raise PluginError(each, origins, "clashes with the model of that name that is built in")
            if len(points) > 1:
                raise PluginError(each, origins, "is brought more than once")

    @cached_property
    def _plugins(self) -> dict[str, list[EntryPoint]]:
        plugins: dict[str, list[EntryPoint]] = {}
        for point in self._find():
            plugins.setdefault(point.name, []).append(point)
        return plugins


RULES: Final = Catalog(BUILT_IN, find_plugins)
