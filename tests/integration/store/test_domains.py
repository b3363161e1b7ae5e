"""What one column may hold is said by its domain: each takes its ends and refuses what lies beyond."""

import psycopg
import pytest

from tradewind.store.database import connect

TAKEN = {
    "order_side": ("BUY", "SELL"),
    "signal_side": ("BUY", "SELL", "HOLD"),
    "order_status": ("INITIALIZED", "PARTIALLY_FILLED", "EXPIRED"),
    "order_origin": ("SIGNAL", "COMMAND", "STOP_LOSS", "TAKE_PROFIT", "TRAILING_STOP"),
    "inbox_kind": ("BAR", "MISSING", "SIGNAL", "SPLIT", "DIVIDEND"),
    "trading_state": ("ACTIVE", "REDUCING", "HALTED"),
    "halt_code": ("DAILY_LOSS_LIMIT_REACHED", "RATE_LIMIT_EXCEEDED"),
    "ledger_account": ("CASH", "CAPITAL", "POSITIONS", "REALIZED_PNL", "FEES", "DIVIDENDS"),
    "currency_code": ("USD",),
    "positive_money": ("0.0001",),
    "unsigned_money": ("0",),
    "positive_quantity": ("0.00000001",),
    "unsigned_quantity": ("0",),
    "positive_integer": ("1",),
    "unsigned_integer": ("0",),
    "unsigned_bigint": ("0",),
    "drawdown": ("0", "-0.5"),
}
REFUSED = {
    "signal_side": ("buy", ""),
    "currency_code": ("usd", "USDT"),
    "positive_money": ("0", "-1"),
    "unsigned_money": ("-0.0001",),
    "positive_quantity": ("0",),
    "unsigned_quantity": ("-0.00000001",),
    "positive_integer": ("0",),
    "unsigned_integer": ("-1",),
    "unsigned_bigint": ("-1",),
    "drawdown": ("0.00000001",),
}
WRITTEN = {
    "account": ("reserved", "margin", "fees", "gained", "lost", "wins", "losses", "orders_in_minute"),
    "offsets": ("next_offset", "partition"),
    "orders": ("quantity", "filled_qty", "reserved", "decision_px", "stop_price", "target_price", "limit_price"),
    "trades": ("last_qty", "last_px", "notional", "fee"),
    "positions": ("stop_price", "target_price", "peak"),
    "inbox": ("volume", "amount", "numerator", "denominator"),
}


@pytest.mark.parametrize("domain", TAKEN)
def test_a_domain_takes_and_refuses(each_database: str, domain: str) -> None:
    with connect(each_database) as connection:
        for value in TAKEN[domain]:
            connection.execute(f"SELECT '{value}'::{domain}".encode())
        for value in REFUSED.get(domain, ("HOLDING", "buy", "")):
            with pytest.raises(psycopg.errors.CheckViolation):
                connection.execute(f"SELECT '{value}'::{domain}".encode())


@pytest.mark.parametrize(("table", "column"), [(table, column) for table in WRITTEN for column in WRITTEN[table]])
def test_a_column_refuses_less_than_nothing(each_database: str, table: str, column: str) -> None:
    with connect(each_database) as connection, pytest.raises(psycopg.errors.CheckViolation, match="violates check"):
        connection.execute(f"INSERT INTO {table} ({column}) VALUES (-1)".encode())
