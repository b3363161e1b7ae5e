"""Ways of sizing a purchase, as random strategies have them."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st

from tradewind.domain.money import RATE_SCALE
from tradewind.domain.rules.book import Rules
from tradewind.domain.rules.volatility import rate_per_bar

PERCENT = RATE_SCALE // 100
YEARLY = {rate_per_bar(percent * PERCENT, 252): percent for percent in (1, 5, 15, 40)}
"""Volatilities of a year to aim at, percents by those of a bar."""
WAYS = st.sampled_from(["fraction"] * 4 + ["notional", "volatility", "kelly"])


@st.composite
def sized_by(draw: st.DrawFn, way: str) -> dict[str, int]:
    """The rules of a strategy that sizes by a volatility or by Kelly's share; none for other ways."""
    if way == "volatility":
        return {"target_volatility": draw(st.sampled_from(list(YEARLY)))}
    if way == "kelly":
        part = draw(st.sampled_from([50, 10, 2])) * PERCENT
        return {"kelly": part, "kelly_trades": draw(st.sampled_from([1, 1, 2, 20]))}
    return {}


def sizing_of(
    rules: Rules, rate: Callable[[int], str | None], amount: Callable[[int], str | None]
) -> dict[str, object]:
    """Return these rules' sizing in the words of a manifest."""
    if rules.notional:
        return {"notional": amount(rules.notional)}
    sizing: dict[str, object] = {"fraction": rate(rules.fraction)}
    if rules.target_volatility:
        sizing["targetVolatility"] = f"{YEARLY[rules.target_volatility]}%"
    if rules.kelly:
        sizing |= {"kelly": rate(rules.kelly), "kellyTrades": rules.kelly_trades}
    return sizing
