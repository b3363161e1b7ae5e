-- Every good message is in the journal as it was fed, nothing else is, and every instant that is complete was decided
-- with all who took part.
SELECT 'not in the journal' AS wrong, f.instant, f.symbol, f.kind
FROM torture.fed f
CROSS JOIN torture.run r
LEFT JOIN inbox i
    ON i.strategy_id = r.strategy_id AND i.instant = f.instant AND i.symbol = f.symbol AND i.kind = f.kind
        AND i.signal_id IS NOT DISTINCT FROM f.signal_id AND i.side IS NOT DISTINCT FROM f.side
WHERE i.instant IS NULL
UNION ALL
SELECT 'never fed', i.instant, i.symbol, i.kind
FROM inbox i
JOIN torture.run r USING (strategy_id)
LEFT JOIN torture.fed f USING (instant, symbol, kind)
WHERE f.instant IS NULL
UNION ALL
SELECT 'late', i.instant, i.symbol, i.kind FROM inbox i JOIN torture.run USING (strategy_id) WHERE i.late
UNION ALL
SELECT 'not decided', f.instant, NULL, NULL
FROM (SELECT DISTINCT instant FROM torture.fed) f
CROSS JOIN torture.run r
LEFT JOIN instants d ON d.strategy_id = r.strategy_id AND d.instant = f.instant
WHERE d.instant IS NULL
UNION ALL
SELECT 'not among those who took part', f.instant, f.symbol, f.kind
FROM torture.fed f
CROSS JOIN torture.run r
JOIN instants d ON d.strategy_id = r.strategy_id AND d.instant = f.instant
WHERE (f.kind = 'BAR' AND f.symbol <> ALL (d.bars)) OR (f.kind = 'SIGNAL' AND f.symbol <> ALL (d.signals))
