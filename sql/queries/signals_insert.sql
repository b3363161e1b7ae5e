-- The first signal for a bar wins.
INSERT INTO trading_signals (
    signal_id, strategy_id, symbol, "interval", close_time, side, expected_return, confidence, model_version, reason
)
VALUES (
    %(signal_id)s, %(strategy_id)s, %(symbol)s, %(interval)s, %(close_time)s, %(side)s, %(expected_return)s,
    %(confidence)s, %(model_version)s, %(reason)s
)
ON CONFLICT DO NOTHING
