"""`tradewind strategies`: what a manifest may name as its signal's model."""

import json
from typing import Any

from rich.console import Console
from rich.table import Table

from tradewind.signals.documents import strategy_documents


def list_strategies(as_json: bool, console: Console) -> None:
    """Print every model with its parameters, as a table or as JSON, the list of GET /backtest/strategies.

    Raises:
        PluginError: an installed plug-in can't be used.
    """
    documents = strategy_documents()
    if as_json:
        print(json.dumps({"strategies": documents}, indent=2))
    else:
        console.print(_table(documents))


def _table(documents: list[dict[str, Any]]) -> Table:
    table = Table(title="What spec.signal.model may name", show_lines=True)
    for column in ("model", "kind", "what it does", "parameters: default (bounds)"):
        table.add_column(column, overflow="fold")
    for document in documents:
        brought = f"\nof {document['distribution']}" if document["distribution"] else ""
        parameters = "\n".join(_parameter(parameter) for parameter in document["parameters"])
        table.add_row(f"{document['name']}{brought}", document["kind"], document["description"], parameters)
    return table


def _parameter(parameter: dict[str, Any]) -> str:
    bounds = f"{parameter['minimum']:.12g} to {parameter['maximum']:.12g}"
    kind = ", whole" if parameter["whole"] else ""
    return f"{parameter['name']}: {parameter['default']:.12g} ({bounds}{kind})"
