-- Realized profit, computed again from the trades in their order, is what every trade, position and the account say.
WITH replayed AS MATERIALIZED (
    SELECT r.* FROM torture.run CROSS JOIN LATERAL torture.replay(strategy_id) WITH ORDINALITY r
)
SELECT 'trade ' || t.trade_id AS wrong, t.realized_pnl_gross AS stated, r.realized AS replayed
FROM trades t
JOIN torture.run USING (strategy_id)
LEFT JOIN replayed r ON r.posting = t.trade_id
WHERE t.realized_pnl_gross IS DISTINCT FROM r.realized
UNION ALL
SELECT 'cost of ' || p.symbol, p.cost, r.cost
FROM positions p
JOIN torture.run USING (strategy_id)
LEFT JOIN (SELECT DISTINCT ON (symbol) symbol, cost FROM replayed ORDER BY symbol, ordinality DESC) r USING (symbol)
WHERE p.cost <> coalesce(r.cost, 0)
UNION ALL
SELECT 'the account', a.realized_pnl_gross, r.realized + d.dividends
FROM account a
JOIN torture.run USING (strategy_id)
CROSS JOIN LATERAL (SELECT coalesce(sum(realized), 0) AS realized FROM replayed) r
CROSS JOIN LATERAL (
    SELECT coalesce(-sum(amount), 0) AS dividends
    FROM ledger_entries e WHERE e.strategy_id = a.strategy_id AND e.ledger_account = 'DIVIDENDS'
) d
WHERE a.realized_pnl_gross <> r.realized + d.dividends
