"""Strategies in the database: registered once, with the account that they trade on."""

import json
from typing import Any

from psycopg.types.json import Jsonb

from tradewind.manifest.plan import Plan
from tradewind.manifest.resources import TradingStrategy
from tradewind.store import units
from tradewind.store.database import Connection
from tradewind.store.errors import StrategyChangedError
from tradewind.store.queries import query


def register_strategy(connection: Connection, strategy: TradingStrategy, plan: Plan) -> None:
    """Register a strategy and open its account; registering the same again changes nothing.

    Raises:
        StrategyChangedError: it is registered with another spec.
    """
    rules = strategy.spec.rules()
    manifest = json.loads(plan.manifest)
    with connection.transaction():
        connection.execute(
            query("register_strategy"),
            {
                "strategy_id": plan.strategy_id,
                "uid": strategy.id.uid,
                "feed_id": plan.feed_id,
                "manifest": Jsonb(manifest),
                "max_position": units.rate(rules.max_position),
                "max_concentration": units.rate(rules.max_concentration),
                "max_daily_loss": units.rate(rules.max_daily_loss),
                "fee_rate": units.rate(rules.fee_rate),
                "slippage": units.rate(rules.slippage),
            },
        )
        row = connection.execute(query("read_manifest"), {"strategy_id": plan.strategy_id}).fetchone()
        assert row is not None
        changed = _differences("spec", row[0]["spec"], manifest["spec"])
        if changed:
            raise StrategyChangedError(plan.strategy_id, changed)
        connection.execute(
            query("open_account"),
            {
                "strategy_id": plan.strategy_id,
                "currency": strategy.spec.account.currency,
                "initial_cash": units.money(strategy.spec.initial_cash),
            },
        )


def _differences(path: str, was: Any, now: Any) -> list[str]:
    if not (isinstance(was, dict) and isinstance(now, dict)):
        return [] if was == now else [path]
    keys = sorted(was.keys() | now.keys())
    return [field for key in keys for field in _differences(f"{path}.{key}", was.get(key), now.get(key))]
