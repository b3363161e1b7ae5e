"""Draws results in the terminal: trades, metrics beside buy-and-hold, the equity line."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Final

import plotext
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tradewind.backtest.bootstrap import Interval
from tradewind.backtest.coverage import Coverage
from tradewind.backtest.metrics import Metrics
from tradewind.backtest.trades import ClosedTrade
from tradewind.desk.results import Results
from tradewind.domain.money import MONEY_SCALE, PRICE_SCALE, QUANTITY_SCALE, to_decimal
from tradewind.store.journal import Snapshot

TRADES_SHOWN: Final = 15
_UNDEFINED: Final = "n/a"
_HEIGHT: Final = 14
_WIDEST: Final = 110
_DATE_TICKS: Final = 5


def show_results(console: Console, results: Results, all_trades: str) -> None:
    """Print the summary. `all_trades` says where the trades are that the table leaves out."""
    _show_trades(console, results.trades, results.currency, all_trades)
    console.print(_metrics_table(results))
    if results.curve:
        console.print(Text.from_ansi(equity_line(results.curve, min(console.width, _WIDEST))))
    if results.verdict is not None:
        console.print(f"The model on its validation part: {results.verdict}.", highlight=False, markup=False)


def show_coverage(console: Console, coverage: Mapping[str, Coverage]) -> None:
    """Print what there is of each symbol's bars, and what is missing."""
    table = _table("Bars", "symbol", "first", "last")
    for heading in ("bars", "missing", "longest gap"):
        table.add_column(heading, justify="right")
    table.add_column("")
    for symbol, has in coverage.items():
        first, last = (_UNDEFINED if at is None else f"{at:%Y-%m-%d %H:%M}" for at in (has.first, has.last))
        odd = ", ".join(
            what for what, is_so in (("starts late", has.starts_late), ("ends early", has.ends_early)) if is_so
        )
        table.add_row(symbol, first, last, f"{has.bars:,}", f"{has.missing:,}", f"{has.longest_gap:,}", odd)
    console.print(table)


def _show_trades(console: Console, trades: Sequence[ClosedTrade], currency: str, all_trades: str) -> None:
    table = _table(f"Trades, flat to flat ({currency}, net of fees)", "symbol", "entry", "exit")
    for heading in ("quantity", "opened at", "left at", "P&L"):
        table.add_column(heading, justify="right")
    table.add_column("closed by")
    for trade in trades[-TRADES_SHOWN:]:
        table.add_row(
            trade.symbol,
            f"{trade.entry_time:%Y-%m-%d}",
            f"{trade.exit_time:%Y-%m-%d}",
            f"{to_decimal(trade.side.value * trade.quantity, QUANTITY_SCALE).normalize():f}",
            f"{to_decimal(trade.entry_price, PRICE_SCALE):.2f}",
            f"{to_decimal(trade.exit_price, PRICE_SCALE):.2f}",
            f"{to_decimal(trade.pnl, MONEY_SCALE):+,.2f}",
            trade.exit_reason.value,
        )
    if not trades:
        console.print("No trade was closed.")
        return
    console.print(table)
    if len(trades) > TRADES_SHOWN:
        left = len(trades) - TRADES_SHOWN
        console.print(f"... and {left} trades before them: {all_trades}", highlight=False, markup=False, soft_wrap=True)


def _metrics_table(results: Results) -> Table:
    table = _table(f"Metrics (risk-free rate {results.metrics.risk_free:.0%})", "")
    table.add_column("strategy", justify="right")
    table.add_column("buy and hold", justify="right")
    for name, ours, theirs in zip(_NAMES, _cells(results.metrics), _cells(results.baseline), strict=True):
        table.add_row(name, ours, theirs)
    return table


def _table(title: str, *headings: str) -> Table:
    return Table(*headings, title=title, title_justify="left", box=None, padding=(0, 1, 0, 0), pad_edge=False)


_NAMES: Final = (
    "total return",
    "  95% interval",
    "final equity",
    "CAGR",
    "volatility",
    "Sharpe",
    "  95% interval",
    "Sortino",
    "Calmar",
    "max drawdown",
    "longest drawdown, days",
    "closed trades",
    "win rate",
    "average win",
    "average loss",
    "expectancy",
    "profit factor",
    "exposure",
    "turnover a year",
)


def _cells(metrics: Metrics) -> tuple[str, ...]:
    return (
        _percent(metrics.total_return),
        _interval(metrics.total_return_interval, _percent),
        _money(metrics.final_equity),
        _percent(metrics.cagr),
        _share(metrics.volatility),
        _ratio(metrics.sharpe),
        _interval(metrics.sharpe_interval, _ratio),
        _ratio(metrics.sortino),
        _ratio(metrics.calmar),
        _percent(metrics.max_drawdown),
        _UNDEFINED if metrics.longest_drawdown_days is None else f"{metrics.longest_drawdown_days:,}",
        str(metrics.closed_trades),
        _share(metrics.win_rate),
        _money(metrics.average_win),
        _money(metrics.average_loss),
        _money(metrics.expectancy),
        _ratio(metrics.profit_factor),
        _share(metrics.exposure),
        _UNDEFINED if metrics.turnover is None else f"{metrics.turnover:.1f} x",
    )


def _interval(interval: Interval | None, shown: Callable[[float | None], str]) -> str:
    return _UNDEFINED if interval is None else " to ".join(map(shown, interval))


def _ratio(value: float | None) -> str:
    return _UNDEFINED if value is None else f"{value:.2f}"


def _share(value: float | None) -> str:
    return _UNDEFINED if value is None else f"{value:.1%}"


def _percent(ratio: float | None) -> str:
    return _UNDEFINED if ratio is None else f"{ratio:+.2%}"


def _money(amount: Decimal | None) -> str:
    return _UNDEFINED if amount is None else f"{amount:,.2f}"


def equity_line(curve: Sequence[Snapshot], width: int) -> str:
    """Return marked equity over time as a drawing of text, `width` columns wide."""
    equity = [float(to_decimal(point.equity, MONEY_SCALE)) for point in curve]
    last = len(curve) - 1
    places = sorted({last * tick // (_DATE_TICKS - 1) for tick in range(_DATE_TICKS)})
    low, high = min(equity), max(equity)
    levels = sorted({low, (low + high) / 2, high})
    figure = plotext.figure
    figure.clear()
    figure.theme("colorless")
    figure.plot_size(width, _HEIGHT)
    figure.title("marked equity")
    figure.draw(figure.signal(list(range(len(equity))), equity).lines(True))
    figure.ruler("x").ticks(places, [f"{curve[place].time:%Y-%m-%d}" for place in places])
    figure.ruler("y").ticks(levels, [f"{level:,.0f}" for level in levels])
    return str(figure.build())
