SELECT count(*)
FROM market_data
WHERE source = %(source)s AND symbol = any(%(symbols)s) AND "interval" = %(interval)s
    AND close_time > %(after)s AND close_time <= %(through)s
