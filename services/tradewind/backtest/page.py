"""A backtest's report as one HTML file that opens without a network: numbers, plots, and what it takes to repeat it."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape
from typing import Any, Final

from plotly.offline import get_plotlyjs

from tradewind.backtest import plots, search_plots
from tradewind.backtest.candles import Candles

_UNDEFINED: Final = "n/a"
_STYLE: Final = """
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --quiet: #57606a; --line: #d0d7de; --block: #f6f8fa; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #d1d7e0; --paper: #12161c; --quiet: #9198a1; --line: #3d444d; --block: #1b2129; } }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 76rem; padding: 0 1rem;
  color: var(--ink); background: var(--paper); }
h1 { margin-bottom: 0; overflow-wrap: anywhere; }
h2 { margin-top: 2.5rem; border-bottom: 1px solid var(--line); }
.tables { display: flex; flex-wrap: wrap; gap: 1rem 3rem; align-items: flex-start; }
.table { overflow-x: auto; max-width: 100%; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .2rem .9rem .2rem 0; text-align: right; white-space: nowrap; }
th:first-child, td:first-child { text-align: left; } thead th { border-bottom: 1px solid var(--line); }
pre { background: var(--block); padding: 1rem; overflow-x: auto; } .quiet { color: var(--quiet); }
"""
_RETURNS: Final = (
    ("total_return", "total return", "percent"),
    ("total_return_interval", "95% interval", "percents"),
    ("cagr", "CAGR", "percent"),
    ("volatility", "volatility a year", "percent"),
    ("final_equity", "final equity", "money"),
    ("exposure", "exposure", "percent"),
    ("turnover", "turnover a year", "times"),
    ("alpha", "alpha to buy and hold, a year", "percent"),
    ("beta", "beta to buy and hold", "ratio"),
)
_RISKS: Final = (
    ("sharpe", "Sharpe", "ratio"),
    ("sharpe_interval", "95% interval", "ratios"),
    ("sortino", "Sortino", "ratio"),
    ("calmar", "Calmar", "ratio"),
    ("max_drawdown", "max drawdown", "percent"),
    ("longest_drawdown_days", "longest drawdown, days", "count"),
    ("value_at_risk", "value at risk, 5% a session", "percent"),
    ("conditional_value_at_risk", "mean beyond it", "percent"),
    ("tail_ratio", "tail ratio", "ratio"),
)
_TRADES: Final = (
    ("closed_trades", "closed", "count"),
    ("wins", "won", "count"),
    ("losses", "lost", "count"),
    ("breakeven", "broke even", "count"),
    ("win_rate", "win rate", "percent"),
    ("profit_factor", "profit factor", "ratio"),
    ("expectancy", "expectancy", "money"),
    ("average_win", "average win", "money"),
    ("average_loss", "average loss", "money"),
)
_OF_A_RUN: Final = (
    ("total_return", "total return", "percent"),
    ("cagr", "CAGR", "percent"),
    ("sharpe", "Sharpe", "ratio"),
    ("sortino", "Sortino", "ratio"),
    ("max_drawdown", "max drawdown", "percent"),
    ("calmar", "Calmar", "ratio"),
)


def render(document: Mapping[str, Any], candles: Mapping[str, Candles]) -> str:
    """Return the page of a report's document, with the documents of a sweep and a walk-forward where it has them.

    Args:
        document: as `Report.document` gives it; `verdict`, where it is there, is the model's evaluation.
        candles: what was traded, by symbol; a symbol without any is left out.
    """
    title = f"Backtest of {_name(document)}"
    parts = [
        f"<h1>{escape(title)}</h1>",
        f'<p class="quiet">{escape(_told(document))}</p>',
        _numbers(document),
        _section("Equity", plots.equity(document)),
        _section("Drawdown", plots.drawdown(document)),
        _section("Monthly returns", plots.monthly_returns(document)),
        _section("Trades", plots.trades_on_candles(document, candles)),
        _section("Profit of the trades", plots.trade_profits(document), _tables_of_trades(document)),
    ]
    if "walk_forward" in document:
        parts.append(_walk_forward(document["walk_forward"], document["currency"]))
    if "sweep" in document:
        parts.append(_sweep(document["sweep"]))
    parts += [_section("Data", _coverage(document["data"])), _provenance(document)]
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style><script>{get_plotlyjs()}</script></head>\n"
        f"<body>{''.join(parts)}</body></html>\n"
    )


def _name(document: Mapping[str, Any]) -> str:
    """Return the strategy's name, with its namespace unless that is the default one."""
    namespace, _, rest = document["strategy_id"].partition(".")
    name = rest.rpartition(".")[0] or rest
    return name if namespace == "default" else f"{namespace}/{name}"


