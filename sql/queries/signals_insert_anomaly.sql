INSERT INTO anomalies (strategy_id, symbol, "interval", close_time, score, threshold, model_version, features)
VALUES (
    %(strategy_id)s, %(symbol)s, %(interval)s, %(close_time)s, %(score)s, %(threshold)s, %(model_version)s,
    %(features)s
)
ON CONFLICT DO NOTHING
