-- Analysts see the views, which read the tables with their owner's rights, and nothing else. Meant for a read replica:
-- give the role to a login there, or give it a password of its own.
GRANT USAGE ON SCHEMA analytics TO tradewind_analytics;
GRANT EXECUTE ON FUNCTION mul_div TO tradewind_analytics;

GRANT SELECT ON
analytics.account_balances, analytics.positions, analytics.position_history, analytics.orders, analytics.trade_blotter,
analytics.daily_returns, analytics.signals, analytics.exposure, analytics.trading_states, analytics.bars
TO tradewind_analytics;
