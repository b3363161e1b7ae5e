-- The signals that took part in decided instants after one.
SELECT s.instant, s.symbol, s.side
FROM inbox s JOIN instants i USING (strategy_id, instant)
WHERE strategy_id = %(strategy_id)s AND i.instant > %(after)s AND i.instant <= %(through)s
    AND s.instant > %(after)s AND s.instant <= %(through)s
    AND s.kind = 'SIGNAL' AND NOT s.late AND s.symbol = ANY(i.signals)
