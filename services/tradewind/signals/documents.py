"""What a manifest may name as its signal's model, as JSON's types: one list for the command line and the service."""

from collections.abc import Sequence
from typing import Any

from tradewind.signals.catalog import RULES, Catalog
from tradewind.signals.lstm_parameters import LSTM, LSTM_DESCRIPTION, PARAMETERS
from tradewind.signals.parameters import Parameter
from tradewind.signals.rule import CrossRule, Rule


def strategy_documents(rules: Catalog = RULES) -> list[dict[str, Any]]:
    """Return every model: name, kind (neural, rule, cross-symbol), what it does, parameters, who brings it.

    Raises:
        PluginError: an installed plug-in can't be used.
    """
    rules.refuse_clash()
    listed = [_document(LSTM, "neural", LSTM_DESCRIPTION, PARAMETERS, None)]
    return listed + [
        _document(name, _kind(rule), rule.description, rule.parameters, rules.origin(name))
        for name, rule in rules.items()
    ]


def _kind(rule: Rule) -> str:
    return "cross-symbol" if isinstance(rule, CrossRule) else "rule"


def _document(
    name: str, kind: str, description: str, parameters: Sequence[Parameter], distribution: str | None
) -> dict[str, Any]:
    return {
        "name": name,
        "kind": kind,
        "description": description,
        "distribution": distribution,
        "parameters": [
            {
                "name": p.name,
                "description": p.description,
                "default": p.default,
                "minimum": p.minimum,
                "maximum": p.maximum,
                "whole": p.whole,
            }
            for p in parameters
        ],
    }
