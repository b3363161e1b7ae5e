SELECT instant, symbol, kind, (open * 10000)::bigint, (high * 10000)::bigint, (low * 10000)::bigint,
    (close * 10000)::bigint, (volume * 100000000)::bigint, signal_id, side, numerator, denominator,
    (amount * 10000)::bigint
FROM inbox
WHERE strategy_id = %(strategy_id)s AND instant > %(after)s AND NOT late
ORDER BY instant LIMIT %(limit)s
