-- The first signal for a bar wins. Ratios are integers of 10^-8. Returns the ids of those that are new.
INSERT INTO trading_signals (
    signal_id, strategy_id, symbol, "interval", close_time, side, expected_return, confidence, model_version, reason
)
SELECT r.signal_id, r.strategy_id, r.symbol, r.interval, r.close_time, r.side, r.expected_return * 0.00000001,
    r.confidence * 0.00000001, r.model_version, r.reason
FROM json_to_recordset(%(rows)s) AS r (
    signal_id uuid, strategy_id text, symbol text, "interval" text, close_time timestamptz, side text,
    expected_return bigint, confidence bigint, model_version text, reason text
)
ON CONFLICT DO NOTHING
RETURNING signal_id
