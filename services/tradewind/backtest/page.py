"""A backtest's report as one HTML file that opens without a network: numbers, plots, and what it takes to repeat it."""

import json
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, Final

from plotly.offline import get_plotlyjs

from tradewind.backtest import plots
from tradewind.backtest.candles import Candles

_UNDEFINED: Final = "n/a"
_STYLE: Final = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem; color: #1b1f24; }
h1 { margin-bottom: 0; } h2 { margin-top: 2.5rem; border-bottom: 1px solid #d0d7de; }
table { border-collapse: collapse; } th, td { padding: .2rem .8rem .2rem 0; text-align: right; }
th:first-child, td:first-child { text-align: left; } thead th { border-bottom: 1px solid #d0d7de; }
pre { background: #f6f8fa; padding: 1rem; overflow-x: auto; } .quiet { color: #57606a; }
"""
_HEADLINES: Final = (
    ("total_return", "total return", "percent"),
    ("cagr", "CAGR", "percent"),
    ("sharpe", "Sharpe", "ratio"),
    ("sortino", "Sortino", "ratio"),
    ("volatility", "volatility", "percent"),
    ("max_drawdown", "max drawdown", "percent"),
    ("calmar", "Calmar", "ratio"),
    ("exposure", "exposure", "percent"),
    ("closed_trades", "closed trades", "text"),
    ("win_rate", "win rate", "percent"),
    ("profit_factor", "profit factor", "ratio"),
    ("final_equity", "final equity", "text"),
)


def render(document: Mapping[str, Any], candles: Mapping[str, Candles]) -> str:
    """Return the page of a report's document, with the documents of a sweep and a walk-forward where it has them.

    Args:
        document: as `Report.document` gives it.
        candles: what was traded, by symbol; a symbol without any is left out.
    """
    title = f"Backtest of {document['strategy_id']}"
    parts = [
        f"<h1>{escape(title)}</h1>",
        f'<p class="quiet">{escape(document["model"])}, {escape(document["first"])} to {escape(document["last"])}, '
        f"{escape(document['currency'])}</p>",
        _headlines(document),
        _section("Equity", plots.equity(document)),
        _section("Drawdown", plots.drawdown(document)),
        _section("Monthly returns", plots.monthly_returns(document)),
        _section("Trades", plots.trades_on_candles(document, candles), _by("Exit reason", document["by_exit_reason"])),
        _section("Profit of the trades", plots.trade_profits(document), _by("Symbol", document["by_symbol"])),
    ]
    if "walk_forward" in document:
        parts.append(_walk_forward(document["walk_forward"]))
    if "sweep" in document:
        parts.append(_sweep(document["sweep"]))
    parts += [_section("Data", _coverage(document["data"])), _provenance(document)]
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style><script>{get_plotlyjs()}</script></head>\n<body>{''.join(parts)}</body></html>\n"
    )


def _section(title: str, *parts: str) -> str:
    return f"<h2>{escape(title)}</h2>{''.join(parts)}"


def _headlines(document: Mapping[str, Any]) -> str:
    ours, theirs = document["metrics"], document["baseline"]
    rows = [
        [name, _shown(ours.get(key), kind), _shown(theirs.get(key), kind)]
        for key, name, kind in _HEADLINES
        if key in ours
    ]
    return _table(["", "strategy", "buy and hold"], rows)


def _by(heading: str, table: Mapping[str, Mapping[str, Any]]) -> str:
    if not table:
        return ""
    columns = list(next(iter(table.values())))
    rows = [[name, *(_shown(row[column], "text") for column in columns)] for name, row in table.items()]
    return _table([heading, *(column.replace("_", " ") for column in columns)], rows)


def _walk_forward(found: Mapping[str, Any]) -> str:
    objective = found["objective"]
    rows = [
        [
            str(fold["number"]),
            f"{fold['train']['from']} to {fold['train']['to']}",
            f"{fold['test']['from']} to {fold['test']['to']}",
            _given(fold["parameters"]),
            _shown(fold["in_sample"][objective], "ratio"),
            _shown(fold["out_of_sample"][objective], "ratio"),
            _shown(fold["out_of_sample"]["total_return"], "percent"),
        ]
        for fold in found["folds"]
    ]
    named = objective.replace("_", " ")
    headings = ["fold", "trained", "tested", "parameters", f"{named} in sample", f"{named} out of sample", "return"]
    chances = (
        f"<p>{found['trials']} trials. Probability that the Sharpe is above 0: "
        f"{_shown(found['probabilistic_sharpe'], 'percent')}; that it is above the best of as many trials by chance "
        f"(deflated): {_shown(found['deflated_sharpe'], 'percent')}.</p>"
    )
    return _section("Walk-forward, out of sample", plots.folds(found), chances, _table(headings, rows))


def _sweep(found: Mapping[str, Any]) -> str:
    best, objective = found["best"], found["objective"].replace("_", " ")
    told = (
        f"<p>{len(found['trials'])} of {found['combinations']} combinations tried, {found['skipped']} refused by the "
        f"rule. The best by {escape(objective)} in hindsight: {escape(_given(best['parameters']))}, "
        f"{_shown(best['objective'], 'ratio')}.</p>"
    )
    return _section("Sweep", plots.sweep(found), told)


def _coverage(data: Mapping[str, Mapping[str, Any]]) -> str:
    """Return what there is of each symbol's bars, and what is missing."""
    rows = [
        [
            symbol,
            *(_shown(has[name], "text") for name in ("first", "last", "bars", "missing", "longest_gap")),
            ", ".join(name.replace("_", " ") for name in ("starts_late", "ends_early") if has[name]),
        ]
        for symbol, has in data.items()
    ]
    return _table(["symbol", "first", "last", "bars", "missing", "longest gap", ""], rows)


def _provenance(document: Mapping[str, Any]) -> str:
    rows = [[name, str(value)] for name, value in document["provenance"].items()]
    manifest = escape(json.dumps(document["manifest"], indent=2))
    return _section("To repeat it", _table(["", ""], rows), f"<pre>{manifest}</pre>")


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f"<th>{escape(heading)}</th>" for heading in headings)
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _given(parameters: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {value}" for name, value in parameters.items()) or "as given"


def _shown(value: Any, kind: str) -> str:
    if value is None:
        return _UNDEFINED
    if kind == "percent":
        return f"{value:.2%}"
    return f"{value:.2f}" if kind == "ratio" or isinstance(value, float) else str(value)
