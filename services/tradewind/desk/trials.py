"""Sweeps and walk-forwards of `tradewind backtest`, shown."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from tradewind.desk.search import Found

SHOWN: Final = 10
"""The best trials of a sweep that are shown."""
_UNDEFINED: Final = "n/a"


def show_found(console: Console, found: Found) -> None:
    """Print folds, and the best trials."""
    if found.walk_forward is not None:
        show_folds(console, found.walk_forward.document())
    if found.sweep is not None:
        show_trials(console, found.sweep.document())


def show_folds(console: Console, found: Mapping[str, Any]) -> None:
    """Print a walk-forward's document: each fold, then all of them together."""
    table = _table(
        f"Walk-forward, {found['mode']}, picked by {_named(found['objective'])}",
        "fold",
        "tested since",
    )
    table.add_column("picked")
    # In 80 columns there is room for three parameters beside them.
    for heading in ("in\nsample", "out of\nsample", "return"):
        table.add_column(heading, justify="right")
    for fold in found["folds"]:
        table.add_row(
            str(fold["number"]),
            fold["test"]["from"],
            _given(fold["parameters"]),
            _ratio(fold["in_sample"][found["objective"]]),
            _ratio(fold["out_of_sample"][found["objective"]]),
            _percent(fold["out_of_sample"]["total_return"]),
        )
    console.print(table)
    metrics, held = found["metrics"], found["baseline"]
    _say(
        console,
        f"Out of sample, all folds: return {_percent(metrics['total_return'])} (buy and hold "
        f"{_percent(held['total_return'])}), Sharpe {_ratio(metrics['sharpe'])} ({_ratio(held['sharpe'])}), "
        f"max drawdown {_percent(metrics['max_drawdown'])} ({_percent(held['max_drawdown'])}).",
    )
    _say(
        console,
        f"{found['trials']} trials ({found['skipped']} combinations refused by the rule): probability that the Sharpe "
        f"is above 0: {_share(found['probabilistic_sharpe'])}, that it is above the best of as many trials by chance: "
        f"{_share(found['deflated_sharpe'])}.",
    )


def show_trials(console: Console, found: Mapping[str, Any]) -> None:
    """Print the best trials of a sweep's document."""
    trials: Sequence[Mapping[str, Any]] = found["trials"]
    objective = found["objective"]
    # Sorting keeps the grid's order among equals; what is undefined comes last.
    ranked = sorted(trials, key=lambda trial: (trial["objective"] is None, -(trial["objective"] or 0.0)))
    table = _table(f"Best trials by {_named(objective)}, in hindsight", "parameters")
    for heading in ("Sharpe", "return", "max\ndrawdown", "Calmar", "Sortino", "fills"):
        table.add_column(heading, justify="right")
    for trial in ranked[:SHOWN]:
        metrics = trial["metrics"]
        table.add_row(
            _given(trial["parameters"]),
            _ratio(metrics["sharpe"]),
            _percent(metrics["total_return"]),
            _percent(metrics["max_drawdown"]),
            _ratio(metrics["calmar"]),
            _ratio(metrics["sortino"]),
            str(metrics["fills"]),
        )
    console.print(table)
    drawn = f", drawn with seed {found['seed']}" if found["search"] == "random" else ""
    tried = f"{len(trials)} of {found['combinations']} combinations tried{drawn}"
    _say(console, f"{tried}; {found['skipped']} refused by the rule. The best of many is lucky: see walkForward.")


def _table(title: str, *headings: str) -> Table:
    return Table(*headings, title=title, title_justify="left", box=None, padding=(0, 1, 0, 0), pad_edge=False)


def _say(console: Console, text: str) -> None:
    console.print(text, highlight=False, markup=False)


def _named(objective: str) -> str:
    return objective.replace("_", " ")


def _given(parameters: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {value}" for name, value in parameters.items()) or "as given"


def _ratio(value: float | None) -> str:
    return _UNDEFINED if value is None else f"{value:.2f}"


def _percent(value: float | None) -> str:
    return _UNDEFINED if value is None else f"{value:+.2%}"


def _share(value: float | None) -> str:
    return _UNDEFINED if value is None else f"{value:.1%}"
