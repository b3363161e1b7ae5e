"""Every query of the trading service's API with parameters, and a database large enough to tell good plans from bad."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from tradewind.store.database import Connection

START: Final = datetime(2021, 1, 4, 14, 31, tzinfo=UTC)
END: Final = datetime(9999, 1, 1, tzinfo=UTC)
BEGINNING: Final = datetime(1900, 1, 1, tzinfo=UTC)
SYMBOLS: Final = 20
UNTRADED: Final = "NONE"
"""A symbol of the strategy that was never traded: a filter that finds nothing must not look at everything."""
NO_ORDER: Final = UUID(int=0)


@dataclass(frozen=True)
class ApiQuery:
    """One query of sql/queries.

    Attributes:
        what: it says.
        name: of its file.
        parameters: all but strategy_id and owner.
        asks: whether it asks for a change.
        reads: the most rows of one table that it may read for each row of its limit.
        blocks: the most blocks of tables and indexes that it may touch for each row of its limit.
    """

    what: str
    name: str
    parameters: dict[str, Any]
    asks: bool = False
    reads: int = 12
    blocks: int = 8


def _orders(what: str, **parameters: Any) -> ApiQuery:
    defaults = {
        "before": END, "before_id": NO_ORDER, "status": None, "symbol": None, "side": None, "origin": None,
        "reason": None, "limit": 101,
    }  # fmt: skip
    return ApiQuery(f"orders, {what}", "list_orders", {**defaults, **parameters})


def _decided(what: str, **parameters: Any) -> ApiQuery:
    return ApiQuery(
        f"orders decided, {what}",
        "list_decided_orders",
        {**_orders("").parameters, "from": BEGINNING, **parameters},
        # A second filter passes over what the window holds of others.
        reads=80,
        blocks=80,
    )


def _trades(what: str, **parameters: Any) -> ApiQuery:
    defaults = {
        "before": END, "before_number": 0, "from": BEGINNING, "symbol": None, "side": None,
        "client_order_id": None, "limit": 101,
    }  # fmt: skip
    return ApiQuery(f"trades, {what}", "list_trades", {**defaults, **parameters})


def _signals(what: str, **parameters: Any) -> ApiQuery:
    defaults = {
        "before": END, "before_symbol": "", "from": BEGINNING, "symbol": None, "side": None, "late": None,
        "limit": 101,
    }  # fmt: skip
    return ApiQuery(f"signals, {what}", "list_signals", {**defaults, **parameters})


def _changes(what: str, **parameters: Any) -> ApiQuery:
    return ApiQuery(
        f"changes, {what}", "list_state_changes", {"before": 2**62, "side": None, "limit": 101, **parameters}
    )


_DAY = {"from": START + timedelta(hours=6), "before": START + timedelta(hours=12)}
"""A window far from the newest row; its end is the position that a list begins at."""

API_QUERIES: Final = (
    _orders("the newest"),
    _orders("a page of 1000", limit=1001),
    _orders("far down", before=START + timedelta(hours=8), before_id=UUID(int=2**127)),
    _orders("a status that is rare and old", status="DENIED"),
    _orders("a status that is common", status="FILLED"),
    _orders("a status that none has", status="EXPIRED"),
    _orders("of a symbol", symbol="S03"),
    _orders("of a symbol never traded", symbol=UNTRADED),
    _orders("sales", side="SELL"),
    _orders("of people", origin="COMMAND"),
    _orders("of an origin that none has", origin="TAKE_PROFIT"),
    _orders("for a reason", reason="POSITION_EXCEEDS_MAXIMUM"),
    _orders("for a reason that none has", reason="TRADING_HALTED"),
    _orders("several filters", status="FILLED", symbol="S03", side="SELL", origin="SIGNAL"),
    _decided("a window", **_DAY),
    _decided("a window and a symbol", **_DAY, symbol="S03"),
    _decided("a window and a status that is rare", **_DAY, status="CANCELED"),
    _decided("an end alone", before=START + timedelta(hours=1)),
    _trades("the newest"),
    _trades("a page of 1000", limit=1001),
    _trades("far down", before=START + timedelta(hours=8), before_number=2**62),
    _trades("of a symbol", symbol="S03"),
    _trades("of a symbol never traded", symbol=UNTRADED),
    _trades("sales", side="SELL"),
    _trades("a window", **_DAY),
    _trades("of an order", client_order_id=NO_ORDER),
    _signals("the newest"),
    _signals("a page of 1000", limit=1001),
    _signals("far down", before=START + timedelta(hours=8), before_symbol="S10"),
    _signals("of a symbol", symbol="S03"),
    _signals("of a symbol never traded", symbol=UNTRADED),
    _signals("a side that is rare", side="SELL"),
    _signals("that came late", late=True),
    _signals("a window", **_DAY),
    _signals("a window and a symbol", **_DAY, symbol="S03"),
    _changes("the newest"),
    _changes("of a side that is rare", side="MANIFEST"),
    ApiQuery("one order", "read_order", {"client_order_id": NO_ORDER}),
    ApiQuery("positions", "read_positions", {}),
    ApiQuery("portfolio", "read_portfolio_stats", {}),
    ApiQuery("account", "read_account", {}),
    ApiQuery("risk", "read_risk", {}),
    ApiQuery("exposure", "read_exposure", {}),
    ApiQuery("trading state", "read_trading_state", {}),
    ApiQuery("open instant", "read_waiting_instant", {}),
    ApiQuery("fault", "read_fault", {}),
    ApiQuery("last close", "read_last_close", {"source": "REPLAY", "symbol": "S03", "interval": "1m"}),
    ApiQuery(
        "give an order",
        "request_order",
        {
            "client_order_id": UUID(int=1),
            "symbol": "S03",
            "side": "BUY",
            "quantity": 1,
            "stop_price": None,
            "target_price": None,
            "key": "k",
            "fingerprint": "f",
        },
        asks=True,
    ),
    ApiQuery("cancel an order", "request_cancel", {"client_order_id": NO_ORDER}, asks=True),
    ApiQuery(
        "replace an order",
        "request_replace",
        {
            "client_order_id": NO_ORDER,
            "new_order_id": UUID(int=2),
            "quantity": 1,
            "stop_price": None,
            "target_price": None,
            "key": "k",
            "fingerprint": "f",
        },
        asks=True,
    ),
    ApiQuery("stop the desk", "set_trading_state", {"side": "PERSON", "state": "HALTED", "reason": "r"}, asks=True),
    ApiQuery("flatten", "flatten", {"reason": "r", "key": "k2", "fingerprint": "f"}, asks=True),
)
"""A client_order_id of zeros stands for the newest order of the database."""


def fill(connection: Connection, strategy_id: str, instants: int) -> None:
    """Fill a desk's tables: for each instant a bar, a signal and an order of each symbol, all but one in ten filled.

    What is rare is old: the worst case of a plan that walks back from the newest until it has a page. Triggers and
    foreign keys are passed over, so that rows go in quickly; the login must be a superuser.
    """
    wanted = {"strategy_id": strategy_id, "start": START, "instants": instants, "symbols": SYMBOLS}
    with connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")
        for statement in _FILL:
            connection.execute(statement, wanted)
    for table in ("orders", "trades", "inbox", "instants", "ledger_entries", "portfolio_snapshots", "market_data",
                  "positions", "account", "strategies", "trading_state_changes", "commands"):  # fmt: skip
        connection.execute(f"VACUUM ANALYZE {table}".encode())


# Named by one number, so that the same order and signal are found in every table: n counts instants, s symbols.
_GRID = """
    generate_series(1, %(instants)s) AS n CROSS JOIN generate_series(0, %(symbols)s - 1) AS s
    CROSS JOIN LATERAL (
        SELECT %(start)s::timestamptz + n * interval '1 minute' AS instant, 'S' || lpad(s::text, 2, '0') AS symbol,
            n * %(symbols)s + s AS number
    ) g
