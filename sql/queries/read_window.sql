-- How many instants were decided after one, and the last of the first few of them.
SELECT (
    SELECT max(w.instant) FROM (
        SELECT instant FROM instants
        WHERE strategy_id = %(strategy_id)s AND instant > %(after)s ORDER BY instant LIMIT %(limit)s
    ) w
), count(*)
FROM instants WHERE strategy_id = %(strategy_id)s AND instant > %(after)s