def _told(document: Mapping[str, Any]) -> str:
    spec = document["manifest"].get("spec", {})
    interval = spec.get("strategy", spec).get("feed", {}).get("interval", "")
    bars = " ".join(part for part in (f"{document['counts']['bars']:,}", interval, "bars") if part)
    return (
        f"{document['model']} on {', '.join(document['data'])}; {bars}, "
        f"{document['first'][:10]} to {document['last'][:10]}; "
        f"{document['currency']} {_money(document['metrics']['initial_equity'])} to begin with"
    )


def _section(title: str, *parts: str) -> str:
    return f"<h2>{escape(title)}</h2>{''.join(parts)}"


def _numbers(document: Mapping[str, Any]) -> str:
    ours, theirs = document["metrics"], document["baseline"]
    beside = ["strategy", "buy and hold"]
    fees = [["fees", _money(document["fees"])], ["of them for borrowed shares", _money(document["borrow_fees"])]]
    trades = [[name, _shown(ours.get(key), kind)] for key, name, kind in _TRADES]
    counts = [
        [name.replace("_", " "), f"{count:,}"]
        for name, count in document["counts"].items()
        if name not in ("instants", "bars")
    ]
    verdict = document.get("verdict")
    told = "" if verdict is None else f"<p>The model on its validation part: {escape(verdict)}.</p>"
    return told + _side_by_side(
        _table(["Return", *beside], _compared(_RETURNS, ours, theirs)),
        _table([f"Risk (risk-free rate {ours['risk_free']:.0%})", *beside], _compared(_RISKS, ours, theirs)),
        _table(["Trades, flat to flat", ""], [*trades, *fees]),
        _table(["Orders", ""], counts),
    )


def _compared(
    rows: Sequence[tuple[str, str, str]], ours: Mapping[str, Any], theirs: Mapping[str, Any]
) -> list[list[str]]:
    return [[name, _shown(ours.get(key), kind), _shown(theirs.get(key), kind)] for key, name, kind in rows]


def _tables_of_trades(document: Mapping[str, Any]) -> str:
    return _side_by_side(_by("By symbol", document["by_symbol"]), _by("By exit reason", document["by_exit_reason"]))


def _by(heading: str, table: Mapping[str, Mapping[str, Any]]) -> str:
    if not table:
        return ""
    columns = (
        ("trades", "trades", "count"),
        ("wins", "won", "count"),
        ("pnl", "P&L", "money"),
        ("average", "mean P&L", "money"),
        ("fees", "fees", "money"),
    )
    rows = [[name, *(_shown(row[key], kind) for key, _, kind in columns)] for name, row in table.items()]
    return _table([heading, *(shown for _, shown, _ in columns)], rows)


