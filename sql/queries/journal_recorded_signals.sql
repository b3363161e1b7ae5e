-- The signals that a model gave, whether or not a desk traded them.
SELECT symbol, close_time, side
FROM trading_signals WHERE strategy_id = %(strategy_id)s AND "interval" = %(interval)s
