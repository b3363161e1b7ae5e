-- The corporate actions of decided instants.
SELECT b.instant, b.symbol, b.numerator, b.denominator, (b.amount * 10000)::bigint
FROM inbox b JOIN instants i USING (strategy_id, instant)
WHERE strategy_id = %(strategy_id)s AND i.instant > %(after)s AND i.instant <= %(through)s
    AND b.instant > %(after)s AND b.instant <= %(through)s
    AND b.kind IN ('SPLIT', 'DIVIDEND') AND NOT b.late
ORDER BY b.instant, b.symbol, b.kind
