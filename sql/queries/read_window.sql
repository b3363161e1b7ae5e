-- The last of the first few instants that were decided after one, and how many were: up to 10,000.
SELECT max(w.instant) FILTER (WHERE w.n <= %(limit)s), count(*)
FROM (
    SELECT instant, row_number() OVER (ORDER BY instant) AS n FROM instants
    WHERE strategy_id = %(strategy_id)s AND instant > %(after)s ORDER BY instant LIMIT 10000
) w
