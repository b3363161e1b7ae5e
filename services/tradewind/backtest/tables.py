"""Closed trades by symbol and by exit reason."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from tradewind.backtest.metrics import mean_money
from tradewind.backtest.trades import ClosedTrade
from tradewind.domain.money import MONEY_SCALE, to_decimal


def by_symbol(trades: Sequence[ClosedTrade]) -> dict[str, dict[str, Any]]:
    """Return trades, wins, profit, its mean and fees of each symbol, as JSON's types; money is text."""
    return _table(trades, lambda trade: trade.symbol)


def by_exit_reason(trades: Sequence[ClosedTrade]) -> dict[str, dict[str, Any]]:
    """Return the same of each exit reason."""
    return _table(trades, lambda trade: trade.exit_reason.value)


def _table(trades: Sequence[ClosedTrade], key: Callable[[ClosedTrade], str]) -> dict[str, dict[str, Any]]:
    groups: defaultdict[str, list[ClosedTrade]] = defaultdict(list)
    for trade in trades:
        groups[key(trade)].append(trade)
    return {name: _row(groups[name]) for name in sorted(groups)}


def _row(trades: Sequence[ClosedTrade]) -> dict[str, Any]:
    pnls = [trade.pnl for trade in trades]
    return {
        "trades": len(trades),
        "wins": sum(pnl > 0 for pnl in pnls),
        "pnl": str(to_decimal(sum(pnls), MONEY_SCALE)),
        "average": str(mean_money(pnls)),
        "fees": str(to_decimal(sum(trade.fees for trade in trades), MONEY_SCALE)),
    }
