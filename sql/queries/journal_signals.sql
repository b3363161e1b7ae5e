-- The signals that took part in a decided instant.
SELECT s.instant, s.symbol, s.side
FROM inbox s JOIN instants i USING (strategy_id, instant)
WHERE strategy_id = %(strategy_id)s AND s.kind = 'SIGNAL' AND NOT s.late AND s.symbol = ANY (i.signals)
