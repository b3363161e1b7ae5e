INSERT INTO market_data (source, symbol, "interval", close_time, open, high, low, close, volume)
VALUES (
    %(source)s, %(symbol)s, %(interval)s, %(close_time)s, %(open)s, %(high)s, %(low)s, %(close)s, %(volume)s
)
ON CONFLICT (source, symbol, "interval", close_time) DO NOTHING
