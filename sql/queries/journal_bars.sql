-- The bars that took part in a decided instant.
SELECT b.instant, b.symbol, b.open, b.high, b.low, b.close
FROM inbox b JOIN instants i USING (strategy_id, instant)
WHERE strategy_id = %(strategy_id)s AND b.kind = 'BAR' AND NOT b.late AND b.symbol = ANY (i.bars)
ORDER BY b.instant, b.symbol
