-- Who stopped or started each desk, when and why, newest first.
CREATE VIEW analytics.trading_states AS
SELECT c.change_id, c.strategy_id, c.side, c.state, c.reason, c.instant, c.changed_at
FROM trading_state_changes c
ORDER BY c.change_id DESC;
