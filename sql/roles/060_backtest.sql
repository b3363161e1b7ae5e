-- The backtest service reads bars, signals on record, and how the live account did and on what. It writes nothing.
GRANT SELECT ON
market_data, corporate_actions, trading_signals, strategies, account, positions, orders, trades, portfolio_snapshots,
inbox, instants
TO tradewind_backtest;
GRANT EXECUTE ON FUNCTION get_portfolio_stats TO tradewind_backtest;
