-- The oldest instant that is not decided, since when it is open, and what has arrived for it.
SELECT b.instant, min(b.received_at) AS since,
    array_agg(b.symbol) FILTER (WHERE b.kind = 'MISSING') AS missing,
    array_agg(b.symbol) FILTER (WHERE b.kind = 'BAR') AS bars,
    array_agg(b.symbol) FILTER (WHERE b.kind = 'SIGNAL') AS signals
FROM inbox b
WHERE b.strategy_id = %(strategy_id)s AND NOT b.late AND b.instant = (
    SELECT oldest.instant FROM inbox oldest
    WHERE oldest.strategy_id = %(strategy_id)s AND NOT oldest.late
        AND oldest.instant > coalesce((SELECT w.instant FROM watermarks w WHERE w.owner = %(owner)s), '-infinity')
    ORDER BY oldest.instant LIMIT 1
)
GROUP BY b.instant
