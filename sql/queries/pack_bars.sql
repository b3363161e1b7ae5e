-- What COPY in binary sends of a symbol's bars. A bar is 48 bytes: close time (microseconds since 2000), prices and
-- volume in units. A row is 8,192 bars, so that the reader has nothing to do for a single one.
SELECT string_agg(
    timestamptz_send(close_time) || int8send((open * 10000)::bigint) || int8send((high * 10000)::bigint)
    || int8send((low * 10000)::bigint) || int8send((close * 10000)::bigint)
    || int8send((volume * 100000000)::bigint), ''::bytea ORDER BY close_time
)
FROM (
    SELECT close_time, open, high, low, close, volume, (row_number() OVER (ORDER BY close_time) - 1) / 8192 AS part
    FROM market_data
    WHERE source = %(source)s AND symbol = %(symbol)s AND "interval" = %(interval)s
        AND close_time > %(after)s AND close_time <= %(through)s
) AS numbered
GROUP BY part
ORDER BY part
