-- What is held is what was bought less what was sold, splits counted; each fill stands in the ledger as it was.
SELECT 'position' AS wrong, symbol, p.quantity AS stated, e.quantity AS added_up
FROM (SELECT symbol, quantity FROM positions p JOIN torture.run USING (strategy_id)) p
FULL JOIN (
    SELECT symbol, sum(quantity) AS quantity
    FROM ledger_entries JOIN torture.run USING (strategy_id)
    WHERE ledger_account = 'POSITIONS' GROUP BY symbol
) e USING (symbol)
WHERE coalesce(p.quantity, 0) <> coalesce(e.quantity, 0)
UNION ALL
SELECT 'fill ' || t.trade_id, t.symbol, CASE t.side WHEN 'BUY' THEN t.last_qty ELSE -t.last_qty END, e.quantity
FROM trades t
JOIN torture.run USING (strategy_id)
LEFT JOIN ledger_entries e ON e.posting = t.trade_id AND e.ledger_account = 'POSITIONS'
WHERE e.quantity IS DISTINCT FROM CASE t.side WHEN 'BUY' THEN t.last_qty ELSE -t.last_qty END
    OR e.symbol IS DISTINCT FROM t.symbol
