-- The bars that took part in decided instants after one.
SELECT b.instant, b.symbol, (b.open * 10000)::bigint, (b.high * 10000)::bigint, (b.low * 10000)::bigint,
    (b.close * 10000)::bigint, coalesce(b.volume * 100000000, 0)::bigint
FROM inbox b JOIN instants i USING (strategy_id, instant)
WHERE strategy_id = %(strategy_id)s AND i.instant > %(after)s AND i.instant <= %(through)s
    -- Again, because no bound passes through a join by itself: only the window of either table is to be read.
    AND b.instant > %(after)s AND b.instant <= %(through)s
    AND b.kind = 'BAR' AND NOT b.late AND b.symbol = ANY(i.bars)
ORDER BY b.instant, b.symbol
