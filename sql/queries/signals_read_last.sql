-- The last bar of each symbol that has its signal.
SELECT symbol, max(close_time)
FROM trading_signals WHERE strategy_id = %(strategy_id)s AND "interval" = %(interval)s
GROUP BY symbol