"""
_FILL: Final = (
    b"""INSERT INTO instants (strategy_id, instant, bars, signals, epoch)
    SELECT %(strategy_id)s, %(start)s::timestamptz + n * interval '1 minute', ARRAY['S03'], ARRAY['S03'], 1
    FROM generate_series(1, %(instants)s) AS n""",
    f"""INSERT INTO inbox (strategy_id, instant, symbol, kind, signal_id, side, late, received_at)
    SELECT %(strategy_id)s, g.instant, g.symbol, 'SIGNAL', md5('signal' || g.number)::uuid,
        CASE WHEN n < %(instants)s / 20 THEN 'SELL' WHEN s %% 2 = 0 THEN 'BUY' ELSE 'HOLD' END, n < 20, g.instant
    FROM {_GRID}""".encode(),
    f"""INSERT INTO inbox (strategy_id, instant, symbol, kind, open, high, low, close, volume, late, received_at)
    SELECT %(strategy_id)s, g.instant, g.symbol, 'BAR', 100, 100, 100, 100, 1000, false, g.instant
    FROM {_GRID} WHERE n > %(instants)s * 0.9""".encode(),
    f"""INSERT INTO orders (client_order_id, strategy_id, symbol, side, origin, signal_id, quantity, filled_qty, avg_px,
        status, decided_at, decision_px, reason, reason_value, reason_limit, created_at, updated_at)
    SELECT md5('order' || g.number)::uuid, %(strategy_id)s, g.symbol,
        CASE WHEN n %% 2 = 0 THEN 'BUY' ELSE 'SELL' END, o.origin,
        CASE WHEN o.origin = 'SIGNAL' THEN md5('signal' || g.number)::uuid END, 10,
        CASE WHEN o.status = 'FILLED' THEN 10 ELSE 0 END, CASE WHEN o.status = 'FILLED' THEN 100 END, o.status,
        g.instant, 100, o.reason, 0, 0, g.instant + s * interval '1 ms', g.instant
    FROM {_GRID}
    CROSS JOIN LATERAL (
        SELECT
            CASE
                WHEN n < %(instants)s / 10 THEN 'DENIED'
                WHEN n < %(instants)s / 8 THEN 'CANCELED'
                WHEN n = %(instants)s THEN 'ACCEPTED'
                ELSE 'FILLED'
            END AS status,
            CASE
                WHEN n < %(instants)s / 50 THEN 'COMMAND' WHEN n %% 20 = 0 THEN 'STOP_LOSS' ELSE 'SIGNAL'
            END AS origin,
            CASE
                WHEN n < %(instants)s / 20 THEN 'POSITION_EXCEEDS_MAXIMUM'
                WHEN n < %(instants)s / 10 THEN 'RATE_LIMIT_EXCEEDED'
                WHEN n < %(instants)s / 8 THEN 'CANCELED_BY_REQUEST'
            END AS reason
    ) o""".encode(),
    b"""INSERT INTO trades (trade_id, client_order_id, strategy_id, symbol, side, last_qty, last_px, notional, fee,
        realized_pnl_gross, instant)
    SELECT md5('trade' || o.client_order_id)::uuid, o.client_order_id, o.strategy_id, o.symbol, o.side, 10, 100, 1000,
        0.5, 0, o.decided_at + interval '1 minute'
    FROM orders o WHERE o.strategy_id = %(strategy_id)s AND o.status = 'FILLED' ORDER BY o.created_at""",
    b"""INSERT INTO ledger_entries (strategy_id, posting, ledger_account, amount, instant)
    SELECT t.strategy_id, t.trade_id, 'CASH', -1000.5, t.instant
    FROM trades t WHERE t.strategy_id = %(strategy_id)s""",
    b"""INSERT INTO portfolio_snapshots (strategy_id, instant, cash, reserved, portfolio_value, equity,
        realized_pnl_gross, unrealized_pnl, fees)
    SELECT strategy_id, instant, 100000, 0, 0, 100000, 0, 0, 0 FROM instants WHERE strategy_id = %(strategy_id)s""",
    b"""INSERT INTO positions (strategy_id, symbol, quantity, cost, mark)
    SELECT %(strategy_id)s, 'S' || lpad(s::text, 2, '0'), 10, 1000, 100
    FROM generate_series(0, %(symbols)s - 1) AS s""",
    f"""INSERT INTO market_data (source, symbol, "interval", close_time, open, high, low, close, volume)
    SELECT 'REPLAY', g.symbol, '1m', g.instant, 100, 100, 100, 100, 1000 FROM {_GRID}
    ON CONFLICT DO NOTHING""".encode(),
    b"""INSERT INTO trading_state_changes (strategy_id, side, state, reason)
    SELECT %(strategy_id)s, CASE WHEN n < 5 THEN 'MANIFEST' ELSE 'AUTOMATIC' END, 'REDUCING', 'a reason'
    FROM generate_series(1, %(instants)s) AS n""",
    b"""INSERT INTO watermarks (owner, instant)
    SELECT 'trading-service.' || %(strategy_id)s, max(instant) FROM instants WHERE strategy_id = %(strategy_id)s""",
)
