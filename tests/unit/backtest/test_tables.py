from datetime import UTC, datetime

from tradewind.backtest.tables import by_exit_reason, by_symbol
from tradewind.backtest.trades import ClosedTrade
from tradewind.domain.orders import Origin

DAY = datetime(2020, 1, 1, tzinfo=UTC)


def trade(symbol: str, pnl: int, reason: Origin) -> ClosedTrade:
    return ClosedTrade(symbol, DAY, DAY, 1, 1, 1, 100, pnl, reason)


def test_trades_are_added_up_by_symbol_and_by_exit_reason() -> None:
    trades = [
        trade("IBM", 20_000, Origin.SIGNAL),
        trade("AAPL", 0, Origin.SIGNAL),
        trade("IBM", -5_000, Origin.STOP_LOSS),
    ]
    none = {"trades": 1, "wins": 0, "pnl": "0.0000", "average": "0.0000", "fees": "0.0100"}
    ibm = {"trades": 2, "wins": 1, "pnl": "1.5000", "average": "0.7500", "fees": "0.0200"}
    assert by_symbol(trades) == {"AAPL": none, "IBM": ibm}
    reasons = by_exit_reason(trades)
    assert (reasons["SIGNAL"]["pnl"], reasons["STOP_LOSS"]["pnl"]) == ("2.0000", "-0.5000")
    assert by_symbol([]) == {}
