SELECT close FROM market_data
WHERE source = %(source)s AND symbol = %(symbol)s AND "interval" = %(interval)s
ORDER BY close_time DESC LIMIT 1
