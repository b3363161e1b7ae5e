"""What PostgreSQL holds of a desk, and what it must hold because of the desk's twin; both in the ledger's decimals."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import uuid5

from tests.parity.twin import FILLS, OPEN, Order, Twin

from tradewind.domain.bars import to_micros
from tradewind.domain.money import MONEY_SCALE, QUANTITY_SCALE, to_decimal
from tradewind.domain.orders import Origin, Reason
from tradewind.domain.rules import book as columns
from tradewind.domain.rules import codes
from tradewind.store.database import Connection

HALTS = {0: None} | {getattr(codes, r.name): r.value for r in Reason}
SCALES = {
    Reason.REDUCE_ONLY_WOULD_INCREASE_POSITION: QUANTITY_SCALE,
    Reason.SIGNAL_TOO_OLD: 1_000_000,
    Reason.COOLDOWN_ACTIVE: 1_000_000,
} | dict.fromkeys((Reason.RATE_LIMIT_EXCEEDED, Reason.TRADING_HALTED), 1)
READ = """
WITH
a AS (SELECT * FROM account WHERE strategy_id = %(s)s),
p AS (SELECT * FROM positions WHERE strategy_id = %(s)s),
o AS (SELECT * FROM orders WHERE strategy_id = %(s)s),
e AS (SELECT * FROM ledger_entries WHERE strategy_id = %(s)s)
SELECT json_build_object(
    'account', (SELECT json_build_object(
        'cash', cash, 'reserved', reserved, 'realized', realized_pnl_gross, 'fees', fees, 'equity', marked_equity,
        'initial', initial_cash, 'session', session_day, 'session equity', session_equity, 'halt', automatic_halt,
        'minute', minute, 'orders in minute', orders_in_minute, 'margin', margin,
        'trades', json_build_array(wins, losses, gained, lost), 'value', portfolio_value, 'peak', peak_equity,
        'drawdown', max_drawdown, 'fills', fills, 'person', person_state, 'fault', fault
    ) FROM a),
    'state', (SELECT effective FROM get_trading_state(%(s)s)),
    'stats', (SELECT row_to_json(x) FROM get_portfolio_stats(%(s)s) x),
    'positions', (SELECT json_object_agg(p.symbol, json_build_object(
        'quantity', quantity, 'cost', cost, 'mark', mark, 'stop', stop_price, 'target', target_price,
        'peak', peak, 'stopped', (extract(epoch FROM stopped_at) * 1000000)::bigint,
        'earned', earned, 'realized', p.realized_pnl_gross, 'fees', p.fees, 'value', market_value, 'average', c.avg_px,
        'net', c.realized_pnl, 'unrealized', c.unrealized_pnl
    )) FROM p, calculate_position_pnl(%(s)s, p.symbol) c),
    'volatilities', (SELECT json_object_agg(symbol, json_build_array(close, variance, returns))
        FROM volatilities WHERE strategy_id = %(s)s),
    'orders', (SELECT json_object_agg(client_order_id, json_build_object(
        'symbol', symbol, 'side', side, 'origin', origin, 'status', status, 'quantity', quantity,
        'filled', filled_qty, 'average', avg_px, 'decided', (extract(epoch FROM decided_at) * 1000000)::bigint,
        'price', decision_px, 'reserved', reserved, 'reason', reason, 'value', reason_value, 'limit', reason_limit,
        'limit price', limit_price, 'trigger', trigger_price,
        'triggered', (extract(epoch FROM triggered_at) * 1000000)::bigint,
        'stop', stop_price, 'target', target_price, 'replaces', replaces, 'signal', signal_id
    )) FROM o),
    'trades', (SELECT json_agg(json_build_object(
        'trade', trade_id, 'order', client_order_id, 'symbol', symbol, 'side', side, 'quantity', last_qty,
        'price', last_px, 'notional', notional, 'fee', fee, 'realized', realized_pnl_gross,
        'instant', (extract(epoch FROM instant) * 1000000)::bigint
    ) ORDER BY fill_number) FROM trades WHERE strategy_id = %(s)s),
    'snapshots', (SELECT json_agg(json_build_object(
        'instant', (extract(epoch FROM instant) * 1000000)::bigint, 'cash', cash, 'reserved', reserved,
        'value', portfolio_value, 'equity', equity, 'realized', realized_pnl_gross, 'unrealized', unrealized_pnl,
        'fees', fees
    ) ORDER BY instant) FROM portfolio_snapshots WHERE strategy_id = %(s)s),
    'commands', (SELECT json_agg(json_build_object(
        'order', client_order_id, 'kind', kind, 'symbol', symbol, 'side', side, 'quantity', quantity,
        'outcome', outcome, 'instant', (extract(epoch FROM instant) * 1000000)::bigint
    ) ORDER BY received) FROM commands WHERE strategy_id = %(s)s),
    'instants', (SELECT json_agg(json_build_array(
        (extract(epoch FROM instant) * 1000000)::bigint, trading_state, bars, signals
    ) ORDER BY instant) FROM instants WHERE strategy_id = %(s)s),
    'changes', (SELECT json_agg(json_build_array(side, state) ORDER BY change_id)
        FROM trading_state_changes WHERE strategy_id = %(s)s),
    'sums', json_build_object(
        'cash', (SELECT sum(amount) FROM e WHERE ledger_account = 'CASH'),
        'capital', (SELECT -sum(amount) FROM e WHERE ledger_account = 'CAPITAL'),
        'fees', (SELECT coalesce(sum(amount), 0) FROM e WHERE ledger_account = 'FEES'),
        'realized', (
            SELECT coalesce(-sum(amount), 0) FROM e WHERE ledger_account IN ('REALIZED_PNL', 'DIVIDENDS')
        ),
        'zero', (SELECT sum(amount) FROM e),
        'reserved', (SELECT coalesce(sum(reserved), 0) FROM o)
    ),
    'sums by position', (SELECT json_object_agg(symbol, json_build_array(quantity, cost)) FROM (
        SELECT symbol, sum(quantity) AS quantity, sum(amount) AS cost FROM e
        WHERE ledger_account = 'POSITIONS' GROUP BY symbol
    ) x)
)::text
"""


def read_held(connection: Connection, strategy_id: str) -> dict[str, Any]:
    """Return everything that the ledger holds of a desk, numbers as decimals."""
    row = connection.execute(READ, {"s": strategy_id}).fetchone()
    assert row is not None
    held: dict[str, Any] = json.loads(row[0], parse_float=Decimal)
    return held


def first_difference(expected: object, held: object, where: str = "") -> str | None:
    """Return where two documents differ first and how, None where they are equal."""
    if expected == held:
        return None
    if isinstance(expected, dict) and isinstance(held, dict):
        keys = [*expected, *(key for key in held if key not in expected)]
        pairs: Iterator[tuple[str, object, object]] = (
            (f"{where} {key}", expected.get(key, "nothing"), held.get(key, "nothing")) for key in keys
        )
    elif isinstance(expected, list) and isinstance(held, list) and len(expected) == len(held):
        pairs = ((f"{where} {n}", *pair) for n, pair in enumerate(zip(expected, held, strict=True)))
    else:
        return f"{where.strip()}: rule book {expected}, PostgreSQL {held}"
    return next((found for name, ours, theirs in pairs if (found := first_difference(ours, theirs, name))), None)


def must_hold(twin: Twin) -> dict[str, Any]:
    """Return everything that the ledger must hold because of a twin."""
    account = twin.book.account
    held = {symbol: _position(twin, symbol) for symbol in twin.traded}
    value = sum((p["value"] for p in held.values()), Decimal(0))
    drawdown = _drawdown(twin)
    cash, equity = money(account[columns.CASH]), money(account[columns.EQUITY])
    initial, realized, fees = money(twin.cash), money(account[columns.REALIZED_GROSS]), money(account[columns.FEES])
    fills = len(twin.fills)
    return {
        "account": {
            "cash": cash,
            "reserved": money(account[columns.RESERVED]),
            "realized": realized,
            "fees": fees,
            "equity": equity,
            "initial": initial,
            "session": account[columns.SESSION],
            "session equity": money(account[columns.SESSION_EQUITY]),
            "halt": HALTS[account[columns.AUTOMATIC_HALT]],
            "minute": account[columns.MINUTE] or -1,
            "orders in minute": account[columns.ORDERS_IN_MINUTE],
            "margin": money(account[columns.MARGIN]),
            "trades": [
                account[columns.WINS],
                account[columns.LOSSES],
                money(account[columns.GAINED]),
                money(account[columns.LOST]),
            ],
            "value": value,
            "peak": money(max(_equities(twin))),
            "drawdown": drawdown,
            "fills": fills,
            "person": twin.person.name,
            "fault": None,
        },
        "state": twin.effective.name,
        "stats": {
            "equity": cash + value,
            "cash": cash,
            "portfolio_value": value,
            "realized_pnl_gross": realized,
            "fees": fees,
            "unrealized_pnl": sum((p["unrealized"] for p in held.values()), Decimal(0)),
            "total_return": ratio(Fraction(cash + value) / Fraction(initial) - 1),
            "max_drawdown": drawdown,
            "fills": fills,
            "open_positions": sum(p["quantity"] != 0 for p in held.values()),
        },
        "positions": held or None,
        "volatilities": _volatilities(twin) or None,
        "orders": {str(order.id): _order(twin, order) for order in twin.orders.values()} or None,
        "trades": _trades(twin) or None,
        "snapshots": _snapshots(twin) or None,
        "commands": _commands(twin) or None,
        "instants": [[micros(m.time), m.state.name, sorted(m.bars), sorted(m.bars)] for m in twin.moments] or None,
        "changes": [[side, state.name] for side, state in twin.changes] or None,
        "sums": {
            "cash": cash,
            "capital": initial,
            "fees": fees,
            "realized": realized,
            "zero": 0,
            "reserved": money(account[columns.RESERVED]),
        },
        "sums by position": {symbol: [p["quantity"], p["cost"]] for symbol, p in held.items()} or None,
    }


def _commands(twin: Twin) -> list[dict[str, Any]]:
    return [
        {
            "order": str(c.order.id),
            "kind": c.kind,
            "symbol": c.order.symbol,
            "side": c.order.side.name if c.kind == "ORDER" else None,
            "quantity": units(c.order.quantity) if c.kind == "ORDER" else None,
            "outcome": c.outcome,
            "instant": micros(c.instant),
        }
        for c in twin.commands
    ]


def _position(twin: Twin, symbol: str) -> dict[str, Any]:
    book, i, posted = twin.book, twin.symbols.index(symbol), twin.traded[symbol]
    quantity, cost = book.quantity[i], book.cost[i]
    value = _half_up(Fraction(book.mark[i] * quantity, QUANTITY_SCALE))
    return {
        "quantity": units(quantity),
        "cost": money(cost),
        "mark": money(book.mark[i]),
        "stop": money(book.stop[i]) if book.stop[i] else None,
        "target": money(book.target[i]) if book.target[i] else None,
        "peak": money(book.peak[i]) if book.peak[i] else None,
        "stopped": book.stopped_at[i] or None,
        "earned": money(book.earned[i]) if twin.rules.kelly else None,
        "realized": money(posted.realized),
        "fees": money(posted.fees),
        "value": money(value),
        "average": money(_half_up(Fraction(cost * QUANTITY_SCALE, quantity))) if quantity else None,
        "net": money(posted.realized - posted.fees),
        "unrealized": money(value - cost),
    }


def _volatilities(twin: Twin) -> dict[str, Any]:
    if not twin.rules.target_volatility:
        return {}
    columns = zip(twin.symbols, twin.book.mark, twin.book.variance, twin.book.returns, strict=True)
    return {s: [money(mark), to_decimal(variance, 10**16), returns] for s, mark, variance, returns in columns if mark}


def _order(twin: Twin, order: Order) -> dict[str, Any]:
    numbers: tuple[Decimal | None, Decimal | None] = (None, None)
    if order.reason is not None:
        scale = SCALES.get(order.reason, MONEY_SCALE)
        numbers = to_decimal(order.value, scale), to_decimal(order.limit, scale)
    signal = None
    if order.origin is Origin.SIGNAL:
        assert order.decided is not None
        signal = str(uuid5(twin.uid, f"{order.symbol}|1d|{order.decided.isoformat()}"))
    return {
        "symbol": order.symbol,
        "side": order.side.name,
        "origin": order.origin.value,
        "status": order.status.value,
        "quantity": units(order.quantity),
        "filled": units(order.filled),
        "average": money(_half_up(Fraction(order.paid, order.filled))) if order.filled else None,
        "decided": micros(order.decided),
        "price": money(order.price) if order.decided else None,
        "reserved": money(order.reserved if order.status in OPEN else 0),
        "reason": None if order.reason is None else order.reason.value,
        "value": numbers[0],
        "limit": numbers[1],
        "limit price": money(order.limit_price) if order.limit_price else None,
        "trigger": money(order.trigger_price) if order.trigger_price else None,
        "triggered": micros(order.triggered),
        "stop": money(order.stop) if order.stop else None,
        "target": money(order.target) if order.target else None,
        "replaces": None if order.replaces is None else str(order.replaces),
        "signal": signal,
    }


def _trades(twin: Twin) -> list[dict[str, Any]]:
    return [
        {
            "trade": str(uuid5(event.client_order_id, f"fill|{event.fill}")),
            "order": str(event.client_order_id),
            "symbol": event.symbol,
            "side": event.side.name,
            "quantity": units(event.quantity),
            "price": money(event.price),
            "notional": money(_half_up(Fraction(event.price * event.quantity, QUANTITY_SCALE))),
            "fee": money(event.fee),
            "realized": money(event.realized_pnl_gross),
            "instant": micros(event.time),
        }
        for event in twin.fills
        if event.kind in FILLS
    ]


def _snapshots(twin: Twin) -> list[dict[str, Any]]:
    return [
        {
            "instant": micros(s.time),
            "cash": money(s.book[columns.CASH]),
            "reserved": money(s.reserved),
            "value": money(s.value),
            "equity": money(s.book[columns.EQUITY]),
            "realized": money(s.book[columns.REALIZED_GROSS]),
            "unrealized": money(s.value - s.cost),
            "fees": money(s.book[columns.FEES]),
        }
        for s in twin.snapshots
    ]


def _equities(twin: Twin) -> list[int]:
    return [twin.cash, *(s.book[columns.EQUITY] for s in twin.snapshots)]


def _drawdown(twin: Twin) -> Decimal:
    worst, peak = Fraction(0), 0
    for equity in _equities(twin):
        peak = max(peak, equity)
        worst = min(worst, Fraction(equity, peak) - 1)
    return ratio(worst)


def money(amount: int) -> Decimal:
    """Return money or price units as the ledger has them."""
    return to_decimal(amount, MONEY_SCALE)


def units(quantity: int) -> Decimal:
    """Return quantity units as the ledger has them."""
    return to_decimal(quantity, QUANTITY_SCALE)


def ratio(exact: Fraction) -> Decimal:
    """Return an exact ratio to eight decimals, half away from zero."""
    return to_decimal(_half_up(exact * 10**8), 10**8)


def micros(instant: datetime | None) -> int | None:
    """Return an instant in microseconds."""
    return None if instant is None else to_micros(instant)


def _half_up(exact: Fraction) -> int:
    whole = int(abs(exact) + Fraction(1, 2))
    return whole if exact >= 0 else -whole
