SELECT symbol, count(*), min(close_time), max(close_time)
FROM market_data
WHERE source = %(source)s AND "interval" = %(interval)s AND symbol = ANY(%(symbols)s)
GROUP BY symbol ORDER BY symbol
