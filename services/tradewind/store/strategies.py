"""Strategies in the database: registered once, with the account that they trade on."""

import json
from datetime import timedelta
from typing import Any

from psycopg.types.json import Jsonb
from pydantic import ValidationError

from tradewind.manifest.plan import Plan
from tradewind.manifest.resources import OPERATIONAL, TradingStrategy
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
                "max_order_notional": units.money(rules.max_order_notional),
                "orders_per_minute": rules.orders_per_minute,
                "slippage_points": units.price(rules.slippage_points),
                "fee_per_unit": units.price(rules.fee_per_unit),
                "fee_per_order": units.money(rules.fee_per_order),
                "min_fee": units.money(rules.min_fee),
                "cool_down": timedelta(microseconds=rules.cool_down),
                "allow_short": bool(rules.allow_short),
                "borrow_rate": units.rate(rules.borrow_rate),
                "counts_trades": rules.kelly > 0,
            },
        )
        row = connection.execute(query("read_manifest"), {"strategy_id": plan.strategy_id}).fetchone()
        assert row is not None
        # A desk may be stopped, started and run otherwise by its manifest; the rest is what its ledger was made with.
        changed = [
            field
            for field in _differences("spec", _as_now(row[0])["spec"], manifest["spec"])
            if field != "spec.tradingState" and field not in OPERATIONAL
        ]
        if changed:
            raise StrategyChangedError(plan.strategy_id, changed)
        connection.execute(
            query("open_account"),
            {
                "strategy_id": plan.strategy_id,
                "currency": strategy.spec.account.currency,
                "initial_cash": units.money(strategy.spec.initial_cash),
                "may_overdraw": rules.fee_per_unit + rules.fee_per_order + rules.min_fee + rules.allow_short > 0,
            },
        )
        set_trading_state(
            connection, plan.strategy_id, "MANIFEST", strategy.spec.trading_state.upper(), "the manifest says so"
        )


def read_strategies(connection: Connection, namespace: str, name: str) -> tuple[TradingStrategy, ...]:
    """Return the registered strategies of a name: several where it was deleted and made again, by their id."""
    rows = connection.execute(query("read_manifests_of_name"), {"namespace": namespace, "name": name})
    return tuple(TradingStrategy.model_validate(row[0]) for row in rows)


def set_trading_state(connection: Connection, strategy_id: str, side: str, state: str, reason: str) -> None:
    """Set one side (MANIFEST, PERSON) of the trading state; nobody's own side is loosened by another's."""
    connection.execute(
        query("set_trading_state"), {"strategy_id": strategy_id, "side": side, "state": state, "reason": reason}
    )


def _as_now(manifest: dict[str, Any]) -> dict[str, Any]:
    """Return a registered manifest with the fields that versions since have added, at their defaults."""
    try:
        strategy = TradingStrategy.model_validate(manifest)
    except ValidationError:
        return manifest  # what it says is no longer said: it differs
    return strategy.model_dump(mode="json", by_alias=True, exclude_none=True)


def _differences(path: str, was: Any, now: Any) -> list[str]:
    if not (isinstance(was, dict) and isinstance(now, dict)):
        return [] if was == now else [path]
    keys = sorted(was.keys() | now.keys())
    return [field for key in keys for field in _differences(f"{path}.{key}", was.get(key), now.get(key))]
