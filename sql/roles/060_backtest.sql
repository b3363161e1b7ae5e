-- The backtest service reads bars, signals on record, and how the live account did and on what. It writes
-- backtests, and the queue in which they wait; it deletes backtests that have long ended, through the procedure alone.
GRANT SELECT ON
market_data, corporate_actions, trading_signals, strategies, account, positions, orders, trades, portfolio_snapshots,
inbox, instants
TO tradewind_backtest;
GRANT EXECUTE ON FUNCTION get_portfolio_stats, prune_backtests TO tradewind_backtest;

GRANT SELECT, INSERT,
UPDATE (state, attempt, lost, done, total, document, error, traceback, started_at, finished_at)
ON backtests TO tradewind_backtest;

-- The queue is its alone, and its library's functions run with their caller's rights.
GRANT USAGE ON SCHEMA procrastinate TO tradewind_backtest;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA procrastinate TO tradewind_backtest;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA procrastinate TO tradewind_backtest;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA procrastinate FROM PUBLIC;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA procrastinate TO tradewind_backtest;
