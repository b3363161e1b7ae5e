SELECT instant, symbol, kind, open, high, low, close, signal_id, side
FROM inbox
WHERE strategy_id = %(strategy_id)s AND instant > %(after)s AND NOT late
ORDER BY instant LIMIT %(limit)s
