-- One verdict for a bar. Ratios are integers of 10^-8. Returns the bars that had none before.
INSERT INTO anomalies (strategy_id, symbol, "interval", close_time, score, threshold, model_version, features)
SELECT r.strategy_id, r.symbol, r.interval, r.close_time, r.score * 0.00000001, r.threshold * 0.00000001,
    r.model_version, r.features
FROM json_to_recordset(%(rows)s) AS r (
    strategy_id text, symbol text, "interval" text, close_time timestamptz, score bigint, threshold bigint,
    model_version text, features jsonb
)
ON CONFLICT DO NOTHING
RETURNING symbol, close_time
