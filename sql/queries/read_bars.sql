SELECT symbol, "interval", close_time, open, high, low, close, volume
FROM market_data
WHERE source = %(source)s AND symbol = %(symbol)s AND "interval" = %(interval)s
    AND close_time > %(after)s AND close_time <= %(through)s
ORDER BY close_time