def _walk_forward(found: Mapping[str, Any], currency: str) -> str:
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
    headings = ["fold", "trained", "tested", "picked", f"{named} in sample", f"{named} out of sample", "return"]
    folds = (
        f'<p class="quiet">{escape(found["mode"].capitalize())} folds: each picks by {escape(named)} what did best in '
        f"{_picked_on(found)}, and is judged on the sessions after it. Purge {found['purge']}, embargo "
        f"{found['embargo']} sessions.</p>"
    )
    chances = (
        f"<p>{found['trials']:,} trials, {found['skipped']:,} combinations refused by the rule. Probability that the "
        f"Sharpe is above 0: {_shown(found['probabilistic_sharpe'], 'percent')}; that it is above the best of as many "
        f"trials by chance (deflated): {_shown(found['deflated_sharpe'], 'percent')}.</p>"
    )
    ends = _table(
        ["Out of sample, all folds", "strategy", "buy and hold"],
        _compared(_OF_A_RUN, found["metrics"], found["baseline"]),
    )
    return _section(
        "Walk-forward, out of sample",
        folds,
        search_plots.folds(found, currency),
        chances,
        ends,
        search_plots.in_and_out(found),
        _table(headings, rows),
    )


def _picked_on(found: Mapping[str, Any]) -> str:
    """Return where trials were compared: models that are trained, on what they were not fitted to."""
    fold = found["folds"][0]
    whole = fold.get("picked_on", fold["train"]) == fold["train"]
    return "its training" if whole else "the last fifth of its training, which no model was fitted to"


def _sweep(found: Mapping[str, Any]) -> str:
    best, objective = found["best"], found["objective"].replace("_", " ")
    drawn = f", drawn with seed {found['seed']}" if found["search"] == "random" else ""
    told = (
        f"<p>{len(found['trials']):,} of {found['combinations']:,} combinations tried{drawn}; {found['skipped']:,} "
        f"refused by the rule. The best by {escape(objective)}: {escape(_given(best['parameters']))}, "
        f"{_shown(best['objective'], 'ratio')}. That is in hindsight: the best of many is lucky.</p>"
    )
    return _section("Sweep", told, search_plots.sweep(found))


def _coverage(data: Mapping[str, Mapping[str, Any]]) -> str:
    """Return what there is of each symbol's bars, and what is missing."""
    rows = [
        [
            symbol,
            *(_shown(has[name], "time") for name in ("first", "last")),
            *(_shown(has[name], "count") for name in ("bars", "missing", "longest_gap")),
            ", ".join(name.replace("_", " ") for name in ("starts_late", "ends_early") if has[name]),
        ]
        for symbol, has in data.items()
    ]
    return _table(["symbol", "first close, UTC", "last close, UTC", "bars", "missing", "longest gap", ""], rows)


def _provenance(document: Mapping[str, Any]) -> str:
    rows = [["strategy", document["strategy_id"]]]
    rows += [[name.replace("_", " "), str(value)] for name, value in document["provenance"].items()]
    if document.get("sweep", {}).get("search") == "random":
        rows.append(["sweep seed", str(document["sweep"]["seed"])])
    manifest = escape(json.dumps(document["manifest"], indent=2))
    told = '<p class="quiet">Saved as a file, this is the manifest for <code>tradewind backtest -f</code>.</p>'
    return _section("To repeat it", _table(["", ""], rows), told, f"<pre>{manifest}</pre>")


def _side_by_side(*tables: str) -> str:
    return f'<div class="tables">{"".join(tables)}</div>'


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f"<th>{escape(heading)}</th>" for heading in headings)
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f'<div class="table"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _given(parameters: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {value}" for name, value in parameters.items()) or "as given"


def _money(amount: str) -> str:
    return f"{float(amount):,.2f}"


def _shown(value: Any, kind: str) -> str:
    if value is None:
        return _UNDEFINED
    if kind in ("percents", "ratios"):
        return " to ".join(_shown(each, kind.removesuffix("s")) for each in value)
    if kind == "money":
        return _money(value)
    if kind == "time":
        return f"{datetime.fromisoformat(value):%Y-%m-%d %H:%M}"
    formats = {"percent": ".2%", "ratio": ".2f", "times": ",.1f", "count": ",d"}
    return f"{value:{formats[kind]}}"
